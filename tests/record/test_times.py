"""A check's times: first passed stays, state and since follow what is seen."""

from __future__ import annotations

from checks.verdict import State
from runner.record.times import CheckTimes


def test_a_first_pass_sets_every_time() -> None:
    times = CheckTimes().after(State.PASSED, "1")
    assert times == CheckTimes("1", "1", State.PASSED, "1", "1")
    assert times.held_since == "1"


def test_a_check_that_goes_on_holding_keeps_since_when() -> None:
    times = CheckTimes().after(State.PASSED, "1").after(State.PASSED, "2")
    assert (times.held_since, times.checked) == ("1", "2")


def test_what_breaks_again_is_red_again_and_keeps_its_first_pass() -> None:
    times = CheckTimes().after(State.PASSED, "1").after(State.FAILED, "2")
    assert (times.state, times.since, times.held_since) == (State.FAILED, "2", None)
    assert times.first_passed == "1"


def test_mended_it_holds_since_the_mending() -> None:
    times = CheckTimes().after(State.PASSED, "1").after(State.ERRORED, "2").after(State.PASSED, "3")
    assert (times.first_passed, times.held_since) == ("1", "3")


def test_a_check_that_never_passed_has_no_first_time() -> None:
    times = CheckTimes().after(State.FAILED, "1").after(State.FAILED, "2")
    assert (times.first_passed, times.passed_here, times.since) == (None, None, "1")
