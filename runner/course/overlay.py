"""A lesson's texts in another language: `LANGUAGE/lesson-NN-slug.yaml` beside the lessons.

The overlay mirrors the lesson, steps, checks and questions by their ids, hints by their number:

    title@3f2a91c0: 链接别名
    steps:
      start:
        checks:
          linked:
            say@91c03f2a: …

The eight digits behind `@` are a digest of the words that were translated: when those change, lint
knows which translation is stale. `course translate` writes and updates them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks.fill import hints_of
from checks.kinds import Text
from checks.message import msg
from runner.course.lesson import Lesson
from runner.course.reading import Reading, entries, is_empty
from runner.course.yaml_nodes import read_document

Address = tuple[str, ...]
"""Where a text stands: `("steps", "start", "checks", "linked", "say")`."""

UNWRITTEN = "…"
"""Stands where a text is still to be written."""
HEAD = ("format", "lesson")
"""The overlay's own keys."""
FORMAT = 1

_KEY = re.compile(r"(.+?)@([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Translation:
    """One text of an overlay."""

    text: str
    of: str | None
    """Digest of the words that it translates; None where the author has not said."""
    node: ScalarNode
    line: int
    """Of its key, from 0."""

    @property
    def written(self) -> bool:
        """Whether there is anything but the sign for "to be written"."""
        return self.text.strip() not in ("", UNWRITTEN)


Overlay = Mapping[Address, Translation]


def digest(text: str) -> str:
    """Give the eight digits for a text; blanks and line breaks may move without changing them."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def overlay_path(lesson: Path, language: str) -> Path:
    """Give the path of a lesson file's overlay."""
    return lesson.parent / language / lesson.name


def translate(lesson: Lesson, language: str) -> Lesson:
    """Put a lesson's texts into a language, before anything is filled in.

    What has no translation keeps the lesson's own words. A translation whose original has changed
    is still used: lint tells the author, the learner reads on. Raises CourseError for an overlay
    that cannot be read.
    """
    if lesson.path is None:
        return lesson
    path = overlay_path(lesson.path, language)
    return apply(lesson, read_overlay(path)[0]) if path.is_file() else lesson


def apply(lesson: Lesson, overlay: Overlay) -> Lesson:
    """Put an overlay's texts in place of the lesson's."""

    def into(address: Address, text: str) -> str:
        translation = overlay.get(address)
        return translation.text if translation is not None and translation.written else text

    return typing.cast(Lesson, _walk(lesson, Lesson, (), into))


def texts_of(lesson: Lesson) -> dict[Address, str]:
    """Give all texts of a lesson that want translating, in its order."""
    found: dict[Address, str] = {}

    def note(address: Address, text: str) -> str:
        found[address] = text
        return text

    _walk(lesson, Lesson, (), note)
    return found


def read_overlay(path: Path) -> tuple[Overlay, Reading]:
    """Read an overlay; CourseError for what no overlay can hold. It need not fit a lesson."""
    reading = Reading(read_document(path))
    overlay: dict[Address, Translation] = {}
    for address, of, node, line in _leaves(reading, reading.document.root, ()):
        if address in overlay:
            reading.fail(node, msg("`{text}` is translated twice.", text=".".join(address)))
        overlay[address] = Translation(node.value, of, node, line)
    reading.raise_problems()
    return overlay, reading


def _leaves(
    reading: Reading, node: Node, address: Address
) -> Iterator[tuple[Address, str | None, ScalarNode, int]]:
    for key, line, value in _children(reading, node):
        if not address and key in HEAD:
            continue
        match = _KEY.fullmatch(key)
        name, of = (match[1], match[2]) if match else (key, None)
        if isinstance(value, ScalarNode):
            if is_empty(value):
                reading.fail(value, msg("Nothing is written for `{key}`.", key=name))
            yield (*address, name), of, value, line
        elif of is not None:
            reading.fail(value, msg("`{key}` wants a text: it has a digest.", key=key))
        else:
            yield from _leaves(reading, value, (*address, name))


def _children(reading: Reading, node: Node) -> list[tuple[str, int, Node]]:
    if isinstance(node, MappingNode):
        return [(word, key.start_mark.line, value) for word, key, value in entries(reading, node)]
    if isinstance(node, SequenceNode):
        numbered = enumerate(node.value, 1)
        return [(str(number), value.start_mark.line, value) for number, value in numbered]
    return []


_Into = Callable[[Address, str], str]


def _walk(value: Any, hint: object, address: Address, into: _Into) -> Any:
    """Rebuild a declaration with its `Text` fields replaced; what has none is given back itself."""
    if isinstance(value, str):
        return into(address, value) if Text in members_of(hint) else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _walk_fields(value, address, into)
    if isinstance(value, Mapping):
        item = _item(hint, 1)
        new = {key: _walk(old, item, (*address, str(key)), into) for key, old in value.items()}
        return new if any(new[key] is not value[key] for key in new) else value
    if isinstance(value, tuple):
        item = _item(hint, 0)
        walked = tuple(
            _walk(old, item, (*address, _name(old, number)), into)
            for number, old in enumerate(value, 1)
        )
        return walked if any(a is not b for a, b in zip(walked, value, strict=True)) else value
    return value


def _walk_fields(value: Any, address: Address, into: _Into) -> Any:
    hints = hints_of(type(value))
    changed = {}
    for field in dataclasses.fields(value):
        old = getattr(value, field.name)
        new = _walk(old, hints[field.name], (*address, field.name.rstrip("_")), into)
        if new is not old:
            changed[field.name] = new
    return dataclasses.replace(value, **changed) if changed else value


def _name(item: object, number: int) -> str:
    return str(getattr(item, "id", number))


def members_of(hint: object) -> tuple[object, ...]:
    """Give the members of a union, or the annotation itself."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.get_args(hint) if union else (hint,)


def _item(hint: object, position: int) -> object:
    for member in members_of(hint):
        arguments = typing.get_args(member)
        if len(arguments) > position:
            return arguments[position]
    return Any
