"""Lines of a text in a script without blanks: where they may end, and where not.

Textual breaks such a text at the last blank, or in front of a comma. Here lines may end between
any two wide characters, yet none begins with what closes and none ends with what opens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rich._wrap import divide_line
from rich.cells import cell_len
from textual import content

_WORD = re.compile(r"\s*\S+\s*")
_NO_START = "，。、；：？！）》〉」』】”’…,.;:?!)]}"
_NO_END = "（《〈「『【“‘([{"


def teach() -> None:
    """Have Textual break lines so; to do so again changes nothing."""
    content.divide_line = divide  # type: ignore[attr-defined]


def divide(text: str, width: int, fold: bool = True) -> list[int]:
    """Give the places at which a text is broken into lines of so many columns."""
    if text.isascii() or not any(map(_wide, text)):
        return divide_line(text, width, fold)
    breaks: list[int] = []
    used = 0
    for start, piece in _pieces(text):
        needs = cell_len(piece.rstrip())
        if needs > width:
            return divide_line(text, width, fold)
        if used + needs > width and start:
            breaks.append(start)
            used = 0
        used += cell_len(piece)
    return breaks


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Split at blanks, which stay at a piece's end, and where a line may end without one."""
    for word in _WORD.finditer(text):
        start = word.start()
        for index in range(start + 1, word.end()):
            if _parts(text[index - 1], text[index]):
                yield start, text[start:index]
                start = index
        yield start, text[start : word.end()]


def _parts(one: str, other: str) -> bool:
    if one.isspace() or other.isspace() or one in _NO_END or other in _NO_START:
        return False
    return _wide(one) or _wide(other)


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
