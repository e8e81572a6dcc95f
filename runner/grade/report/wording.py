"""What outcomes, findings and their weights are called, in words that the catalogues hold."""

from __future__ import annotations

from runner.grade.finding import FindingKind, Weight
from runner.grade.result import Outcome
from runner.words import mark

OUTCOMES = {
    Outcome.GRADED: mark("graded"),
    Outcome.ABSENT: mark("absent"),
    Outcome.UNREACHABLE: mark("unreachable"),
    Outcome.NO_LAB: mark("no lab"),
    Outcome.ERRORED: mark("errored"),
}
LEFT_OUT = mark("unsupported")
"""A lesson of which nothing can be had on the learner's engine."""
KINDS = {
    FindingKind.BROKEN_FILE: mark("broken file"),
    FindingKind.BAD_SIGNATURE: mark("bad signature"),
    FindingKind.UNREGISTERED_KEY: mark("unregistered key"),
    FindingKind.ANOTHERS_KEY: mark("another's key"),
    FindingKind.SHARED_KEY: mark("shared key"),
    FindingKind.WRONG_CLASS: mark("wrong class"),
    FindingKind.WRONG_LEARNER: mark("wrong learner"),
    FindingKind.UNKNOWN_LEARNER: mark("unknown learner"),
    FindingKind.PASSED_OVER: mark("passed over"),
    FindingKind.SEVERAL_FILES: mark("several files"),
    FindingKind.STALE_COURSE: mark("stale course"),
    FindingKind.STALE_LESSON: mark("stale lesson"),
    FindingKind.NEWER_FORMAT: mark("newer format"),
    FindingKind.FOREIGN_VALUES: mark("foreign values"),
    FindingKind.SHARED_IDS: mark("shared ids"),
    FindingKind.IMPOSSIBLE_TIME: mark("impossible time"),
    FindingKind.EDITED_OBSERVATION: mark("edited observation"),
    FindingKind.DIFFERENT_VERDICT: mark("different verdict"),
    FindingKind.NO_RECORD: mark("no record"),
    FindingKind.LEFT_OUT: mark("left out"),
    FindingKind.NO_LOG: mark("no log"),
    FindingKind.UNCOUNTED_HELP: mark("uncounted help"),
    FindingKind.CUT_SHORT: mark("cut short"),
    FindingKind.LYING_LAB: mark("lying lab"),
}
WEIGHTS = {
    Weight.NOTE: mark("note"),
    Weight.DOUBT: mark("doubt"),
    Weight.BARS: mark("bars"),
}
