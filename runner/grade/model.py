"""What grading is about, as plain frozen data: a class, what its learners hand in, what came of it.

Files and stores have forms of their own; everything between them speaks in these. Times are aware
datetimes where the class file gives them, UTC texts (ISO 8601) where a record does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from checks.message import Message
from checks.observation import Observation
from checks.verdict import State, Verdict
from runner.record.times import CheckTimes

# ---- the class: what the instructor decides


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


# ---- what a learner hands in: all of it the learner's own word until judged


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
    """Of the lesson as the learner had it; see `runner.grade.digest`."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The small signed first part of a submission; its lessons are read one at a time."""

    version: int
    class_id: str
    learner: str
    key: str
    """The public key that the file is signed with, 64 hexadecimal digits."""
    made: str
    """UTC, by the learner's clock."""
    program: str
    """Version of the program that made it."""
    course: str
    course_digest: str
    lessons: tuple[str, ...]
    enrolment: str = ""
    """Digest of the enrolment file that the learner joined with."""


# ---- what came of it


class FindingKind(Enum):
    """What was noticed; each is for a person to decide."""

    BROKEN_FILE = "broken file"
    """It is no submission, or damaged, or made to do harm; nothing in it counts."""
    BAD_SIGNATURE = "bad signature"
    UNREGISTERED_KEY = "unregistered key"
    ANOTHERS_KEY = "another's key"
    """Signed with a key that belongs to another learner."""
    SHARED_KEY = "shared key"
    """Two learners sent the same key."""
    WRONG_CLASS = "wrong class"
    WRONG_LEARNER = "wrong learner"
    UNKNOWN_LEARNER = "unknown learner"
    SEVERAL_FILES = "several files"
    STALE_COURSE = "stale course"
    STALE_LESSON = "stale lesson"
    NEWER_FORMAT = "newer format"
    FOREIGN_VALUES = "foreign values"
    """Not the values that were drawn for this learner."""
    SHARED_IDS = "shared ids"
    """Containers, networks or labs with one id at two learners."""
    IMPOSSIBLE_TIME = "impossible time"
    EDITED_OBSERVATION = "edited observation"
    """It does not fit together: captured values, object ids, another question."""
    DIFFERENT_VERDICT = "different verdict"
    """Judged anew, it is not what the learner's record says."""
    CUT_SHORT = "cut short"
    """Something was longer than its limit and was left out."""
    LYING_LAB = "lying lab"


class Weight(Enum):
    """How much a finding means."""

    NOTE = "note"
    """Worth knowing; happens to honest people."""
    DOUBT = "doubt"
    """Has an honest explanation, and a dishonest one."""
    BARS = "bars"
    """The work that it is about was not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed about a learner's work."""

    kind: FindingKind
    weight: Weight
    message: Message
    learner: str = ""
    lesson: str = ""
    """Empty: about all that was handed in."""
    check: str = ""
    """`step.check`, where it is about one."""
    evidence: str = ""
    """What it rests on, word for word; may hold anything, so faces must make it harmless."""
    others: tuple[str, ...] = ()
    """Other learners that it concerns."""


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


class Mode(Enum):
    """How the work was judged."""

    SUBMISSION = "submission"
    LIVE = "live"
    REPLAY = "replay"


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
