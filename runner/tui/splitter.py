"""The line between two panes, moved by mouse; the screen keeps where it stands."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widget import Widget

LEAST, MOST = 15, 85
"""Percent of the room that a pane can be given."""


class Splitter(Widget):
    """One column or row. `-moving` while it is held."""

    DEFAULT_CSS = """
    Splitter { background: $background; color: $foreground 30%; }
    Splitter.-upright { width: 1; height: 1fr; pointer: ew-resize; }
    Splitter.-level { height: 1; width: 1fr; pointer: ns-resize; }
    Splitter:hover, Splitter.-moving { background: $accent 40%; }
    """

    class Moved(Message):
        """It was moved to this percentage of the room."""

        def __init__(self, splitter: Splitter, share: int, *, done: bool) -> None:
            super().__init__()
            self.splitter = splitter
            self.share = share
            self.done = done
            """Whether it was let go."""

    def __init__(self, name: str, *, upright: bool) -> None:
        """Take a name, and whether it stands between left and right."""
        super().__init__(name=name, id=f"split-{name}", classes="-upright" if upright else "-level")
        self._upright = upright
        self._share: int | None = None

    def render(self) -> str:
        """Draw a grip in the middle."""
        if self._upright:
            above = max(0, self.size.height // 2 - 1)
            return "\n" * above + "┃\n┃"
        return "━━━━".center(self.size.width)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold."""
        event.stop()
        self.capture_mouse()
        self.add_class("-moving")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse."""
        if not self.has_class("-moving") or self.parent is None:
            return
        room = self.parent.region  # type: ignore[attr-defined]
        if self._upright:
            share = 100 * (event.screen_x - room.x) / max(1, room.width)
        else:
            share = 100 * (event.screen_y - room.y) / max(1, room.height)
        self._share = within(round(share))
        self.post_message(self.Moved(self, self._share, done=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self.has_class("-moving"):
            event.stop()
            self.release_mouse()
            self.remove_class("-moving")
            if self._share is not None:
                self.post_message(self.Moved(self, self._share, done=True))


def within(share: int) -> int:
    """Keep a share where both panes can be seen."""
    return max(LEAST, min(MOST, share))
