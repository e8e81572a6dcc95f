"""Lessons as they were read, kept for the next command: reading YAML and applying every rule to it
takes longer than asking the lab.

Only what was read without a problem is kept, with time and size of the files that it was made of.
It is plain data, rebuilt from our own declarations alone; whatever is odd about it, the lesson is
read anew.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from runner.course import cached
from runner.course.course import Course
from runner.course.lesson import Lesson

VERSION = 1
"""Of the kept form."""
_OURS = ("checks.", "runner.course.")
"""Where the classes of a lesson are declared."""


class _Odd(ValueError):
    """What was kept is not what this program would keep."""


def lesson_in(course: Course, id_: str, language: str) -> Lesson:
    """Read a lesson in a language, its `%{name}` not yet filled in; from what is kept if current.

    Raises as `Course.lesson` and `overlay.translate` do.
    """
    file = course.file(course.find(id_))
    files = (
        [file] if language == course.languages[0] else [file, file.parent / language / file.name]
    )
    stamps = [_stamp(path) for path in files]
    place = cached.place_of(f"lesson-{language}", file)
    found = _thawed(cached.read(place), stamps)
    if found is None:
        found = course.lesson(id_)
        if len(files) > 1:
            from runner.course.overlay import translate

            found = translate(found, language)
        cached.write(place, (VERSION, stamps, _freeze(dataclasses.replace(found, path=None))))
    return dataclasses.replace(found, path=file)


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        stat = os.stat(path)  # noqa: PTH116 - speed
    except FileNotFoundError:
        return (str(path), 0, 0)
    return (str(path), stat.st_mtime_ns, stat.st_size)


def _thawed(data: Any, stamps: list[tuple[str, int, int]]) -> Lesson | None:
    try:
        version, made_of, frozen = data
        if version != VERSION or made_of != stamps:
            return None
        found = _thaw(frozen)
    except (TypeError, ValueError, AttributeError, ImportError, KeyError):
        return None
    return found if isinstance(found, Lesson) else None


def _freeze(value: Any) -> Any:
    """Make plain data of a declaration: a record and an enum's member name their class."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Enum):
        return ("enum", _name(type(value)), value.name)
    if dataclasses.is_dataclass(value):
        fields = {f.name: _freeze(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return ("record", _name(type(value)), fields)
    if isinstance(value, Mapping):
        return ("mapping", {_freeze(key): _freeze(item) for key, item in value.items()})
    if isinstance(value, tuple | list):
        return (type(value).__name__, [_freeze(item) for item in value])
    raise TypeError(f"no part of a lesson: {value!r}")


def _thaw(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    kind, *rest = value
    if kind == "enum":
        return _class(rest[0])[rest[1]]
    if kind == "record":
        made_by, fields = _class(rest[0]), rest[1]
        if [field.name for field in dataclasses.fields(made_by)] != list(fields):
            raise _Odd(rest[0])
        return made_by(**{name: _thaw(item) for name, item in fields.items()})
    if kind == "mapping":
        return {_thaw(key): _thaw(item) for key, item in rest[0].items()}
    items = [_thaw(item) for item in rest[0]]
    return tuple(items) if kind == "tuple" else items


def _name(made_by: type) -> str:
    return f"{made_by.__module__}:{made_by.__qualname__}"


def _class(name: str) -> Any:
    module, _, qualified = name.partition(":")
    if not module.startswith(_OURS):
        raise _Odd(name)
    found: Any = importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    return found
