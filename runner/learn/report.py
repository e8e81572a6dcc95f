"""What checking a lesson brought, for whichever face shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.verdict import State
from runner.course.lesson import Lesson
from runner.errors import Exit
from runner.learn.progress import Counted, frontier


@dataclass(frozen=True, slots=True)
class Report:
    """The checks as they count, and how far the lesson is."""

    lesson: Lesson
    counted: Sequence[Counted]
    engine: str
    """Version of the inner engine, empty where it did not answer."""
    seconds: float
    """How long asking took."""
    complete: bool
    """Whether the whole lesson is."""
    completed: str | None
    """When it was first complete, UTC."""
    bare: bool
    """Whether the lab was judged without a record of what was done in it."""
    at: str | None
    """The step that the learner is at."""
    answered: frozenset[str]
    """The questions answered right, `step.question`."""

    def having(self, *states: State) -> list[Counted]:
        """Give the checks that count as one of these states."""
        return [item for item in self.counted if item.verdict.state in states]

    def of(self, step: str) -> list[Counted]:
        """Give a step's checks."""
        return [item for item in self.counted if item.id.partition(".")[0] == step]

    @property
    def reached(self) -> int:
        """The index of the furthest step that the learner can be meant to be at."""
        return frontier(self.lesson, self.counted, self.at)

    @property
    def exit(self) -> Exit:
        """What `check` tells its caller."""
        if self.having(State.ERRORED):
            return Exit.ERRORED
        return Exit.FAILED if self.having(State.FAILED) else Exit.OK
