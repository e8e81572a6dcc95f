"""A terminal for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.cli import made
from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """Give a terminal whose labs are directories."""
    opened = Terminal(tmp_path, monkeypatch, capsys)
    monkeypatch.setattr(made, "MadeLabs", lambda _: opened.labs)
    monkeypatch.setattr("runner.lab.running.attach", opened.labs.attach)
    # A directory has no agent that could be started early.
    monkeypatch.setattr("runner.cli.early.begin", lambda _: None)
    return opened
