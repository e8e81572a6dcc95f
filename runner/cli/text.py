"""Text for a terminal of whatever width: measured, wrapped, and made safe to print.

Chinese letters are two columns wide and may be broken anywhere; what came out of a lab may hold
control sequences, which are shown and not obeyed.
"""

from __future__ import annotations

import unicodedata

MARKS = "\ue000\ue001\ue002"
"""Characters of no width, free for a caller to mark places with; `safe` shows those it meets."""
_NO_START = "，。、；：？！）》」』”’…,.;:?!)]}"
"""Never first in a line."""
_NO_END = "（「『“‘([{"
"""Never last in a line."""
_SHOWN = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (
        *(code for code in range(0x20) if code not in (9, 10)),
        *range(0x7F, 0xA0),
        *(0x061C, 0x200E, 0x200F),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *map(ord, MARKS),
    )
}
"""What `safe` puts in place of a character. No regular expressions: `list` needs no other."""


def width(text: str) -> int:
    """Give the number of columns that a line takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if letter in MARKS or unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """Fill a text with blanks to so many columns."""
    return text + " " * max(0, columns - width(text))


def safe(text: str) -> str:
    r"""Show control characters as `\x1b`, so that nothing in them reaches the terminal.

    Newlines and tabs stay; marks that turn the writing direction are shown too, and halves of
    characters: a file's name that is no UTF-8 has them, and a strict stream breaks on them.
    """
    shown = text.replace("\r\n", "\n").translate(_SHOWN)
    return shown if shown.isascii() else shown.encode("utf-8", "backslashreplace").decode()


def wrap(text: str, columns: int, *, first: str = "", then: str | None = None) -> list[str]:
    """Break a paragraph into lines of at most so many columns.

    `first` opens the first line, `then` the others (blanks as wide as `first` where it is left
    out). A word longer than the line stays whole.
    """
    rest = " " * width(first) if then is None else then
    lines: list[str] = []
    line, used, gap = first, width(first), ""
    empty = True
    for piece in _pieces(" ".join(text.split("\n"))):
        if piece.isspace():
            gap = "" if empty else " "
            continue
        needs = width(gap) + width(piece)
        if not empty and used + needs > columns:
            lines.append(line)
            line, used, gap, needs = rest, width(rest), "", width(piece)
        line += gap + piece
        used += needs
        gap, empty = "", False
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Split at blanks, and between letters of a script that needs none."""
    import re

    found: list[str] = []
    for word in re.findall(r"[ \t]+|[^ \t]+", text):
        if word.isascii():
            found.append(word)
            continue
        start = 0
        for index in range(1, len(word)):
            if _parts(word[index - 1], word[index]):
                found.append(word[start:index])
                start = index
        found.append(word[start:])
    return found


def _parts(one: str, other: str) -> bool:
    """Tell whether a line may end between two letters that no blank parts."""
    if one in _NO_END or other in _NO_START:
        return False
    return _columns(one) == 2 or _columns(other) == 2


def cut(text: str, lines: int, columns: int) -> tuple[list[str], int]:
    """Give the last so many lines, each cut to the width, and how many lines were left out."""
    all_ = text.rstrip("\n").split("\n") if text.strip() else []
    kept = [_shorten(line.expandtabs(8), columns) for line in all_[-lines:]]
    return kept, len(all_) - len(kept)


def _shorten(line: str, columns: int) -> str:
    if width(line) <= columns:
        return line
    kept, used = [], 0
    for letter in line:
        used += _columns(letter)
        if used > columns - 1:
            break
        kept.append(letter)
    return "".join(kept) + "…"
