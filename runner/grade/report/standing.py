"""What a learner's lessons come to, in one word and in numbers that stand for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.grade.finding import Finding
from runner.grade.result import LearnerResult, LessonResult, Outcome

UNKNOWN = (Outcome.ERRORED, Outcome.UNREACHABLE, Outcome.NO_LAB)
"""Nothing is known of the work then, so that no number stands for it. The first met of these is
what a learner as a whole is called."""


def state_of(result: LearnerResult) -> Outcome:
    """Give one outcome for all lessons: what a person must look after goes before `graded`."""
    met = {one.outcome for one in result.lessons}
    return next((one for one in (*UNKNOWN, Outcome.GRADED) if one in met), Outcome.ABSENT)


def by_learner(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Put findings by the learner that they are about."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.learner, []).append(one)
    return found


def lesson_of(lessons: Sequence[LessonResult], id_: str) -> LessonResult | None:
    """Find a lesson."""
    return next((one for one in lessons if one.lesson == id_), None)


def nothing_counts(lessons: Sequence[LessonResult]) -> bool:
    """Tell whether no number stands for the total, since all lessons are left out of it."""
    return bool(lessons) and all(one.left_out for one in lessons)


def number(value: float) -> str:
    """Give a number as every file has it."""
    return f"{value:.2f}"
