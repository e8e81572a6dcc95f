"""Lateness, help and weights, as arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.grade.class_ import Late, LessonRule
from runner.grade.moments import days_late, moment, told
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.scoring import help_share, late_share, total

PERCENT = st.floats(0, 100)


@pytest.mark.parametrize(
    ("late", "days", "share"),
    [
        (Late(), 30, 1.0),
        (Late(percent=10), 0, 1.0),
        (Late(percent=10), 0.2, 0.9),
        (Late(percent=10), 1.0, 0.9),
        (Late(percent=10), 1.01, 0.8),
        (Late(percent=10), 30, 0.0),
        (Late(cap=60), 0.1, 0.6),
        (Late(percent=10, cap=60), 5, 0.5),
        (Late(percent=1, days=2), 3, 0.0),
    ],
)
def test_late(late: Late, days: float, share: float) -> None:
    assert late_share(late, days) == pytest.approx(share)


@given(PERCENT, PERCENT, st.floats(0, 400), st.floats(0, 400))
def test_later_is_never_better(percent: float, cap: float, one: float, other: float) -> None:
    late = Late(percent=percent, cap=cap)
    early, later = sorted((one, other))
    assert 1 >= late_share(late, early) >= late_share(late, later) >= 0


@given(PERCENT, PERCENT, st.integers(0, 50), st.integers(0, 5))
def test_help_costs_between_nothing_and_all(
    hint: float, solution: float, hints: int, solutions: int
) -> None:
    rule = LessonRule(lesson="lesson-01", hint=hint, solution=solution)
    assert 0 <= help_share(rule, hints, solutions) <= 1


def result(lesson: str, score: float, possible: float = 1.0) -> LessonResult:
    return LessonResult(
        learner="ada",
        lesson=lesson,
        title="",
        outcome=Outcome.GRADED,
        mode=Mode.SUBMISSION,
        score=score,
        possible=possible,
    )


def test_lessons_weigh_what_the_class_says() -> None:
    rules = [LessonRule(lesson="a", weight=1), LessonRule(lesson="b", weight=3)]
    assert total([result("a", 100), result("b", 0)], rules) == 25
    assert total([result("a", 100)], rules) == 25
    assert total([result("a", 80), result("b", 0, possible=0)], rules) == 80
    assert total([], []) == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02T00:00:00Z", 86400.0),
        ("1970-01-02T00:00:00.123456789Z", 86400.123456),
        ("1970-01-02T01:00:00+01:00", 86400.0),
        ("1700000000", 1700000000.0),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
        ("9" * 400, None),
        ("", None),
        (None, None),
    ],
)
def test_moments(text: str | None, seconds: float | None) -> None:
    assert moment(text) == pytest.approx(seconds)


def test_times_come_back() -> None:
    at = "2026-11-20T10:00:00.250Z"
    assert told(moment(at) or 0) == at


def test_extra_days_count_from_the_due_date() -> None:
    due = datetime(2026, 11, 20, tzinfo=UTC)
    assert days_late(due.timestamp() + 86400, due, 0.5) == pytest.approx(0.5)
    assert days_late(due.timestamp() - 1, due) == 0
    assert days_late(None, due) == 0


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("late", [Late(percent=10), Late(cap=50), Late(days=0)])
def test_the_last_second_of_a_day_is_in_time(late: Late) -> None:
    end = datetime(2026, 12, 1, 23, 59, 59, tzinfo=BERLIN)
    last = moment("2026-12-01T22:59:59.900Z")
    assert late_share(late, days_late(last, end)) == 1.0
    assert late_share(late, days_late(moment("2026-12-01T23:00:01Z"), end)) < 1.0


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("2026-10-25T22:30:00Z", 1),  # 23:30, a day of 25 hours
        ("2026-10-25T23:30:00Z", 2),
        ("2026-10-24T22:00:00Z", 1),
    ],
)
def test_a_day_on_which_clocks_are_changed_is_one_day(at: str, days: int) -> None:
    end = datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN)
    late = days_late(moment(at), end)
    assert late_share(Late(percent=10), late) == pytest.approx(1 - days / 10)


def test_the_hour_that_comes_twice_is_late_the_second_time() -> None:
    end = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    assert days_late(moment("2026-10-25T00:10:00Z"), end) == 0
    assert days_late(moment("2026-10-25T01:10:00Z"), end) > 0


def test_days_granted_end_at_the_same_time_of_day() -> None:
    end = datetime(2026, 10, 20, 23, 59, tzinfo=BERLIN)
    assert days_late(moment("2026-10-27T22:58:00Z"), end, 7) == 0, "23:58 in winter time"
    assert days_late(moment("2026-10-27T23:01:00Z"), end, 7) > 0


def test_a_time_at_the_end_of_times_is_late() -> None:
    end = datetime(2026, 10, 20, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert days_late(moment("9999-12-31T23:59:59Z"), end) > 1e6
