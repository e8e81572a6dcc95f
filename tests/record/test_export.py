"""A lesson's record as it is given away; older records brought up to date, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.verdict import State
from runner.grade.work_json import work_from_json, work_to_json
from runner.record import migrations
from runner.record.database import Database
from runner.record.export import LONGEST, export
from runner.record.store import HISTORY, LABS, Store
from tests.record.test_store import checked, ticking

LESSON = "lesson-07"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "record.sqlite", clock=ticking())
    yield opened
    opened.close()


def test_a_record_before_answers_kept_what_the_lab_knew_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    old = Database(path, migrations.COURSE[:1])
    with old.writing() as connection:
        connection.execute(
            "INSERT INTO answers (lesson, id, at, value, correct) VALUES (?, ?, ?, ?, ?)",
            (LESSON, "alias.guess", "2026-01-01T00:00:00.000Z", "yes", 1),
        )
    old.close()
    store = Store(path)
    [given] = store.answers(LESSON)["alias.guess"]
    assert (given.value, given.correct, given.known) == ("yes", True, None)
    assert store.traces(LESSON) == []
    store.close()
    assert list(tmp_path.glob("record.v1-*.sqlite"))


def test_everything_recorded_is_given_and_read_again(store: Store) -> None:
    store.begin_lab("a1", LESSON, {})
    store.begin_lesson(LESSON, "alias", 3)
    store.save_checks(LESSON, "a1", [checked(State.FAILED)])
    store.save_checks(LESSON, "a1", [checked(State.PASSED, said="\ud800\x1b[31m")])
    store.answer(LESSON, "alias.guess", "yes", True)
    store.answer(LESSON, "alias.index", "7", False, ["8", "9"])
    store.show_hint(LESSON, "alias", 2)
    store.use_solution(LESSON, "alias")
    store.save_traces("a1", LESSON, {"lab": "a1", "cut": False, "hosts": {}})
    about = {"digest": "ab" * 16, "values": {"name": "web01"}}
    work = work_from_json(export(store, LESSON, about, last=HISTORY))
    assert [one.state for one in work.seen] == [State.FAILED, State.PASSED]
    assert [one.first for one in work.seen] == [False, True]
    assert {(one.value, one.known) for one in work.answers} == {("yes", None), ("7", ("8", "9"))}
    assert [(one.step, one.count) for one in (*work.hints, *work.solutions)] == [("alias", 1)] * 2
    assert all(one.at for one in (*work.hints, *work.solutions))
    assert [lab.lab for lab in work.labs] == ["a1"]
    assert (work.digest, work.values) == ("ab" * 16, {"name": "web01"})
    assert work.times == store.times(LESSON)
    assert work_from_json(work_to_json(work)) == work


def test_a_copy_holds_the_first_that_passed_and_the_last_alone(store: Store) -> None:
    store.begin_lab("a1", LESSON, {})
    states = [State.FAILED, State.PASSED, State.PASSED, State.FAILED, State.FAILED]
    for state in states:
        store.save_checks(LESSON, "a1", [checked(state)])
    work = work_from_json(export(store, LESSON))
    assert [(one.state, one.first) for one in work.seen] == [
        (State.PASSED, True),
        (State.FAILED, False),
    ]


def test_traces_of_the_last_labs_are_kept(store: Store) -> None:
    for number in range(LABS + 3):
        store.save_traces(f"lab{number}", LESSON, {"lab": f"lab{number}", "hosts": {}})
    store.save_traces("elsewhere", "lesson-01", {"lab": "elsewhere", "hosts": {}})
    assert [one["lab"] for one in store.traces(LESSON)] == [f"lab{n}" for n in range(3, LABS + 3)]
    assert len(store.traces("lesson-01")) == 1


def test_what_a_learner_answered_at_length_is_cut(store: Store) -> None:
    store.answer(LESSON, "alias.guess", "x" * 100_000, False, ["y" * 100_000] * 3)
    [one] = work_from_json({**export(store, LESSON)}).answers
    assert (len(one.value), one.known) == (LONGEST, ("y" * LONGEST,) * 3)


def test_a_lesson_never_begun_is_an_empty_record(store: Store) -> None:
    work = work_from_json(export(store, LESSON))
    assert (work.started, work.completed, work.seen, work.answers) == ("", None, (), ())
