"""Screens as plain text, compared with what is kept under `snapshots`; UPDATE_SNAPSHOTS=1 writes
them anew.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tui.screenful import Screenful

Compare = Callable[[Screenful, str], None]
SIZES = [(80, 24), (120, 36), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_list(screen: Screenful, snapshot: Compare, size: tuple[int, int]) -> None:
    async with screen.start(size=size):
        await screen.sees("Files and names", "Make a file")
        snapshot(screen, f"list-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_a_lesson(screen: Screenful, snapshot: Compare, size: tuple[int, int]) -> None:
    async with screen.start("lesson-01", size):
        await screen.sees("Step 1 of 3", "0/1", "touch one")
        await screen.until(lambda: screen.app.screen.query("CheckRow.-open"))
        snapshot(screen, f"lesson-{size[0]}x{size[1]}")


async def test_a_failure_that_is_opened(screen: Screenful, snapshot: Compare) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there")
        await screen.press("f5")
        await screen.sees("expected", "$ test -e one", "0/1")
        snapshot(screen, "failure")


async def test_a_box(screen: Screenful, snapshot: Compare) -> None:
    async with screen.start("lesson-01", (80, 24)):
        await screen.sees("Step 1 of 3", "0/1")
        await screen.press("f4")
        await screen.sees("Show it (s)")
        snapshot(screen, "solution-80x24")


async def test_questions(screen: Screenful, snapshot: Compare) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3", "0/1")
        await screen.press("f8", "f8")
        await screen.sees("Which number is it?", "questions still open: 2")
        await screen.misses("Still open")
        snapshot(screen, "questions")
