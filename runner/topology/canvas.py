"""Rows of styled text: what a map is drawn on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a piece of text stands for; a screen gives each a style."""

    PLAIN = "plain"
    HOST = "host"
    BRIDGE = "bridge"
    """A network's name and its bar."""
    CONTAINER = "container"
    STOPPED = "stopped"
    ADDRESS = "address"
    CABLE = "cable"
    """Interfaces and what joins them."""
    LINK = "link"
    """Links, aliases, tunnels, routes: who knows whom."""
    PORT = "port"
    FRAME = "frame"
    """The outline of a card."""
    CHANGED = "changed"
    """New, other than before, or just gone; a mark says which."""
    FAINT = "faint"
    """Wanted and not there."""
    TROUBLE = "trouble"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one role."""

    text: str
    role: Role = Role.PLAIN


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A drawn map; it may be taller than what was asked for, never wider."""

    rows: tuple[Row, ...]
    width: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def plain(self) -> str:
        """Give it as text, blanks at the ends of lines left out."""
        return "\n".join("".join(run.text for run in row).rstrip() for row in self.rows)


def measure(text: str) -> int:
    """Give the number of columns that a text takes, as the screen counts them."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # the screen's own measure; not needed for plain names

    return cell_len(text)


def length(runs: Iterable[Run]) -> int:
    """Give the columns of some runs."""
    return sum(measure(run.text) for run in runs)


def safe(text: str) -> str:
    """Put a sign in place of what a terminal would obey, or what has no place in a line."""
    if text.isprintable():
        return text
    return "".join(letter if _harmless(letter) else "�" for letter in text)


def _harmless(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) in ("Zs", "Mn", "Mc")


def cut(text: str, columns: int) -> str:
    """Shorten a text to so many columns, with `…` for what is left out."""
    if measure(text) <= columns:
        return text
    kept, used = "", 0
    for letter in text:
        used += measure(letter)
        if used > columns - 1:
            break
        kept += letter
    return f"{kept}…" if columns > 0 else ""


def fit(runs: Sequence[Run], columns: int) -> Row:
    """Cut runs to so many columns."""
    kept: list[Run] = []
    left = columns
    for run in runs:
        wide = measure(run.text)
        if wide > left:
            kept.append(Run(cut(run.text, left), run.role))
            break
        kept.append(run)
        left -= wide
    return tuple(kept)


def fill(runs: Sequence[Run], columns: int, letter: str = " ", role: Role = Role.PLAIN) -> Row:
    """Cut or lengthen runs to exactly so many columns."""
    row = fit(runs, columns)
    return (*row, Run(letter * (columns - length(row)), role))


def fold(run: Run, columns: int) -> list[Run]:
    """Break a text at its blanks into lines of so many columns; a longer word stays whole."""
    lines = [""]
    for word in run.text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and measure(longer) > columns:
            lines.append(word)
        else:
            lines[-1] = longer
    return [Run(line, run.role) for line in lines]
