"""Keys, mouse, paste and focus as the bytes that a program expects, by its modes (as xterm).

Key names are Textual's: `ctrl+shift+left`, `f5`, `escape`; a printable key's text comes beside it.
"""

from __future__ import annotations

import re
from enum import Enum

from runner.terminal.engine import Modes, Mouse

_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_NUMBERED = {
    "insert": 2,
    "delete": 3,
    "pageup": 5,
    "pagedown": 6,
    **{f"f{5 + n}": code for n, code in enumerate((15, 17, 18, 19, 20, 21, 23, 24))},
    **{f"f{13 + n}": code for n, code in enumerate((25, 26, 28, 29, 31, 32, 33, 34))},
}
_PLAIN = {"tab": "\t", "escape": "\x1b", "backspace": "\x7f", "space": " "}
_SYMBOLS = {
    "at": "@",
    "left_square_bracket": "[",
    "backslash": "\\",
    "right_square_bracket": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "minus": "_",
    "slash": "_",
    "question_mark": "?",
    "space": "@",
    "backspace": "H",
}
"""What ctrl makes a control character of, by its key's name."""
_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4, "meta": 8, "super": 8}
_UNPASTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WHEEL_LINES = 3


def key(name: str, character: str | None, modes: Modes) -> bytes:
    """Encode a key; b"" for one that no program can be told of."""
    *before, base = name.split("+")
    modifiers = sum(_MODIFIERS.get(modifier, 0) for modifier in set(before))
    special = _special(base, modifiers, modes)
    if special is not None:
        return special.encode()
    if modifiers & 4:
        text = _control(base)
    elif character is not None and character.isprintable():
        text = character
    else:
        text = base if len(base) == 1 else ""
    if text and modifiers & 2:
        text = "\x1b" + text
    return text.encode()


def _special(base: str, modifiers: int, modes: Modes) -> str | None:
    if base in _CURSOR:
        opening = "\x1bO" if modes.application_cursor else "\x1b["
        return _sequence(opening, _CURSOR[base], modifiers)
    if base in _FUNCTION:
        return _sequence("\x1bO", _FUNCTION[base], modifiers)
    if base in _NUMBERED:
        more = f";{modifiers + 1}" if modifiers else ""
        return f"\x1b[{_NUMBERED[base]}{more}~"
    if base == "tab" and modifiers & 1:
        return "\x1b[Z"
    text = ("\r\n" if modes.newline else "\r") if base == "enter" else _PLAIN.get(base)
    if text is None or (modifiers & 4 and base in _SYMBOLS):
        return None
    return ("\x1b" if modifiers & 2 else "") + text


def _sequence(opening: str, final: str, modifiers: int) -> str:
    return f"\x1b[1;{modifiers + 1}{final}" if modifiers else opening + final


def _control(base: str) -> str:
    symbol = _SYMBOLS.get(base, base)
    if symbol == "?":
        return "\x7f"
    if len(symbol) == 1 and "@" <= symbol.upper() <= "_":
        return chr(ord(symbol.upper()) - 0x40)
    return symbol if len(symbol) == 1 else ""


class Press(Enum):
    """What happened to the mouse."""

    DOWN = "down"
    UP = "up"
    MOVE = "move"


LEFT, MIDDLE, RIGHT, NO_BUTTON = 0, 1, 2, 3
WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 64, 65, 66, 67


def mouse(
    press: Press,
    button: int,
    y: int,
    x: int,
    modes: Modes,
    *,
    shift: bool = False,
    alt: bool = False,
    ctrl: bool = False,
) -> bytes:
    """Encode a mouse event at a cell counted from 0; b"" where the program wants none.

    `button` of a move is the one held, or NO_BUTTON.
    """
    if not _wanted(press, button, modes.mouse):
        return b""
    code = button + 4 * shift + 8 * alt + 16 * ctrl + 32 * (press is Press.MOVE)
    if modes.mouse_sgr:
        final = "m" if press is Press.UP else "M"
        return f"\x1b[<{code};{x + 1};{y + 1}{final}".encode()
    if press is Press.UP:
        code = code - button + NO_BUTTON
    if max(x, y) + 1 > 223:  # the old form has one byte for each
        return b""
    return b"\x1b[M" + bytes((32 + code, 33 + x, 33 + y))


def _wanted(press: Press, button: int, mode: Mouse) -> bool:
    if mode is Mouse.NONE or (press is Press.UP and button >= WHEEL_UP):
        return False
    if press is Press.MOVE:
        return mode is Mouse.MOVES or (mode is Mouse.DRAGS and button != NO_BUTTON)
    return True


def wheel_as_keys(up: bool, modes: Modes) -> bytes:
    """Give arrow keys for a turn of the wheel on the alternate screen; b"" elsewhere."""
    if not (modes.alternate_screen and modes.alternate_scroll) or modes.mouse is not Mouse.NONE:
        return b""
    return key("up" if up else "down", None, modes) * _WHEEL_LINES


def paste(text: str, modes: Modes) -> bytes:
    """Encode pasted text. Control characters go: none may end the paste's brackets early."""
    text = _UNPASTED.sub("", text.replace("\r\n", "\r").replace("\n", "\r"))
    if modes.bracketed_paste:
        text = f"\x1b[200~{text}\x1b[201~"
    return text.encode("utf-8", "replace")


def focus(gained: bool, modes: Modes) -> bytes:
    """Tell the program that it got or lost the focus, if it asked for that."""
    return (b"\x1b[I" if gained else b"\x1b[O") if modes.focus_events else b""
