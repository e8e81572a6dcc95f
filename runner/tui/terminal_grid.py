"""Draws a terminal engine's grid: text, cursor, selection, scrollback, what was searched for.

Only rows that changed are drawn anew. The cursor does not blink, so that a shell at rest costs
nothing; a bar is drawn as an underline, for a cell has no left edge.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from runner.terminal.engine import Shape, TerminalEngine
from runner.terminal.terminal import Terminal
from runner.tui.terminal_mouse import WHEEL, Pointer
from runner.tui.terminal_scroll import View
from runner.tui.terminal_selection import Position
from runner.tui.terminal_strip import Overlay, Painter
from runner.words import mark


class GridView(Widget, can_focus=True):
    """A grid to look at, to scroll and to copy from. What feeds it is the subclass's."""

    ALLOW_SELECT = False  # Textual's own selection knows no scrollback
    COMPONENT_CLASSES: ClassVar[set[str]] = {"terminal--found", "terminal--notice"}
    DEFAULT_CSS = """
    GridView {
        width: 1fr; height: 1fr;
        background: $background; color: $foreground;
        pointer: text;
    }
    GridView > .terminal--found { background: $warning-muted; text-style: underline; }
    GridView > .terminal--notice {
        background: $accent-muted; color: $foreground; text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+pageup", "page(-1)", mark("Scroll back"), show=False),
        Binding("shift+pagedown", "page(1)", mark("Scroll forward"), show=False),
        Binding("shift+home", "oldest", mark("Oldest line"), show=False),
        Binding("shift+end", "follow", mark("Newest line"), show=False),
        Binding("ctrl+shift+c", "copy", mark("Copy"), show=False),
    ]

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
        history: int = 10_000,
    ) -> None:
        """Keep so many lines of scrollback."""
        super().__init__(name=name, id=id, classes=classes)
        self._history = history
        self._painter = Painter(RichStyle())
        self._cursor_row = -1
        self.clear(24, 80)

    def clear(self, rows: int, columns: int) -> None:
        """Begin with an empty grid."""
        self._engine: TerminalEngine = Terminal(rows, columns, history=self._history)
        self._view = View(self._engine)
        self._pointer = Pointer(self._engine)

    @property
    def engine(self) -> TerminalEngine:
        """The grid that is shown."""
        return self._engine

    @property
    def running(self) -> bool:
        """A program is there to type to."""
        return False

    def send(self, data: bytes) -> None:
        """Give the program bytes."""

    # Searching

    def search(self, text: str) -> tuple[int, int]:
        """Look for a text in all that is kept; give the place's number and how many there are."""
        where = self._view.search(text)
        self.refresh()
        return where

    def search_step(self, by: int) -> tuple[int, int]:
        """Go to another place that was found."""
        where = self._view.step(by)
        self.refresh()
        return where

    def search_end(self) -> None:
        """Mark no more what was found, and stay there."""
        self._view.forget()
        self.refresh()

    # Drawing

    def paint(self) -> None:
        """Have what changed in the engine drawn."""
        engine, changes = self._engine, self._engine.take_changes()
        cursor = engine.cursor
        rows = set(changes.rows)
        if changes.cursor:
            rows |= {cursor.y, self._cursor_row}
        if changes.everything or len(rows) >= engine.rows or not self._view.following:
            self.refresh()
        elif regions := [Region(0, y, self.size.width, 1) for y in rows if y >= 0]:
            self.refresh(*regions)
        self._cursor_row = cursor.y
        if self.has_focus:  # where an input method shows what it composes
            self.app.cursor_position = self.content_region.offset + Offset(cursor.x, cursor.y)

    def render(self) -> RenderResult:
        """Draw nothing: lines are drawn one by one."""
        return ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw, in the colours that the widget has now."""
        base = self.rich_style
        if self._engine.modes.reverse_video:
            base += RichStyle(reverse=True)
        if base != self._painter.base:
            self._painter = Painter(base)
            self._styles_cache.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is looked at."""
        width, engine = self.size.width, self._engine
        number = self._view.top + y
        if number >= engine.top_line + engine.rows:  # the size has not settled yet
            return Strip.blank(width, self._painter.base)
        row = engine.line(number)
        strip = self._painter.strip(row, width, self._overlays(number, row.cells))
        return self._noticed(strip, width) if y == 0 and self._view.back else strip

    def _overlays(self, line: int, cells: list[str]) -> list[Overlay]:
        overlays = []
        if self._view.found.places:
            found = self.get_component_rich_style("terminal--found", partial=True)
            for place, now in self._view.places(line):
                overlays.append(Overlay(place.start, place.end, found))
                if now:
                    overlays.append(Overlay(place.start, place.end))
        if (selected := self._pointer.selected(line)) is not None:
            overlays.append(Overlay(*selected))
        cursor = self._engine.cursor
        if self.running and cursor.visible and line == self._engine.top_line + cursor.y:
            x = cursor.x - (cells[cursor.x] == "" and cursor.x > 0)
            wide = x + 1 < len(cells) and cells[x + 1] == ""
            overlays.append(Overlay(x, x + 1 + wide, self._cursor_style()))
        return overlays

    def _cursor_style(self) -> RichStyle | None:
        if self.has_focus and self._engine.cursor.shape is Shape.BLOCK:
            return None
        return RichStyle(underline=True, bold=self.has_focus)

    def _noticed(self, strip: Strip, width: int) -> Strip:
        """Say in the corner how far back this is."""
        notice = f" ↑ {self._view.back} "
        if len(notice) >= width:
            return strip
        left = strip.crop(0, width - len(notice))
        style = self.get_component_rich_style("terminal--notice")
        return Strip([*left, Segment(notice, style)], width)

    # Scrolling and copying

    def action_page(self, direction: int) -> None:
        """Scroll by a page, but for one line that stays in sight."""
        self._scrolled(self._view.scroll(direction * max(1, self._engine.rows - 1)))

    def action_oldest(self) -> None:
        """Show the oldest line that is kept."""
        self._scrolled(self._view.show(self._engine.first_line))

    def action_follow(self) -> None:
        """Show the newest output again."""
        self._scrolled(self._view.follow())

    def action_copy(self) -> None:
        """Copy what is selected to the clipboard."""
        if text := self._pointer.text():
            self.app.copy_to_clipboard(text)

    def _scrolled(self, moved: bool) -> None:
        if moved:
            self.refresh()

    # Mouse

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        event.prevent_default()
        self.focus(scroll_visible=False)
        self.capture_mouse()
        if self._pointer.reports(event):
            self.send(self._pointer.report(event))
        elif event.button == 1:
            self._pointer.press(self._position(event))
            self.refresh()

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        event.stop()
        if self._pointer.selecting:
            if event.y < 0 or event.y >= self.size.height:
                self._view.scroll(-1 if event.y < 0 else 1)
            if self._pointer.drag(self._position(event)):
                self.refresh()
        elif self._pointer.reports(event):
            self.send(self._pointer.report(event))

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        event.prevent_default()
        self.release_mouse()
        if self._pointer.selecting:
            if text := self._pointer.release():
                self.app.copy_to_clipboard(text)
            self.refresh()
        elif self._pointer.reports(event):
            self.send(self._pointer.report(event))

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        if self._pointer.reports(event):
            self.send(self._pointer.report(event))
        elif keys := self._pointer.wheel_keys(lines < 0):
            self.send(keys)
        else:
            self._scrolled(self._view.scroll(lines))

    def _position(self, event: events.MouseEvent) -> Position:
        """Give the line and cell under the mouse, the nearest where it is outside."""
        y = min(max(0, event.y), self._engine.rows - 1)
        return self._view.top + y, min(max(0, event.x), self._engine.columns - 1)
