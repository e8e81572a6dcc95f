"""What a lesson's screen wants of the pane with the shells; the terminal widget is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.widget import Widget

OpenShell = Callable[[str], list[str]]
"""From a lab host's name to the command line of a shell there; asks the record, so for threads."""


class Shells(Protocol):
    """A pane of shells, one or more for each lab host. It posts `CommandEnded` and `Exited`."""

    @property
    def front(self) -> Widget:
        """The widget that takes what is typed."""

    def send_text(self, text: str) -> None:
        """Type into the current shell, as if by hand; Enter is not pressed."""

    def add_shell(self, host: str | None = None) -> None:
        """Open another shell, on the current one's host where none is named."""

    def show_host(self, host: str) -> None:
        """Bring a shell of this host to the front."""

    def search(self) -> None:
        """Ask what to look for in the current shell."""

    def copy_output(self) -> None:
        """Copy what the last command has printed, and say so."""

    def restart(self) -> None:
        """Close all shells and open new ones: the lab is another."""

    def close_all(self) -> None:
        """Let go of all shells, waiting for none."""


MakeShells = Callable[[OpenShell, Sequence[str]], Widget]
"""Makes such a pane for a lab's hosts."""


def terminal_shells(open_shell: OpenShell, hosts: Sequence[str]) -> Widget:
    """Make the pane with real terminals."""
    from runner.tui.shell_pane import ShellPane

    return ShellPane(open_shell, hosts, id="shell")
