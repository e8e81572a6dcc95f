"""What can be expected of a number, a count and a value in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from checks.explain import Miss
from checks.jsonpath import Missing, brief
from checks.kinds import Pattern, Plain
from checks.message import Message, msg
from checks.search import as_searched, search

Scalar = Plain | int | float | bool | None
"""A single value as YAML writes it; `8080` and `"8080"` are held to be alike."""

_NUMBER = r"-?\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many; a bare number stands for `exactly`."""

    shorthand: ClassVar[str] = "exactly"

    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    def allows(self, count: float) -> bool:
        """Tell whether so many are right."""
        return _within(count, self.exactly, self.at_least, self.at_most)

    def describe(self) -> Message:
        """Say which counts are right."""
        return _bounds(self.exactly, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in an output; a bare number stands for `equals`."""

    shorthand: ClassVar[str] = "equals"

    at: Pattern | None = None
    """Where it stands: its first group, or all that it matches. Left out: the first number."""
    equals: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    def misses(self, text: str, stream: Message) -> Iterator[Miss]:
        """Tell what is wrong with the number in `text`, if anything."""
        bounds = _bounds(self.equals, self.at_least, self.at_most)
        expected = msg("the number in {stream} is {bounds}", stream=stream, bounds=bounds)
        match = search(self.at or _NUMBER, text)
        if match is None:
            yield Miss(expected, as_searched(self._nothing(), text))
            return
        found = (match[1] if match.re.groups else match[0]) or ""
        number = _float(found)
        if number is None:
            yield Miss(expected, msg("“{text}”, which is no number", text=found))
        elif not _within(number, self.equals, self.at_least, self.at_most):
            yield Miss(expected, msg("{number}", number=found))

    def _nothing(self) -> Message:
        if self.at is None:
            return msg("no number")
        return msg("nothing that matches {pattern}", pattern=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonValue:
    """What stands at a path in JSON; a bare value stands for `equals`.

    With nothing said at all, `null` is expected there.
    """

    shorthand: ClassVar[str] = "equals"

    equals: Scalar | tuple[Scalar, ...] = None
    """This value, or this list in this order."""
    contains: tuple[Scalar, ...] = ()
    """Elements of a list, keys of an object, parts of a text."""
    lacks: tuple[Scalar, ...] = ()
    """What must not be among them."""
    matches: Pattern | None = None
    """A regular expression, found in the text."""
    at_least: float | None = None
    at_most: float | None = None
    count: Count | None = None
    """How many elements or keys it has."""
    present: bool | None = None
    """Whether there is anything but `null`."""

    def misses(self, found: Any, path: str) -> Iterator[Miss]:
        """Tell what is wrong with what `jsonpath.find` gave, if anything."""
        there = not isinstance(found, Missing) and found is not None
        if self.present is not None and self.present != there:
            yield Miss(_presence(path, self.present), _shown(found))
        elif isinstance(found, Missing) and self.present is None:
            yield Miss(self._wanted(path), found.reason)
        elif there or self.present is None:
            for expected, holds in self._conditions(found, path):
                if not holds:
                    yield Miss(expected, _shown(found))

    def _wanted(self, path: str) -> Message:
        return next((message for message, _ in self._conditions(None, path)), _at(path, "null"))

    def _conditions(self, found: Any, path: str) -> Iterator[tuple[Message, bool]]:
        if self.equals is not None or self == JsonValue():
            yield _at(path, brief(self.equals)), alike(found, self.equals)
        for item in self.contains:
            yield _has(path, item), _holds(found, item)
        for item in self.lacks:
            lacking = msg("{path} lacks {item}", path=path, item=brief(item))
            yield lacking, found is not None and not _holds(found, item)
        if self.matches is not None:
            matching = msg("{path} matches {pattern}", path=path, pattern=self.matches)
            yield matching, search(self.matches, _text(found)) is not None
        if self.at_least is not None or self.at_most is not None:
            bounds = _bounds(None, self.at_least, self.at_most)
            number = None if isinstance(found, bool) else _float(_text(found))
            right = number is not None and _within(number, None, self.at_least, self.at_most)
            yield msg("{path} is {value}", path=path, value=bounds), right
        if self.count is not None:
            size = len(found) if isinstance(found, list | dict) else -1
            told = msg("{path} has {bounds} elements", path=path, bounds=self.count.describe())
            yield told, size >= 0 and self.count.allows(size)


def alike(found: Any, wanted: object) -> bool:
    """Compare a JSON value with one written in YAML: numbers and words also by how they look.

    The engine writes many numbers and truths as texts (`"false"`, `"1500"`); an author need not
    know which.
    """
    if isinstance(wanted, tuple | list):
        return (
            isinstance(found, list) and len(found) == len(wanted) and all(map(alike, found, wanted))
        )
    if found is None or wanted is None or isinstance(found, list | dict):
        return found is None and wanted is None
    if isinstance(found, bool) or isinstance(wanted, bool) or isinstance(found, str):
        return _text(found) == _text(wanted)
    return _text(found) == wanted if isinstance(wanted, str) else bool(found == wanted)


def _holds(found: Any, item: Scalar) -> bool:
    if isinstance(found, list):
        return any(alike(element, item) for element in found)
    if isinstance(found, dict):
        return any(alike(key, item) for key in found)
    return isinstance(found, str) and _text(item) in found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _within(
    number: float, equals: float | None, at_least: float | None, at_most: float | None
) -> bool:
    return (
        (equals is None or number == equals)
        and (at_least is None or number >= at_least)
        and (at_most is None or number <= at_most)
    )


def _bounds(equals: float | None, at_least: float | None, at_most: float | None) -> Message:
    if equals is not None:
        return msg("exactly {number}", number=_plain(equals))
    if at_least is not None and at_most is not None:
        return msg("{low} to {high}", low=_plain(at_least), high=_plain(at_most))
    if at_least is not None:
        return msg("at least {number}", number=_plain(at_least))
    return msg("at most {number}", number=_plain(at_most)) if at_most is not None else msg("any")


def _plain(number: float) -> str:
    return f"{number:.12g}"


def _at(path: str, value: str) -> Message:
    return msg("{path} is {value}", path=path, value=value)


def _has(path: str, item: Scalar) -> Message:
    return msg("{path} contains {item}", path=path, item=brief(item))


def _presence(path: str, present: bool) -> Message:
    return msg("{path} is there", path=path) if present else msg("{path} is not there", path=path)


def _shown(found: Any) -> Message:
    return found.reason if isinstance(found, Missing) else msg("{value}", value=brief(found))
