"""A person before the terminal in which the program runs: sees the screen, types and clicks."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

from runner.terminal.shell import ShellProcess
from runner.terminal.terminal import Terminal

ROWS, COLUMNS = 70, 180


class Screen:
    """What a person before the terminal sees and does."""

    def __init__(self, home: Path, owner: str, lesson: str) -> None:
        self.terminal = Terminal(ROWS, COLUMNS)
        argv = [sys.executable, "-m", "runner.cli.main", "--yes", "--lang", "en"]
        self.process = ShellProcess(
            [*argv, "start", lesson],
            rows=ROWS,
            columns=COLUMNS,
            environment={"LEARN_DOCKER_NET_OWNER": owner, "LEARN_DOCKER_NET_HOME": str(home)},
        )

    def look(self) -> str:
        """Take what was drawn since, and give the whole screen as text."""
        select.select([self.process.descriptor], [], [], 0.05)
        self.terminal.feed(self.process.read())
        replies = self.terminal.take_replies()
        if replies:
            self.process.write(replies)
        return "\n".join(self.terminal.row(y).text for y in range(self.terminal.rows))

    def until(self, holds: Callable[[str], object], what: str, seconds: float = 90.0) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = self.look()
            if holds(seen):
                return seen
        raise AssertionError(f"{what} did not come; the screen:\n{self.look()}")

    def sees(self, *words: str, seconds: float = 90.0) -> str:
        """Wait until all of these are shown."""
        return self.until(lambda seen: all(word in seen for word in words), repr(words), seconds)

    def press(self, keys: bytes) -> None:
        """Send keys as a terminal would."""
        self.process.write(keys)

    def enter(self, line: str) -> None:
        """Type a line into what has the focus."""
        self.press(line.encode() + b"\r")

    def resize(self, rows: int, columns: int) -> None:
        """Have a window of another size."""
        self.terminal.resize(rows, columns)
        self.process.resize(rows, columns)

    def click(self, text: str) -> None:
        seen = self.until(lambda shown: text in shown, f"“{text}”").splitlines()
        y = next(number for number, line in enumerate(seen) if text in line)
        x = seen[y].index(text)
        self.process.write(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m".encode())

    def choose(self, text: str) -> None:
        """Click on an answer until it is taken; the text around it may still be moving."""
        self.until(lambda seen: text in seen, f"“{text}”")
        end = time.monotonic() + 60
        while text in self.look():
            assert time.monotonic() < end, f"“{text}” is not taken; the screen:\n{self.look()}"
            self.click(text)
            glance = time.monotonic() + 2
            while text in self.look() and time.monotonic() < glance:
                pass
