"""One base for every error that a person is meant to read, and the exit codes.

An error carries what happened, what to do about it and, for files, where. It is raised anywhere
and rendered once per face; no face shows a traceback for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from checks.message import Message, msg


class Exit(IntEnum):
    """What the process tells its caller."""

    OK = 0
    """All passed, or done as asked."""
    FAILED = 1
    """A check failed, a lint or a proof found something."""
    USAGE = 2
    """The command line was not understood."""
    ERRORED = 3
    """Something broke that is not the learner's: nothing can be said, or not all."""
    INTERRUPTED = 130
    """Ctrl-C."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file; line and column count from 1."""

    path: Path
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Give `file:line:column`, as editors read it."""
        return f"{self.path}:{self.line}:{self.column}"


class LearnError(Exception):
    """Something that the person in front of the program can understand and act on."""

    exit: Exit = Exit.ERRORED

    def __init__(
        self, message: Message, *, remedy: Message | None = None, details: str = ""
    ) -> None:
        """Keep what happened, what to do about it, and another program's own words on it."""
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy
        self.details = details


class UsageError(LearnError):
    """The command line asks for something that does not exist or does not fit together."""

    exit = Exit.USAGE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file; a file's problems are reported together."""

    place: Place
    message: Message
    remedy: Message | None = None


class CourseError(LearnError):
    """A course cannot be read; all its problems at once."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = sorted(problems, key=lambda problem: problem.place)
        first = self.problems[0]
        super().__init__(
            msg("{place}: {message}", place=str(first.place), message=first.message),
            remedy=first.remedy,
        )


def defect(error: BaseException) -> LearnError:
    """Say of an error that nobody foresaw what only the program's authors can mend."""
    return LearnError(
        msg("This is a defect of learn-docker-net itself."),
        details=f"{type(error).__name__}: {error}",
    )
