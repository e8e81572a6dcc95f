"""A lesson as one learner takes it: in their language, with their values."""

from __future__ import annotations

from collections.abc import Mapping

from runner.course.course import Course
from runner.course.kept import lesson_in
from runner.course.lesson import Lesson
from runner.course.variables import draw, fill, settle


def taken_lesson(
    course: Course, lesson: str, language: str, values: Mapping[str, str] | None = None
) -> Lesson:
    """Read a lesson; without values drawn for the learner its variables have their defaults.

    Raises CourseError and UsageError as `Course.lesson` does.
    """
    found = lesson_in(course, lesson, language)
    return fill(found, draw(found, None) if values is None else settle(found, values))
