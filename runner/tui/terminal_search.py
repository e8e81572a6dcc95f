"""The line in which a text is searched for in a terminal and its scrollback."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from runner.tui.terminal_grid import GridView
from runner.words import mark, translate


class SearchBar(Horizontal):
    """Asks for a text and goes from place to place, the newest first."""

    DEFAULT_CSS = """
    SearchBar {
        layer: above; dock: bottom; height: 1; display: none; background: $panel;
        &.-open { display: block; }
        Input { width: 1fr; height: 1; border: none; padding: 0 1; }
        Static { width: auto; padding: 0 1; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,up", "step(-1)", mark("Older"), show=False, priority=True),
        Binding("down,shift+enter", "step(1)", mark("Newer"), show=False, priority=True),
        Binding("escape", "close", mark("Back to the shell"), show=False, priority=True),
    ]

    def __init__(self) -> None:
        """Stay out of sight until opened."""
        super().__init__()
        self._view: GridView | None = None

    def compose(self) -> ComposeResult:
        """Lay out the field and the count."""
        yield Input(compact=True)
        yield Static(markup=False)

    def open(self, view: GridView) -> None:
        """Search in this terminal."""
        self._view = view
        field = self.query_one(Input)
        field.placeholder = translate(mark("Search"))
        self.add_class("-open")
        field.focus()
        field.action_select_all()
        if field.value:
            self._tell(view.search(field.value))

    def action_step(self, by: int) -> None:
        """Go to the next place."""
        if self._view is not None:
            self._tell(self._view.search_step(by))

    def action_close(self) -> None:
        """Back to the terminal, which stays where it is."""
        self.remove_class("-open")
        if self._view is not None:
            self._view.search_end()
            self._view.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._view is not None and self.has_class("-open"):
            self._tell(self._view.search(event.value))

    def _on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self.remove_class("-open")

    def _tell(self, where: tuple[int, int]) -> None:
        number, count = where
        self.query_one(Static).update(f"{number}/{count}")
