"""A class as its instructor tells it: its learners, where their work is, how each lesson counts.

Plain frozen data with every default put in; the file's own form is `class_decl`. Times are aware
datetimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path


class Counts(Enum):
    """When a check earns its points."""

    EVER = "ever"
    """Once it was seen to hold, in whatever lab."""
    NOW = "now"
    """Where it held when last asked; what a later step undoes counts by `ever`."""


class LateBy(Enum):
    """Which time is compared with the due date."""

    WORK = "work"
    """When a check first held, as the learner's record says; each check by itself."""
    FILE = "file"
    """When the submission was made, for everything in it. Live: when it was graded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What late work is worth. Without `percent` and `cap` lateness costs nothing."""

    percent: float = 0.0
    """Percent of the points taken off for each day begun."""
    cap: float = 100.0
    """Percent of the points that late work can earn at most."""
    days: float | None = None
    """Days after the due date when it earns nothing any more."""
    by: LateBy = LateBy.WORK


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRule:
    """How one lesson counts in this class."""

    lesson: str
    weight: float = 1.0
    """Its share in the class's total, beside the other lessons' weights."""
    due: datetime | None = None
    late: Late = Late()
    hint: float = 0.0
    """Percent of its step's points that each hint shown costs."""
    solution: float = 0.0
    """Percent of its step's points that seeing or typing the solution costs."""
    attempts: int | None = None
    """A question earns its points only if it was right within so many answers; None: any."""
    counts: Counts = Counts.EVER


class Where(Enum):
    """Where a learner's work is."""

    NOWHERE = "nowhere"
    """Neither a submission nor an engine is named, and none was handed in."""
    SUBMISSION = "submission"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A submission's file, or the engine under a learner's lab."""

    where: Where = Where.NOWHERE
    files: tuple[Path, ...] = ()
    """Of a submission; none need exist (then the learner is absent), the one made last counts."""
    context: str | None = None
    """Of an engine: the name of a Docker context, or …"""
    endpoint: str | None = None
    """… its address: `unix://…`, `ssh://…`, `tcp://…`."""
    tls: Path | None = None
    """Folder with ca.pem, cert.pem and key.pem, for `tcp://`."""
    owner: str | None = None
    """Whose lab it is, where several share the engine; None takes the only one there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One member of the class."""

    id: str
    name: str
    email: str = ""
    section: str = ""
    source: Source = Source()
    key: str | None = None
    """The public key registered with `enroll --add`, 64 hexadecimal digits."""
    extra_days: float = 0.0
    """Added to every due date."""
    roster: Mapping[str, str] = field(default_factory=dict)
    """The roster's own columns, by their headings: import files give them back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class as its file and its roster tell it, every default put in."""

    id: str
    title: str
    path: Path
    """Of the class file; relative paths in it are told from its folder."""
    course: str
    """The course's id."""
    course_folder: Path | None = None
    """None for the course that comes with the program."""
    zone: str = "UTC"
    """IANA name; for showing times."""
    hand_in: str = ""
    """Words for the learner: where the file goes."""
    submissions: Path | None = None
    """A folder of submissions; whose each is, is read in it."""
    lessons: tuple[LessonRule, ...] = ()
    learners: tuple[Learner, ...] = ()

    def learner(self, id_: str) -> Learner | None:
        """Find a learner."""
        return next((one for one in self.learners if one.id == id_), None)

    def rule(self, lesson: str) -> LessonRule | None:
        """Find how a lesson counts."""
        return next((one for one in self.lessons if one.lesson == lesson), None)
