"""Screens for the tests, and text snapshots of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tui.screenful import Screenful

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
"""Environment variable that has snapshots written instead of compared."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screenful]:
    """Give a learner with a small course and labs that are directories."""
    made = Screenful(tmp_path)
    yield made
    made.settings.close()
    made.store.close()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[Screenful, str], None]:
    """Compare the screen's text with what is kept; a picture of it goes beside a failed one."""

    def compare(screen: Screenful, name: str) -> None:
        kept = SNAPSHOTS / f"{name}.txt"
        seen = screen.text() + "\n"
        if os.environ.get(UPDATE):
            SNAPSHOTS.mkdir(exist_ok=True)
            kept.write_text(seen, encoding="utf-8")
        if seen != kept.read_text(encoding="utf-8"):
            picture = screen.folder / f"{name}.svg"
            picture.write_text(screen.app.export_screenshot(), encoding="utf-8")
            raise AssertionError(f"{name} looks other than kept (picture: {picture}):\n{seen}")

    return compare
