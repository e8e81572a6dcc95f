"""What must hold of a terminal at all times, and how two are compared."""

from __future__ import annotations

import re

from rich.cells import cell_len

from runner.terminal.engine import Row
from runner.terminal.terminal import Terminal

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would do something in the terminal around us."""
_REPLIES = 4096
_HISTORY = 10_000


def check(terminal: Terminal) -> None:
    """Raise AssertionError where a terminal is not as it should ever be."""
    rows, columns = terminal.rows, terminal.columns
    cursor = terminal.cursor
    assert 0 <= cursor.y < rows, cursor
    assert 0 <= cursor.x < columns, cursor
    screen = terminal.screen
    assert 0 <= screen.x <= columns, screen.x
    assert 0 <= screen.top <= screen.bottom < rows, (screen.top, screen.bottom)
    assert len(screen.lines) == rows
    assert screen.other is None or len(screen.other) == rows
    for row in [*screen.lines, *(screen.other or ())]:
        check_row(row, columns)
    assert len(screen.history) <= _HISTORY
    assert len(terminal.state.replies) <= _REPLIES
    assert len(terminal.title) <= 200
    assert terminal.title.isprintable()
    assert terminal.directory.isprintable()
    assert all(0 <= stop < columns for stop in screen.tabs)


def check_row(row: Row, columns: int) -> None:
    """Check one row: its length, and every wide character with its stub."""
    assert len(row.cells) == len(row.styles) == columns, (len(row.cells), len(row.styles))
    for x, text in enumerate(row.cells):
        if text == "":
            assert x > 0, "a stub without a character"
            assert row.cells[x - 1] != "", "two stubs"
            continue
        wide = x + 1 < columns and row.cells[x + 1] == ""
        assert cell_len(text) == 1 + wide, (text, wide)
        assert not FORBIDDEN.search(text), ascii(text)
        assert len(text) <= 32


def check_lines(terminal: Terminal) -> None:
    """Check what can be scrolled to."""
    for number in range(terminal.first_line, terminal.top_line):
        check_row(terminal.line(number), terminal.columns)


def state(terminal: Terminal) -> object:
    """Give all that a user or a program could tell two terminals apart by."""
    screen = terminal.screen
    return (
        [terminal.row(y) for y in range(terminal.rows)],
        screen.other,
        [terminal.line(number) for number in range(terminal.first_line, terminal.top_line)],
        (terminal.first_line, terminal.top_line),
        terminal.cursor,
        (screen.x, screen.top, screen.bottom, screen.style, screen.origin, screen.insert),
        (screen.autowrap, screen.charsets, screen.shift, screen.tabs, screen.last),
        terminal.modes,
        terminal.title,
        terminal.directory,
        bytes(terminal.state.replies),
    )
