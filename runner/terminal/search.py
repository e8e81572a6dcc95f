"""Finding and copying text: lines that were only broken by the width are one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.terminal.engine import Found, Place, Row
from runner.terminal.history import Line, Packed, pack
from runner.terminal.screen import Screen

_LONGEST_LINE = 10_000
"""Rows of one broken line that are searched as one."""


def search(screen: Screen, text: str, limit: int) -> Found:
    """Find a text in scrollback and screen; capitals in it make case matter."""
    if not text or limit < 1:
        return Found()
    fold: Callable[[str], str] = str if text != text.lower() else _lower
    places: list[tuple[Place, ...]] = []
    for number, group in _paragraphs(screen):
        whole = fold("".join(_text(line) for line in group))
        at = whole.find(text)
        while at >= 0:
            if len(places) == limit:
                return Found(tuple(places), limited=True)
            places.append(_places(group, number, at, at + len(text)))
            at = whole.find(text, at + len(text))
    return Found(tuple(places))


def copied(rows: list[Row], start: int, end: int) -> str:
    """Give the text of rows, from cell `start` of the first to before cell `end` of the last."""
    parts: list[str] = []
    last = len(rows) - 1
    for place, row in enumerate(rows):
        upto = end if place == last else len(row.cells)
        if row.wrapped and row.filler:
            upto = min(upto, len(row.cells) - 1)
        piece = "".join(row.cells[start if place == 0 else 0 : upto])
        goes_on = row.wrapped and place < last
        parts.append(piece if goes_on else piece.rstrip(" ") + ("\n" if place < last else ""))
    return "".join(parts)


def _lower(text: str) -> str:
    """Lower the case without changing the length (İ would become two)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower()[0] for c in text)


def _paragraphs(screen: Screen) -> Iterator[tuple[int, list[Line]]]:
    """Go through the lines, those that were broken together."""
    number = screen.history.dropped
    group: list[Line] = []
    for line in _lines(screen):
        group.append(line)
        if isinstance(line, Packed) and line.wrapped and len(group) < _LONGEST_LINE:
            continue
        yield number, group
        number += len(group)
        group = []
    if group:
        yield number, group


def _lines(screen: Screen) -> Iterator[Line]:
    if screen.other is None:
        yield from screen.history
    yield from (pack(row) for row in screen.lines)


def _text(line: Line) -> str:
    return line if isinstance(line, str) else "".join(_own(line))


def _own(line: Packed) -> str | tuple[str, ...]:
    return line.cells[:-1] if line.wrapped and line.filler else line.cells


def _places(group: list[Line], number: int, start: int, end: int) -> tuple[Place, ...]:
    """Say where the characters from `start` to `end` of a group stand, in cells."""
    places = []
    for index, line in enumerate(group):
        length = len(_text(line))
        if start < length and end > 0:
            first, last = max(start, 0), min(end, length)
            if isinstance(line, Packed):
                first, last = _cell(line, first), _cell(line, last - 1, after=True)
            places.append(Place(number + index, first, last))
        start, end = start - length, end - length
    return tuple(places)


def _cell(line: Packed, character: int, *, after: bool = False) -> int:
    """Turn a count of code points into a cell; with `after`, the cell behind it and its stub."""
    seen = 0
    texts = _own(line)
    for cell, text in enumerate(texts):
        seen += len(text)
        if seen > character:
            if after:
                cell += 1
                while cell < len(texts) and texts[cell] == "":
                    cell += 1
            return cell
    return len(texts)
