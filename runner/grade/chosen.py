"""Lessons as a command line names them: `lesson-06..lesson-10,challenge-01`."""

from __future__ import annotations

from collections.abc import Sequence

from checks.message import msg
from runner.course.course import Course
from runner.errors import UsageError


def chosen_lessons(course: Course, words: str) -> list[str]:
    """Give the lessons in the course's order; UsageError for an unknown one and for none."""
    order = list(course.lessons)
    found: set[str] = set()
    for part in filter(None, (part.strip() for part in words.split(","))):
        found.update(row(course, part))
    if not found:
        raise UsageError(
            msg("No lesson is named."), remedy=msg("Such as lesson-06..lesson-10,challenge-01.")
        )
    return [lesson for lesson in order if lesson in found]


def row(course: Course, words: str) -> Sequence[str]:
    """Give one lesson, or those from one to another, ends included; raises UsageError."""
    first, dots, last = words.partition("..")
    begin = course.find(first)
    end = course.find(last) if dots else begin
    order = list(course.lessons)
    found = order[order.index(begin) : order.index(end) + 1]
    if not found:
        raise UsageError(msg("{last} comes before {first} in the course.", last=end, first=begin))
    return found
