"""Made-up streams, and what they once found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.terminal.terminal import Terminal
from tests.terminal import fuzz, grammar, invariants


@pytest.mark.parametrize("seed", [*range(16), 6004840])
def test_a_made_up_stream(seed: int) -> None:
    fuzz.one(seed)


def test_margins_on_a_screen_of_one_row() -> None:
    terminal = Terminal(1, 2)
    terminal.feed(b"\x1b[18r\x1b[3;2r\n\x1bMx\x1b#8")
    invariants.check(terminal)


def test_a_directory_of_unprintable_bytes() -> None:
    terminal = Terminal(2, 9)
    terminal.feed(b"\x1b]7;file://h/a\xe2\x80\xa8\xf4\x8f\xbf\xbf\x01b\x07")
    assert terminal.directory == "/ab"


def test_blanks_at_the_end_of_a_flooded_line_are_no_text() -> None:
    whole, pieces = Terminal(7, 200), Terminal(7, 200)
    data = b"\n" * 5 + b"\r\n\r\nkc \r\n" + b"\r\n" * 6
    whole.feed(data)
    for at in range(len(data)):
        pieces.feed(data[at : at + 1])
    for terminal in (whole, pieces):
        terminal.resize(1, 2)
    assert invariants.state(whole) == invariants.state(pieces)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_any_cutting_gives_the_same_grid(seed: int, data: st.DataObject) -> None:
    stream = grammar.stream(random.Random(seed), 20)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=20)))
    whole, pieces = Terminal(6, 20), Terminal(6, 20)
    whole.feed(stream)
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        pieces.feed(stream[start:end])
    assert invariants.state(whole) == invariants.state(pieces)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_leave_the_grid_whole(data: bytes) -> None:
    terminal = Terminal(4, 9)
    terminal.feed(data)
    invariants.check(terminal)
