"""A whole lesson on the real screen: `start` on a pty, a real lab, keys and mouse, to the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.kinds import Name
from runner.course.course import open_course
from runner.course.lesson import Lesson, Step
from runner.course.variables import draw, fill
from runner.lab import lab as labs
from tests.live.screen import Screen

pytestmark = pytest.mark.live

OWNER = "test-screen"
F8 = b"\x1b[19~"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    labs.down_all(OWNER)
    yield tmp_path / "home"
    labs.down_all(OWNER)


@pytest.fixture
def lesson() -> Lesson:
    found = open_course().lesson("lesson-07")
    return fill(found, draw(found, None))


def ticks(seen: str) -> int:
    """Count the checks that the list shows as holding."""
    return sum("✓" in line for line in seen.partition("─ Checks ─")[2].splitlines())


def take(screen: Screen, step: Step, number: int, of: int) -> None:
    """Answer, type, see it go green."""
    screen.until(lambda seen: f"Step {number} of {of}" in seen, f"step {number}")
    for question in step.ask:
        assert question.choose is not None and question.answer is not None
        screen.choose(f"○ {question.choose[Name(question.answer)][:30]}")
    screen.click("[root@docker ~]#")
    for line in "".join(part.do for part in step.solution).splitlines():
        before = screen.look().count("[root@docker ~]#")
        screen.process.write(line.encode() + b"\r")
        screen.until(lambda seen, n=before: seen.count("[root@docker ~]#") > n, "the prompt")  # type: ignore[misc]
    wanted = len(step.checks)
    screen.until(lambda seen: ticks(seen) >= wanted, f"{wanted} checks of {step.id}")


def test_a_lesson_from_start_to_done(home: Path, lesson: Lesson) -> None:
    screen = Screen(home, OWNER, "lesson-07")
    screen.until(lambda seen: "[root@docker ~]#" in seen, "the lab's prompt", 240)
    for number, step in enumerate(lesson.steps, 1):
        take(screen, step, number, len(lesson.steps))
        screen.process.write(F8)
    screen.until(lambda seen: "Words of this lesson" in seen, "the recap")
    screen.process.close()

    listing = subprocess.run(
        [sys.executable, "-m", "runner.cli.main", "--lang", "en", "list"],
        capture_output=True,
        text=True,
        env={**os.environ, "LEARN_DOCKER_NET_OWNER": OWNER, "LEARN_DOCKER_NET_HOME": str(home)},
    )
    [line] = [line for line in listing.stdout.splitlines() if line.startswith("lesson-07")]
    assert line.rstrip().endswith("complete")
