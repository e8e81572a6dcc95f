"""What a program has switched, beyond the grid: modes, cursor's looks, title, saved cursors."""

from __future__ import annotations

from dataclasses import dataclass, field

from runner.terminal.engine import PLAIN, Modes, Shape, Style
from runner.terminal.screen import Screen

_REPLIES = 4096
"""Bytes of answers that wait; a program that asks without reading gets no more."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What DECSC keeps."""

    y: int = 0
    x: int = 0
    style: Style = PLAIN
    origin: bool = False
    charsets: tuple[dict[int, int] | None, ...] = (None,) * 4
    shift: int = 0


@dataclass(slots=True)
class State:
    """One terminal's switches; a full reset makes a new one."""

    modes: Modes = field(default_factory=Modes)
    visible: bool = True
    shape: Shape = Shape.BLOCK
    blink: bool = True
    title: str = ""
    titles: list[str] = field(default_factory=list)
    """Titles that were put aside, at most ten."""
    saved: dict[bool, Saved] = field(default_factory=dict)
    """By whether it was on the alternate screen."""
    replies: bytearray = field(default_factory=bytearray)
    bell: bool = False
    retitled: bool = False
    prompt: int | None = None
    """The absolute line on which the shell's prompt begins, while the shell reads a command."""
    everything: bool = True

    def reply(self, text: str) -> None:
        """Put an answer in line for the program."""
        if len(self.replies) + len(text) <= _REPLIES:
            self.replies += text.encode("ascii")

    def save(self, screen: Screen) -> None:
        """Do DECSC."""
        self.saved[self.modes.alternate_screen] = Saved(
            screen.y,
            screen.x,
            screen.style,
            screen.origin,
            tuple(screen.charsets),
            screen.shift,
        )

    def restore(self, screen: Screen) -> None:
        """Do DECRC; home and plain where nothing was saved."""
        saved = self.saved.get(self.modes.alternate_screen, Saved())
        screen.style = saved.style
        screen.origin = saved.origin
        screen.charsets = list(saved.charsets)
        screen.shift = saved.shift
        low, high = (screen.top, screen.bottom) if saved.origin else (0, screen.rows - 1)
        screen.y = min(max(saved.y, low), high)
        screen.x = min(saved.x, screen.columns)
        if saved.x < screen.columns or not screen.autowrap:
            screen.column()
