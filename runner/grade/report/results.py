"""The whole gradebook as JSON, for other programs: nothing is cut, outcomes and states are words
that do not change with the language. Its schema is `runner/grade/schemas/results.schema.json`. One
learner is in memory at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from checks.message import Message
from runner.files import whole
from runner.grade.book import Book
from runner.grade.finding import Finding
from runner.grade.report.standing import by_learner, state_of
from runner.grade.result import CheckRow, LearnerResult, LessonResult, QuestionRow, StepRow
from runner.words import language, tell

VERSION = 1
"""Of the form; it changes when something is taken away or means something else."""


def write(book: Book, folder: Path) -> Iterator[Path]:
    """Write `results.json`; a line a learner, by their ids."""
    common = by_learner(book.findings())
    members = frozenset(book.run.learners)
    others = [one for learner, some in common.items() if learner not in members for one in some]
    head = json.dumps(_head(book, others), indent=1)
    path = folder / "results.json"
    with whole(path) as file:
        file.write(f'{head.removesuffix("}").rstrip()},\n "learners": [')
        before = "\n  "
        for result in book.by_id():
            findings = [*result.findings, *common.get(result.learner.id, ())]
            file.write(before + json.dumps(_learner(result, findings)))
            before = ",\n  "
        file.write("\n ]\n}\n")
    yield path


def _head(book: Book, others: Sequence[Finding]) -> dict[str, Any]:
    run = book.run
    return {
        "version": VERSION,
        "language": language(),
        "class": {"id": book.class_.id, "title": book.class_.title, "zone": book.class_.zone},
        "course": {"id": run.course, "digest": run.course_digest},
        "run": {
            "id": run.id,
            "began": run.began,
            "ended": run.ended,
            "program": run.program,
            "modes": [one.value for one in run.modes],
        },
        "lessons": [
            {
                "id": rule.lesson,
                "weight": rule.weight,
                "due": rule.due.isoformat() if rule.due else None,
                "counts": rule.counts.value,
            }
            for rule in book.rules
        ],
        "findings": _findings(others),
    }


def _learner(result: LearnerResult, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "id": result.learner.id,
        "name": result.learner.name,
        "email": result.learner.email,
        "section": result.learner.section,
        "state": state_of(result).value,
        "total": round(result.total, 4),
        "handed_in": result.handed_in,
        "findings": _findings(findings),
        "lessons": [_lesson(one) for one in result.lessons],
    }


def _lesson(result: LessonResult) -> dict[str, Any]:
    return {
        "id": result.lesson,
        "title": result.title,
        "outcome": result.outcome.value,
        "reason": _told(result.reason),
        "mode": result.mode.value,
        "score": round(result.score, 4),
        "earned": round(result.earned, 4),
        "possible": round(result.possible, 4),
        "days_late": round(result.late, 4),
        "started": result.started,
        "completed": result.completed,
        "engine": result.engine,
        "findings": _findings(result.findings),
        "steps": [_step(one) for one in result.steps],
    }


def _step(row: StepRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "earned": round(row.earned, 4),
        "possible": round(row.possible, 4),
        "taken_off": round(row.taken_off, 4),
        "hints": row.hints,
        "solutions": row.solutions,
        "minutes": row.minutes,
        "checks": [_check(one) for one in row.checks],
        "questions": [_question(one) for one in row.questions],
    }


def _check(row: CheckRow) -> dict[str, Any]:
    verdict = row.verdict
    return {
        "id": row.id,
        "say": row.say,
        "state": verdict.state.value,
        "now": row.now.value if row.now else None,
        "weight": row.weight,
        "earned": round(row.earned, 4),
        "possible": round(row.possible, 4),
        "days_late": round(row.late, 4),
        "first_passed": row.first_passed,
        "held_since": row.held_since,
        "undone_by": row.undone_by,
        "expected": _told(verdict.expected),
        "found": _told(verdict.found),
        "look": _told(verdict.look),
        "evidence": verdict.evidence,
    }


def _question(row: QuestionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "say": row.say,
        "given": list(row.given),
        "right": row.right,
        "earned": round(row.earned, 4),
        "possible": round(row.possible, 4),
        "days_late": round(row.late, 4),
    }


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    found = [
        {
            "kind": one.kind.value,
            "weight": one.weight.value,
            "message": tell(one.message),
            "learner": one.learner,
            "lesson": one.lesson,
            "check": one.check,
            "evidence": one.evidence,
            "others": sorted(one.others),
        }
        for one in findings
    ]
    return sorted(found, key=json.dumps)


def _told(message: Message | None) -> str | None:
    return None if message is None else tell(message)
