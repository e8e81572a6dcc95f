"""Another size: text wraps anew, joins again, and the cursor stays at its character."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from runner.terminal.terminal import Terminal
from tests.terminal import invariants
from tests.terminal.drawn import above, fed, place, shown


def test_narrowing_wraps_and_widening_joins() -> None:
    terminal = fed("$ 01234567\r\n$ ")
    terminal.resize(4, 6)
    assert shown(terminal) == ["$ 0123", "4567", "$", ""]
    assert place(terminal) == (2, 2)
    terminal.resize(4, 10)
    assert shown(terminal) == ["$ 01234567", "$", "", ""]
    assert place(terminal) == (1, 2)


def test_the_scrollback_takes_part() -> None:
    terminal = fed("".join(f"line {n} is long\r\n" for n in range(10)), columns=20)
    terminal.resize(4, 8)
    assert above(terminal)[:4] == ["line 0 i", "s long", "line 1 i", "s long"]
    terminal.resize(4, 20)
    assert above(terminal)[:2] == ["line 0 is long", "line 1 is long"]
    assert shown(terminal)[-2:] == ["line 9 is long", ""]


def test_a_broken_line_joins_over_the_edge_of_the_screen() -> None:
    terminal = fed("0123456789abcdefghij" + "\r\nx" * 3)
    assert above(terminal) == ["0123456789"]
    terminal.resize(4, 20)
    assert above(terminal) == []
    assert shown(terminal) == ["0123456789abcdefghij", "x", "x", "x"]


def test_wide_characters_wrap_whole_and_join_without_the_gap() -> None:
    terminal = fed("漢字漢字")
    terminal.resize(4, 5)
    assert shown(terminal)[:2] == ["漢字", "漢字"]
    assert terminal.row(0).filler
    terminal.resize(4, 10)
    assert shown(terminal)[0] == "漢字漢字"


def test_colours_move_along() -> None:
    terminal = fed("abc\x1b[31mdef\x1b[m")
    terminal.resize(4, 4)
    assert [style.fg for style in terminal.row(0).styles] == [None, None, None, 1]
    assert [style.fg for style in terminal.row(1).styles] == [1, 1, None, None]


def test_the_cursor_stays_behind_blanks_too() -> None:
    terminal = fed("ab\x1b[1;9H")
    terminal.resize(4, 5)
    assert place(terminal) == (1, 3)
    terminal.resize(4, 10)
    assert place(terminal) == (0, 8)


def test_a_lower_screen_loses_empty_rows_first() -> None:
    terminal = fed("a\r\nb")
    terminal.resize(2, 10)
    assert shown(terminal) == ["a", "b"]
    terminal.resize(1, 10)
    assert (above(terminal), shown(terminal)) == (["a"], ["b"])


def test_a_full_screen_that_grows_shows_what_was_above() -> None:
    terminal = fed("\r\n".join("abcdef"))
    terminal.resize(6, 10)
    assert shown(terminal) == list("abcdef")


def test_a_cleared_screen_does_not_get_old_lines_back() -> None:
    terminal = fed("\r\n".join("abcdef") + "\x1b[H\x1b[2J$ ")
    terminal.resize(6, 20)
    assert shown(terminal) == ["$", "", "", "", "", ""]


def test_the_alternate_screen_is_cut_and_the_main_one_is_wrapped_behind_it() -> None:
    terminal = fed("0123456789\x1b[?1049h\x1b[Hfull sight")
    terminal.resize(3, 5)
    assert shown(terminal) == ["full", "", ""]
    terminal.feed(b"\x1b[?1049l")
    assert shown(terminal)[:2] == ["01234", "56789"]


def test_margins_end_and_tabs_grow_with_a_new_size() -> None:
    terminal = fed("\x1b[2;3r")
    terminal.resize(6, 40)
    terminal.feed(b"\x1b[6;1Hx\n\x1b[1;20H\ty")
    assert shown(terminal)[4] == "x"
    assert terminal.row(0).cells[24] == "y"


PROMPT = "\x1b]133;A\x07"


def test_a_prompt_that_the_shell_draws_anew_is_emptied_and_keeps_its_rows() -> None:
    terminal = fed(f"out\r\n{PROMPT}$ 0123456789", columns=10)
    terminal.resize(4, 20)
    assert shown(terminal) == ["out", "", "", ""]
    assert place(terminal) == (2, 2)  # two rows below the output: the shell goes up by one
    terminal.feed(f"\r\x1b[K\x1b[A{PROMPT}$ 0123456789".encode())
    assert shown(terminal) == ["out", "$ 0123456789", "", ""]


def test_a_running_programs_output_is_wrapped_as_ever() -> None:
    terminal = fed(f"{PROMPT}$ x\x1b]133;C\x07\r\n0123456789", columns=10)
    terminal.resize(4, 5)
    assert shown(terminal) == ["$ x", "01234", "56789", ""]


def test_a_prompt_is_known_after_the_height_alone_has_changed() -> None:
    terminal = fed(f"a\r\nb\r\nc\r\n{PROMPT}$ x")
    terminal.resize(2, 10)
    terminal.resize(4, 20)
    assert [*above(terminal), *shown(terminal)] == ["a", "b", "c", ""]
    assert place(terminal) == (3, 3)


_TEXT = st.text(st.sampled_from("ab 漢é"), max_size=60)


_SIZES = st.tuples(st.integers(1, 9), st.integers(2, 30))


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(_TEXT, max_size=12),
    sizes=st.lists(_SIZES, max_size=5),
)
def test_no_text_is_lost_by_any_sizes(lines: list[str], sizes: list[tuple[int, int]]) -> None:
    terminal = Terminal(5, 20)
    terminal.feed("\r\n".join([*lines, "$"]).encode())
    for size in sizes:
        terminal.resize(*size)
        invariants.check(terminal)
        invariants.check_lines(terminal)
        assert terminal.row(terminal.cursor.y).cells[max(terminal.cursor.x - 1, 0)] in ("$", "")
    terminal.resize(5, 200)
    last = terminal.top_line + terminal.rows - 1
    text = terminal.text(terminal.first_line, 0, last, terminal.columns)
    assert text.rstrip("\n") == "\n".join(line.rstrip(" ") for line in [*lines, "$"]).rstrip("\n")
