"""Signs and words for what came out: no page tells anything by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from checks.verdict import State
from runner.grade.finding import FindingKind, Weight
from runner.grade.report.wording import KINDS, OUTCOMES, WEIGHTS
from runner.grade.result import Mode, Outcome
from runner.words import mark, translate


@dataclass(frozen=True, slots=True)
class Sign:
    """How something is shown."""

    name: str
    """Of its class in the stylesheet."""
    sign: str
    english: str

    @property
    def word(self) -> str:
        """Give the word for it in the language of the report."""
        return translate(self.english)


STATES = {
    State.PASSED: Sign("passed", "✓", mark("passed")),
    State.FAILED: Sign("failed", "✗", mark("failed")),
    State.SKIPPED: Sign("skipped", "○", mark("skipped")),
    State.ERRORED: Sign("errored", "!", mark("errored")),
    State.UNSUPPORTED: Sign("unsupported", "⊘", mark("unsupported")),
}
LEFT_OUT = STATES[State.UNSUPPORTED]
"""Of a lesson or a total for which no number stands, since nothing can be had on the engine."""
BY_NAME = {one.name: one for one in STATES.values()}
_LEGEND = {
    State.PASSED: mark("it held when it counted"),
    State.FAILED: mark("it did not hold"),
    State.SKIPPED: mark("not asked, or not counted because of something else"),
    State.ERRORED: mark("the check or the engine broke: nothing is known"),
    State.UNSUPPORTED: mark("cannot hold on this engine, or can no more be judged; left out"),
}
OUTCOME_SIGNS = {
    Outcome.GRADED: Sign("graded", "", OUTCOMES[Outcome.GRADED]),
    Outcome.ABSENT: Sign("absent", "–", OUTCOMES[Outcome.ABSENT]),
    Outcome.UNREACHABLE: Sign("unreachable", "?", OUTCOMES[Outcome.UNREACHABLE]),
    Outcome.NO_LAB: Sign("no-lab", "∅", OUTCOMES[Outcome.NO_LAB]),
    Outcome.ERRORED: Sign("broken", "!", OUTCOMES[Outcome.ERRORED]),
}
WEIGHT_SIGNS = {
    Weight.NOTE: Sign("note", "·", WEIGHTS[Weight.NOTE]),
    Weight.DOUBT: Sign("doubt", "?", WEIGHTS[Weight.DOUBT]),
    Weight.BARS: Sign("bars", "✗", WEIGHTS[Weight.BARS]),
}
MODES = {
    Mode.SUBMISSION: mark("from submissions, judged anew"),
    Mode.LIVE: mark("live, in the learners' labs"),
    Mode.REPLAY: mark("from submissions, their commands run anew in fresh labs"),
}
GRADES = ((99.95, "full"), (75.0, "high"), (50.0, "middle"), (-1.0, "low"))
"""The least percent of each shade of a score; the number itself stands there too."""


def grade(score: float) -> str:
    """Name the shade of a score."""
    return next(name for least, name in GRADES if score >= least)


def legend() -> list[tuple[Sign, str]]:
    """Give each sign of a verdict with what it means."""
    return [(STATES[state], translate(text)) for state, text in _LEGEND.items()]


def kind(value: str) -> str:
    """Give the name of a kind of finding."""
    return translate(KINDS[FindingKind(value)])
