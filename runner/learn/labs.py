"""How a learner's session makes and reaches labs: the seam at which tests put a fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from checks.asking import Lab
from checks.message import Message
from runner.lab.handle import LabHandle, LabRequest

Tell = Callable[[Message], None]
"""Is told what goes on during whatever takes long."""


class Happenings(Iterator[Mapping[str, Any]], Protocol):
    """What an engine tells of itself, as it happens; ends with the engine or the lab."""

    def close(self) -> None:
        """Stop following; whoever waits for the next is let go. For any thread."""


class OpenLab(Lab, Protocol):
    """A lab that questions are put to, and a file is written in."""

    def write(self, host: str, path: str, text: str) -> None:
        """Put a text into a file of a lab host; LearnError where that fails."""

    def events(self, host: str) -> Happenings:
        """Follow the events of a lab host's engine from now on; LearnError where it is silent."""

    def close(self) -> None:
        """End what was opened to ask it; the lab goes on."""


class Labs(Protocol):
    """Makes and reaches labs; `runner.lab.lab` is one. All raise LearnError."""

    def up(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give the lab that stands, or a new one; LabBusy where another stands."""

    def reset(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give a clean lab in place of whatever stands."""

    def current(self, owner: str) -> LabHandle | None:
        """Give the lab that stands, running or not."""

    def attach(self, handle: LabHandle) -> OpenLab:
        """Give the way to ask it."""

    def shell_argv(
        self, handle: LabHandle, host: str | None = None, command: str | None = None
    ) -> list[str]:
        """Give the command that opens a shell there, or runs one command."""
