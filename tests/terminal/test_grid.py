"""Moving, scrolling, erasing, inserting and deleting, margins, tabs, two screens."""

from __future__ import annotations

import pytest

from tests.terminal.drawn import above, fed, place, shown

ABCD = "a\r\nb\r\nc\r\nd"


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("\x1b[2;3H", (1, 2)),
        ("\x1b[99;99H", (3, 9)),
        ("\x1b[;5f", (0, 4)),
        ("\x1b[2;2H\x1b[9A", (0, 1)),
        ("\x1b[2B\x1b[3C", (2, 3)),
        ("\x1b[3C\x1b[2D", (0, 1)),
        ("\x1b[5G\x1b[2E", (2, 0)),
        ("\x1b[4;4H\x1b[F", (2, 0)),
        ("\x1b[5`\x1b[3d", (2, 4)),
        ("\x1b[2a\x1b[2e", (2, 2)),
        ("ab\r\x1bE", (1, 0)),
        ("\x1b[3;3H\x1bM", (1, 2)),
        ("\x1b[2;2H\x1b7\x1b[H\x1b8", (1, 1)),
        ("\x1b[2;2H\x1b[s\x1b[H\x1b[u", (1, 1)),
        ("\x1b8", (0, 0)),
    ],
)
def test_moves(moves: str, expected: tuple[int, int]) -> None:
    assert place(fed(moves)) == expected


def test_a_line_feed_at_the_bottom_moves_the_top_line_into_the_scrollback() -> None:
    terminal = fed(ABCD + "\r\ne")
    assert shown(terminal) == ["b", "c", "d", "e"]
    assert above(terminal) == ["a"]


def test_a_scroll_region_scrolls_alone() -> None:
    terminal = fed(ABCD + "\x1b[2;3r\x1b[3;1H\nX")
    assert shown(terminal) == ["a", "c", "X", "d"]
    assert above(terminal) == []
    assert shown(fed(ABCD + "\x1b[2;3r\x1b[2;1H\x1bM")) == ["a", "", "b", "d"]


def test_scrolling_by_request() -> None:
    assert shown(fed(ABCD + "\x1b[2S")) == ["c", "d", "", ""]
    assert shown(fed(ABCD + "\x1b[2T")) == ["", "", "a", "b"]
    assert shown(fed(ABCD + "\x1b[999999T")) == ["", "", "", ""]


def test_lines_are_inserted_and_deleted_within_the_margins() -> None:
    assert shown(fed(ABCD + "\x1b[2;1H\x1b[L")) == ["a", "", "b", "c"]
    assert shown(fed(ABCD + "\x1b[2;1H\x1b[M")) == ["a", "c", "d", ""]
    assert shown(fed(ABCD + "\x1b[1;3r\x1b[2;1H\x1b[L")) == ["a", "", "b", "d"]
    assert shown(fed(ABCD + "\x1b[1;2r\x1b[4;1H\x1b[L")) == ["a", "b", "c", "d"]


def test_origin_mode_counts_from_the_margin_and_stays_inside() -> None:
    assert place(fed("\x1b[2;3r\x1b[?6h\x1b[1;1H")) == (1, 0)
    assert place(fed("\x1b[2;3r\x1b[?6h\x1b[9;1H")) == (2, 0)


def test_margins_that_make_no_sense_are_refused() -> None:
    assert shown(fed("\x1b[3;3r\x1b[H" + ABCD + "\r\ne")) == ["b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("erasing", "expected"),
    [
        ("\x1b[2;2H\x1b[K", ["abc", "a", "abc"]),
        ("\x1b[2;2H\x1b[1K", ["abc", "  c", "abc"]),
        ("\x1b[2;2H\x1b[2K", ["abc", "", "abc"]),
        ("\x1b[2;2H\x1b[J", ["abc", "a", ""]),
        ("\x1b[2;2H\x1b[1J", ["", "  c", "abc"]),
        ("\x1b[2;2H\x1b[2J", ["", "", ""]),
        ("\x1b[2;1H\x1b[2X", ["abc", "  c", "abc"]),
        ("\x1b[2;1H\x1b[2P", ["abc", "c", "abc"]),
        ("\x1b[2;1H\x1b[2@", ["abc", "  abc", "abc"]),
    ],
)
def test_erasing(erasing: str, expected: list[str]) -> None:
    assert shown(fed("abc\r\nabc\r\nabc" + erasing, rows=3)) == expected


def test_what_is_erased_takes_the_background() -> None:
    row = fed("abc\r\x1b[1;44m\x1b[K").row(0)
    assert [(style.bg, style.bold) for style in row.styles] == [(4, False)] * 10


def test_cutting_into_wide_characters_leaves_blanks() -> None:
    assert fed("漢字\x1b[1;2H\x1b[P").row(0).cells[:4] == [" ", "字", "", " "]
    assert fed("漢字\x1b[1;2H\x1b[@").row(0).cells[:5] == [" ", " ", " ", "字", ""]
    assert fed("01234567漢\x1b[1;1H\x1b[@").row(0).cells == [*" 01234567 "]


def test_tabs() -> None:
    assert place(fed("\t", columns=20)) == (0, 8)
    assert place(fed("\t\t\t", columns=20)) == (0, 19)
    assert place(fed("\x1b[3g\t", columns=20)) == (0, 19)
    assert place(fed("\x1b[5G\x1bH\r\t", columns=20)) == (0, 4)
    assert place(fed("\x1b[15G\x1b[2Z", columns=20)) == (0, 0)
    assert place(fed("\x1b[2I", columns=20)) == (0, 16)


def test_alignment_pattern() -> None:
    assert shown(fed("\x1b#8", rows=2, columns=3)) == ["EEE", "EEE"]


@pytest.mark.parametrize("mode", [47, 1047, 1049])
def test_the_alternate_screen_leaves_the_main_one_alone(mode: int) -> None:
    terminal = fed(f"shell\x1b[?{mode}hfull\r\n\n\n\n\n")
    assert terminal.modes.alternate_screen
    assert above(terminal) == []
    terminal.feed(f"\x1b[?{mode}l".encode())
    assert shown(terminal)[0] == "shell"
    assert not terminal.modes.alternate_screen


def test_leaving_the_alternate_screen_brings_the_cursor_back() -> None:
    assert place(fed("ab\x1b[?1049h\x1b[3;3H\x1b[?1049l")) == (0, 2)


def test_full_reset_keeps_what_was_scrolled_away() -> None:
    terminal = fed(ABCD + "\r\ne\x1b[31m\x1b[?1049h\x1bc")
    assert shown(terminal) == [""] * 4
    assert above(terminal) == ["a"]
    assert not terminal.modes.alternate_screen
    assert place(terminal) == (0, 0)


def test_a_cleared_screen_can_be_scrolled_back_to() -> None:
    terminal = fed("a\r\nb\x1b[H\x1b[2J$ ")
    assert above(terminal) == ["a", "b"]
    assert shown(terminal) == ["$", "", "", ""]
    assert above(fed("a\x1b[?1049h\x1b[2Jb\x1b[2J")) == []


def test_clearing_the_scrollback() -> None:
    terminal = fed(ABCD + "\r\ne\x1b[3J")
    assert above(terminal) == []
    assert terminal.first_line == terminal.top_line == 1
