"""What was noticed about a learner's work: told with its evidence, for a person to decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checks.message import Message


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
    PASSED_OVER = "passed over"
    """A file that is no submission by its name."""
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
    NO_RECORD = "no record"
    """Nobody kept when the work was done."""
    LEFT_OUT = "left out"
    """Something cannot be judged, and so costs nothing."""
    NO_LOG = "no log"
    """Checks hold, and nothing was typed."""
    UNCOUNTED_HELP = "uncounted help"
    """A solution was typed by the program, and none is counted."""
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
