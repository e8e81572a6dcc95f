"""Rules on overlays: nothing missing, nothing stale, nothing that translates nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yaml.nodes import Node

from checks.fill import names_of
from checks.message import Message, msg
from runner.course.course_file import CourseFile
from runner.course.index import COURSE_FILE
from runner.course.lesson import Lesson
from runner.course.overlay import (
    FORMAT,
    Address,
    Overlay,
    digest,
    overlay_path,
    read_overlay,
    texts_of,
)
from runner.course.prose import HEIGHT, Prose, check_prose, code_blocks
from runner.course.reading import Reading, nearest
from runner.course.shell_syntax import Script
from runner.errors import CourseError, Place, Problem


@dataclass
class Translated:
    """What looking at an overlay brought."""

    problems: list[Problem] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    """Shell in its prose that is still to be parsed."""


def check_overlay(lesson: Lesson, path: Path, language: str) -> Translated:
    """Compare a lesson with its overlay in a language."""
    overlay_file = overlay_path(path, language)
    if not overlay_file.is_file():
        place = Place(overlay_file)
        message = msg("The lesson is not translated: this file is missing.")
        return Translated([Problem(place, message, _how(lesson))])
    try:
        overlay, reading = read_overlay(overlay_file)
    except CourseError as error:
        return Translated(error.problems)
    try:
        _head(lesson, reading)
        _compare(texts_of(lesson), _how(lesson), overlay, reading)
    except CourseError:
        pass  # more problems than anybody reads; those up to there are in `reading`
    values = {name: variable.default for name, variable in lesson.variables.items()}
    found = Translated(list(reading.problems))
    for address, translation in overlay.items():
        found.scripts += code_blocks(reading.document, translation.node)
        if address[-1] == "text" or address == ("recap",):
            prose = Prose(reading.document, translation.node, wrapped=False, height=HEIGHT)
            found.problems += check_prose(prose, values)
    return found


def check_course_overlay(course: CourseFile, folder: Path, language: str) -> list[Problem]:
    """Compare the titles in course.yaml with those in a language's own course.yaml."""
    path = folder / language / COURSE_FILE
    if not path.is_file():
        return [Problem(Place(path), msg("The course's titles are not translated: file missing."))]
    texts: dict[Address, str] = {("title",): course.title}
    texts |= {("parts", part.id): part.title for part in course.parts}
    try:
        overlay, reading = read_overlay(path)
        _compare(texts, None, overlay, reading)
    except CourseError as error:
        return error.problems
    return reading.problems


def _head(lesson: Lesson, reading: Reading) -> None:
    root = reading.document.root
    for key, wanted in (("format", str(FORMAT)), ("lesson", lesson.id)):
        node = reading.document.find(root, key)
        if node is root:
            reading.fail(root, msg("`{key}: {value}` is missing.", key=key, value=wanted))
        elif node.value != wanted:
            reading.fail(node, msg("`{key}` must be `{value}`.", key=key, value=wanted))


def _compare(
    texts: dict[Address, str], how: Message | None, overlay: Overlay, reading: Reading
) -> None:
    for address, text in texts.items():
        translation = overlay.get(address)
        if translation is None or not translation.written:
            node = _near(reading, address)
            message = msg("The translation of {text} is missing.", text=".".join(address))
            reading.fail(node if translation is None else translation.node, message, how)
            continue
        problem = _out_of_step(text, translation.of)
        if problem is not None:
            reading.fail(translation.node, problem, how)
        for name in sorted(set(names_of(translation.text)) - set(names_of(text))):
            shown = f"%{{{name}}}"
            reading.fail(translation.node, msg("`{name}` is not in the original.", name=shown))
    for address, translation in overlay.items():
        if address not in texts:
            reading.fail(
                translation.node,
                msg("The lesson has no text {text}.", text=".".join(address)),
                nearest(".".join(address), map(".".join, texts)),
            )


def _out_of_step(text: str, of: str | None) -> Message | None:
    if of is None:
        return msg("The translation does not say which words it translates.")
    if of != digest(text):
        return msg("The original has changed since: it is @{digest} now.", digest=digest(text))
    return None


def _near(reading: Reading, address: Address) -> Node:
    return reading.document.find(reading.document.root, *address)


def _how(lesson: Lesson) -> Message:
    return msg("`learn-docker-net course translate {lesson}` helps.", lesson=lesson.id)


def strays(folder: Path, language: str, lessons: list[Path]) -> Iterator[Problem]:
    """Tell overlays that no lesson goes with."""
    names = {path.name for path in lessons} | {COURSE_FILE}
    for path in sorted((folder / language).glob("*.yaml")):
        if path.name not in names:
            yield Problem(Place(path), msg("There is no lesson {file}.", file=path.name))
