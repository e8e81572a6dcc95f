"""Keys, mouse, paste and focus as bytes."""

from __future__ import annotations

import pytest

from runner.terminal import keys
from runner.terminal.engine import Modes, Mouse
from runner.terminal.keys import Press

PLAIN = Modes()
APPLICATION = Modes(application_cursor=True)


@pytest.mark.parametrize(
    ("name", "character", "modes", "expected"),
    [
        ("a", "a", PLAIN, b"a"),
        ("A", "A", PLAIN, b"A"),
        ("full_stop", ".", PLAIN, b"."),
        ("漢", "漢", PLAIN, "漢".encode()),
        ("enter", "\r", PLAIN, b"\r"),
        ("enter", "\r", Modes(newline=True), b"\r\n"),
        ("tab", "\t", PLAIN, b"\t"),
        ("shift+tab", None, PLAIN, b"\x1b[Z"),
        ("escape", "\x1b", PLAIN, b"\x1b"),
        ("backspace", "\x7f", PLAIN, b"\x7f"),
        ("ctrl+backspace", None, PLAIN, b"\x08"),
        ("alt+backspace", None, PLAIN, b"\x1b\x7f"),
        ("space", " ", PLAIN, b" "),
        ("ctrl+c", "\x03", PLAIN, b"\x03"),
        ("ctrl+c", None, PLAIN, b"\x03"),
        ("ctrl+at", "\x00", PLAIN, b"\x00"),
        ("ctrl+space", None, PLAIN, b"\x00"),
        ("ctrl+backslash", None, PLAIN, b"\x1c"),
        ("ctrl+right_square_bracket", None, PLAIN, b"\x1d"),
        ("ctrl+underscore", None, PLAIN, b"\x1f"),
        ("alt+b", "b", PLAIN, b"\x1bb"),
        ("alt+ctrl+b", None, PLAIN, b"\x1b\x02"),
        ("up", None, PLAIN, b"\x1b[A"),
        ("up", None, APPLICATION, b"\x1bOA"),
        ("ctrl+right", None, APPLICATION, b"\x1b[1;5C"),
        ("shift+home", None, PLAIN, b"\x1b[1;2H"),
        ("f1", None, PLAIN, b"\x1bOP"),
        ("shift+f2", None, PLAIN, b"\x1b[1;2Q"),
        ("f5", None, PLAIN, b"\x1b[15~"),
        ("f12", None, PLAIN, b"\x1b[24~"),
        ("pageup", None, PLAIN, b"\x1b[5~"),
        ("ctrl+delete", None, PLAIN, b"\x1b[3;5~"),
        ("media_play", None, PLAIN, b""),
    ],
)
def test_keys(name: str, character: str | None, modes: Modes, expected: bytes) -> None:
    assert keys.key(name, character, modes) == expected


SGR = Modes(mouse=Mouse.CLICKS, mouse_sgr=True)
DRAGS = Modes(mouse=Mouse.DRAGS, mouse_sgr=True)
MOVES = Modes(mouse=Mouse.MOVES, mouse_sgr=True)
OLD = Modes(mouse=Mouse.CLICKS)


@pytest.mark.parametrize(
    ("press", "button", "modes", "expected"),
    [
        (Press.DOWN, keys.LEFT, PLAIN, b""),
        (Press.DOWN, keys.LEFT, SGR, b"\x1b[<0;6;3M"),
        (Press.UP, keys.RIGHT, SGR, b"\x1b[<2;6;3m"),
        (Press.DOWN, keys.WHEEL_DOWN, SGR, b"\x1b[<65;6;3M"),
        (Press.UP, keys.WHEEL_DOWN, SGR, b""),
        (Press.MOVE, keys.LEFT, SGR, b""),
        (Press.MOVE, keys.LEFT, DRAGS, b"\x1b[<32;6;3M"),
        (Press.MOVE, keys.NO_BUTTON, DRAGS, b""),
        (Press.MOVE, keys.NO_BUTTON, MOVES, b"\x1b[<35;6;3M"),
        (Press.DOWN, keys.MIDDLE, OLD, b"\x1b[M!&#"),
        (Press.UP, keys.MIDDLE, OLD, b"\x1b[M#&#"),
    ],
)
def test_mouse(press: Press, button: int, modes: Modes, expected: bytes) -> None:
    assert keys.mouse(press, button, 2, 5, modes) == expected


def test_mouse_with_modifiers_and_beyond_the_old_limit() -> None:
    assert keys.mouse(Press.DOWN, 0, 0, 0, SGR, shift=True, ctrl=True) == b"\x1b[<20;1;1M"
    assert keys.mouse(Press.DOWN, 0, 0, 300, OLD) == b""
    assert keys.mouse(Press.DOWN, 0, 0, 300, SGR) == b"\x1b[<0;301;1M"


def test_the_wheel_is_arrow_keys_for_less() -> None:
    assert keys.wheel_as_keys(True, Modes(alternate_screen=True)) == b"\x1b[A" * 3
    assert keys.wheel_as_keys(False, PLAIN) == b""
    assert keys.wheel_as_keys(False, Modes(alternate_screen=True, mouse=Mouse.CLICKS)) == b""


def test_paste_cannot_break_out_of_its_brackets() -> None:
    evil = "ls\n\x1b[201~rm\x00\x9b201~"
    assert keys.paste(evil, Modes(bracketed_paste=True)) == b"\x1b[200~ls\r[201~rm201~\x1b[201~"
    assert keys.paste("a\r\nb\tc", PLAIN) == b"a\rb\tc"


def test_focus_is_told_only_where_asked_for() -> None:
    assert keys.focus(True, PLAIN) == b""
    assert keys.focus(True, Modes(focus_events=True)) == b"\x1b[I"
    assert keys.focus(False, Modes(focus_events=True)) == b"\x1b[O"
