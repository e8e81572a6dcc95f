"""Scrollback: bounded, found in, copied from."""

from __future__ import annotations

import pytest

from runner.terminal import history
from runner.terminal.engine import Place
from runner.terminal.terminal import Terminal
from tests.terminal.drawn import above, fed


def test_the_scrollback_is_bounded_and_numbers_go_on() -> None:
    terminal = Terminal(4, 10, history=100)
    terminal.feed(b"".join(b"%d\r\n" % n for n in range(1000)))
    assert terminal.top_line == 997
    assert terminal.first_line == 897
    assert terminal.line(900).text == "900"
    assert terminal.line(998).text == "998"


def test_lines_that_are_heavy_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_WEIGHT", 100_000)
    terminal = Terminal(4, 200)
    accents = "".join("e" + "\u0301" * 20 for _ in range(200))
    for _ in range(100):
        terminal.feed(f"{accents}\r\n".encode())
    assert 0 < terminal.top_line - terminal.first_line < 25
    assert terminal.top_line == 97
    assert terminal.line(96).cells[0] == "e" + "\u0301" * 20


def test_search_finds_every_place_in_scrollback_and_screen() -> None:
    terminal = fed("Error one\r\nfine\r\nno error\r\n\r\n\r\nerr", columns=20)
    found = terminal.search("err").places
    assert found == ((Place(0, 0, 3),), (Place(2, 3, 6),), (Place(5, 0, 3),))
    assert terminal.search("Err").places == ((Place(0, 0, 3),),)
    assert terminal.search("nothing").places == ()
    assert terminal.search("").places == ()


def test_search_goes_over_a_wrap() -> None:
    terminal = fed("01234567needle", columns=10)
    assert terminal.search("needle").places == ((Place(0, 8, 10), Place(1, 0, 4)),)


def test_search_counts_cells_not_characters() -> None:
    assert fed("漢字e\u0301x").search("x").places == ((Place(0, 5, 6),),)
    assert fed("a漢字").search("字").places == ((Place(0, 3, 5),),)


def test_search_is_limited() -> None:
    found = fed("x" * 40).search("x", limit=5)
    assert len(found.places) == 5
    assert found.limited


def test_copied_text_is_as_it_was_written() -> None:
    terminal = fed("0123456789abc  \r\n漢字 end\r\n", columns=10)
    assert terminal.text(0, 0, 3, 10) == "0123456789abc\n漢字 end\n"
    assert terminal.text(0, 8, 1, 2) == "89ab"
    assert terminal.text(2, 4, 2, 10) == " end"


def test_the_scrollback_can_be_forgotten() -> None:
    terminal = fed("a\r\n" * 9)
    terminal.clear_history()
    assert above(terminal) == []


def test_floods_larger_than_the_scrollback() -> None:
    terminal = Terminal(4, 10, history=50)
    terminal.feed(b"".join(b"%d\r\n" % n for n in range(500)))
    assert above(terminal) == [str(n) for n in range(447, 497)]
