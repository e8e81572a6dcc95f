"""What checking brought, as plain data for other programs: nothing is cut, states are words that
do not change with the language.
"""

from __future__ import annotations

from typing import Any

from checks.fill import finish
from checks.message import Message
from runner.learn.progress import Counted, questions_of
from runner.learn.report import Report
from runner.words import language, tell

VERSION = 1
"""Of the form; it changes when something is taken away or means something else."""


def report_json(report: Report) -> dict[str, Any]:
    """Give the data of a report; sentences in the language in use."""
    states = [item.verdict.state.value for item in report.counted]
    return {
        "version": VERSION,
        "language": language(),
        "lesson": report.lesson.id,
        "title": report.lesson.title,
        "engine": report.engine,
        "seconds": round(report.seconds, 3),
        "exit": int(report.exit),
        "complete": report.complete,
        "completed": report.completed,
        "recorded": not report.bare,
        "counts": {state: states.count(state) for state in sorted(set(states))},
        "checks": [_check(item) for item in report.counted],
        "questions": [
            {"id": key, "answered": key in report.answered} for key in questions_of(report.lesson)
        ],
    }


def _check(item: Counted) -> dict[str, Any]:
    verdict, times = item.verdict, item.times
    data: dict[str, Any] = {
        "id": item.id,
        "step": item.id.partition(".")[0],
        "say": finish(item.check.say),
        "state": verdict.state.value,
        "weight": item.check.weight,
        "first_passed": times.first_passed,
        "held_since": times.held_since,
    }
    if item.undone_by is not None:
        data["undone_by"] = item.undone_by
    for name in ("expected", "found", "look"):
        message: Message | None = getattr(verdict, name)
        if message is not None:
            data[name] = tell(message)
    if not verdict.passed and item.check.otherwise:
        data["otherwise"] = finish(item.check.otherwise)
    if not verdict.passed and item.check.because:
        data["because"] = finish(item.check.because)
    if verdict.evidence:
        data["evidence"] = verdict.evidence
    if item.result is not None and item.result.observation is not None:
        data["seconds"] = round(item.result.observation.seconds, 3)
    return data
