"""The scrollback: lines that left the screen, packed small, the oldest forgotten.

A plain line is its text alone; others keep cells and runs of styles. Numbers of lines count from
the first that ever left, so that they hold while older ones are forgotten.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from runner.terminal.engine import PLAIN, Row, Style
from runner.terminal.width import NARROW

LINES = 10_000
"""Lines kept."""
_WEIGHT = 6_000_000
"""Code points kept in lines that are more than plain text; wide windows full of accents or of
colours reach it first."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A line that is more than plain unwrapped text."""

    cells: str | tuple[str, ...]
    runs: tuple[tuple[Style, int], ...]
    wrapped: bool
    filler: bool

    @property
    def weight(self) -> int:
        """What it takes in memory, in code points, roughly."""
        runs = 12 * len(self.runs)
        if isinstance(self.cells, str):
            return len(self.cells) + runs
        return 8 * len(self.cells) + sum(map(len, self.cells)) + runs


Line = str | Packed


def pack(row: Row) -> Line:
    """Make a row small. Plain blanks at the end of an unwrapped row go."""
    cells, styles = row.cells, row.styles
    text = "".join(cells)
    single = text.isascii() or NARROW.fullmatch(text) is not None
    end = len(cells)
    if not row.wrapped:
        end = len(text.rstrip(" ")) if single else used(cells)
        if styles.count(PLAIN) == len(styles) and single:
            return text[:end]
        end += _coloured(styles[end:])
    runs = tuple((style, len([*run])) for style, run in groupby(styles[:end]))
    return Packed(text[:end] if single else tuple(cells[:end]), runs, row.wrapped, row.filler)


def used(cells: Sequence[str]) -> int:
    """Count the cells up to the last that is not blank."""
    end = len(cells)
    while end and cells[end - 1] == " ":
        end -= 1
    return end


def written(row: Row) -> bool:
    """Say whether anything can be seen in a row."""
    columns = len(row.cells)
    return row.cells.count(" ") != columns or row.styles.count(PLAIN) != columns


def _coloured(styles: Sequence[Style]) -> int:
    """Count the styles up to the last that is not plain: such blanks are seen."""
    end = len(styles)
    if styles.count(PLAIN) == end:
        return 0
    while styles[end - 1] == PLAIN:
        end -= 1
    return end


def unpack(line: Line, columns: int) -> Row:
    """Give the row again, as wide as it is asked for (never narrower than its text)."""
    if isinstance(line, str):
        missing = max(0, columns - len(line))
        return Row([*line, *" " * missing], [PLAIN] * (len(line) + missing))
    cells = list(line.cells)
    styles = [style for style, count in line.runs for _ in range(count)]
    missing = max(0, columns - len(cells))
    cells.extend(" " * missing)
    styles.extend([PLAIN] * (len(cells) - len(styles)))
    return Row(cells, styles, line.wrapped, line.filler)


class History:
    """Lines in order, at most `limit`."""

    def __init__(self, limit: int = LINES) -> None:
        self._limit = limit
        self._lines: deque[Line] = deque()
        self._weight = 0
        self.dropped = 0
        """Lines that are forgotten: the number of the oldest one kept."""

    def __len__(self) -> int:
        """Count the lines kept."""
        return len(self._lines)

    def __iter__(self) -> Iterator[Line]:
        """Go through the lines from the oldest."""
        return iter(self._lines)

    def __getitem__(self, index: int) -> Line:
        """Give the line at `index`, 0 being the oldest kept."""
        return self._lines[index]

    def add(self, lines: Iterable[Line]) -> None:
        """Take lines that left the screen."""
        for line in lines:
            self._lines.append(line)
            if not isinstance(line, str):
                self._weight += line.weight
        self._trim()

    def add_one(self, line: Line) -> None:
        """Take one line: what happens most often."""
        self._lines.append(line)
        if not isinstance(line, str):
            self._weight += line.weight
        if len(self._lines) > self._limit or self._weight > _WEIGHT:
            self._trim()

    def add_plain(self, lines: list[str]) -> None:
        """Take plain lines, many at once."""
        over = len(lines) - self._limit
        if over > 0:
            self.clear()
            self.dropped += over
            lines = lines[over:]
        self._lines.extend(lines)
        self._trim()

    def take_back(self) -> Line:
        """Give the newest line out again, to stand on the screen."""
        line = self._lines.pop()
        if not isinstance(line, str):
            self._weight -= line.weight
        return line

    def replace(self, lines: Iterable[Line]) -> None:
        """Keep these instead: the same text, wrapped anew."""
        self._lines.clear()
        self._weight = 0
        self.add(lines)

    def clear(self) -> None:
        """Forget all; numbers go on."""
        self.dropped += len(self._lines)
        self._lines.clear()
        self._weight = 0

    def _trim(self) -> None:
        lines = self._lines
        while len(lines) > self._limit or (self._weight > _WEIGHT and lines):
            line = lines.popleft()
            self.dropped += 1
            if not isinstance(line, str):
                self._weight -= line.weight
