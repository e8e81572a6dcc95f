"""A real bash with the lab's marks, resized while a command is being typed: nothing is lost."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator

import pytest

from runner.terminal.shell import ShellProcess
from runner.terminal.terminal import Terminal
from tests.terminal import invariants
from tests.terminal.drawn import above, shown

WAIT = 10.0
PROMPT = r"\[\e]133;D;$?;n=\#\a\e]133;A\a\][root@docker ~]# \[\e]133;B\a\]"
LONG = "a" * 20 + " " + "b" * 22 + " " + "c" * 16


class Window:
    """A terminal with bash in it."""

    def __init__(self) -> None:
        self.seen = 0
        self.terminal = Terminal(10, 60)
        self.shell = ShellProcess(
            ["bash", "--norc", "--noprofile", "-i"],
            rows=10,
            columns=60,
            environment={"PS1": PROMPT, "PS0": r"\e]133;C\a", "HISTFILE": "/dev/null"},
        )

    def until(self, wanted: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT
        while not wanted():
            assert time.monotonic() < end, shown(self.terminal)
            select.select([self.shell.descriptor], [], [], 0.05)
            data = self.shell.read()
            self.seen += len(data)
            self.terminal.feed(data)

    def resize(self, rows: int, columns: int) -> None:
        self.terminal.resize(rows, columns)
        self.shell.resize(rows, columns)

    def drawn_anew(self) -> None:
        """Wait until bash has answered: it muddles up two sizes that come at once."""
        seen = self.seen
        self.until(lambda: self.seen > seen)

    def lines(self) -> list[str]:
        last = self.terminal.top_line + self.terminal.rows - 1
        text = self.terminal.text(self.terminal.first_line, 0, last, self.terminal.columns)
        return text.rstrip("\n").split("\n")


@pytest.fixture
def window() -> Iterator[Window]:
    opened = Window()
    yield opened
    opened.shell.close()


def test_a_half_typed_command_and_all_output_survive(window: Window) -> None:
    typed = "[root@docker ~]# echo half of a command"
    window.until(lambda: "]#" in "".join(shown(window.terminal)))
    window.shell.write(f"seq 4; echo {LONG}\r".encode())
    window.until(lambda: shown(window.terminal).count("[root@docker ~]#") == 1)
    window.shell.write(b"echo half of a command")
    window.until(lambda: window.lines()[-1] == typed)
    before = window.lines()
    for size in ((10, 30), (10, 20), (10, 60), (5, 60), (12, 25), (10, 60)):
        window.resize(*size)
        window.drawn_anew()
        window.until(lambda: window.lines() == before)
        invariants.check(window.terminal)
    window.shell.write(b"\r")
    window.until(lambda: "half of a command" in window.lines())
    assert [*above(window.terminal), *shown(window.terminal)].count("4") == 1
