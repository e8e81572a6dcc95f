"""A lesson as one learner takes it: in their language, with their values."""

from __future__ import annotations

from runner.course.course import Course
from runner.course.kept import lesson_in
from runner.course.lesson import Lesson
from runner.course.variables import draw, fill


def taken_lesson(course: Course, lesson: str, language: str, key: bytes | None = None) -> Lesson:
    """Read a lesson; without a key its variables have their defaults.

    Raises CourseError and UsageError as `Course.lesson` does.
    """
    found = lesson_in(course, lesson, language)
    return fill(found, draw(found, key))
