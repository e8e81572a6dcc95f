"""Draws one row of the terminal's grid as a strip of Textual.

Runs of cells that look alike become one segment. What the widget lays over the text (cursor,
selection, search) comes as overlays, so that a row without any can be kept as it was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from runner.terminal.engine import PLAIN, Row, Style
from runner.tui import terminal_colours

_ENOUGH = 4096
"""Looks that are remembered; a flood of true colours starts anew."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Cells from `start` to before `end` that are drawn over, never through half a character."""

    start: int
    end: int
    style: RichStyle | None = None
    """None turns foreground and background round, whatever they are."""


class Painter:
    """Draws rows upon one base style: the widget's own colours."""

    def __init__(self, base: RichStyle) -> None:
        self.base = base
        self._looks: dict[Style, RichStyle] = {PLAIN: base}

    def strip(self, row: Row, columns: int, overlays: Sequence[Overlay] = ()) -> Strip:
        """Give the row, cut or filled up to `columns` cells."""
        return Strip(self._segments(row, columns, overlays), columns)

    def look(self, style: Style) -> RichStyle:
        """Give what rich calls this style."""
        try:
            return self._looks[style]
        except KeyError:
            pass
        if len(self._looks) >= _ENOUGH:
            self._looks = {PLAIN: self.base}
        self._looks[style] = made = terminal_colours.look(style, self.base)
        return made

    def _segments(self, row: Row, columns: int, overlays: Sequence[Overlay]) -> list[Segment]:
        cells, styles = row.cells, row.styles
        width = len(cells)
        if columns < width:
            cells, styles = _cut(cells, columns), styles[:columns]
            width = columns
        edges = sorted({x for over in overlays for x in (over.start, over.end) if 0 < x < width})
        segments = []
        for start, end in _runs(styles, width, edges):
            text = "".join(cells[start:end])
            style = self.look(styles[start])
            for over in overlays:
                if over.start <= start < over.end:
                    style += over.style or RichStyle(reverse=not style.reverse)
            if text:
                segments.append(
                    Segment(" " * (end - start) if styles[start].hidden else text, style)
                )
        if columns > width:
            segments.append(Segment(" " * (columns - width), self.base))
        return segments


def _runs(styles: list[Style], width: int, edges: list[int]) -> Iterator[tuple[int, int]]:
    """Give where cells look alike, broken at the edges of overlays too."""
    start = 0
    breaks = set(edges)
    look = styles[0] if width else PLAIN
    if not breaks and styles.count(look) == width:
        if width:
            yield 0, width
        return
    for x in range(1, width):
        if x in breaks or (styles[x] is not look and styles[x] != look):
            yield start, x
            start, look = x, styles[x]
    if width:
        yield start, width


def _cut(cells: list[str], columns: int) -> list[str]:
    kept = cells[:columns]
    if kept and cells[columns] == "":  # half of a wide character
        kept[-1] = " "
    return kept
