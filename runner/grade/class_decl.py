"""A class as its instructor writes it: pure declarations, read by the loader and the schema.

As in `runner.course.lesson`, fields are keys of the file (trailing underscore dropped) and the
docstrings below them become the schema's descriptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checks.kinds import Plain, Text
from runner.grade.class_ import Counts, LateBy


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """What late work is worth."""

    shorthand: ClassVar[str] = "percent"
    """A bare number stands for `percent`."""

    percent: float = 0.0
    """Percent of the points taken off for each day begun after the due date."""
    cap: float = 100.0
    """Percent of the points that late work can earn at most."""
    days: float | None = None
    """Days after the due date from which on late work earns nothing."""
    by: LateBy = LateBy.WORK
    """`work`: when each check first held, by the learner's record; `file`: when it was handed in,
    by the submission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """How lessons count where a lesson says nothing else."""

    weight: float | None = None
    """A lesson's share in the total, beside the other lessons' weights; 1 where nothing is said."""
    due: Plain | None = None
    """`2026-12-01 23:59`, or the day alone (then its end), in the class's zone."""
    late: LateEntry | None = None
    hint: float | None = None
    """Percent of its step's points that each hint shown costs."""
    solution: float | None = None
    """Percent of its step's points that the step's solution costs, seen or typed."""
    attempts: int | None = None
    """A question earns its points only if it was right within so many answers."""
    counts: Counts | None = None
    """`ever`: a check earns its points once it was seen to hold; `now`: if it held in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonEntry(RuleEntry):
    """A lesson of the class, or a row of them; what is left out is as in `rules`."""

    shorthand: ClassVar[str] = "id"
    """A bare text stands for `id`."""

    id: Plain
    """`lesson-06`, or a row in the course's order: `lesson-06..lesson-10`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEntry:
    """The engine that a learner's lab stands on: a Docker context or an address."""

    shorthand: ClassVar[str] = "context"
    """A bare text stands for `context`."""

    context: Plain | None = None
    """Name of a Docker context on the instructor's machine, or …"""
    endpoint: Plain | None = None
    """… `unix:///path`, `ssh://user@host` or `tcp://host:port`."""
    tls: Plain | None = None
    """Folder with ca.pem, cert.pem and key.pem; required with `tcp://`."""
    owner: Plain | None = None
    """Whose lab it is, where several learners share the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerEntry:
    """A learner, or what is to be said of one that stands in the roster."""

    id: Plain
    """As the roster has it: a student number, a login, a mail address."""
    name: Text | None = None
    email: Plain | None = None
    section: Plain | None = None
    submission: Plain | None = None
    """The learner's file, where it does not lie in `submissions`."""
    engine: EngineEntry | None = None
    """For live grading: where their lab is."""
    extra_days: float | None = None
    """Days added to every due date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFile:
    """A class: who is in it, which lessons count, how. Paths are told from the file's folder."""

    format: int
    """Of the grammar; 1."""
    id: Plain
    """Letters, digits, `.`, `_`, `-`; never change it once learners have joined."""
    title: Text
    course: Plain | None = None
    """Folder of the course; left out, it is the one that comes with the program."""
    zone: Plain | None = None
    """Time zone of due dates, such as `Europe/Berlin`; UTC where nothing is said."""
    hand_in: Text | None = None
    """Told to the learners: where their file goes, and how."""
    roster: Plain | None = None
    """A CSV file as Moodle, Canvas or Gradescope export it, or with the columns id and name."""
    submissions: Plain | None = None
    """A folder of submissions, however the files are called."""
    rules: RuleEntry | None = None
    """For all lessons."""
    lessons: tuple[LessonEntry, ...]
    """The lessons that count, in order."""
    learners: tuple[LearnerEntry, ...] = ()
    """The learners, where there is no roster, or more about some of those in it."""
