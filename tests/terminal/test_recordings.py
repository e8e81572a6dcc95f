"""Real programs' output, compared with what tmux shows for the same bytes (see record.py)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from runner.terminal.engine import PLAIN, Style
from runner.terminal.terminal import Terminal
from tests.terminal import invariants

RECORDINGS = Path(__file__).parent / "recordings"
NAMES = ("bash", "htop", "less", "mc", "pull", "tmux", "top", "vim")


def recording(name: str) -> tuple[bytes, dict[str, Any]]:
    data = gzip.decompress((RECORDINGS / f"{name}.gz").read_bytes())
    shown = json.loads(gzip.decompress((RECORDINGS / f"{name}.json.gz").read_bytes()))
    return data, shown


def texts(terminal: Terminal) -> list[str]:
    return [terminal.row(y).text for y in range(terminal.rows)]


def looks(terminal: Terminal) -> list[list[Style]]:
    """Give the styles of cells that show something: tmux leaves out blanks at a line's end."""
    return [
        [
            style if text not in (" ", "") else PLAIN
            for text, style in zip(row.cells, row.styles, strict=True)
        ]
        for row in (terminal.row(y) for y in range(terminal.rows))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_program_looks_as_in_tmux(name: str) -> None:
    data, told = recording(name)
    terminal = Terminal(told["rows"], told["columns"])
    at = 0
    for shot in told["shown"]:
        terminal.feed(data[at : shot["bytes"]])
        at = shot["bytes"]
        invariants.check(terminal)
        assert texts(terminal) == [line.rstrip(" ") for line in shot["text"]], at
        picture = Terminal(told["rows"], told["columns"])
        picture.feed("\r\n".join(shot["styled"]).encode())
        assert looks(terminal) == looks(picture), at


@pytest.mark.parametrize("name", NAMES)
def test_the_cursor_is_where_tmux_has_it(name: str) -> None:
    data, told = recording(name)
    terminal = Terminal(told["rows"], told["columns"])
    at = 0
    for shot in told["shown"]:
        terminal.feed(data[at : shot["bytes"]])
        at = shot["bytes"]
        y, x = map(int, shot["cursor"].split(","))
        # tmux counts a pending wrap as one column further.
        assert (terminal.cursor.y, terminal.cursor.x) == (y, min(x, terminal.columns - 1)), at


@pytest.mark.parametrize("name", NAMES)
def test_the_pieces_that_bytes_come_in_make_no_difference(name: str) -> None:
    data, told = recording(name)
    whole = Terminal(told["rows"], told["columns"])
    whole.feed(data)
    for size in (1, 3, 1000):
        pieces = Terminal(told["rows"], told["columns"])
        for at in range(0, len(data), size):
            pieces.feed(data[at : at + size])
        assert invariants.state(pieces) == invariants.state(whole)
