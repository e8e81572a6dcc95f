"""Short ways to feed a terminal and to say what it shows."""

from __future__ import annotations

from runner.terminal.terminal import Terminal


def fed(data: str | bytes, rows: int = 4, columns: int = 10) -> Terminal:
    """Make a small terminal and feed it."""
    terminal = Terminal(rows, columns)
    terminal.feed(data.encode() if isinstance(data, str) else data)
    return terminal


def shown(terminal: Terminal) -> list[str]:
    """Give the screen's rows without blanks at their ends."""
    return [terminal.row(y).text for y in range(terminal.rows)]


def above(terminal: Terminal) -> list[str]:
    """Give the scrollback's rows."""
    lines = range(terminal.first_line, terminal.top_line)
    return [terminal.line(number).text for number in lines]


def place(terminal: Terminal) -> tuple[int, int]:
    """Give the cursor's row and column, from 0."""
    return terminal.cursor.y, terminal.cursor.x
