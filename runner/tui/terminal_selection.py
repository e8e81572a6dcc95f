"""What is selected in a terminal with the mouse: by cell, by word or by line.

Positions are absolute lines and cells of the engine, so a selection stays on its text while more
of it scrolls by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from runner.terminal.engine import Row, TerminalEngine

_WORD = re.compile(r"[\w./:@%+~=?&#,-]+|\s+|[^\w\s]")
"""What a double click takes: a path, an address or an option as one."""
_TRAILING = ",:."
"""Punctuation that ends a word of prose and is no part of it."""

CELL, WORD, LINE = 1, 2, 3
"""How much goes at once: what one, two and three clicks take."""

Position = tuple[int, int]
"""A line and a cell of it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the button went down to where the mouse is."""

    anchor: Position
    head: Position
    unit: int = CELL
    started: bool = False
    """The mouse has moved, or more than a cell was taken: a mere click selects nothing."""

    def to(self, head: Position) -> Selection:
        """Give it with the mouse elsewhere."""
        return replace(self, head=head, started=self.started or head != self.anchor)

    def span(self, engine: TerminalEngine) -> tuple[Position, Position] | None:
        """Give its first cell and the cell after its last; None where nothing is selected."""
        if not self.started:
            return None
        low, high = sorted((self.anchor, self.head))
        first, last = engine.first_line, engine.top_line + engine.rows - 1
        if high[0] < first or low[0] > last:
            return None
        low, high = max(low, (first, 0)), min(high, (last, engine.columns - 1))
        if self.unit == LINE:
            return (_line_start(engine, low[0]), 0), (_line_end(engine, high[0]), engine.columns)
        if self.unit == WORD:
            start = word_at(engine.line(low[0]), low[1])[0]
            return (low[0], start), (high[0], word_at(engine.line(high[0]), high[1])[1])
        return _whole(engine, low, high)

    def text(self, engine: TerminalEngine) -> str:
        """Give the selected text as it is copied; "" where there is none."""
        span = self.span(engine)
        if span is None:
            return ""
        (first, start), (last, end) = span
        return engine.text(first, start, last, end)

    def cells(self, engine: TerminalEngine, line: int) -> tuple[int, int] | None:
        """Give the part of a line that is selected, its start and the cell after its end."""
        span = self.span(engine)
        if span is None or not span[0][0] <= line <= span[1][0]:
            return None
        start = span[0][1] if line == span[0][0] else 0
        end = span[1][1] if line == span[1][0] else engine.columns
        return (start, end) if start < end else None


def word_at(row: Row, column: int) -> tuple[int, int]:
    """Give the cells of the word on a cell, its start and the cell after its end."""
    places: list[int] = []
    for x, cell in enumerate(row.cells):
        places.extend([x] * len(cell))
    text = "".join(row.cells)
    for match in _WORD.finditer(text):
        start, end = match.span()
        if end - start > 1 and not match[0].isspace():
            end = start + max(1, len(match[0].rstrip(_TRAILING)))
        after = places[end] if end < len(places) else len(row.cells)
        if places[start] <= column < after:
            return places[start], after
    return column, min(column + 1, len(row.cells))


def _whole(engine: TerminalEngine, low: Position, high: Position) -> tuple[Position, Position]:
    """Take both halves of a wide character at the edges."""
    start, end = low[1], high[1] + 1
    cells = engine.line(low[0]).cells
    if start < len(cells) and cells[start] == "" and start:
        start -= 1
    cells = engine.line(high[0]).cells
    if end < len(cells) and cells[end] == "":
        end += 1
    return (low[0], start), (high[0], end)


def _line_start(engine: TerminalEngine, line: int) -> int:
    while line > engine.first_line and engine.line(line - 1).wrapped:
        line -= 1
    return line


def _line_end(engine: TerminalEngine, line: int) -> int:
    while line < engine.top_line + engine.rows - 1 and engine.line(line).wrapped:
        line += 1
    return line
