"""Everything that can be wrong with a course without running it, all of it at once.

What the loader refuses comes first; then what makes a lesson a good one: hints, a wrong way, prose
that fits, every language complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checks.message import msg
from runner.course.course import Course
from runner.course.coverage import check_coverage
from runner.course.habits import check_habits
from runner.course.index import COURSE_FILE
from runner.course.languages import Translated, check_course_overlay, check_overlay, strays
from runner.course.lesson import Lesson
from runner.course.lesson_file import read_lesson, shell_scripts
from runner.course.listing import lesson_ids, read_course
from runner.course.reading import Reading
from runner.course.shell_syntax import Script, check_scripts
from runner.errors import CourseError, Place, Problem

LESSON_FILES = ("lesson-*.yaml", "challenge-*.yaml")


@dataclass
class _Found:
    problems: list[Problem] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    lessons: dict[str, Lesson] = field(default_factory=dict)


def lint(course: Course) -> list[Problem]:
    """Give all problems of a course, sorted by place."""
    found = _Found()
    try:
        declared, listing = read_course(course.path)
        found.problems += _files(course.path, lesson_ids(declared), listing)
        for other in declared.languages[1:]:
            found.problems += check_course_overlay(declared, course.path, other)
    except CourseError as error:
        found.problems += error.problems
    for path in lesson_files(course.path):
        _lesson(path, course, found)
    for language in course.languages[1:]:
        found.problems += strays(course.path, language, lesson_files(course.path))
    try:
        found.problems += check_coverage(course.path, found.lessons)
    except CourseError as error:
        found.problems += error.problems
    found.problems += check_scripts(found.scripts)
    told = {(problem.place, str(problem.message)): problem for problem in found.problems}
    return [told[key] for key in sorted(told)]


def lesson_files(folder: Path) -> list[Path]:
    """Give all files of a folder that are named like lessons, listed or not."""
    return sorted(path for pattern in LESSON_FILES for path in folder.glob(pattern))


def _files(folder: Path, ids: list[str], listing: Reading) -> Iterator[Problem]:
    """Tell lessons without a file, and files without a place in the course."""
    names = {path: lesson_id(path) for path in lesson_files(folder)}
    for id_ in ids:
        files = [path.name for path, name in names.items() if name == id_]
        if len(files) != 1:
            node = next(written.node for written in listing.texts if written.text == id_)
            yield Problem(
                listing.document.place(node),
                msg("{lesson} has several files: {files}.", lesson=id_, files=", ".join(files))
                if files
                else msg("{lesson} has no file: {lesson}-….yaml is missing.", lesson=id_),
            )
    for path, name in names.items():
        if name not in ids:
            yield Problem(Place(path), msg("{file} does not list this lesson.", file=COURSE_FILE))


def lesson_id(path: Path) -> str:
    """Give the id that a lesson's file name promises: `lesson-07` of `lesson-07-aliases.yaml`."""
    return "-".join(path.stem.split("-")[:2])


def _lesson(path: Path, course: Course, found: _Found) -> None:
    try:
        lesson, reading = read_lesson(path)
    except CourseError as error:
        found.problems += error.problems
        return
    found.problems += reading.problems
    found.scripts += shell_scripts(reading)
    if lesson is None:
        return
    found.lessons[lesson.id] = lesson
    problems, scripts = check_habits(lesson, reading)
    found.problems += problems
    found.scripts += scripts
    if lesson.id and lesson.id != lesson_id(path):
        found.problems.append(
            Problem(
                reading.document.place(reading.node_of(lesson, "id")),
                msg("The id is `{id}`, the file is {file}.", id=lesson.id, file=path.name),
            )
        )
    for language in course.languages[1:]:
        translated: Translated = check_overlay(lesson, path, language)
        found.problems += translated.problems
        found.scripts += translated.scripts
