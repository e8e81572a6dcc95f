"""The gradebook as CSV: a plain one, and those that learning platforms take.

In the plain one a lesson that is not graded has its outcome where the others have a number. The
platforms' have 0 for absent, and an empty cell where nothing is known of the work or nothing of it
can be had: neither a broken connection nor an old engine must become a grade. Headings are data,
the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.verdict import State
from runner.files import write_whole
from runner.grade.book import Book
from runner.grade.class_ import Learner
from runner.grade.report.harmless import sheet
from runner.grade.report.standing import UNKNOWN, lesson_of, nothing_counts, number, state_of
from runner.grade.result import LearnerResult, LessonResult, Outcome


@dataclass(frozen=True, slots=True)
class _Row:
    """All that the sheets need of a learner."""

    learner: Learner
    state: str
    total: str
    total_known: str
    """Empty where part of it is not known."""
    plain: tuple[str, ...]
    points: tuple[str, ...]


def write(book: Book, folder: Path) -> Iterator[Path]:
    """Write the sheets; the learners are read once and stand by their ids."""
    lessons = [rule.lesson for rule in book.rules]
    rows = sorted((_row(one, lessons) for one in book.learners()), key=lambda row: row.learner.id)
    total = f"{book.class_.id} total"
    for name, lines in (
        ("gradebook.csv", _gradebook(rows, lessons)),
        ("canvas.csv", _canvas(rows, lessons)),
        ("moodle.csv", _moodle(rows, lessons, total)),
        ("gradescope.csv", _gradescope(rows, lessons)),
    ):
        path = folder / name
        write_whole(path, sheet(lines))
        yield path


def _row(result: LearnerResult, lessons: Sequence[str]) -> _Row:
    found = [lesson_of(result.lessons, one) for one in lessons]
    known = not any(one is not None and one.outcome in UNKNOWN for one in found)
    total = "" if nothing_counts(result.lessons) else number(result.total)
    return _Row(
        learner=result.learner,
        state=state_of(result).value,
        total=total,
        total_known=total if known else "",
        plain=tuple(map(_plain, found)),
        points=tuple(map(_points, found)),
    )


def _plain(result: LessonResult | None) -> str:
    if result is None:
        return Outcome.ABSENT.value
    if result.left_out:
        return State.UNSUPPORTED.value
    return number(result.score) if result.outcome is Outcome.GRADED else result.outcome.value


def _points(result: LessonResult | None) -> str:
    if result is None or result.outcome is Outcome.ABSENT:
        return number(0)
    graded = result.outcome is Outcome.GRADED and not result.left_out
    return number(result.score) if graded else ""


def _gradebook(rows: Sequence[_Row], lessons: Sequence[str]) -> Iterator[Sequence[str]]:
    yield ["id", "name", "state", "total", *lessons]
    for row in rows:
        yield [row.learner.id, row.learner.name, row.state, row.total, *row.plain]


def _canvas(rows: Sequence[_Row], lessons: Sequence[str]) -> Iterator[Sequence[str]]:
    """Canvas weighs assignments itself, so there is no total; each has 100 points."""
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(_assignment(rows, lesson) for lesson in lessons),
    ]
    yield ["    Points Possible", "", "", "", "", *("100" for _ in lessons)]
    for row in rows:
        own = _columns(row.learner)
        from_canvas = all(one in own for one in ("student", "id", "section"))
        yield [
            own.get("student") or row.learner.name,
            own.get("id", "") if from_canvas else "",
            own.get("sis user id", "") if from_canvas else row.learner.id,
            own.get("sis login id", "") if from_canvas else row.learner.id,
            row.learner.section,
            *row.points,
        ]


def _assignment(rows: Sequence[_Row], lesson: str) -> str:
    """Give an assignment the heading that Canvas's own export has for it: `lesson-01 (4711)`."""
    heading = re.compile(rf"{re.escape(lesson)} \(\d+\)")
    found = {head for row in rows for head in row.learner.roster if heading.fullmatch(head)}
    return min(found, default=lesson)


def _moodle(rows: Sequence[_Row], lessons: Sequence[str], total: str) -> Iterator[Sequence[str]]:
    yield ["First name", "Last name", "ID number", "Username", "Email address", *lessons, total]
    for row in rows:
        own = _columns(row.learner)
        from_moodle = "id number" in own or "username" in own
        yield [
            *_names(row.learner, own),
            own.get("id number", "") if from_moodle else row.learner.id,
            own.get("username", ""),
            row.learner.email,
            *row.points,
            row.total_known,
        ]


def _gradescope(rows: Sequence[_Row], lessons: Sequence[str]) -> Iterator[Sequence[str]]:
    yield [
        *("First Name", "Last Name", "SID", "Email", "Sections"),
        *("Total Score", "Max Points", "Status"),
        *lessons,
    ]
    for row in rows:
        own = _columns(row.learner)
        yield [
            *_names(row.learner, own),
            own.get("sid") or row.learner.id,
            row.learner.email,
            row.learner.section,
            row.total_known,
            "100",
            "Missing" if row.state == Outcome.ABSENT.value else "Graded" if row.total_known else "",
            *row.points,
        ]


def _columns(learner: Learner) -> Mapping[str, str]:
    return {heading.casefold(): value for heading, value in learner.roster.items()}


def _names(learner: Learner, own: Mapping[str, str]) -> tuple[str, str]:
    """Give first and last name: the roster's, else parted at the last blank."""
    first, last = own.get("first name", ""), own.get("last name") or own.get("surname", "")
    if first or last:
        return first, last
    first, _, last = learner.name.rpartition(" ")
    return (first, last) if first else (last, "")
