"""What is given to whoever judges one learner's work, and what comes back, piece by piece.

Plain frozen data that can be pickled: it travels to other processes and other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Protocol

from runner.grade.class_ import Class, Learner, LessonRule
from runner.grade.finding import Finding
from runner.grade.keys import Registry
from runner.grade.result import LessonResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One learner, and the lessons to be judged."""

    learner: Learner
    lessons: tuple[LessonRule, ...]
    class_: Class
    """Without its learners."""
    course_digest: str = ""
    """Of the instructor's course."""
    registry: Registry = field(default_factory=Registry)
    """Whose keys are whose."""
    file: Path | None = None
    """The submission."""
    data: bytes | None = None
    """The submission itself, for a machine that does not see the file."""
    key: bytes | None = None
    """By which this learner's values are drawn; None draws the defaults. Never the class's own."""
    enrolled: str = ""
    """When the learner's enrolment was made, UTC."""
    findings: tuple[Finding, ...] = ()
    """What is known already."""

    @property
    def course_folder(self) -> Path | None:
        """Where the course is; None for the one that comes with the program."""
        return self.class_.course_folder


@dataclass(frozen=True, slots=True)
class Begun:
    """A lesson is being judged now."""

    learner: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """An object that a learner's observations speak of."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One lesson of one learner is judged."""

    result: LessonResult
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a learner handed in has been looked at."""

    learner: str
    handed_in: str = ""
    key: str = ""
    """The public key that it is signed with; empty where the signature does not show it."""
    findings: tuple[Finding, ...] = ()


Piece = Begun | Part | Whole
"""A `Whole` is the last that comes of a task."""
Emit = Callable[[Piece], None]
"""Takes a piece; may wait, so that nothing piles up. For any thread."""


class Judges(Protocol):
    """Whoever judges tasks: processes here, a cluster, threads that look into labs."""

    def work(self, tasks: Iterable[Task], emit: Emit, stop: Event) -> None:
        """Judge all tasks, taking them as they are needed; end soon once `stop` is set.

        Every lesson of every task gets a `Part`, whatever happens to it.
        """
