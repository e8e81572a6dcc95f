"""The rules of when a check counts, a step has passed, a lesson is complete."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.kinds import Name
from checks.verdict import State
from runner.course.course import open_course
from runner.course.lesson import Lesson
from runner.learn import progress
from runner.learn.stage import undone_by
from runner.record.times import CheckTimes
from tests.directory_lab import write_course

NOW = "2026-01-01T00:00:00.000Z"
HOLDS = CheckTimes().after(State.PASSED, NOW)
BROKEN = HOLDS.after(State.FAILED, NOW)
ELSEWHERE = CheckTimes(first_passed=NOW)
"""Passed in an earlier lab, not asked in this one."""
UNSUPPORTED = CheckTimes().after(State.UNSUPPORTED, NOW)
QUESTIONS = ("look.number", "look.kind")


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return open_course(write_course(tmp_path)).lesson("lesson-01")


def times(make: CheckTimes, rename: CheckTimes) -> dict[str, CheckTimes]:
    return {
        "make.there": make,
        "look.kept": HOLDS,
        "rename.named": rename,
        "rename.kept": rename,
    }


@pytest.mark.parametrize(
    ("make", "rename", "complete"),
    [
        (HOLDS, HOLDS, True),
        (BROKEN, HOLDS, True),  # undone on purpose, and it did hold
        (ELSEWHERE, HOLDS, True),  # it held in an earlier lab
        (CheckTimes(), HOLDS, False),  # never seen to hold
        (HOLDS, BROKEN, False),
        (HOLDS, CheckTimes(), False),
        (HOLDS, UNSUPPORTED, True),
        (UNSUPPORTED, HOLDS, True),
    ],
)
def test_a_lesson_is_complete_when_all_has_passed_in_its_time(
    lesson: Lesson, make: CheckTimes, rename: CheckTimes, complete: bool
) -> None:
    assert progress.complete(lesson, times(make, rename), QUESTIONS) is complete


def test_open_questions_leave_a_lesson_open(lesson: Lesson) -> None:
    assert not progress.complete(lesson, times(HOLDS, HOLDS), ["look.kind"])


@pytest.mark.parametrize(
    ("rename", "undone"),
    [(HOLDS, True), (BROKEN, True), (CheckTimes(), False), (ELSEWHERE, False)],
)
def test_a_check_is_undone_from_the_moment_its_step_passed_in_this_lab(
    lesson: Lesson, rename: CheckTimes, undone: bool
) -> None:
    found = progress.undone(lesson, times(HOLDS, rename))
    assert found == ({"make.there"} if undone else frozenset())


def test_only_what_did_hold_is_granted(lesson: Lesson) -> None:
    assert progress.granted(lesson, times(HOLDS, HOLDS)) == {"make.there"}
    assert progress.granted(lesson, times(CheckTimes(), HOLDS)) == frozenset()


def test_a_step_counts_as_standing_while_its_checks_hold_or_are_undone(lesson: Lesson) -> None:
    assert progress.standing_steps(lesson, times(BROKEN, HOLDS)) == {"make", "look", "rename"}
    assert progress.standing_steps(lesson, times(HOLDS, BROKEN)) == {"make", "look"}
    assert progress.standing_steps(lesson, {}) == frozenset()


def test_questions_are_named_by_step(lesson: Lesson) -> None:
    assert progress.questions_of(lesson) == list(QUESTIONS)


def test_of_several_steps_that_undo_a_check_the_first_counts(lesson: Lesson) -> None:
    *before, last = lesson.steps
    again = replace(last, id=Name("again"))
    assert undone_by(lesson.steps) == {"make.there": last.id}
    assert undone_by((*before, last, again)) == {"make.there": last.id}


def test_a_step_that_the_engine_cannot_do_undoes_nothing(lesson: Lesson) -> None:
    asked = times(HOLDS, UNSUPPORTED)
    assert "rename" in progress.passed_steps(lesson, asked)
    assert not progress.undone(lesson, asked)
    assert progress.complete(lesson, asked, QUESTIONS)
    assert not progress.complete(lesson, times(BROKEN, UNSUPPORTED), QUESTIONS)
