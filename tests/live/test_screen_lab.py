"""The screen with a lab's own shells: an end by force, an engine that starts anew, a container
entered from the shell, lines moved by mouse, a lab of two servers.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from runner.lab import lab as labs
from tests.live.screen import COLUMNS, ROWS, Screen

pytestmark = pytest.mark.live

OWNER = "test-screen-lab"
PROMPT = "[root@docker ~]#"
F2, F3 = b"\x1bOQ", b"\x1bOR"
UP = b"\x1b[A"
PREVIOUS_SHELL, NEXT_SHELL = b"\x1b[5;5~", b"\x1b[6;5~"
NUMBERS = count()
BOXES = ("That did not work", "The lab has to come up again")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    labs.down_all(OWNER)
    yield tmp_path_factory.mktemp("learner")
    labs.down_all(OWNER)


@pytest.fixture(scope="module")
def screen(home: Path) -> Iterator[Screen]:
    """Give the screen of one lesson; what a test did to its lab, the next one finds there."""
    made = Screen(home, OWNER, "lesson-07")
    made.sees(PROMPT, seconds=240)
    yield made
    made.process.close()


def size_told(screen: Screen) -> str:
    """Ask what the shell in front thinks its size is."""
    mark = f"size{next(NUMBERS)}"
    screen.enter(f"echo {mark} $(stty size) end")
    seen = screen.until(lambda shown: re.search(rf"{mark} \d+ \d+ end", shown), "a size")
    found = re.search(rf"{mark} (\d+ \d+) end", seen)
    assert found is not None
    return found[1]


def test_a_container_entered_from_the_shell_is_a_terminal_too(screen: Screen) -> None:
    screen.enter("docker run -d --name nested localhost/box sleep infinity; echo made=$?")
    screen.sees("made=0")
    outside = size_told(screen)
    screen.enter("docker exec -it nested bash -c 'PS1=\"inside> \" exec bash --norc'")
    screen.sees("inside> ")
    assert size_told(screen) == outside
    screen.resize(ROWS - 10, COLUMNS - 30)
    screen.until(lambda seen: size_told(screen) != outside, "the new size")
    screen.enter("echo $((6 * 7))-once")
    screen.sees("42-once")
    screen.press(UP + b"\x7f\x7f\x7f\x7ftwice\r")
    screen.sees("42-twice")
    smaller = size_told(screen)
    screen.enter("exit")  # what is typed before the prompt is there goes with the container's shell
    screen.until(lambda seen: 0 <= seen.rfind("inside> exit") < seen.rfind(PROMPT), "the prompt")
    screen.enter("docker rm -f nested; echo at-$(hostname)")
    screen.sees("at-docker")
    assert size_told(screen) == smaller
    screen.resize(ROWS, COLUMNS)
    screen.until(lambda seen: size_told(screen) == outside, "the old size")


def test_a_line_between_panes_is_dragged(screen: Screen) -> None:
    seen = screen.sees("┃").splitlines()
    y, row = next((number, line) for number, line in enumerate(seen) if "┃" in line)
    x = row.index("┃")
    screen.press(f"\x1b[<0;{x + 1};{y + 1}M".encode())

    def follows(shown: str) -> bool:
        screen.press(f"\x1b[<32;{x - 17};{y + 1}M".encode())  # a hand moves on until it does
        return abs(shown.splitlines()[y].find("┃") - (x - 18)) <= 2

    screen.until(follows, "the line elsewhere")
    screen.press(f"\x1b[<0;{x - 17};{y + 1}m".encode())


def test_an_engine_that_starts_anew_leaves_no_box_and_is_checked_again(screen: Screen) -> None:
    screen.click(PROMPT)
    screen.enter("clear; systemctl restart docker; echo status=$?")
    screen.sees("status=0")
    assert "✓" not in screen.look().partition("─ Checks ─")[2]
    screen.press(F2)
    screen.sees("~]# docker run")
    screen.enter("")
    seen = screen.until(lambda shown: "✓" in shown.partition("─ Checks ─")[2], "a check that holds")
    assert not [box for box in BOXES if box in seen]


def test_a_hint_is_there_again_after_an_end_by_force(home: Path, screen: Screen) -> None:
    assert "Hint 1 of" not in screen.look()
    screen.press(F3)
    screen.sees("Hint 1 of")
    os.kill(screen.process.pid, signal.SIGKILL)
    again = Screen(home, OWNER, "lesson-07")
    again.sees(PROMPT, "Hint 1 of")
    again.process.close()


def test_two_servers_have_a_shell_each(tmp_path: Path) -> None:
    labs.down_all(OWNER)
    screen = Screen(tmp_path, OWNER, "lesson-22")
    screen.sees("[root@docker1 ~]#", " docker1 ", " docker2 ", seconds=240)
    screen.press(NEXT_SHELL)
    screen.sees("[root@docker2 ~]#")
    screen.press(F2)
    screen.until(lambda seen: re.search(r"docker1 ~\]# docker run -d --name \w+", seen), "F2")
    screen.press(NEXT_SHELL)
    seen = screen.sees("[root@docker2 ~]#")
    assert "docker2 ~]# docker run" not in seen
    screen.press(PREVIOUS_SHELL)
    screen.sees("[root@docker1 ~]#")
    screen.process.close()
