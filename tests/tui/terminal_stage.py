"""An app with nothing but shells in it, and ways to wait for what they show."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot

from runner.tui.shell_pane import ShellPane
from runner.tui.terminal_view import TerminalView

PATIENCE = 15.0
"""Seconds that a test waits for something to come true."""
_MARKS = r"""
HISTFILE=/dev/null
count=0
PROMPT_COMMAND='status=$?; count=$((count + 1))'
PS0='\e]133;C\a'
PS1='\[\e]133;D;${status};n=${count}\a\]> '
"""
RAW = "stty raw -echo; printf 'ready\\r\\n'; exec cat -v"
"""A program that shows which bytes it gets."""


class Stage(App[None], inherit_bindings=False):
    """Shells, and a record of what they told."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "counted"), Binding("f11", "counted")]

    def __init__(self, argv: Callable[[str], Sequence[str]], hosts: Sequence[str]) -> None:
        super().__init__()
        self.pane = ShellPane(argv, hosts)
        self.pilot: Pilot[None]
        self.ended: list[tuple[str, int]] = []
        self.exited: list[str] = []
        self.counted = 0

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def action_counted(self) -> None:
        self.counted += 1

    def on_shell_pane_command_ended(self, event: ShellPane.CommandEnded) -> None:
        self.ended.append((event.host, event.status))

    def on_shell_pane_exited(self, event: ShellPane.Exited) -> None:
        self.exited.append(event.host)

    @property
    def view(self) -> TerminalView:
        return self.pane.current

    def text(self) -> str:
        """Give what the current terminal shows, as it is drawn."""
        lines = [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]
        return "\n".join(lines)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds; tell what is seen where it does not come."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"did not come true; the terminal shows:\n{self.text()}")
            await self.pilot.pause(0.01)

    async def sees(self, *texts: str) -> None:
        """Wait until the current terminal shows all of these."""
        await self.until(lambda: all(text in self.text() for text in texts))

    async def enter(self, line: str) -> None:
        """Type a line by keys."""
        await self.pilot.press(*line, "enter")


def bash(folder: Path) -> list[str]:
    """Give a bash with the lab's marks."""
    rc = folder / "bashrc"
    rc.write_text(_MARKS, encoding="utf-8")
    return ["env", "-u", "PROMPT_COMMAND", "bash", "--noprofile", "--rcfile", str(rc), "-i"]


def program(script: str) -> list[str]:
    """Give a shell script as a program."""
    return ["sh", "-c", script]


def quoted(text: str) -> str:
    """Give a text for a shell's printf, with its escapes."""
    return f"printf {shlex.quote(text)}"


@asynccontextmanager
async def shells(
    argv: Sequence[str] | Callable[[str], Sequence[str]],
    *,
    hosts: Sequence[str] = ("docker",),
    size: tuple[int, int] = (60, 12),
) -> AsyncIterator[Stage]:
    """Run the app with shells that are opened so."""
    app = Stage(argv if callable(argv) else lambda _: argv, hosts)
    async with app.run_test(size=size) as app.pilot:
        yield app
