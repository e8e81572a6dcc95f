"""Labs as a face has them made: who sits there is asked before anything is installed.

What makes labs is imported when one is made; asking one needs far less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.lab.handle import LabHandle, LabRequest
from runner.learn.labs import OpenLab, Tell

if TYPE_CHECKING:
    from runner.lab.debian import Consent


class MadeLabs:
    """Implements `runner.learn.labs.Labs`."""

    def __init__(self, consent: Consent) -> None:
        """Take who is asked; from whatever thread makes the lab."""
        self._consent = consent

    def up(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give the lab that stands, or a new one."""
        from runner.lab import lab

        return lab.up(request, progress, consent=self._consent)

    def reset(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give a clean lab in place of whatever stands."""
        from runner.lab import lab

        return lab.reset(request, progress, consent=self._consent)

    def current(self, owner: str) -> LabHandle | None:
        """Give the lab that stands, running or not."""
        from runner.lab import lab

        return lab.current(owner)

    def attach(self, handle: LabHandle) -> OpenLab:
        """Give the way to ask it."""
        from runner.lab.running import attach

        return attach(handle)

    def shell_argv(
        self, handle: LabHandle, host: str | None = None, command: str | None = None
    ) -> list[str]:
        """Give the command that opens a shell there, or runs one command."""
        from runner.lab.running import shell_argv

        return shell_argv(handle, host, command)
