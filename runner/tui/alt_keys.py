"""Alt with a character, as a shell needs it.

Where the terminal around us sends Escape and a character for Alt, Textual knows a few pairs as
characters of a Mac keyboard and drops the Alt of all punctuation, after a wait. It looks the pairs
up in a table; here they are entered as what they are. Terminals that speak kitty's protocol send
Alt as such and do not come by here.
"""

from __future__ import annotations

import string
from enum import Enum
from typing import cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import _character_to_key

_LEFT_OUT = "[O]P^_X"
"""Escape with one of these begins a longer sequence."""


def _name(character: str) -> str:
    if character.isupper():
        return f"alt+shift+{character.lower()}"
    return f"alt+{_character_to_key(character)}"


_CHARACTERS = [
    character
    for character in string.ascii_letters + string.digits + string.punctuation
    if character not in _LEFT_OUT
]

AltKeys = Enum("AltKeys", {f"ALT_{ord(c)}": _name(c) for c in _CHARACTERS})  # type: ignore[misc]
"""The names of these keys, as Textual would build them."""


_TYPED = {_name(character): character for character in _CHARACTERS}


def character(key: str) -> str | None:
    """Give the character that is typed with Alt, by the key's name; None for any other key."""
    return _TYPED.get(key)


def teach() -> None:
    """Enter the pairs into Textual's table; to do so again changes nothing."""
    table = cast("dict[str, tuple[Enum, ...]]", ANSI_SEQUENCES_KEYS)
    for typed in _CHARACTERS:
        table[f"\x1b{typed}"] = (AltKeys[f"ALT_{ord(typed)}"],)
    table["\x1b\x7f"] = (_Backspace.KEY,)


class _Backspace(Enum):
    KEY = "alt+backspace"
