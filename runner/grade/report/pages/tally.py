"""What a whole class's results come to, learner by learner: nobody's work is kept.

A check counts as judged where it passed or failed: a learner who never came so far, and a check
that broke, say nothing about how hard it is.
"""

from __future__ import annotations

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checks.message import Message
from checks.verdict import State
from runner.grade.moments import moment
from runner.grade.result import CheckRow, LessonResult, Outcome, QuestionRow, StepRow
from runner.words import tell

KINDS_KEPT = 40
"""Different ways to fail that are counted for one check; what is found is our own sentences."""


@dataclass(slots=True)
class Spread:
    """Numbers of which only the middle and the ends are shown."""

    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, value: float) -> None:
        """Take one."""
        self.values.append(value)

    @property
    def count(self) -> int:
        """So many there are."""
        return len(self.values)

    @property
    def ends(self) -> tuple[float, float]:
        """Give the least and the greatest."""
        return min(self.values), max(self.values)

    @property
    def median(self) -> float:
        """Give the middle one."""
        return statistics.median(self.values)

    @property
    def mean(self) -> float:
        """Give the mean."""
        return statistics.fmean(self.values)

    @property
    def half(self) -> tuple[float, float]:
        """Give the ends of the middle half."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high


@dataclass(slots=True)
class Item:
    """One check or question of a lesson, over all learners."""

    lesson: str
    id: str
    """`step.check` or `step.question`."""
    question: bool
    states: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """What was found by those who failed, by the sentence's form."""
    examples: dict[str, str] = field(default_factory=dict)
    """One whole sentence of each form."""

    @property
    def passed(self) -> int:
        """So many passed it."""
        return self.states[State.PASSED.value]

    @property
    def judged(self) -> int:
        """So many passed or failed it."""
        return self.passed + self.states[State.FAILED.value]

    @property
    def share(self) -> float:
        """Give the percentage that passed of those judged."""
        return 100 * self.passed / self.judged if self.judged else 0.0

    def most_found(self) -> tuple[str, int]:
        """Give what most of those who failed had instead, and how many those are."""
        if not self.found:
            return "", 0
        form, count = max(self.found.items(), key=lambda one: (one[1], one[0]))
        return self.examples[form], count

    def failed_with(self, message: Message | str) -> None:
        """Note what was found."""
        form = _form(message) if isinstance(message, Message) else message
        if form not in self.found and len(self.found) >= KINDS_KEPT:
            return
        self.found[form] += 1
        if form not in self.examples:
            self.examples[form] = tell(message) if isinstance(message, Message) else message


@dataclass(slots=True)
class StepTally:
    """One step over all learners."""

    id: str
    minutes: Spread = field(default_factory=Spread)
    hints: int = 0
    hinted: int = 0
    """Learners who took a hint."""
    solved: int = 0
    """Learners who took the solution."""
    items: dict[tuple[bool, str], Item] = field(default_factory=dict)
    """By whether it is a question, and its id; in the lesson's order."""


@dataclass(slots=True)
class LessonTally:
    """One lesson over all learners."""

    id: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    scores: Spread = field(default_factory=Spread)
    """Of those graded of whose lesson something could be had."""
    minutes: Spread = field(default_factory=Spread)
    """From the start to the last check that first held, of those who did all of it."""
    late: int = 0
    hinted: int = 0
    hints: int = 0
    solved: int = 0
    steps: dict[str, StepTally] = field(default_factory=dict)

    def add(self, result: LessonResult) -> None:
        """Count one learner's result."""
        self.outcomes[result.outcome] += 1
        if result.outcome is not Outcome.GRADED:
            return
        if not result.left_out:
            self.scores.add(result.score)
        self.late += result.late > 0
        self.hints += sum(row.hints for row in result.steps)
        self.hinted += any(row.hints for row in result.steps)
        self.solved += any(row.solutions for row in result.steps)
        began, ended = moment(result.started), moment(result.completed)
        if began is not None and ended is not None and ended >= began:
            self.minutes.add((ended - began) / 60)
        for row in result.steps:
            self._step(row)

    def items(self) -> Iterator[Item]:
        """Give all checks and questions."""
        for step in self.steps.values():
            yield from step.items.values()

    def _step(self, row: StepRow) -> None:
        step = self.steps.setdefault(row.id, StepTally(row.id))
        if row.minutes is not None:
            step.minutes.add(row.minutes)
        step.hints += row.hints
        step.hinted += row.hints > 0
        step.solved += row.solutions > 0
        for question in row.questions:
            self._question(step, question)
        for check in row.checks:
            self._check(step, check)

    def _check(self, step: StepTally, row: CheckRow) -> None:
        item = step.items.setdefault((False, row.id), Item(self.id, row.id, question=False))
        item.states[row.verdict.state.value] += 1
        if row.verdict.state is State.FAILED and row.verdict.found is not None:
            item.failed_with(row.verdict.found)

    def _question(self, step: StepTally, row: QuestionRow) -> None:
        item = step.items.setdefault((True, row.id), Item(self.id, row.id, question=True))
        item.states[state_of_answer(row).value] += 1
        if row.right is False and row.given:
            item.failed_with(" ".join(row.given[0].split()))


def state_of_answer(row: QuestionRow) -> State:
    """Give a question's result as a check's; an answer that can be compared with nothing any more
    is like a check that cannot hold here.
    """
    if row.right is None:
        return State.UNSUPPORTED if row.given else State.SKIPPED
    return State.PASSED if row.right else State.FAILED


def hardest(tallies: Iterable[LessonTally], most: int) -> list[Item]:
    """Give the checks and questions that the fewest of those judged passed, hardest first."""
    failed = (item for one in tallies for item in one.items() if item.judged > item.passed)
    return sorted(failed, key=lambda item: (item.share, -item.judged))[:most]


def _form(message: Message, depth: int = 4) -> str:
    """Give a message's template with those of the messages in it: the same for all learners,
    whatever names were drawn for them.
    """
    parts = (
        f"{name}={_form(value, depth - 1)}"
        for name, value in sorted(message.values.items())
        if isinstance(value, Message) and depth
    )
    return "|".join((message.text, *parts))
