"""Paths into JSON: `[0].NetworkSettings.Networks.bridge.IPAddress`, `.Options["a.b"]`, `[*].Name`.

A small language on purpose: keys, indexes and `[*]`, which gives a list of what the rest of the
path finds in each element (elements without it are left out). A key with a dot, a bracket or a
blank is written in brackets and quotes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from checks.message import Message, msg

EVERY = "*"
"""The part of a path that stands for every element."""

_PART = re.compile(
    r"""\.?\[(?:(?P<index>-?\d+)|(?P<every>\*)|"(?P<double>[^"]*)"|'(?P<single>[^']*)')\]"""
    r"""|\.?(?P<key>[^.\[\]"'\s]+)"""
)
_SHOWN = 12
_LIMIT = 200


class PathError(ValueError):
    """A path cannot be read; `position` counts characters from 0."""

    def __init__(self, path: str, position: int) -> None:
        """Keep the path and where it stops making sense."""
        super().__init__(f"not a JSON path: {path!r}, from {path[position:]!r} on")
        self.path = path
        self.position = position


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object."""

    name: str


Part = Key | int | str


@dataclass(frozen=True, slots=True)
class Missing:
    """What was found in place of a value: where the path breaks off, and what is there."""

    reason: Message


@lru_cache(maxsize=512)
def parse(path: str) -> tuple[Part, ...]:
    """Read a path; `PathError` where it is none. The empty path and `.` are the whole document."""
    if path in ("", "."):
        return ()
    parts: list[Part] = []
    position = 0
    while position < len(path):
        match = _PART.match(path, position)
        if match is None or (match["key"] and parts and path[position] != "."):
            raise PathError(path, position)
        parts.append(_part(match))
        position = match.end()
    return tuple(parts)


def _part(match: re.Match[str]) -> Part:
    if match["index"] is not None:
        return int(match["index"])
    if match["every"] is not None:
        return EVERY
    names = (match["key"], match["double"], match["single"])
    return Key(next(name for name in names if name is not None))


def find(document: Any, path: str) -> Any:
    """Give the value at the path, or a `Missing` that tells where the path breaks off."""
    return _find(document, parse(path), "")


def _find(value: Any, parts: tuple[Part, ...], at: str) -> Any:
    for number, part in enumerate(parts):
        if part == EVERY:
            return _every(value, parts[number + 1 :], at)
        value = _step(value, part, at)
        if isinstance(value, Missing):
            return value
        at += show(part)
    return value


def _every(value: Any, rest: tuple[Part, ...], at: str) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return Missing(_no_list(value, at))
    found = [_find(item, rest, f"{at}[{number}]") for number, item in enumerate(value)]
    return [item for item in found if not isinstance(item, Missing)]


def _step(value: Any, part: Part, at: str) -> Any:
    if isinstance(part, Key):
        return _member(value, part.name, at)
    assert isinstance(part, int)  # noqa: S101 - tells the type checker what `_part` makes
    if not isinstance(value, list):
        return Missing(_no_list(value, at))
    if not -len(value) <= part < len(value):
        return Missing(
            msg("{at} has {count} elements", at=at or _whole(), count=len(value))
            if value
            else msg("{at} is an empty list", at=at or _whole())
        )
    return value[part]


def _member(value: Any, name: str, at: str) -> Any:
    if not isinstance(value, dict):
        return Missing(
            msg("{at} is {value}, which has no keys", at=at or _whole(), value=brief(value))
        )
    if name in value:
        return value[name]
    if not value:
        return Missing(msg("{at} is empty: it has no {name}", at=at or _whole(), name=name))
    known = ", ".join(list(value)[:_SHOWN]) + (", …" if len(value) > _SHOWN else "")
    return Missing(
        msg("{at} has no {name}; it has: {known}", at=at or _whole(), name=name, known=known)
    )


def _no_list(value: Any, at: str) -> Message:
    return msg("{at} is {value}, which is no list", at=at or _whole(), value=brief(value))


def _whole() -> Message:
    return msg("the document")


def show(part: Part) -> str:
    """Write one part as `parse` reads it."""
    if isinstance(part, Key):
        plain = re.fullmatch(r"""[^.\[\]"'\s]+""", part.name)
        return f".{part.name}" if plain else f'["{part.name}"]'
    return f"[{part}]"


def brief(value: Any) -> str:
    """Write a JSON value on one line, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LIMIT else f"{text[:_LIMIT]}…"


def read(text: str) -> Any:
    """Read a JSON document, or JSON lines as a list of them; ValueError where it is neither."""
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
