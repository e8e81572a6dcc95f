"""Keeps every test away from the learner's own records, labs and language."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner import words

# Whoever runs the tests in the background may have them ignore these, and with them every program
# under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
for ignored in signal.SIGHUP, signal.SIGQUIT:
    signal.signal(ignored, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test records and caches of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LEARN_DOCKER_NET_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the program speak English, whoever runs the tests."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "COLUMNS", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    words.use("en")
