"""What a terminal's widget may rely on: the engine's Protocol and the values that it gives out.

The engine is fed with bytes in any pieces and never fails on any of them. It does nothing by
itself: answers to the program, marks and changes wait until they are taken. A row handed out is
the engine's own, so that drawing copies nothing; it must not be changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

Colour = int | tuple[int, int, int] | None
"""0 to 15 the theme's, up to 255 xterm's palette, or red, green, blue; None is the default."""


class Style(NamedTuple):
    """How a cell looks. Equal looks are nearly always the same object.

    A tuple, because floods compare and hash it more than anything else.
    """

    fg: Colour = None
    bg: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    strike: bool = False
    hidden: bool = False


PLAIN = Style()
"""The look of a cell that nothing was done to."""


@dataclass(slots=True)
class Row:
    """One line of the grid: cell texts and their styles, both as long as the grid is wide.

    A wide character is its text and then an empty stub. A cell's text is one grapheme cluster
    whose width by `rich.cells.cell_len` is 1, or 2 before a stub.
    """

    cells: list[str]
    styles: list[Style]
    wrapped: bool = False
    """The line goes on in the next row: it broke because it was too long."""
    filler: bool = False
    """The last cell is only empty because a wide character did not fit: no part of the text."""

    @property
    def text(self) -> str:
        """The row's text without the blanks at its end."""
        return "".join(self.cells).rstrip(" ")


class Shape(Enum):
    """The cursor's form, as DECSCUSR asks for it."""

    BLOCK = "block"
    UNDERLINE = "underline"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next character goes. `x` stays inside the grid while a wrap is pending."""

    y: int = 0
    x: int = 0
    visible: bool = True
    shape: Shape = Shape.BLOCK
    blink: bool = True


class Mouse(Enum):
    """Which mouse events the program wants to be told of."""

    NONE = 0
    CLICKS = 1000
    DRAGS = 1002
    MOVES = 1003


@dataclass(frozen=True, slots=True)
class Modes:
    """What the program has switched; what keys, mouse and paste are encoded by."""

    alternate_screen: bool = False
    application_cursor: bool = False
    application_keypad: bool = False
    bracketed_paste: bool = False
    focus_events: bool = False
    mouse: Mouse = Mouse.NONE
    mouse_sgr: bool = False
    """1006: coordinates as numbers, without the limit of 223."""
    alternate_scroll: bool = True
    """1007: on the alternate screen the wheel is arrow keys, as `less` expects it."""
    newline: bool = False
    """LNM: Enter sends CR LF."""
    reverse_video: bool = False
    synchronized: bool = False
    """2026: the program is in the middle of a picture; a widget may wait, but not for long."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is no longer as it was when changes were last taken."""

    rows: frozenset[int] = frozenset()
    """Screen rows that may look different."""
    everything: bool = False
    """Draw all of it: size, screen or colours as a whole changed."""
    cursor: bool = False
    title: bool = False
    bell: bool = False
    scrolled: int = 0
    """Lines that went from the screen into the scrollback."""


class MarkKind(Enum):
    """What the shell told with OSC 133."""

    PROMPT = "A"
    INPUT = "B"
    OUTPUT = "C"
    DONE = "D"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the shell. A DONE with a count that was seen before is not given again."""

    kind: MarkKind
    line: int
    """The absolute line (see `TerminalEngine.line`) on which the cursor stood."""
    status: int | None = None
    """The ended command's exit status, with DONE."""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of one line: cells from `start` up to, not with, `end`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search text stands, top to bottom. A match over a wrap is several places."""

    places: tuple[tuple[Place, ...], ...] = field(default=())
    limited: bool = False
    """There were more than are told."""


class TerminalEngine(Protocol):
    """A terminal's state and what may be asked of it.

    Lines have absolute numbers that stay while text scrolls by: `first_line` is the oldest kept,
    `top_line` the screen's first row. Only a resize numbers anew.
    """

    @property
    def rows(self) -> int:
        """Height of the screen."""

    @property
    def columns(self) -> int:
        """Width of the screen."""

    @property
    def cursor(self) -> Cursor:
        """Where the cursor is, and how it looks."""

    @property
    def modes(self) -> Modes:
        """What the program has switched."""

    @property
    def title(self) -> str:
        """The title that the program gave, printable and short; "" where none."""

    @property
    def directory(self) -> str:
        """The shell's directory by OSC 7; "" where unknown."""

    @property
    def first_line(self) -> int:
        """Number of the oldest line that is kept (on the alternate screen: `top_line`)."""

    @property
    def top_line(self) -> int:
        """Number of the line in the screen's first row."""

    def feed(self, data: bytes) -> None:
        """Take what the program wrote, in any pieces. Never raises."""

    def resize(self, rows: int, columns: int) -> None:
        """Give the screen another size; the main screen's text is wrapped anew."""

    def row(self, y: int) -> Row:
        """Give the screen's row `y`, from 0. Not to be changed."""

    def line(self, number: int) -> Row:
        """Give a line by its absolute number, from `first_line` to `top_line + rows - 1`."""

    def text(self, first: int, start: int, last: int, end: int) -> str:
        """Give the text from cell `start` of line `first` to before cell `end` of line `last`.

        As it is copied: wrapped rows joined, blanks at a line's end left out.
        """

    def search(self, text: str, *, limit: int = 1000) -> Found:
        """Find a text, without regard to case unless it has capitals, also across wraps."""

    def take_changes(self) -> Changes:
        """Give what has changed since the last time."""

    def take_replies(self) -> bytes:
        """Give what the program asked for (DA, DSR, …): write it to the program, nowhere else."""

    def take_marks(self) -> tuple[Mark, ...]:
        """Give the shell's marks since the last time."""

    def clear_history(self) -> None:
        """Forget the scrollback."""
