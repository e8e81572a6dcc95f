"""The grid: two screens' rows, one cursor, scrolling, erasing, moving.

`x` may be one past the last column: the line is full and the next character wraps. Whatever
moves the cursor first steps back onto the last column, as xterm does.
"""

from __future__ import annotations

from runner.terminal import rows as cells
from runner.terminal.engine import PLAIN, Row, Style
from runner.terminal.history import LINES, History, pack, written
from runner.terminal.style import erased

TAB = 8
"""Columns between the tab stops of a fresh terminal."""


class Grid:
    """Rows, cursor and margins. Counts that come from a program may be of any size."""

    def __init__(self, rows: int, columns: int, history: int = LINES) -> None:
        self.rows = rows
        self.columns = columns
        self.lines = [cells.blank(columns) for _ in range(rows)]
        self.other: list[Row] | None = None
        """The main screen's rows while the alternate one is shown."""
        self.history = History(history)
        self.y = 0
        self.x = 0
        self.top = 0
        self.bottom = rows - 1
        self.style: Style = PLAIN
        self.origin = False
        self.tabs = {*range(TAB, columns, TAB)}
        self.dirty: set[int] = set()
        self.all_dirty = True
        self.scrolled = 0

    @property
    def blank(self) -> Style:
        """The look of what is erased now."""
        return erased(self.style) if self.style.bg is not None else PLAIN

    # Moving

    def column(self) -> int:
        """Give the cursor's column inside the grid, and drop a pending wrap."""
        if self.x >= self.columns:
            self.x = self.columns - 1
        return self.x

    def move_to(self, y: int, x: int) -> None:
        """Go to a place counted from 0, from the top margin in origin mode."""
        low, high = (self.top, self.bottom) if self.origin else (0, self.rows - 1)
        self.y = min(max(y + low, low), high)
        self.x = min(max(x, 0), self.columns - 1)

    def move_x(self, count: int) -> None:
        """Go right, or left where `count` is negative."""
        self.x = min(max(self.column() + count, 0), self.columns - 1)

    def move_y(self, count: int) -> None:
        """Go down or up, to the margin if the cursor is on its inner side."""
        self.column()
        if count < 0:
            limit = self.top if self.y >= self.top else 0
            self.y = max(self.y + count, limit)
        else:
            limit = self.bottom if self.y <= self.bottom else self.rows - 1
            self.y = min(self.y + count, limit)

    def tab(self, count: int = 1) -> None:
        """Go to the count-th tab stop on, or back."""
        if self.x >= self.columns:
            return
        if count > 0:
            stops = sorted(stop for stop in self.tabs if stop > self.x)
            self.x = stops[count - 1] if count <= len(stops) else self.columns - 1
        elif count < 0:
            stops = sorted((stop for stop in self.tabs if stop < self.x), reverse=True)
            self.x = stops[-count - 1] if -count <= len(stops) else 0

    def line_feed(self) -> None:
        """Go down a line; at the bottom margin the text goes up."""
        if self.x >= self.columns:
            self.x = self.columns - 1
        if self.y == self.bottom:
            self._scroll_line()
        elif self.y < self.rows - 1:
            self.y += 1

    def reverse_line_feed(self) -> None:
        """Go up a line; at the top margin the text goes down."""
        self.column()
        if self.y == self.top:
            self.scroll_down(1)
        elif self.y > 0:
            self.y -= 1

    # Scrolling

    def scroll_up(self, count: int) -> None:
        """Move the text between the margins up. What leaves the main screen's top is kept."""
        count = min(count, self.bottom - self.top + 1)
        if self.top == 0 and self.other is None:
            self.history.add(pack(row) for row in self.lines[:count])
            self.scrolled += count
        self._shift(self.top, count)

    def _scroll_line(self) -> None:
        """Scroll up by one line, quickly: every line feed at the bottom comes here."""
        lines, top = self.lines, self.top
        if top == 0 and self.other is None:
            self.history.add_one(pack(lines[0]))
            self.scrolled += 1
        del lines[top]
        lines.insert(self.bottom, cells.blank(self.columns, self.blank))
        if self.bottom - top + 1 == self.rows:
            self.all_dirty = True
        else:
            self.dirty.update(range(top, self.bottom + 1))

    def scroll_down(self, count: int) -> None:
        """Move the text between the margins down."""
        self._shift(self.top, -count)

    def insert_lines(self, count: int) -> None:
        """Make room at the cursor's row, within the margins."""
        if self.top <= self.y <= self.bottom:
            self.x = 0
            self._shift(self.y, -count)

    def delete_lines(self, count: int) -> None:
        """Take rows out at the cursor, within the margins."""
        if self.top <= self.y <= self.bottom:
            self.x = 0
            self._shift(self.y, count)

    def _shift(self, top: int, count: int) -> None:
        height = self.bottom - top + 1
        size = min(abs(count), height)
        style = self.blank
        fresh = [cells.blank(self.columns, style) for _ in range(size)]
        part = self.lines[top : self.bottom + 1]
        self.lines[top : self.bottom + 1] = (
            part[size:] + fresh if count > 0 else fresh + part[: height - size]
        )
        if height == self.rows:
            self.all_dirty = True
        else:
            self.dirty.update(range(top, self.bottom + 1))

    # Erasing

    def erase_line(self, kind: int) -> None:
        """Blank from the cursor on (0), up to it (1) or the whole row (2)."""
        x = self.column()
        start, end = {0: (x, self.columns), 1: (0, x + 1), 2: (0, self.columns)}.get(kind, (0, 0))
        cells.erase(self.lines[self.y], start, end, self.blank)
        self.dirty.add(self.y)

    def erase_screen(self, kind: int) -> None:
        """Blank from the cursor on (0), up to it (1), the screen (2) or the scrollback (3).

        A whole screen that is cleared goes into the scrollback first: Ctrl-L loses nothing.
        """
        if kind == 3:
            self.history.clear()
        elif kind in (0, 1, 2):
            first, last = {0: (self.y + 1, self.rows), 1: (0, self.y), 2: (0, self.rows)}[kind]
            self.column()
            if kind == 2:
                self._keep_screen()
            style = self.blank
            for y in range(first, last):
                self.lines[y] = cells.blank(self.columns, style)
            self.dirty.update(range(first, last))
            if kind < 2:
                self.erase_line(kind)

    def _keep_screen(self) -> None:
        if self.other is not None:
            return
        height = self.rows
        while height and not written(self.lines[height - 1]):
            height -= 1
        self.history.add(pack(row) for row in self.lines[:height])
        self.scrolled += height

    def erase_characters(self, count: int) -> None:
        """Blank cells from the cursor on."""
        x = self.column()
        cells.erase(self.lines[self.y], x, min(x + count, self.columns), self.blank)
        self.dirty.add(self.y)

    def insert_characters(self, count: int) -> None:
        """Shift the row's rest to the right."""
        cells.insert(self.lines[self.y], self.column(), count, self.blank)
        self.dirty.add(self.y)

    def delete_characters(self, count: int) -> None:
        """Take cells out at the cursor."""
        cells.delete(self.lines[self.y], self.column(), count, self.blank)
        self.dirty.add(self.y)

    def align(self) -> None:
        """Fill the screen with E, margins and cursor at their places (DECALN)."""
        self.top, self.bottom = 0, self.rows - 1
        self.move_to(0, 0)
        for row in self.lines:
            cells.put(row, 0, "E" * self.columns, PLAIN)
        self.all_dirty = True

    def set_margins(self, top: int, bottom: int) -> None:
        """Set the first and last row that scroll, from 0; a region under two rows is refused."""
        top, bottom = max(top, 0), min(bottom, self.rows - 1)
        if top < bottom:
            self.top, self.bottom = top, bottom
            self.move_to(0, 0)

    # Two screens

    def show_alternate(self) -> None:
        """Change to the alternate screen, empty."""
        if self.other is None:
            self.other = self.lines
        self.lines = [cells.blank(self.columns, self.blank) for _ in range(self.rows)]
        self.all_dirty = True

    def show_main(self) -> None:
        """Change back to the main screen as it was left."""
        if self.other is not None:
            self.lines, self.other = self.other, None
            self.all_dirty = True
