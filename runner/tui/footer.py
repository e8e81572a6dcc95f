"""The line at the bottom: one key each, to press or to click, in the language in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from runner.tui.commands import Command, shown
from runner.words import translate


class KeyBar(Widget):
    """The keys of a screen's commands; what does not fit is in the menu."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; width: 1fr;
        background: $footer-background; color: $footer-foreground;
        link-style: none; link-color: $foreground; link-background: transparent;
        link-style-hover: reverse;
    }
    """

    def __init__(self, commands: Iterable[Command]) -> None:
        """Take the commands; those without a label are left out."""
        super().__init__()
        self._commands = [command for command in commands if command.label]

    def render(self) -> Content:
        """Draw keys and labels, as many as there is room for."""
        width = self.size.width
        for parts in self._ways():
            if _length(parts) <= width:
                break
        while len(parts) > 2 and _length(parts) > width:
            del parts[-2]  # the last one is the menu, which has them all
        return Content("").join(parts)

    def _ways(self) -> Iterator[list[Content]]:
        """Give the line drawn ever shorter: fewer blanks, fewer spare keys, shorter labels."""
        commands = list(self._commands)
        for at in [None, *reversed([n for n, one in enumerate(commands) if one.spare])]:
            if at is not None:
                del commands[at]
            for airy in (True, False):
                yield [self._part(command, airy, short=False) for command in commands]
        yield [self._part(command, airy=False, short=True) for command in commands]

    def retell(self) -> None:
        """Say it in the language in use now."""
        self.refresh()

    def _part(self, command: Command, airy: bool, short: bool) -> Content:
        key = shown(command.key or command.other)
        label = "?" if short and command.name == "help" else translate(command.label)
        words = Content.assemble(
            (f"{' ' if airy else ''}{key}", "$footer-key-foreground bold"),
            f" {label}{'  ' if airy else ' '}",
        )
        return words.stylize(Style.from_meta({"@click": f"screen.{command.name}"}))


def _length(parts: list[Content]) -> int:
    """Give the columns of the line; the blank at its end may be cut."""
    return sum(part.cell_length for part in parts) - 1
