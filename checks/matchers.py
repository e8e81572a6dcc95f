"""What can be expected of a command's output, and how an output that differs is explained.

Every matcher that is given must hold; the first that does not is told, with what was found where
it should have been: the first differing line, the nearest line, the number and its bound. None
compares a whole document where a line, a path or a part would do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from checks import jsonpath
from checks.explain import Miss, difference, fold, near, starts
from checks.kinds import Pattern, Plain
from checks.message import Message, msg
from checks.search import as_searched, search
from checks.values import Count, JsonValue, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What one stream of a command must be; a bare text stands for `equals`."""

    shorthand: ClassVar[str] = "equals"
    """The field that a bare value fills."""

    equals: Plain | None = None
    """The whole text; a final newline counts on neither side."""
    contains: tuple[Plain, ...] = ()
    """Texts that stand somewhere in it."""
    lacks: tuple[Plain, ...] = ()
    """Texts that stand nowhere in it; needs a control."""
    matches: tuple[Pattern, ...] = ()
    """Regular expressions, each found somewhere in it; `^` and `$` are those of a line."""
    line: tuple[Plain, ...] = ()
    """Whole lines, each found at least once; runs of blanks count as one blank."""
    no_line: tuple[Plain, ...] = ()
    """Whole lines that must not occur; needs a control."""
    lines: Count | None = None
    """How many lines it has, empty ones left out."""
    empty: bool | None = None
    """Whether it is nothing but blanks; `true` needs a control."""
    json: Mapping[Plain, JsonValue] | None = None
    """Values by their paths, in output that is JSON (or a JSON document a line)."""
    number: Number | None = None
    """A number in it."""

    @property
    def negated(self) -> bool:
        """Whether something is expected that an empty output has too."""
        nothing = self.equals is not None and not self.equals.strip()
        few = self.lines is not None and self.lines.allows(0)
        return bool(self.lacks or self.no_line or self.empty or nothing or few)

    def miss(self, text: str, stream: Message) -> Miss | None:
        """Tell the first expectation that `text` does not meet; `stream` is what to call it."""
        found = (miss for matcher in _MATCHERS for miss in matcher(self, text, stream))
        return next(found, None)


Misses = Iterator[Miss]


def _empty(want: Output, text: str, stream: Message) -> Misses:
    if want.empty is True and text.strip():
        yield Miss(msg("{stream} is empty", stream=stream), starts(text))
    if want.empty is False and not text.strip():
        yield Miss(msg("{stream} is not empty", stream=stream), near("", text))


def _equals(want: Output, text: str, stream: Message) -> Misses:
    if want.equals is None:
        return
    wanted, have = want.equals.removesuffix("\n"), text.removesuffix("\n")
    if wanted == have:
        return
    if "\n" in wanted:
        miss = difference(wanted, have)
        expected = msg("{stream} has {line}", stream=stream, line=miss.expected)
        yield Miss(expected, miss.found if have.strip() else near("", have))
    else:
        expected = msg("{stream} is “{text}”", stream=stream, text=wanted)
        yield Miss(expected, starts(have) if have.strip() else near("", have))


def _line(want: Output, text: str, stream: Message) -> Misses:
    have = {fold(line) for line in text.splitlines()}
    for line in map(fold, want.line):
        if line not in have:
            expected = msg("{stream} has the line “{line}”", stream=stream, line=line)
            yield Miss(expected, near(line, text))


def _no_line(want: Output, text: str, stream: Message) -> Misses:
    have = [fold(line) for line in text.splitlines()]
    for line in map(fold, want.no_line):
        if line in have:
            expected = msg("{stream} has no line “{line}”", stream=stream, line=line)
            yield Miss(expected, msg("it is line {number}", number=have.index(line) + 1))


def _contains(want: Output, text: str, stream: Message) -> Misses:
    for part in want.contains:
        if part not in text:
            expected = msg("{stream} contains “{text}”", stream=stream, text=part)
            yield Miss(expected, near(part, text))


def _lacks(want: Output, text: str, stream: Message) -> Misses:
    for part in want.lacks:
        if part in text:
            number = text.count("\n", 0, text.index(part))
            expected = msg("{stream} does not contain “{text}”", stream=stream, text=part)
            line = text.split("\n")[number]
            yield Miss(expected, msg("line {number}: “{line}”", number=number + 1, line=line))


def _matches(want: Output, text: str, stream: Message) -> Misses:
    for pattern in want.matches:
        if search(pattern, text) is None:
            # Without its signs a pattern is close to the line that it was written for.
            plain = re.sub(r"\\[a-zA-Z]|[\\^$.|?*+()\[\]{}]", " ", pattern)
            expected = msg("{stream} matches {pattern}", stream=stream, pattern=pattern)
            yield Miss(expected, as_searched(near(plain, text), text))


def _lines(want: Output, text: str, stream: Message) -> Misses:
    count = sum(1 for line in text.splitlines() if line.strip())
    if want.lines is not None and not want.lines.allows(count):
        bounds = want.lines.describe()
        expected = msg("the number of lines in {stream} is {bounds}", stream=stream, bounds=bounds)
        yield Miss(expected, msg("{number}", number=count))


def _number(want: Output, text: str, stream: Message) -> Misses:
    if want.number is not None:
        yield from want.number.misses(text, stream)


def _json(want: Output, text: str, stream: Message) -> Misses:
    if want.json is None:
        return
    try:
        document = jsonpath.read(text)
    except ValueError as error:
        unread = msg("it cannot be read: {reason}", reason=str(error))
        expected = msg("{stream} is JSON", stream=stream)
        yield Miss(expected, unread if text.strip() else near("", text))
        return
    for path, value in want.json.items():
        yield from value.misses(jsonpath.find(document, path), path)


_MATCHERS: tuple[Callable[[Output, str, Message], Misses], ...] = (
    _empty,
    _equals,
    _line,
    _no_line,
    _contains,
    _lacks,
    _matches,
    _lines,
    _number,
    _json,
)
