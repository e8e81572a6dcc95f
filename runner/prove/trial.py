"""What a proof tries, and what came of it; plain data that can be stored and resumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from runner.course.lesson import Lesson
from runner.course.variables import cases, draw, fill


class Kind(Enum):
    """The three things that a proof plays in a clean lab."""

    WALK = "walk"
    """All steps in order: before, question, solution, after, and once more at the end."""
    ALTERNATIVE = "alternative"
    """The steps before by their solutions, then another right way."""
    WRONG = "wrong"
    """The steps before by their solutions, then a way whose checks must fail."""


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """One thing to play, from a clean lab to its judgement."""

    lesson: str
    round: int
    """Counts repetitions from 1; the first has the default values, later ones drawn ones."""
    kind: str
    """A `Kind`'s value."""
    step: str = ""
    name: str = ""
    """Of the alternative or wrong way."""
    case: str = ""
    """The value of the lesson's variable that is played with `each` of its values."""

    @property
    def key(self) -> str:
        """Name it within one engine's results."""
        parts = (self.lesson, str(self.round), self.case, self.kind, self.step, self.name)
        return "/".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that did not come as a sound lesson has it."""

    where: str
    """`step.check`, or `step` for what concerns all of it."""
    wanted: str
    got: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a trial."""

    trial: Trial
    docker: str
    digest: str
    """Of the lesson file that was played; another one makes the result stale."""
    seconds: float
    checks: int = 0
    """How often a check was judged."""
    misses: tuple[Miss, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    """Of a wrong way: what each check that failed told the learner."""
    unsupported: str = ""
    """Why it was not played on this engine."""

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Played:
        """Read what `to_json` gave; KeyError or TypeError for anything else."""
        values = dict(data)
        values["trial"] = Trial(**values["trial"])
        values["misses"] = tuple(Miss(**miss) for miss in values["misses"])
        return cls(**values)


def trials(lesson: Lesson, rounds: int, engine: str) -> Iterator[Trial]:
    """List what is to be played for one lesson on one engine, longest first."""
    for number in range(1, rounds + 1):
        for given in cases(lesson):
            case = "".join(given.values())
            fitting = fill(lesson, draw(lesson, None, given))
            for trial in _trials(fitting, number, engine):
                yield replace(trial, case=case)


def _trials(lesson: Lesson, number: int, engine: str) -> Iterator[Trial]:
    yield Trial(lesson.id, number, Kind.WALK.value)
    for step in reversed(lesson.steps):
        if step.engines is not None and not step.engines.allows(engine):
            continue
        for name in step.also_right:
            yield Trial(lesson.id, number, Kind.ALTERNATIVE.value, step.id, name)
        for name, wrong in step.wrong.items():
            if wrong.engines is None or wrong.engines.allows(engine):
                yield Trial(lesson.id, number, Kind.WRONG.value, step.id, name)
