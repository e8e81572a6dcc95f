"""Characters onto the grid: wrapping, wide ones, clusters, charsets, broken bytes."""

from __future__ import annotations

import pytest

from tests.terminal.drawn import above, fed, place, shown


def test_a_full_line_wraps_only_when_another_character_comes() -> None:
    terminal = fed("0123456789")
    assert place(terminal) == (0, 9)
    terminal.feed(b"\r\nx")
    assert shown(terminal)[:2] == ["0123456789", "x"]
    assert not terminal.row(0).wrapped


def test_a_line_that_is_too_long_is_marked_as_wrapped() -> None:
    terminal = fed("0123456789ab")
    assert shown(terminal)[:2] == ["0123456789", "ab"]
    assert terminal.row(0).wrapped


def test_a_move_forgets_the_pending_wrap() -> None:
    assert shown(fed("0123456789\x1b[Dx"))[0] == "01234567x9"
    assert shown(fed("0123456789\bx"))[0] == "01234567x9"
    assert shown(fed("0123456789\x1b[1;10Hx"))[0] == "012345678x"


def test_without_autowrap_the_last_column_is_overwritten() -> None:
    terminal = fed("\x1b[?7l0123456789abc")
    assert shown(terminal)[:2] == ["012345678c", ""]
    assert place(terminal) == (0, 9)


def test_a_wide_character_is_its_text_and_a_stub() -> None:
    terminal = fed("a漢b")
    assert terminal.row(0).cells[:4] == ["a", "漢", "", "b"]
    assert place(terminal) == (0, 4)


def test_a_wide_character_does_not_break_over_the_edge() -> None:
    terminal = fed("012345678漢")
    assert shown(terminal)[:2] == ["012345678", "漢"]
    assert terminal.row(0).filler


@pytest.mark.parametrize(("x", "cells"), [(2, ["a", " ", "X", "b"]), (1, ["a", "X", " ", "b"])])
def test_half_of_a_wide_character_never_stays(x: int, cells: list[str]) -> None:
    assert fed(f"a漢b\x1b[1;{x + 1}HX").row(0).cells[:4] == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("e\u0301x", ["e\u0301", "x"]),
        ("❤\ufe0fx", ["❤\ufe0f", "", "x"]),
        ("👍🏽x", ["👍🏽", "", "x"]),
        ("🇩🇪x", ["🇩🇪", "", "x"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "", "🇫🇷", ""]),
        ("👨\u200d👩\u200d👧x", ["👨\u200d👩\u200d👧", "", "x"]),
        ("a\u200db", ["a", "b"]),
        ("1\ufe0f\u20e3x", ["1\ufe0f\u20e3", "", "x"]),
        ("\u0301x", ["x"]),
        ("a\u202ex\u2028y\ufeff", ["a", "x", "y"]),
    ],
)
def test_a_cluster_is_one_cell(text: str, cells: list[str]) -> None:
    assert fed(text).row(0).cells[: len(cells)] == cells


def test_a_cluster_comes_together_from_pieces() -> None:
    terminal = fed("")
    for byte in "👨\u200d👩\u200d👧x".encode():
        terminal.feed(bytes([byte]))
    assert terminal.row(0).cells[:3] == ["👨\u200d👩\u200d👧", "", "x"]


def test_endless_accents_are_cut() -> None:
    assert len(fed("a" + "\u0300" * 10_000).row(0).cells[0]) <= 32


def test_special_graphics_draw_lines() -> None:
    assert shown(fed("\x1b(0lqk\x1b(Bq"))[0] == "┌─┐q"
    assert shown(fed("\x1b)0\x0eqx\x0fqx"))[0] == "─│qx"
    assert shown(fed("\x1b*0\x1bNqq"))[0] == "─q"


def test_invalid_utf8_is_one_mark_and_the_rest_goes_on() -> None:
    assert shown(fed(b"a\xffb\xe6\xbcc"))[0] == "a\ufffdb\ufffdc"


def test_repeat() -> None:
    assert shown(fed("ab\x1b[3bc"))[0] == "abbbbc"
    assert shown(fed("─\x1b[2b"))[0] == "───"


def test_repeat_is_bounded() -> None:
    assert shown(fed("x\x1b[99999999b", rows=2)) == ["xxxxxxxxxx", "x"]


def test_insert_mode_shifts_what_follows() -> None:
    assert shown(fed("world\r\x1b[4hab\x1b[4lX"))[0] == "abXorld"


def test_a_flood_is_as_its_lines_one_by_one() -> None:
    lines = [f"line {n} " + "x" * (n % 25) for n in range(200)]
    flood = fed("".join(f"{line}\r\n" for line in lines))
    single = fed("")
    for line in lines:
        single.feed(f"{line}\r".encode())
        single.feed(b"\n")
    assert shown(flood) == shown(single)
    assert above(flood) == above(single)
    assert [flood.line(n).wrapped for n in range(50)] == [single.line(n).wrapped for n in range(50)]


def test_a_flood_of_colour_keeps_its_colour() -> None:
    terminal = fed("\x1b[31m" + "red\r\n" * 50)
    assert terminal.line(5).styles[2].fg == 1
    assert terminal.line(5).styles[3].fg is None
    assert terminal.row(0).styles[0].fg == 1
