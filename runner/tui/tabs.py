"""Where the screen is small: one pane at a time, and a line of tabs to choose by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from runner.words import mark, translate

PANES = {
    "text": mark("Lesson"),
    "checks": mark("Checks"),
    "shell": mark("Shell"),
    "map": mark("Map"),
}


class PaneTabs(Widget):
    """The names of the panes; the one in view is marked, and what is new in another told."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"pane-tabs--at"}
    DEFAULT_CSS = """
    PaneTabs { height: 1; width: 1fr; background: $surface; color: $text-muted;
        link-style: none; link-color: $foreground; link-background: transparent;
        link-style-hover: reverse;
    }
    PaneTabs > .pane-tabs--at {
        color: $foreground; background: $primary-muted; text-style: bold;
    }
    """

    def __init__(self) -> None:
        """Begin with the text."""
        super().__init__()
        self._at = "text"
        self._notes: Mapping[str, str] = {}

    def show(self, at: str, notes: Mapping[str, str]) -> None:
        """Mark the pane in view; `notes` are put behind names."""
        if (at, notes) != (self._at, self._notes):
            self._at, self._notes = at, notes
            self.refresh()

    def render(self) -> Content:
        """Draw the tabs."""
        return Content("").join(self._tab(name) for name in PANES)

    def _tab(self, name: str) -> Content:
        note = f" {self._notes[name]}" if name in self._notes else ""
        words = f"{translate(PANES[name])}{note}"
        if name == self._at:
            tab = Content.styled(f"▌{words}▐", self.get_visual_style("pane-tabs--at"))
        else:
            tab = Content(f" {words} ")
        return tab.stylize(Style.from_meta({"@click": f"screen.show_pane('{name}')"}))
