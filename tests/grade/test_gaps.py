"""What is missing in a record, or was taken out of it, is told; so is what many entries hide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.kinds import Engines, Text
from checks.verdict import State
from runner.course.course import open_course
from runner.course.lesson import Lesson
from runner.course.variables import draw, fill
from runner.grade.class_ import LessonRule
from runner.grade.doubts import MOST
from runner.grade.facts import Facts
from runner.grade.finding import FindingKind, Weight
from runner.grade.judging import Terms, judge_lesson
from runner.grade.moments import moment
from runner.grade.result import LessonResult, Mode
from runner.grade.work import Help, Seen, Work
from tests.directory_lab import write_course
from tests.grade.learners import MADE, STARTED, half, logged, perfect, seen

Told = list[tuple[FindingKind, Weight, str]]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    raw = open_course(write_course(tmp_path_factory.mktemp("course"))).lesson("lesson-01")
    return fill(raw, draw(raw, None))


@pytest.fixture(scope="module")
def bound(lesson: Lesson) -> Lesson:
    """The lesson with a last step that can be done on newer engines only."""
    *steps, last = lesson.steps
    checks = tuple(
        replace(check, engines=Engines(">=25"), because=Text("It came then."))
        for check in last.checks
    )
    return replace(lesson, steps=(*steps, replace(last, checks=checks)))


def judged(lesson: Lesson, work: Work, made: str | None = MADE) -> LessonResult:
    terms = Terms(
        learner="ada",
        rule=LessonRule(lesson="lesson-01"),
        mode=Mode.SUBMISSION,
        facts=Facts(learner="ada", made=moment(made)),
    )
    return judge_lesson(lesson, work, terms)


def told(result: LessonResult) -> Told:
    return [(one.kind, one.weight, one.check) for one in result.findings]


def on_old_engine(one: Seen) -> Seen:
    assert one.observation is not None
    bound = one.check.startswith("rename")
    return replace(
        one,
        state=State.UNSUPPORTED if bound else one.state,
        observation=replace(one.observation, engine="20.10.24"),
    )


def test_an_honest_record_lacks_nothing(lesson: Lesson) -> None:
    assert told(judged(lesson, perfect())) == told(judged(lesson, half())) == []


def test_a_check_that_an_edited_engine_takes_out_is_told(bound: Lesson) -> None:
    there, kept, named, _ = perfect().seen
    result = judged(bound, replace(perfect(), seen=(there, kept, on_old_engine(named))))
    assert (result.possible, judged(bound, perfect()).possible) == (4.0, 6.0)
    assert (FindingKind.EDITED_OBSERVATION, Weight.DOUBT, "") in told(result)
    assert (FindingKind.LEFT_OUT, Weight.NOTE, "") in told(result)
    [edited] = [one for one in result.findings if one.weight is Weight.DOUBT]
    assert "rename.named" in edited.evidence
    assert "20.10.24, 26.1.5" in str(edited.message)


def test_an_old_engine_is_noted_and_nothing_worse(bound: Lesson) -> None:
    old = tuple(map(on_old_engine, perfect().seen))
    work = replace(perfect(), seen=old, labs=(replace(perfect().labs[0], engine="20.10.24"),))
    assert told(judged(bound, work)) == [(FindingKind.LEFT_OUT, Weight.NOTE, "")]


def test_an_answer_that_can_be_compared_with_nothing_is_told(lesson: Lesson) -> None:
    number, kind = perfect().answers
    work = replace(perfect(), answers=(replace(number, value="41", known=None), kind))
    assert told(judged(lesson, work)) == [(FindingKind.LEFT_OUT, Weight.DOUBT, "look.number")]


def test_checks_that_hold_where_nothing_was_typed_are_told(lesson: Lesson) -> None:
    for labs in ((), (logged(),)):
        result = judged(lesson, replace(perfect(), labs=labs))
        assert told(result) == [(FindingKind.NO_LOG, Weight.DOUBT, "")]
    live = judged(lesson, replace(perfect(), labs=()), made=None)
    assert told(live) == [], "there the lab itself was asked"
    nothing = replace(perfect(), labs=(), seen=(seen("make.there", 1),))
    assert told(judged(lesson, nothing)) == []


def test_a_solution_that_the_program_typed_and_nobody_counted_is_told(lesson: Lesson) -> None:
    typed = logged("touch one", "mv one two", by="solution")
    work = replace(perfect(), labs=(typed,))
    assert told(judged(lesson, work)) == [
        (FindingKind.UNCOUNTED_HELP, Weight.DOUBT, "make"),
        (FindingKind.UNCOUNTED_HELP, Weight.DOUBT, "rename"),
    ]
    counted = tuple(Help(step=step, count=1, at=STARTED) for step in ("make", "rename"))
    assert told(judged(lesson, replace(work, solutions=counted))) == []


def test_catching_up_in_a_new_lab_is_no_help(lesson: Lesson) -> None:
    again = logged("touch one", "mv one two", lab="bbbbbbbb", by="solution", at=MADE)
    work = replace(perfect(), labs=(*perfect().labs, again))
    assert told(judged(lesson, work)) == []


def test_many_entries_of_one_kind_hide_no_other(lesson: Lesson) -> None:
    """Checks that there are not, at no time at all; then a lie about one that there is."""
    never = replace(seen("make.there"), at="")
    false = [replace(never, check=f"make.x{number}") for number in range(3 * MOST)]
    lie = seen("look.kept", 1, state=State.PASSED)
    result = judged(lesson, replace(perfect(), seen=(*false, *(never for _ in range(9)), lie)))
    kinds = [one.kind for one in result.findings]
    assert FindingKind.DIFFERENT_VERDICT in kinds
    assert kinds.count(FindingKind.IMPOSSIBLE_TIME) == 2
    assert any(f"And {3 * MOST - 1} more of the kind." in str(f.message) for f in result.findings)
    assert any("And 8 more of the kind." in str(f.message) for f in result.findings)
