"""What goes between program and user: answers, titles, marks, modes, changes; and what must not."""

from __future__ import annotations

import pytest

from runner.terminal.engine import Mark, MarkKind, Mouse, Shape
from tests.terminal.drawn import fed, place, shown


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("\x1b[c", b"\x1b[?62;22c"),
        ("\x1b[0c", b"\x1b[?62;22c"),
        ("\x1bZ", b"\x1b[?62;22c"),
        ("\x1b[>c", b"\x1b[>41;354;0c"),
        ("\x1b[5n", b"\x1b[0n"),
        ("\x1b[2;3H\x1b[6n", b"\x1b[2;3R"),
        ("0123456789\x1b[6n", b"\x1b[1;10R"),
        ("\x1b[2;4r\x1b[?6h\x1b[6n", b"\x1b[1;1R"),
        ("\x1b[?25$p", b"\x1b[?25;1$y"),
        ("\x1b[?2026$p", b"\x1b[?2026;2$y"),
        ("\x1b[?7l\x1b[?7$p", b"\x1b[?7;2$y"),
        ("\x1b[?4711$p", b"\x1b[?4711;0$y"),
        ("\x1b[4$p", b"\x1b[4;2$y"),
    ],
)
def test_answers(asked: str, answer: bytes) -> None:
    terminal = fed(asked)
    assert terminal.take_replies() == answer
    assert terminal.take_replies() == b""


@pytest.mark.parametrize(
    "asked",
    [
        "\x1b]52;c;?\x07",
        "\x1b]52;c;aGVsbG8=\x07",
        "\x1b]10;?\x07",
        "\x1b]4;1;?\x1b\\",
        "\x1b[21t",
        "\x1b[20t",
        "\x1bP$qm\x1b\\",
        "\x1bP+q544e\x1b\\",
        "\x1b[>q",
        "\x1b]2;secret\x07\x1b[21t",
        "\x05",
        "\x1b_Gi=1,a=q\x1b\\",
        "\x1b[?u",
        "\x1b[14t\x1b[18t",
    ],
)
def test_nothing_else_is_answered_or_shown(asked: str) -> None:
    terminal = fed(asked)
    assert terminal.take_replies() == b""
    assert shown(terminal) == [""] * 4


def test_answers_that_nobody_takes_are_bounded() -> None:
    assert len(fed("\x1b[c" * 100_000).take_replies()) <= 4096


def test_a_title_is_printable_and_short() -> None:
    terminal = fed("\x1b]0;a\x01b\u202ec\x07")
    assert terminal.title == "abc"
    assert terminal.take_changes().title
    terminal.feed(b"\x1b]2;" + b"x" * 3000 + b"\x1b\\")
    assert len(terminal.title) == 200


def test_titles_are_put_aside_and_come_back() -> None:
    assert fed("\x1b]2;one\x07\x1b[22;0t\x1b]2;two\x07\x1b[23;0t").title == "one"


def test_the_directory() -> None:
    assert fed("\x1b]7;file://box/srv/100%\x07").directory == "/srv/100%"
    assert fed("\x1b]7;https://box/\x07").directory == ""


def test_a_mark_says_that_a_command_ended() -> None:
    terminal = fed("\x1b]133;A\x07$ \x1b]133;C\x07x\r\n\x1b]133;D;3;n=7\x07")
    assert terminal.take_marks() == (
        Mark(MarkKind.PROMPT, 0),
        Mark(MarkKind.OUTPUT, 0),
        Mark(MarkKind.DONE, 1, 3, 7),
    )
    assert terminal.take_marks() == ()


def test_a_redrawn_prompts_mark_is_no_news() -> None:
    terminal = fed("\x1b]133;D;0;n=1\x07\x1b]133;D;0;n=1\x07\x1b]133;D;1;n=2\x07")
    assert [mark.count for mark in terminal.take_marks()] == [1, 2]


@pytest.mark.parametrize("text", ["D;x;n=y", "Z", "", "D;;n=", "D;" + "9" * 40])
def test_odd_marks_do_no_harm(text: str) -> None:
    for mark in fed(f"\x1b]133;{text}\x07").take_marks():
        assert mark.status is None
        assert mark.count is None


def test_marks_that_nobody_takes_are_bounded() -> None:
    many = "".join(f"\x1b]133;D;0;n={n}\x07" for n in range(5000))
    assert len(fed(many).take_marks()) <= 256


@pytest.mark.parametrize(
    "opening", ["\x1b]0;", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x9d2;", "\x1b["]
)
def test_what_never_ends_is_swallowed_within_bounds(opening: str) -> None:
    terminal = fed(opening)
    for _ in range(300):
        terminal.feed(b"1" * 10_000)
    assert shown(terminal) == [""] * 4
    assert len(terminal._parser._seen) < 10_000
    terminal.feed(b"\x18ok")
    assert shown(terminal)[0] == "ok"


def test_controls_inside_a_sequence_are_done() -> None:
    terminal = fed("ab\x1b[1\r;5Hx")
    assert place(terminal) == (0, 5)
    assert shown(terminal)[0] == "ab  x"


def test_a_cancelled_sequence_is_forgotten() -> None:
    assert shown(fed("\x1b[31\x18m"))[0] == "m"
    assert shown(fed("\x1b]0;t\x1amore"))[0] == "more"
    assert shown(fed("\x1b[1\x1b[2Cx"))[0] == "  x"


def test_c1_controls() -> None:
    assert shown(fed("a\x85b\x84c"))[:3] == ["a", "b", " c"]
    assert shown(fed("\x9b3Cx\x9d0;t\x9cy"))[0] == "   xy"
    assert shown(fed("\x90secret\x9cx"))[0] == "x"


def test_modes_for_keys_mouse_and_paste() -> None:
    terminal = fed("\x1b[?1;1002;1006;2004;1004;2026h\x1b=\x1b[20h")
    modes = terminal.modes
    assert modes.application_cursor
    assert modes.application_keypad
    assert modes.mouse is Mouse.DRAGS
    assert modes.mouse_sgr
    assert modes.bracketed_paste
    assert modes.focus_events
    assert modes.synchronized
    assert modes.newline
    terminal.feed(b"\x1b[?1002l\x1b[!p")
    assert terminal.modes.mouse is Mouse.NONE
    assert not terminal.modes.application_cursor


@pytest.mark.parametrize(
    ("number", "shape", "blink"),
    [
        (0, Shape.BLOCK, True),
        (2, Shape.BLOCK, False),
        (3, Shape.UNDERLINE, True),
        (4, Shape.UNDERLINE, False),
        (5, Shape.BAR, True),
        (6, Shape.BAR, False),
    ],
)
def test_the_cursors_shape(number: int, shape: Shape, blink: bool) -> None:
    cursor = fed(f"\x1b[{number} q").cursor
    assert (cursor.shape, cursor.blink) == (shape, blink)


def test_a_hidden_cursor() -> None:
    assert not fed("\x1b[?25l").cursor.visible


def test_changes_name_the_rows_that_may_look_different() -> None:
    terminal = fed("")
    assert terminal.take_changes().everything
    terminal.feed(b"\x1b[2;1Hx\x07")
    changes = terminal.take_changes()
    assert changes.rows == {1}
    assert changes.cursor
    assert changes.bell
    assert not changes.everything
    assert terminal.take_changes().rows == frozenset()
    terminal.feed(b"\n\n\n\n")
    assert terminal.take_changes().scrolled == 2
