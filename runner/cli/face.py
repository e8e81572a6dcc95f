"""What the command line says: data on stdout, everything else on stderr, and one place in which
errors become words.

Colour only repeats what the words say; it is left out where nobody looks (`NO_COLOR`, a pipe, a
dumb terminal). No cursor is ever moved, so that screen readers and logs get plain lines.
"""

from __future__ import annotations

import os
import sys

from runner.cli import text
from runner.words import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from checks.message import Message
    from runner.errors import LearnError

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31;1",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
}
NARROW, WIDE = 40, 100
"""Lines are never wrapped to fewer or more columns: longer ones are hard to read."""


class Face:
    """The two streams, and how to write to them."""

    def __init__(
        self,
        *,
        color: bool = True,
        yes: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
        inp: TextIO | None = None,
    ) -> None:
        """Take the streams; `color` False forbids colour, `yes` answers every question."""
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.inp = inp or sys.stdin
        self.yes = yes
        wanted = color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._color_out = wanted and self.out.isatty()
        self._color_err = wanted and self.err.isatty()
        self.columns = columns(self.out)

    def paint(self, style: str, words: str, *, err: bool = False) -> str:
        """Give the words in a style of `STYLES`, or as they are where colour is off."""
        if not (self._color_err if err else self._color_out) or not words:
            return words
        return f"\x1b[{STYLES[style]}m{words}\x1b[0m"

    @property
    def colored(self) -> bool:
        """Whether stdout takes colour."""
        return self._color_out

    def say(self, line: str = "") -> None:
        """Write a line of data."""
        self.out.write(line + "\n")

    def paragraph(self, words: str, *, first: str = "", then: str | None = None) -> None:
        """Write a paragraph of data, wrapped."""
        for line in text.wrap(words, self.columns, first=first, then=then):
            self.say(line)

    def tell(self, message: Message) -> None:
        """Say what goes on; the progress callback of everything that takes long."""
        self.out.flush()
        for line in text.wrap(text.safe(tell(message)), self.columns, first="· "):
            self.err.write(self.paint("dim", line, err=True) + "\n")
        self.err.flush()

    def note(self, message: Message) -> None:
        """Say something beside the data that the reader should not miss."""
        self.out.flush()
        for line in text.wrap(text.safe(tell(message)), self.columns):
            self.err.write(line + "\n")
        self.err.flush()

    def error(self, error: LearnError) -> None:
        """Say what went wrong, what to do about it, and another program's words on it."""
        self.out.flush()
        problems = getattr(error, "problems", None)
        if problems:
            self._problems(problems)
        else:
            self._trouble(error.message, error.remedy)
        for line in text.safe(error.details).strip().splitlines()[-20:]:
            self.err.write(self.paint("dim", f"  | {line}", err=True) + "\n")
        self.err.flush()

    def confirm(self, question: str) -> bool:
        """Ask for a yes on the terminal; anything else is a no."""
        self.out.flush()
        self.err.write(f"{question} [y/N] ")
        self.err.flush()
        answer = self.inp.readline()
        if not answer.endswith("\n"):
            self.err.write("\n")
        return answer.strip().lower() in ("y", "yes", "j", "是", "好")

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody who could answer."""
        return self.inp.isatty() and self.err.isatty()

    def _problems(self, problems: list[object]) -> None:
        """Say all that is wrong with a course's files, a place a line."""
        for problem in problems:
            self._trouble(problem.message, problem.remedy, f"{problem.place}: ")  # type: ignore[attr-defined]

    def _trouble(self, message: Message, remedy: Message | None, place: str = "") -> None:
        words = text.safe(tell(message))
        for line in text.wrap(words, self.columns, first=place, then="  "):
            self.err.write(self.paint("red", line, err=True) + "\n")
        if remedy is not None:
            for line in text.wrap(text.safe(tell(remedy)), self.columns, first="  "):
                self.err.write(line + "\n")


def columns(stream: TextIO) -> int:
    """Give the width to wrap to: the terminal's, within reason; 80 where there is none."""
    try:
        wide = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        wide = 80
    return max(NARROW, min(WIDE, wide))
