"""What the mouse does in a terminal: tells the program that asked for it, or selects text."""

from __future__ import annotations

import time

from textual import events

from runner.terminal.engine import Mouse, TerminalEngine
from runner.terminal.keys import (
    NO_BUTTON,
    WHEEL_DOWN,
    WHEEL_LEFT,
    WHEEL_RIGHT,
    WHEEL_UP,
    Press,
    mouse,
    wheel_as_keys,
)
from runner.tui.terminal_selection import LINE, Position, Selection

DOUBLE = 0.4
"""Seconds within which a second click on the same cell counts as one with the first."""
WHEEL = 3
"""Lines that one notch of the wheel scrolls."""
_WHEELS: dict[type[events.MouseEvent], int] = {
    events.MouseScrollUp: WHEEL_UP,
    events.MouseScrollDown: WHEEL_DOWN,
    events.MouseScrollLeft: WHEEL_LEFT,
    events.MouseScrollRight: WHEEL_RIGHT,
}


class Pointer:
    """The mouse over one engine. Shift keeps the mouse from the program, as terminals do."""

    def __init__(self, engine: TerminalEngine) -> None:
        self._engine = engine
        self._selection: Selection | None = None
        self._selecting = False
        self._clicks = 0
        self._last: tuple[float, Position] = (0.0, (-1, -1))
        self._told: Position = (-1, -1)

    def reports(self, event: events.MouseEvent) -> bool:
        """Say whether the program gets this event."""
        return self._engine.modes.mouse is not Mouse.NONE and not event.shift

    def report(self, event: events.MouseEvent) -> bytes:
        """Give what tells the program of this event; b"" where it did not ask for that."""
        y, x = self._clamped(event.x, event.y)
        moves = isinstance(event, events.MouseMove)
        if moves and self._told == (y, x):
            return b""
        self._told = y, x
        press = Press.MOVE if moves else Press.DOWN
        if isinstance(event, events.MouseUp):
            press = Press.UP
        held = event.button - 1 if event.button else NO_BUTTON
        return mouse(
            press,
            _WHEELS.get(type(event), held),
            y,
            x,
            self._engine.modes,
            alt=event.meta,
            ctrl=event.ctrl,
        )

    def wheel_keys(self, up: bool) -> bytes:
        """Give the arrow keys that a program on the alternate screen takes for the wheel."""
        return wheel_as_keys(up, self._engine.modes)

    # Selecting

    @property
    def selecting(self) -> bool:
        """The button is held to select."""
        return self._selecting

    def press(self, position: Position) -> None:
        """Begin to select: cells, words with a second click, lines with a third."""
        now = time.monotonic()
        again = now - self._last[0] < DOUBLE and self._last[1] == position
        self._clicks = self._clicks % LINE + 1 if again else 1
        self._last = now, position
        self._selection = Selection(position, position, self._clicks, self._clicks > 1)
        self._selecting = True

    def drag(self, position: Position) -> bool:
        """Select up to here. False where that changes nothing."""
        before = self._selection
        if before is not None:
            self._selection = before.to(position)
        return self._selection != before

    def release(self) -> str:
        """End selecting; give what is selected."""
        self._selecting = False
        return self.text()

    def forget(self) -> bool:
        """Select nothing. False where nothing was selected."""
        was, self._selection = self._selection, None
        self._selecting = False
        return was is not None and was.started

    def text(self) -> str:
        """Give what is selected, as it is copied."""
        return self._selection.text(self._engine) if self._selection else ""

    def selected(self, line: int) -> tuple[int, int] | None:
        """Give the selected cells of a line, the first and the one after the last."""
        return self._selection.cells(self._engine, line) if self._selection else None

    def _clamped(self, x: int, y: int) -> Position:
        return min(max(0, y), self._engine.rows - 1), min(max(0, x), self._engine.columns - 1)
