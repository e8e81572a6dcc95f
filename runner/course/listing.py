"""Makes a course's index: `course.yaml` is read whole, of each lesson the head alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from checks.message import msg
from runner.course.course_file import CourseFile
from runner.course.declare import Grammar
from runner.course.index import COURSE_FILE, VERSION, stamps_of
from runner.course.reading import BAD, Reading
from runner.course.yaml_nodes import read_document
from runner.errors import CourseError, LearnError, Place, Problem

FORMAT = 1
"""The grammar of `course.yaml` that this program reads."""

_DIGEST = re.compile(r"@[0-9a-f]{8}$")


def make_index(folder: Path) -> dict[str, Any]:
    """Make the index; CourseError where `course.yaml` cannot be read."""
    course, _ = read_course(folder)
    languages = [str(language) for language in course.languages]
    parts: list[dict[str, Any]] = [
        {"id": part.id, "titles": {languages[0]: part.title}, "lessons": list(part.lessons)}
        for part in course.parts
    ]
    titles = {languages[0]: str(course.title)}
    for language in languages[1:]:
        texts = _texts(folder / language / COURSE_FILE)
        if "title" in texts:
            titles[language] = texts["title"]
        for part in parts:
            if f"parts.{part['id']}" in texts:
                part["titles"] = {**part["titles"], language: texts[f"parts.{part['id']}"]}
    return {
        "version": VERSION,
        "folder": str(folder.absolute()),
        "stamps": stamps_of(folder, languages[1:]),
        "id": course.id,
        "title": titles,
        "languages": languages,
        "parts": parts,
        "lessons": [_lesson(folder, id_, languages) for id_ in lesson_ids(course)],
    }


def read_course(folder: Path) -> tuple[CourseFile, Reading]:
    """Read `course.yaml`; CourseError with all its problems."""
    path = folder / COURSE_FILE
    if not path.is_file():
        raise LearnError(
            msg("{folder} is not a course: it has no course.yaml.", folder=str(folder)),
            remedy=msg("Name the folder that holds course.yaml and the lesson files."),
        )
    reading = Reading(read_document(path))
    course = Grammar().record(CourseFile).read(reading, reading.document.root, COURSE_FILE)
    if course is not BAD:
        _rules(course, reading)
    reading.raise_problems()
    return course, reading


def _rules(course: CourseFile, reading: Reading) -> None:
    if course.format != FORMAT:
        reading.fail(
            reading.node_of(course, "format"),
            msg("This is format {number}; known is {known}.", number=course.format, known=FORMAT),
        )
    if bool(course.lessons) == bool(course.parts):
        reading.fail(
            reading.node_of(course, "lessons"),
            msg("A course lists its lessons in `lessons`, or in `parts`."),
        )
    if not course.languages:
        reading.fail(reading.node_of(course, "languages"), msg("A course has a language at least."))
    seen: set[str] = set()
    lists = [(course, course.lessons), *((part, part.lessons) for part in course.parts)]
    for record, lessons in lists:
        for number, lesson in enumerate(lessons):
            if lesson in seen:
                node = reading.node_of(record, "lessons", number)
                reading.fail(node, msg("`{lesson}` is listed twice.", lesson=lesson))
            seen.add(lesson)


def lesson_ids(course: CourseFile) -> list[str]:
    """Give the ids of all lessons, in order."""
    return [*course.lessons, *(lesson for part in course.parts for lesson in part.lessons)]


def lesson_path(folder: Path, lesson: str) -> Path:
    """Find a lesson's file, `ID-slug.yaml` or `ID.yaml`; CourseError for none or several."""
    found = sorted(folder.glob(f"{lesson}-*.yaml")) + sorted(folder.glob(f"{lesson}.yaml"))
    if len(found) == 1:
        return found[0]
    files = ", ".join(path.name for path in found)
    message = (
        msg("{lesson} has several files: {files}.", lesson=lesson, files=files)
        if found
        else msg("{lesson} has no file: {lesson}-….yaml is missing.", lesson=lesson)
    )
    raise CourseError([Problem(Place(folder / COURSE_FILE), message)])


def _lesson(folder: Path, lesson: str, languages: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": lesson, "file": "", "minutes": 0, "titles": {}, "goals": {}}
    try:
        path = lesson_path(folder, lesson)
    except CourseError:
        return entry
    entry["file"] = path.name
    own = _texts(path)
    minutes = own.get("minutes", "")
    entry["minutes"] = int(minutes) if minutes.isdecimal() and len(minutes) < 5 else 0
    for language in languages:
        texts = own if language == languages[0] else _texts(folder / language / path.name)
        for key, kept in (("title", "titles"), ("goal", "goals")):
            if key in texts:
                entry[kept][language] = texts[key]
    return entry


def _texts(path: Path) -> dict[str, str]:
    """Give the texts at the top of a file, and `parts.ID`; none of a file that cannot be read."""
    try:
        root = read_document(path).root
    except CourseError:
        return {}
    return dict(_pairs(root, ""))


def _pairs(node: Node, prefix: str) -> Iterator[tuple[str, str]]:
    if not isinstance(node, MappingNode):
        return
    for key, value in node.value:
        name = prefix + _DIGEST.sub("", key.value) if isinstance(key, ScalarNode) else ""
        if isinstance(value, ScalarNode):
            yield name, value.value.strip()
        elif name == "parts":
            yield from _pairs(value, "parts.")
