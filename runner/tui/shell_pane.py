"""The shells of a lab: one terminal for each lab host and more on demand, as tabs.

With one shell there is no row of tabs, so that nothing of a small screen is lost to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from checks.message import msg
from runner.tui.terminal_search import SearchBar
from runner.tui.terminal_view import TerminalView
from runner.words import mark, tell

__all__ = ["ShellPane", "TerminalView"]

Argv = Callable[[str], Sequence[str]]
"""Gives the command that opens a shell on a host; may take its time and raise LearnError."""

_TAB_KEYS = frozenset({"ctrl+pageup", "ctrl+pagedown"})
_KEYS = _TAB_KEYS | {"ctrl+shift+f"}


class ShellTab(Static):
    """A shell's name, to be clicked."""

    DEFAULT_CSS = """
    ShellTab {
        width: auto; height: 1; padding: 0 1; color: $text-muted;
        &:hover { background: $surface; }
        &.-active { color: $text; text-style: bold underline; }
        &.-ended { text-style: strike; }
    }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: ShellTab) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, label: str, view: TerminalView) -> None:
        """Stand for a terminal."""
        super().__init__(label, markup=False)
        self.view = view

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Chosen(self))


class ShellPane(Widget):
    """Terminals in the lab; the current one takes the focus."""

    DEFAULT_CSS = """
    ShellPane {
        width: 1fr; height: 1fr; layout: vertical; layers: shells above;
        #shell-tabs { height: 1; background: $panel; display: none; }
        &.-several #shell-tabs { display: block; }
        ContentSwitcher { width: 1fr; height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+shift+f", "search", mark("Search the shell"), show=False),
        Binding("ctrl+pageup", "next_shell(-1)", mark("Shell to the left"), show=False),
        Binding("ctrl+pagedown", "next_shell(1)", mark("Shell to the right"), show=False),
    ]

    class CommandEnded(Message):
        """A command typed at a shell's prompt has ended."""

        def __init__(self, host: str, status: int) -> None:
            self.host = host
            self.status = status
            super().__init__()

    class Exited(Message):
        """A shell has ended, or could not be opened."""

        def __init__(self, host: str) -> None:
            self.host = host
            super().__init__()

    def __init__(
        self,
        argv: Argv,
        hosts: Sequence[str],
        *,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        """Open one shell on each host, the first in front."""
        super().__init__(id=id, classes=classes)
        self._argv = argv
        self._hosts = list(hosts)
        self._opened = 0
        self._views: list[TerminalView] = []
        """In the order of their tabs."""
        self._tabs: dict[TerminalView, ShellTab] = {}

    def compose(self) -> ComposeResult:
        """Lay out the tabs, the terminals and the line for searching."""
        made = [self._make(host) for host in self._hosts]
        with Horizontal(id="shell-tabs"):
            yield from (self._tabs[view] for view in made)
        with ContentSwitcher(initial=made[0].id):
            yield from made
        yield SearchBar()

    def on_mount(self) -> None:
        """Mark the first tab."""
        self._show(self._views[0])

    # What the screen asks for

    @property
    def current(self) -> TerminalView:
        """The terminal in front."""
        shown = self._switcher.current
        return next((view for view in self._views if view.id == shown), self._views[0])

    @property
    def front(self) -> Widget:
        """The terminal in front."""
        return self.current

    @property
    def host(self) -> str:
        """The host of the terminal in front."""
        return self.current.name or ""

    def focus(self, scroll_visible: bool = True) -> ShellPane:
        """Give the focus to the terminal in front."""
        self.current.focus(scroll_visible)
        return self

    def send_text(self, text: str) -> None:
        """Type into the current shell as if by hand; Enter only where the text ends a line."""
        self.current.type_text(text)

    def add_shell(self, host: str | None = None) -> None:
        """Open one more shell, on this host or the current one's, and show it."""
        view = self._make(host or self.host)
        self._bar.mount(self._tabs[view])
        self._switcher.mount(view)
        self._show(view)
        self.call_after_refresh(view.focus)

    def show_host(self, host: str) -> None:
        """Bring a shell of this host to the front; open one where there is none."""
        if self.host == host:
            return
        found = next((view for view in self._views if view.name == host), None)
        if found is None:
            self.add_shell(host)
        else:
            self._switch(found)

    def search(self) -> None:
        """Ask what to look for in the current shell."""
        self.query_one(SearchBar).open(self.current)

    def copy_output(self) -> None:
        """Copy what the current shell's last command has printed, and say so."""
        lines = self.current.copy_output()
        told = msg("Copied {lines} lines.", lines=lines)
        self.notify(tell(told if lines else msg("No command has printed anything yet.")))

    def restart(self) -> None:
        """Close every shell and open those of the lab's hosts anew."""
        kept = {str(view.name): view for view in reversed(self._views) if view.name in self._hosts}
        for view in [view for view in self._views if view is not kept.get(str(view.name))]:
            self._remove(view)
        for view in kept.values():
            view.restart()
        for host in self._hosts:
            if host not in kept:
                self.add_shell(host)

    def close_all(self) -> None:
        """Hang up every shell and come back at once."""
        for view in self._views:
            view.close()

    # Keys

    def action_search(self) -> None:
        """Ask what to look for."""
        self.search()

    def action_next_shell(self, by: int) -> None:
        """Go to the next shell, round and round."""
        place = self._views.index(self.current) + by
        self._switch(self._views[place % len(self._views)])

    # What happens

    @on(TerminalView.CommandEnded)
    def _command_ended(self, event: TerminalView.CommandEnded) -> None:
        event.stop()
        self.post_message(self.CommandEnded(event.view.name or "", event.status))

    @on(TerminalView.Opened)
    def _opened_again(self, event: TerminalView.Opened) -> None:
        event.stop()
        self._tabs[event.view].remove_class("-ended")

    @on(TerminalView.Ended)
    def _ended(self, event: TerminalView.Ended) -> None:
        event.stop()
        if event.view in self._tabs:
            self._tabs[event.view].add_class("-ended")
        self.post_message(self.Exited(event.view.name or ""))

    @on(TerminalView.LeaveWanted)
    def _leave_wanted(self, event: TerminalView.LeaveWanted) -> None:
        event.stop()
        if len(self._views) > 1:
            self._remove(event.view)

    @on(ShellTab.Chosen)
    def _tab_chosen(self, event: ShellTab.Chosen) -> None:
        event.stop()
        self._switch(event.tab.view)

    # Tabs

    @property
    def _switcher(self) -> ContentSwitcher:
        return self.query_one(ContentSwitcher)

    @property
    def _bar(self) -> Horizontal:
        return self.query_one("#shell-tabs", Horizontal)

    def _make(self, host: str) -> TerminalView:
        self._opened += 1
        number = sum(view.name == host for view in self._views) + 1
        label = host if number == 1 else f"{host} {number}"
        view = TerminalView(partial(self._argv, host), name=host, id=f"shell-{self._opened}")
        self._views.append(view)
        self._tabs[view] = ShellTab(label, view)
        return view

    def _switch(self, view: TerminalView) -> None:
        focused = self.current.has_focus
        self._show(view)
        if focused or self.screen.focused is None:
            view.focus()

    def _show(self, view: TerminalView) -> None:
        self._switcher.current = view.id
        for each, tab in self._tabs.items():
            tab.set_class(each is view, "-active")
        several = len(self._views) > 1
        self.set_class(several, "-several")
        for each in self._views:  # with one tab its keys are the program's
            each.reserved = _KEYS if several else _KEYS - _TAB_KEYS

    def _remove(self, view: TerminalView) -> None:
        place = self._views.index(view)
        focused = view.has_focus
        view.close()
        self._views.remove(view)
        self._tabs.pop(view).remove()
        self._show(self._views[max(0, place - 1)])
        view.remove()
        if focused:
            self.current.focus()
