"""What came of a learner's lesson: its outcome and points, check by check; and the run it is of.

Plain frozen data; `plain` makes JSON of it for the store and the cluster. Times are UTC texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checks.message import Message
from checks.verdict import State, Verdict
from runner.grade.class_ import Learner
from runner.grade.finding import Finding


class Outcome(Enum):
    """What became of a learner's lesson, told apart from failed work."""

    GRADED = "graded"
    ABSENT = "absent"
    """Nothing was handed in, or the lesson is not in it."""
    UNREACHABLE = "unreachable"
    """The learner's engine does not answer."""
    NO_LAB = "no lab"
    """The engine answers and has neither a lab nor a record for it."""
    ERRORED = "errored"
    """It could not be judged: a broken file, a hung lab, our own fault."""


class Mode(Enum):
    """How the work was judged."""

    SUBMISSION = "submission"
    LIVE = "live"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check of one learner, as it counts."""

    id: str
    """`step.check`."""
    say: str
    """The claim, in the course's own language."""
    weight: float
    verdict: Verdict
    """As it counts: judged anew, by `ever` or `now`."""
    now: State | None = None
    """When last asked; None where it never was."""
    first_passed: str | None = None
    held_since: str | None = None
    undone_by: str | None = None
    late: float = 0.0
    """Days after the due date; 0 in time."""
    earned: float = 0.0
    """Points in the lesson's own units, after lateness and help taken."""
    possible: float = 0.0
    """0 for what cannot hold here (unsupported)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question of one learner."""

    id: str
    """`step.question`."""
    say: str
    given: tuple[str, ...] = ()
    right: bool | None = None
    """None where it was not answered, or cannot be judged anew."""
    late: float = 0.0
    earned: float = 0.0
    possible: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of one learner."""

    id: str
    title: str
    checks: tuple[CheckRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    hints: int = 0
    solutions: int = 0
    taken_off: float = 0.0
    """Points lost to hints and solutions."""
    earned: float = 0.0
    possible: float = 0.0
    minutes: float | None = None
    """From the step before to its own last first pass, where the record tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonResult:
    """One lesson of one learner: the unit that is stored and gone on from."""

    learner: str
    lesson: str
    title: str
    outcome: Outcome
    mode: Mode
    reason: Message | None = None
    """Why it is not graded."""
    steps: tuple[StepRow, ...] = ()
    earned: float = 0.0
    possible: float = 0.0
    score: float = 0.0
    """Percent, 0 to 100; 0 for everything not graded."""
    late: float = 0.0
    """Days of the latest check that earned something."""
    started: str = ""
    completed: str | None = None
    engine: str = ""
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    """How long judging took."""

    @property
    def left_out(self) -> bool:
        """Whether nothing of it can be had on the learner's engine: no number stands for that, and
        the total goes without it.
        """
        return self.outcome is Outcome.GRADED and self.possible <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerResult:
    """All lessons of one learner."""

    learner: Learner
    lessons: tuple[LessonResult, ...]
    """In the class's order."""
    total: float = 0.0
    """Percent, by the lessons' weights."""
    findings: tuple[Finding, ...] = ()
    """About everything that was handed in; those of a lesson are with it."""
    handed_in: str = ""
    """When the submission says that it was made, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One grading run."""

    id: str
    class_id: str
    began: str
    ended: str | None
    """None while it runs or where it was interrupted."""
    program: str
    course: str
    course_digest: str
    modes: tuple[Mode, ...]
    lessons: tuple[str, ...]
    learners: tuple[str, ...]
