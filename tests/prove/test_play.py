"""What a proof makes of a solution whose program serves only a moment later."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from checks.suite import Result
from checks.verdict import State, Verdict
from runner.course.lesson import Step
from runner.learn.stage import Stage
from runner.prove import play
from runner.prove.play import Notes, Player
from runner.prove.trial import Kind, Trial
from tests.checks.fake_lab import FakeLab, check
from tests.prove.test_trial import LESSON, STEP

CHECK = check(name="up")
LESSON_90 = replace(LESSON, steps=(replace(STEP, checks=(CHECK,)),))


class Slow(Stage):
    """A stage whose only check gives these states, look by look; the last one goes on."""

    def __init__(self, *states: State) -> None:
        super().__init__(LESSON_90, FakeLab(), lambda host: [])
        self._states = list(states)

    def enter(self, step: Step, commands: Any, **_: Any) -> tuple[()]:
        return ()

    def check(self, steps: Iterable[Step], **_: Any) -> dict[str, Result]:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        return {"one.up": Result("one.up", CHECK, None, Verdict(state))}


def played(kind: Kind, name: str, *states: State) -> Notes:
    return Player(Slow(*states)).play(Trial("lesson-90", 1, kind.value, "one", name))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "_PAUSE", 0.0)
    monkeypatch.setattr(play, "SETTLE", 0.05)


def test_what_comes_late_is_a_miss_that_says_so() -> None:
    notes = played(Kind.ALTERNATIVE, "other", State.FAILED, State.SKIPPED, State.PASSED)
    assert [miss.got for miss in notes.misses] == ["passed only later: wants an `eventually`"]
    assert notes.checks == 1


def test_what_never_comes_is_a_miss() -> None:
    notes = played(Kind.ALTERNATIVE, "other", State.FAILED)
    assert [miss.got for miss in notes.misses] == ["failed"]


def test_what_breaks_is_a_miss_at_once() -> None:
    notes = played(Kind.ALTERNATIVE, "other", State.ERRORED, State.PASSED)
    assert [miss.got for miss in notes.misses] == ["errored"]


def test_a_wrong_way_has_to_fail_at_the_first_look() -> None:
    notes = played(Kind.WRONG, "bad", State.PASSED, State.FAILED)
    assert [miss.wanted for miss in notes.misses] == ["failed on the wrong way bad"]
