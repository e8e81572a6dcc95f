"""Results as JSON and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.message import msg
from checks.verdict import State, Verdict
from runner.grade.class_ import Learner, Source, Where
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.plain import from_plain, to_plain
from runner.grade.result import CheckRow, LessonResult, Mode, Outcome, StepRow
from runner.grade.work import Change, ChangedFile

RESULT = LessonResult(
    learner="ada",
    lesson="lesson-01",
    title="Files \ud800 and names",
    outcome=Outcome.ERRORED,
    mode=Mode.LIVE,
    reason=msg("It took {seconds} s.", seconds=3),
    steps=(
        StepRow(
            id="make",
            title="A file",
            checks=(
                CheckRow(
                    id="make.there",
                    say="it is there",
                    weight=2.0,
                    verdict=Verdict(
                        State.FAILED, msg("a"), msg("{x}", x=msg("b")), None, "\x1b[1m"
                    ),
                    now=State.FAILED,
                ),
            ),
        ),
    ),
    findings=(
        Finding(kind=FindingKind.SHARED_IDS, weight=Weight.DOUBT, message=msg("c"), others=("b",)),
    ),
)
LEARNER = Learner(
    id="ada",
    name="Ada",
    source=Source(where=Where.SUBMISSION, files=(Path("/x/ada.ldn"),)),
    roster={"SIS ID": "7"},
)


@pytest.mark.parametrize(
    "value",
    [RESULT, LEARNER, ChangedFile(host="a", path="/b", change=Change.WRITTEN, content=b"\0\xff")],
)
def test_what_is_written_is_read(value: object) -> None:
    text = json.dumps(to_plain(value))
    assert from_plain(type(value), json.loads(text)) == value


def test_what_is_not_said_is_not_stored() -> None:
    assert to_plain(Source()) == {}
    assert "score" not in to_plain(RESULT)
