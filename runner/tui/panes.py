"""How the panes of a lesson share the screen: side by side where there is room, else one at a time
behind tabs. How much each gets is moved by mouse or keys, and told so that it can be remembered.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from runner.tui.checklist import CheckList, CheckRow
from runner.tui.map_pane import MapPane
from runner.tui.splitter import Splitter, within
from runner.tui.text_pane import TextPane
from runner.words import mark, translate

ROOMY = Size(100, 28)
"""From this size on panes stand side by side."""
LARGE = Size(160, 44)
"""From this size on the map is there without being asked for."""
SHARES = {"left": 46, "text": 66, "shell": 58}
"""Percent: the text's column of the width, the text (at least) and the shell of the height."""
ORDER = ("text", "checks", "shell", "map")
TITLES = {
    "text": mark("Lesson"),
    "checks": mark("Checks"),
    "shell": mark("Shell"),
    "map": mark("Map"),
}


class Panes(Horizontal):
    """`-tabs` where one pane is shown at a time, `-at-NAME` which; `-map` while a map is wanted."""

    class ShareMoved(Message):
        """A pane has been given this much of the room."""

        def __init__(self, name: str, share: int) -> None:
            super().__init__()
            self.name = name
            self.share = share

    class PaneShown(Message):
        """Another pane is in view or in use."""

    def __init__(self, shell: Widget, map_pane: MapPane, shares: Mapping[str, int]) -> None:
        """Take the panes that come from elsewhere, and what the learner gave each last time."""
        super().__init__(id="panes")
        self.text = TextPane()
        self.checks = CheckList()
        self.shell = shell
        self.map = map_pane
        self._frames: dict[str, Widget] = {
            "text": self.text,
            "checks": self.checks,
            "shell": shell,
            "map": map_pane,
        }
        for frame in self._frames.values():
            frame.add_class("frame")
        self._shares = {**SHARES, **shares}
        self._map_wanted: bool | None = None
        self.at = "text"
        """The pane in view where there is one at a time, else the one last used."""

    def compose(self) -> ComposeResult:
        """Place the panes."""
        with Vertical(id="left"):
            yield self._frames["text"]
            yield Splitter("text", upright=False)
            yield self._frames["checks"]
        yield Splitter("left", upright=True)
        with Vertical(id="right"):
            yield self._frames["shell"]
            yield Splitter("shell", upright=False)
            yield self._frames["map"]

    def on_mount(self) -> None:
        """Name the panes."""
        self.retell()
        self.fit_to(self.app.size)

    def retell(self) -> None:
        """Name the panes in the language in use."""
        for name, frame in self._frames.items():
            frame.border_title = translate(TITLES[name])

    @property
    def tabs(self) -> bool:
        """Whether one pane is shown at a time."""
        return self.has_class("-tabs")

    def note(self, name: str, words: str) -> None:
        """Put a few words under a pane."""
        self._frames[name].border_subtitle = words

    def fit_to(self, size: Size) -> None:
        """Fit the panes to a screen of this size."""
        roomy = size.width >= ROOMY.width and size.height >= ROOMY.height
        self.set_class(not roomy, "-tabs")
        large = size.width >= LARGE.width and size.height >= LARGE.height
        wanted = large if self._map_wanted is None else self._map_wanted
        self.set_class(wanted, "-map")
        self._show_only(self.at)
        self._give_shares()

    def show(self, name: str) -> None:
        """Bring a pane into view and put the focus there."""
        if name == "map" and not self.tabs:
            self._map_wanted = True
            self.fit_to(self.app.size)
        self._show_only(name)
        self._focus(name)

    def begin(self) -> None:
        """Put the focus where a learner begins: to the shell where it is in view."""
        self._focus(self.at if self.tabs else "shell")

    def next(self) -> None:
        """Go to the pane after the one in use."""
        order = [name for name in ORDER if name != "map" or self.tabs or self.has_class("-map")]
        at = self.in_use()
        self.show(order[(order.index(at) + 1) % len(order)] if at in order else order[0])

    def toggle_map(self) -> None:
        """Show the map or take it away; behind tabs, go there and back."""
        if self.tabs:
            self.show("shell" if self.at == "map" else "map")
            return
        self._map_wanted = not self.has_class("-map")
        self.fit_to(self.app.size)

    def grow(self, name: str, by: int) -> None:
        """Give a pane more or less of the room."""
        self._share(name, within(self._shares[name] + by), done=True)

    def on_splitter_moved(self, event: Splitter.Moved) -> None:
        """Follow the line between two panes."""
        event.stop()
        self._share(str(event.splitter.name), event.share, done=event.done)

    def _share(self, name: str, share: int, *, done: bool) -> None:
        self._shares[name] = share
        self._give_shares()
        if done:
            self.post_message(self.ShareMoved(name, share))

    def _give_shares(self) -> None:
        alone = self.tabs
        self.query_one("#left").styles.width = "1fr" if alone else f"{self._shares['left']}%"
        self.checks.styles.max_height = "100%" if alone else f"{100 - self._shares['text']}%"
        map_beside = self.has_class("-map") and not alone
        self._frames["shell"].styles.height = f"{self._shares['shell']}%" if map_beside else "1fr"

    def _show_only(self, name: str) -> None:
        self.remove_class(*(f"-at-{other}" for other in ORDER))
        self.add_class(f"-at-{name}")
        self.at = name
        self.post_message(self.PaneShown())

    def in_use(self) -> str:
        """Name the pane that has the focus, else the one in view."""
        focused = self.screen.focused
        for name, frame in self._frames.items():
            if focused is not None and frame in focused.ancestors_with_self:
                return name
        return self.at

    def _focus(self, name: str) -> None:
        """Move the focus at once: what is typed next belongs there."""
        if name == "shell":
            self.shell.focus()
            return
        rows = self.checks.query(CheckRow)
        widget = rows.first() if name == "checks" and rows else self._frames[name]
        self.screen.set_focus(widget if widget.focusable else self.text)
