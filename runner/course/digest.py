"""Digests of lessons and courses: by them two people know whether they have the same one.

Of a lesson it is that of its file's bytes, line ends aside; translations and pictures do not count,
for nothing is judged by them.
"""

from __future__ import annotations

import hashlib

from checks.message import msg
from runner.course.course import Course
from runner.course.regular import read_regular
from runner.errors import LearnError

LENGTH = 32
"""Hexadecimal digits of a digest: 128 bits, of SHA-256."""


def lesson_digest(course: Course, lesson: str) -> str:
    """Give the digest of a lesson's file.

    Raises LearnError where the file cannot be read, UsageError for an unknown lesson.
    """
    path = course.file(course.find(lesson))
    try:
        data = read_regular(path)  # a larger one is no lesson
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be read: {why}", path=str(path), why=error.strerror or str(error))
        ) from error
    return _digest(data.replace(b"\r\n", b"\n"))


def course_digest(course: Course) -> str:
    """Give the digest of a course: of its id and of all its lessons; raises as `lesson_digest`."""
    lines = [course.id, *(f"{id_} {lesson_digest(course, id_)}" for id_ in sorted(course.lessons))]
    return _digest("\n".join(lines).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:LENGTH]
