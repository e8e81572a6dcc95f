"""What a command is about: `LESSON`, `LESSON/STEP`, or nothing for where the learner is."""

from __future__ import annotations

from dataclasses import dataclass

from checks.message import msg
from runner.cli.nearest import nearest
from runner.course.lesson import Lesson, Step
from runner.errors import UsageError


@dataclass(frozen=True, slots=True)
class Target:
    """A lesson as it was written, and a step of it."""

    lesson: str | None
    step: str | None

    @classmethod
    def read(cls, words: str | None) -> Target:
        """Read `LESSON[/STEP]`; None means where the learner is."""
        lesson, _, step = (words or "").partition("/")
        return cls(lesson or None, step or None)


def find_step(lesson: Lesson, name: str) -> Step:
    """Give a step by its id or its number; UsageError with the nearest one for another name."""
    for number, step in enumerate(lesson.steps, 1):
        if name in (step.id, str(number)):
            return step
    near = nearest(name, [step.id for step in lesson.steps])
    raise UsageError(
        msg("{lesson} has no step {name}.", lesson=lesson.id, name=name),
        remedy=msg("Did you mean {near}?", near=f"{lesson.id}/{near}")
        if near
        else msg("Its steps: {names}.", names=", ".join(step.id for step in lesson.steps)),
    )
