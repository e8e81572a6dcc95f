"""What a learner did in a lesson, as their record tells it: all of it their own word until judged.

The same from a submission and from a lab's volume; `work_json` is its form in both. Times are UTC
texts (ISO 8601), as the record keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from checks.observation import Observation
from checks.verdict import State
from runner.record.times import CheckTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One kept observation of a check."""

    check: str
    """`step.check`."""
    at: str
    """When it was recorded, UTC."""
    lab: str
    """The lab's id."""
    first: bool
    """Whether the record calls it the first that passed."""
    state: State
    """The learner's own verdict: shown, never counted."""
    observation: Observation | None
    """None where the check was skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer to a question, and what the lab knew when it was given."""

    question: str
    """`step.question`."""
    at: str
    value: str
    correct: bool
    """The learner's own verdict: shown, never counted."""
    known: tuple[str, ...] | None = None
    """The lines that the lab's own command gave then; None for a choice and in old records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Hints or solutions taken in a step."""

    step: str
    count: int
    at: str = ""
    """When the last was taken; empty where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One line of a lab shell's log."""

    host: str
    folder: str
    command: str
    status: int | None
    at: str
    """UTC."""
    by: str = ""
    """Who typed: empty for the learner, else such as `solution`."""


class Change(Enum):
    """What became of a file."""

    WRITTEN = "written"
    LINK = "link"
    REMOVED = "removed"
    LEFT_OUT = "left out"
    """Too large, or no ordinary file: named only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file under /etc or /root of a lab host that is not as it was in a clean lab."""

    host: str
    path: str
    """Absolute, without `..`."""
    change: Change
    mode: int = 0o644
    size: int = 0
    """In bytes, also of what was left out."""
    content: bytes = b""
    target: str = ""
    """Of a link; never followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabWork:
    """What a lab knew of a lesson when its learner handed in, or an instructor looked."""

    lab: str
    engine: str = ""
    since: str = ""
    typed: tuple[Typed, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    cut: bool = False
    """Whether log or files are longer than what is kept of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All that a record tells of one lesson; the same from a submission and from a lab's volume."""

    lesson: str
    digest: str
    """Of the lesson as the learner had it; see `runner.course.digest`."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The variables' values in use."""
    started: str = ""
    completed: str | None = None
    times: Mapping[str, CheckTimes] = field(default_factory=dict)
    """The record's own times by `step.check`: claims, to be compared with the observations."""
    seen: tuple[Seen, ...] = ()
    """Oldest first: the first that passed of each check and the last twenty."""
    answers: tuple[Answered, ...] = ()
    hints: tuple[Help, ...] = ()
    solutions: tuple[Help, ...] = ()
    labs: tuple[LabWork, ...] = ()

    def of(self, check: str) -> tuple[Seen, ...]:
        """Give the observations of one check, oldest first."""
        return tuple(one for one in self.seen if one.check == check)
