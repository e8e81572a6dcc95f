"""Screens as plain text, compared with what is kept under `snapshots`; UPDATE_SNAPSHOTS=1 writes
them anew.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runner.tui.survey import Survey
from tests.topology.towns import lesson_07, topology
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


CHINESE = """\
format: 1
lesson: lesson-01
title: 文件和名字
goal: 创建一个文件，再给它另一个名字。
steps:
  make:
    title: 一个文件
    text: |
      一个**文件**用 `touch` 开始它的一生；文件名可以是任何文字，内容此时还是空的，以后再写。
    checks: {there: {say: 文件 one 已经存在, otherwise: 用 `touch one` 创建它。}}
    hints: [有一个命令能创建它。, 它叫 touch。]
"""


async def test_a_lesson_in_chinese(screen: Screenful, snapshot: Compare) -> None:
    (screen.course / "zh").mkdir()
    (screen.course / "zh" / "lesson-01-files.yaml").write_text(CHINESE, encoding="utf-8")
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("alt+l")
        await screen.sees("一个文件", "○ 文件 one 已经存在")
        await screen.press("f3")
        await screen.sees("有一个命令能创建它。", "0/1")
        snapshot(screen, "chinese")


async def test_the_map(
    screen: Screenful, snapshot: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.tui.survey.take", lambda lab: topology(lesson_07()))
    async with screen.start("lesson-01", survey=Survey):
        await screen.sees("Step 1 of 3", "0/1")
        await screen.press("f9")
        await screen.sees("─ Map ─", "a shell", "alias db · the same as on bridge", "▇▇ │")
        snapshot(screen, "map")


async def test_a_lab_that_is_lost(screen: Screenful, snapshot: Compare) -> None:
    async with screen.start("lesson-01", (80, 24)):
        await screen.sees("Step 1 of 3", "Checks 0/1")
        # The first look is over: it shall not still go on when the lab is taken away.
        await screen.until(lambda: screen.app.screen.query("CheckRow.-open"))
        screen.labs.remove()
        await screen.press("f5")
        await screen.sees("The lab has to come up again", "Bring it up (b)", "Checks ✗ 0/1")
        snapshot(screen, "lost-80x24")


async def test_the_recap(screen: Screenful, snapshot: Compare) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Action="start")
        await screen.sees("all hold")
        for name, value in (("number", "42"), ("kind", "digits")):
            screen.store.answer("lesson-01", f"look.{name}", value, True)
        await screen.press("f8")
        await screen.sees("Step 2 of 3", "✓ the file number says 42")
        await screen.press("f8")
        await screen.sees("Step 3 of 3")
        (screen.place / "one").rename(screen.place / "two")
        screen.labs.happen(Action="start")
        await screen.sees("To remember", "Next lesson", "✓✓[✓]")
        await screen.misses("F8 goes on")
        snapshot(screen, "recap")
