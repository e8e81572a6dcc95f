"""The record of one course: what is kept, and what a new lab takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from checks.asking import Answer, Outcome, Run
from checks.observation import Observation, Sample
from checks.verdict import State, Verdict
from runner.record.overview import overview
from runner.record.store import HISTORY, Checked, Store


def ticking() -> Callable[[], str]:
    ticks = count(1)
    return lambda: f"2026-01-01T00:00:{next(ticks):02}.000Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "record.sqlite", clock=ticking())
    yield opened
    opened.close()


def checked(state: State, id_: str = "alias.linked", said: str = "") -> Checked:
    answer = Answer("docker", Run("true"), Outcome.ENDED, status=0, stdout=said)
    observation = Observation(
        id_, "2026-01-01T00:00:00.000Z", 0.1, "26.1.5", samples=(Sample({"run": answer}),)
    )
    return Checked(id_, Verdict(state, evidence=said), observation)


def test_a_new_record_knows_nothing(store: Store) -> None:
    assert store.lab() is None
    assert store.standing("lesson-07") is None
    assert store.times("lesson-07") == {}


def test_observations_are_kept_whole(store: Store) -> None:
    store.begin_lab("a1", "lesson-07", {})
    given = checked(State.FAILED, said="line\n" * 5000)
    store.save_checks("lesson-07", "a1", [given])
    assert store.observations("lesson-07", "alias.linked") == [given]


def test_history_is_bounded_and_keeps_the_first_pass(store: Store) -> None:
    store.begin_lab("a1", "lesson-07", {})
    store.save_checks("lesson-07", "a1", [checked(State.PASSED, said="first")])
    for number in range(HISTORY + 5):
        store.save_checks("lesson-07", "a1", [checked(State.FAILED, said=str(number))])
    kept = store.observations("lesson-07", "alias.linked")
    assert kept[0].verdict.evidence == "first"
    assert [item.verdict.evidence for item in kept[1:]] == [str(n) for n in range(5, HISTORY + 5)]


def test_a_clean_lab_takes_back_what_holds_and_leaves_what_passed(store: Store) -> None:
    store.begin_lab("a1", "lesson-07", {})
    store.save_checks("lesson-07", "a1", [checked(State.PASSED)])
    before = store.times("lesson-07")["alias.linked"]
    store.begin_lab("b2", "lesson-07", {})
    after = store.times("lesson-07")["alias.linked"]
    assert (after.state, after.passed_here, after.since) == (None, None, None)
    assert after.first_passed == before.first_passed is not None


def test_an_answer_from_a_lab_that_is_gone_moves_no_state(store: Store) -> None:
    store.begin_lab("b2", "lesson-07", {})
    store.save_checks("lesson-07", "a1", [checked(State.PASSED)])
    assert store.times("lesson-07") == {}
    assert len(store.observations("lesson-07", "alias.linked")) == 1


def test_only_the_lab_that_is_meant_is_noted_as_gone(store: Store) -> None:
    store.begin_lab("b2", "lesson-07", {"hosts": {"docker": "0123"}})
    store.end_lab("a1")
    lab = store.lab()
    assert lab is not None
    assert (lab.id, lab.lesson, lab.handle) == ("b2", "lesson-07", {"hosts": {"docker": "0123"}})
    store.end_lab("b2")
    assert store.lab() is None


def test_a_lesson_keeps_its_start_and_its_first_completion(store: Store) -> None:
    store.begin_lesson("lesson-07", "one", 9)
    store.complete("lesson-07")
    first = store.standing("lesson-07")
    store.begin_lesson("lesson-07", "one", 9)
    store.at_step("lesson-07", "two")
    store.complete("lesson-07")
    again = store.standing("lesson-07")
    assert first is not None and again is not None
    assert (again.started, again.completed, again.step) == (first.started, first.completed, "two")


def test_answers_hints_and_solutions_are_counted(store: Store) -> None:
    store.answer("lesson-07", "alias.guess", "yes", False)
    store.answer("lesson-07", "alias.guess", "no", True)
    assert [given.correct for given in store.answers("lesson-07")["alias.guess"]] == [False, True]
    assert [store.show_hint("lesson-07", "alias", 2) for _ in range(3)] == [1, 2, 2]
    store.use_solution("lesson-07", "alias")
    store.use_solution("lesson-07", "alias")
    assert store.hints("lesson-07") == {"alias": 2}
    assert store.solutions("lesson-07") == {"alias": 2}


def test_the_overview_counts_what_has_ever_passed(store: Store) -> None:
    store.begin_lesson("lesson-07", None, 3)
    store.begin_lab("a1", "lesson-07", {})
    store.save_checks("lesson-07", "a1", [checked(State.PASSED), checked(State.FAILED, "a.b")])
    store.begin_lab("b2", "lesson-07", {})
    found = overview(store.path)["lesson-07"]
    assert (found.passed, found.total, found.completed) == (1, 3, None)


def test_the_overview_of_a_course_never_begun_makes_no_file(tmp_path: Path) -> None:
    assert overview(tmp_path / "none.sqlite") == {}
    assert list(tmp_path.iterdir()) == []
