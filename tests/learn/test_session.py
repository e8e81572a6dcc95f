"""A learner's session on a lab that is a directory: what is done, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.message import Message
from checks.verdict import State
from runner.course.course import open_course
from runner.course.lesson import Lesson, Step
from runner.errors import Exit
from runner.lab.handle import LabBusy
from runner.learn.desk import NoLab
from runner.learn.session import Session
from runner.record.store import Store
from tests.directory_lab import DirectoryLabs, write_course


def quiet(_: Message) -> None:
    pass


class Taken:
    """One learner with all around them."""

    def __init__(self, folder: Path, lesson: str = "lesson-01") -> None:
        self.course = open_course(write_course(folder / "course"))
        self.store = Store(folder / "record.sqlite")
        self.labs = DirectoryLabs(folder / "labs")
        self.session = self.open(lesson)

    def open(self, lesson: str = "lesson-01") -> Session:
        """Open a session as another process would."""
        self.session = Session("small", self.course.lesson(lesson), self.store, self.labs, "ann")
        return self.session

    @property
    def lesson(self) -> Lesson:
        return self.session.lesson

    def step(self, name: str) -> Step:
        return next(step for step in self.lesson.steps if step.id == name)

    def states(self) -> dict[str, str]:
        return {item.id: item.verdict.state.value for item in self.session.check().counted}


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Taken]:
    made = Taken(tmp_path)
    yield made
    made.session.close()
    made.store.close()


def test_a_lesson_never_started_says_how_to_start(taken: Taken) -> None:
    with pytest.raises(NoLab, match="never started") as caught:
        taken.session.check()
    assert str(caught.value.remedy) == "Start it: learn-docker-net start lesson-01"
    assert caught.value.exit is Exit.ERRORED


def test_starting_sets_the_lesson_up_once(taken: Taken) -> None:
    taken.session.start(quiet)
    number = taken.labs.place() / "number"
    assert number.read_text() == "42\n"
    number.write_text("7\n")
    taken.open().start(quiet)
    assert number.read_text() == "7\n"
    assert taken.labs.made == 1


def test_a_start_that_was_cut_short_sets_up_again(taken: Taken) -> None:
    handle = taken.labs.up(taken.session._desk._request(None))
    taken.session.start(quiet)
    assert (taken.labs.place(handle) / "number").read_text() == "42\n"


def test_the_way_through_a_lesson(taken: Taken) -> None:
    taken.session.start(quiet)
    assert taken.states() == {
        "make.there": "failed",
        "look.kept": "passed",
        "rename.named": "failed",
        "rename.kept": "skipped",
    }
    (taken.labs.place() / "one").touch()
    assert taken.session.check(["make"]).exit is Exit.OK
    (taken.labs.place() / "one").rename(taken.labs.place() / "two")
    report = taken.session.check()
    assert [item.verdict.state for item in report.counted] == [State.PASSED] * 4
    undone = report.counted[0]
    assert (undone.undone_by, undone.result) == ("rename", None)
    assert not report.complete  # the questions are open
    for name, value in (("number", " 42 "), ("kind", "digits")):
        step = taken.step("look")
        question = next(one for one in step.ask if one.id == name)
        assert taken.session.answer(step, question, value).state is State.PASSED
    assert taken.session.check().complete
    standing = taken.store.standing("lesson-01")
    assert standing is not None and standing.completed is not None


def test_what_is_broken_again_is_red_again(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "one").touch()
    assert taken.states()["make.there"] == "passed"
    (taken.labs.place() / "one").unlink()
    assert taken.states()["make.there"] == "failed"


def test_what_was_undone_before_it_was_seen_is_skipped(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "two").touch()
    report = taken.session.check()
    first = report.counted[0]
    assert first.verdict.state is State.SKIPPED
    assert "undone by a later step" in str(first.verdict.found)
    assert report.exit is Exit.OK and not report.complete


def test_a_lab_without_a_record_is_judged_by_what_stands_at_the_end(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "two").touch()
    taken.store.end_lab()
    taken.open()
    report = taken.session.check()
    assert report.bare
    assert [item.verdict.state.value for item in report.counted] == [
        "skipped",
        "passed",
        "passed",
        "passed",
    ]
    assert report.exit is Exit.OK
    assert taken.store.lab() is None


def test_another_lessons_lab_is_not_taken_away_unasked(taken: Taken) -> None:
    taken.session.start(quiet)
    other = taken.open("lesson-02")
    with pytest.raises(LabBusy, match="lesson-01"):
        other.start(quiet)
    with pytest.raises(NoLab, match="yours is set up for lesson-01"):
        other.check()
    other.reset(quiet)
    assert other.check().exit is Exit.OK


def test_a_lab_that_is_gone_is_said_and_forgotten(taken: Taken) -> None:
    taken.session.start(quiet)
    taken.labs.remove()
    with pytest.raises(NoLab, match="is gone"):
        taken.session.check()
    assert taken.store.lab() is None


def test_a_silent_engine_is_no_failure_of_the_learner(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "dead").touch()
    report = taken.session.check()
    assert report.exit is Exit.ERRORED
    assert {item.verdict.state for item in report.counted} <= {State.ERRORED, State.SKIPPED}


def test_wrong_answers_are_counted_and_explained(taken: Taken) -> None:
    taken.session.start(quiet)
    step = taken.step("look")
    judged = taken.session.answer(step, step.ask[0], "24")
    assert (judged.state, judged.because) == (
        State.FAILED,
        "That is the number read from behind.",
    )
    assert taken.session.answer(step, step.ask[0], "42").state is State.PASSED
    given = taken.store.answers("lesson-01")["look.number"]
    assert [(one.value, one.correct) for one in given] == [("24", False), ("42", True)]
    assert taken.session.answered() == {"look.number"}


def test_an_answer_that_cannot_be_judged_is_not_counted(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "number").unlink()
    step = taken.step("look")
    assert taken.session.answer(step, step.ask[0], "42").state is State.ERRORED
    assert taken.store.answers("lesson-01") == {}


def test_hints_get_more_concrete_and_end(taken: Taken) -> None:
    hints = [taken.session.hint(taken.step("make")) for _ in range(3)]
    assert [(hint.number, hint.of) for hint in hints if hint] == [(1, 2), (2, 2), (2, 2)]


def test_a_solution_is_typed_at_a_prompt_and_counted(taken: Taken) -> None:
    taken.session.start(quiet)
    entered = taken.session.solve(taken.step("make"))
    assert [(one.command, one.status) for one in entered] == [("touch one", 0)]
    assert taken.session.check(["make"]).exit is Exit.OK
    assert taken.store.solutions("lesson-01") == {"make": 1}
    assert taken.session.missing(taken.step("make")) == []


def test_going_to_a_step_leads_through_those_before_it(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "stray").touch()
    taken.session.goto(taken.step("rename"), quiet)
    place = taken.labs.place()
    assert (place / "one").exists() and not (place / "stray").exists()
    assert taken.session.at().id == "rename"
    assert taken.store.solutions("lesson-01") == {"make": 1}
    taken.session.goto(taken.step("rename"), quiet)
    assert taken.store.solutions("lesson-01") == {"make": 1}  # passed before: no help any more


def test_a_clean_lab_begins_the_lesson_anew_and_keeps_the_first_times(taken: Taken) -> None:
    taken.session.goto(taken.step("rename"), quiet)
    taken.session.solve(taken.step("rename"))
    assert set(taken.states().values()) == {"passed"}
    taken.session.reset(quiet)
    assert taken.states()["make.there"] == "failed"
    assert taken.store.times("lesson-01")["make.there"].first_passed is not None


def test_the_lab_gets_a_copy_of_the_record(taken: Taken) -> None:
    taken.session.start(quiet)
    taken.session.check()
    assert taken.session.copy_record()
    copy = (taken.labs.place() / "copy.json").read_text()
    assert '"look.kept": {"first_passed": "20' in copy


def test_a_lab_that_is_gone_is_caught_up_with(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "one").touch()
    taken.session.check()
    taken.session.go(taken.step("rename"))
    taken.labs.remove()
    told: list[str] = []
    taken.open().resume(lambda message: told.append(str(message)))
    assert (taken.labs.place() / "one").exists()
    assert "Catching up, 1 of 2: A file" in told
    assert taken.session.at().id == "rename"
    assert taken.store.solutions("lesson-01") == {}  # it was the learner's own work


def test_catching_up_knows_what_the_record_has_forgotten(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "one").touch()
    taken.session.check()
    taken.labs.remove()
    with pytest.raises(NoLab):
        taken.session.check()
    taken.session.resume(quiet)
    assert (taken.labs.place() / "one").exists()
    assert taken.session.at().id == "make"


def test_going_on_after_another_lesson_catches_up_as_far_as_one_was(taken: Taken) -> None:
    taken.session.start(quiet)
    (taken.labs.place() / "one").touch()
    taken.session.check()
    taken.session.go(taken.step("look"))
    taken.open("lesson-02").reset(quiet)
    taken.open().resume(quiet, clean=True)
    assert (taken.labs.place() / "one").exists()
    assert taken.session.at().id == "look"


def test_a_complete_lesson_begins_anew_where_its_lab_is_gone(taken: Taken) -> None:
    taken.session.start(quiet)
    taken.session.check()
    taken.store.complete("lesson-01")
    taken.session.go(taken.step("rename"))
    taken.labs.remove()
    taken.open().resume(quiet)
    assert not (taken.labs.place() / "one").exists()
    assert taken.session.at().id == "make"


def test_a_lab_that_stands_is_gone_on_with_as_it_is(taken: Taken) -> None:
    taken.session.start(quiet)
    taken.session.go(taken.step("look"))
    taken.open().resume(quiet)
    assert (taken.labs.made, taken.session.at().id) == (1, "look")


def test_a_lesson_goes_on_in_another_language(taken: Taken) -> None:
    from dataclasses import replace

    from checks.kinds import Text

    taken.session.start(quiet)
    taken.session.speak(replace(taken.lesson, title=Text("文件")))
    assert taken.session.check(["look"]).lesson.title == "文件"
