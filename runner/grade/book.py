"""The gradebook of one run, as reports read it: one learner at a time, so that a class of any size
is written without being held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runner.grade.class_ import Class, LessonRule
from runner.grade.finding import Finding
from runner.grade.result import LearnerResult, Run
from runner.grade.store import Results


@dataclass(frozen=True, slots=True)
class Book:
    """All that came of a run."""

    class_: Class
    rules: tuple[LessonRule, ...]
    """The lessons of this run, in the class's order."""
    run: Run
    results: Results

    def learners(self) -> Iterator[LearnerResult]:
        """Give the learners in the class's order, each with all that was found about them."""
        return self.results.learners(self.run, self.rules)

    def by_id(self) -> Iterator[LearnerResult]:
        """Give the same by the learners' ids, an order that no roster changes."""
        return self.results.learners(self.run, self.rules, by_id=True)

    def findings(self) -> tuple[Finding, ...]:
        """Give what was found by comparing learners, and about files that belong to nobody."""
        return self.results.findings(self.run)
