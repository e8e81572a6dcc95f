"""The command line as a test uses it: on a small course whose labs are directories."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from runner.cli.main import main
from tests.directory_lab import DirectoryLabs, write_course


class Terminal:
    """Runs commands as a process would, in this one."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ):
        self.course = write_course(folder / "course")
        self.labs = DirectoryLabs(folder / "labs")
        self._patch = patch
        self._capture = capture
        self.out = self.err = ""

    def run(self, *words: str, yes: bool = True, typed: str = "", own: bool = True) -> int:
        """Run a command; `typed` is what stands on stdin, `own` takes the small course."""
        where = ["--course", str(self.course)] if own else []
        self._patch.setattr("sys.stdin", io.StringIO(typed))
        status = main([*where, *(["--yes"] if yes else []), *words])
        self.out, self.err = self._capture.readouterr()
        return status

    def ok(self, *words: str, typed: str = "") -> str:
        """Run a command that must end well; give its stdout."""
        assert self.run(*words, typed=typed) == 0, self.err
        return self.out

    @property
    def place(self) -> Path:
        """The lab's directory."""
        return self.labs.place()
