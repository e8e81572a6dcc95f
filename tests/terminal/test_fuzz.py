"""Made-up streams, and seeds that once found something."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.terminal.terminal import Terminal
from tests.terminal import fuzz, grammar, invariants


@pytest.mark.parametrize("seed", [*range(12), 14, 47, 49, 70])
def test_a_made_up_stream(seed: int) -> None:
    fuzz.one(seed)


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
