"""A record judged anew: what counts, what it costs to be late or helped, what does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checks.kinds import Engines, Name, Text
from checks.message import Message, msg
from checks.observation import Observation
from checks.spec import Check
from checks.verdict import State
from runner.course.course import open_course
from runner.course.lesson import Lesson, Step
from runner.course.variables import draw, fill
from runner.grade.class_ import Counts, Late, LateBy, LessonRule
from runner.grade.clip import clip_message
from runner.grade.facts import Facts
from runner.grade.finding import FindingKind
from runner.grade.judging import Terms, judge_lesson
from runner.grade.moments import moment
from runner.grade.plain import to_plain
from runner.grade.result import CheckRow, LessonResult, Mode
from runner.grade.work import Answered, Help, Seen, Work
from tests.directory_lab import write_course
from tests.grade.learners import MADE, TIMES, half, perfect, seen

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    raw = open_course(write_course(tmp_path_factory.mktemp("course"))).lesson("lesson-01")
    return fill(raw, draw(raw, None))


def judged(lesson: Lesson, work: Work, facts: Facts | None = None, **rule: object) -> LessonResult:
    terms = Terms(
        learner="ada",
        rule=LessonRule(lesson="lesson-01", **rule),  # type: ignore[arg-type]
        mode=Mode.SUBMISSION,
        facts=facts or Facts(learner="ada"),
        file_time=moment(MADE),
    )
    return judge_lesson(lesson, work, terms)


def row(result: LessonResult, check: str) -> CheckRow:
    return next(one for step in result.steps for one in step.checks if one.id == check)


def kinds(result: LessonResult) -> list[FindingKind]:
    return [one.kind for one in result.findings]


def with_seen(work: Work, *more: Seen) -> Work:
    return replace(work, seen=(*work.seen, *more))


def test_all_done_is_all_points(lesson: Lesson) -> None:
    result = judged(lesson, perfect())
    assert (result.earned, result.possible, result.score) == (6.0, 6.0, 100.0)
    assert result.completed == TIMES["rename.kept"]
    assert result.findings == ()


def test_the_learners_verdict_counts_for_nothing(lesson: Lesson) -> None:
    claimed = seen("make.there", 1, state=State.PASSED)
    result = judged(lesson, replace(perfect(), seen=(claimed, *perfect().seen[1:])))
    assert row(result, "make.there").verdict.state is State.FAILED
    assert kinds(result) == [FindingKind.DIFFERENT_VERDICT]


def test_a_pass_that_the_record_does_not_know_of_counts_too(lesson: Lesson) -> None:
    modest = seen("make.there", state=State.FAILED)
    result = judged(lesson, replace(perfect(), seen=(modest, *perfect().seen[1:])))
    assert result.score == 100


def test_an_answer_to_another_command_is_no_pass(lesson: Lesson) -> None:
    other = replace(seen("look.kept"), check="make.there")
    result = judged(lesson, replace(perfect(), seen=(other, *perfect().seen[1:])))
    assert row(result, "make.there").verdict.state is State.ERRORED
    observation = replace(other.observation, check="make.there")  # type: ignore[type-var]
    renamed = replace(other, observation=observation)
    result = judged(lesson, replace(perfect(), seen=(renamed, *perfect().seen[1:])))
    assert row(result, "make.there").verdict.state is State.ERRORED


def test_what_a_check_needs_must_have_held(lesson: Lesson) -> None:
    seens = tuple(one for one in perfect().seen if one.check != "rename.named")
    result = judged(lesson, replace(perfect(), seen=seens))
    assert row(result, "rename.kept").verdict.state is State.SKIPPED
    assert row(result, "rename.kept").earned == 0


def test_what_holds_by_itself_in_an_empty_lab_earns_nothing(lesson: Lesson) -> None:
    """Nothing of step make was done; that a later check holds is no work of the learner's."""
    idle = replace(perfect(), seen=(seen("make.there", 1), *perfect().seen[2:]), answers=())
    result = judged(lesson, idle)
    assert row(result, "rename.named").verdict.state is State.SKIPPED
    assert result.earned == 0
    skipped_one = (
        seen("make.there", 1),
        seen("rename.named", 1, at="2026-11-20T10:01:59.000Z"),
        seen("rename.named"),
    )
    result = judged(lesson, replace(idle, seen=skipped_one))
    assert row(result, "rename.named").verdict.passed, "it was seen not to hold, and then it did"


@pytest.mark.parametrize("state", [State.SKIPPED, State.FAILED])
def test_a_record_that_only_says_it_did_not_hold_earns_nothing(
    lesson: Lesson, state: State
) -> None:
    """Nobody asked then, or what the lab said held: the learner's word makes no work of it."""
    early = "2026-11-20T09:59:30.000Z"
    made_up = [seen(one, at=early, state=state) for one in ("rename.named", "rename.kept")]
    if state is State.SKIPPED:
        made_up = [replace(one, observation=None) for one in made_up]
    seens = (seen("make.there", 1), *made_up, *perfect().seen[2:])
    result = judged(lesson, replace(perfect(), seen=seens, answers=()))
    assert result.earned == 0


def test_what_could_not_be_asked_before_it_held_was_work(lesson: Lesson) -> None:
    early = "2026-11-20T10:01:59.000Z"
    waiting = replace(seen("rename.kept", at=early, state=State.SKIPPED), observation=None)
    seens = (
        *(seen("make.there", 1), seen("rename.named", 1, at=early), waiting),
        *perfect().seen[2:],
    )
    result = judged(lesson, replace(perfect(), seen=seens, answers=()))
    assert [row(result, one).earned for one in ("rename.named", "rename.kept")] == [1.0, 1.0]


def test_once_is_enough_by_ever_and_not_by_now(lesson: Lesson) -> None:
    broken = with_seen(perfect(), seen("look.kept", 1, at="2026-11-20T11:00:00.000Z"))
    assert judged(lesson, broken).score == 100
    by_now = judged(lesson, broken, counts=Counts.NOW)
    assert row(by_now, "look.kept").verdict.state is State.FAILED
    assert by_now.score < 100


def test_what_a_later_step_undoes_counts_by_its_time_also_by_now(lesson: Lesson) -> None:
    gone = with_seen(perfect(), seen("make.there", 1, at="2026-11-20T11:00:00.000Z"))
    result = judged(lesson, gone, counts=Counts.NOW)
    assert row(result, "make.there").verdict.passed
    assert row(result, "make.there").undone_by == "rename"
    assert result.score == 100


def test_only_what_was_late_costs(lesson: Lesson) -> None:
    due = datetime(2026, 11, 20, 10, 1, 30, tzinfo=UTC)
    result = judged(lesson, perfect(), due=due, late=Late(percent=50))
    assert row(result, "make.there").earned == 1.0
    assert row(result, "rename.named").earned == 0.5
    assert row(result, "rename.named").late > 0


def test_by_file_all_is_late_or_nothing(lesson: Lesson) -> None:
    due = datetime(2026, 11, 19, 11, tzinfo=UTC)
    late = Late(percent=10, by=LateBy.FILE)
    result = judged(lesson, perfect(), due=due, late=late)
    assert result.score == pytest.approx(80)
    assert judged(lesson, perfect(), due=NOON, late=late).score == 100


def test_hints_and_solutions_cost_their_step(lesson: Lesson) -> None:
    helped = replace(
        perfect(),
        hints=(Help(step="make", count=2, at="2026-11-20T09:59:30.000Z"),),
        solutions=(Help(step="rename", count=1, at="2026-11-20T10:01:30.000Z"),),
    )
    result = judged(lesson, helped, hint=25, solution=100)
    assert [step.earned for step in result.steps] == [0.5, 3.0, 0.0]
    assert [step.taken_off for step in result.steps] == [0.5, 0.0, 2.0]


def test_a_hint_read_after_the_step_was_done_is_no_help(lesson: Lesson) -> None:
    after = replace(perfect(), hints=(Help(step="make", count=1, at="2026-11-20T10:30:00.000Z"),))
    assert judged(lesson, after, hint=50).score == 100
    twice = replace(after, hints=(replace(after.hints[0], count=2),))
    once = replace(after, hints=(replace(after.hints[0], at=TIMES["make.there"]),))
    assert judged(lesson, twice, hint=50).score == judged(lesson, once, hint=50).score < 100


def test_help_after_all_was_done_that_can_hold_here_is_none(lesson: Lesson) -> None:
    steps = [
        replace(step, checks=(*step.checks, _elsewhere(step))) if step.id == "make" else step
        for step in lesson.steps
    ]
    after = replace(perfect(), hints=(Help(step="make", count=1, at="2026-11-20T10:30:00.000Z"),))
    strange = replace(_of(seen("make.there")), check="make.elsewhere")
    elsewhere = replace(seen("make.there"), check="make.elsewhere", observation=strange)
    wider = replace(lesson, steps=tuple(steps))
    result = judged(wider, with_seen(after, elsewhere), hint=50)
    assert row(result, "make.elsewhere").verdict.state is State.UNSUPPORTED
    assert result.score == 100


def _elsewhere(step: Step) -> Check:
    """Give a check that cannot hold on the engine of the record."""
    [check, *_] = step.checks
    return replace(check, id=Name("elsewhere"), engines=Engines(">=99"), because=Text("made later"))


@pytest.mark.parametrize("at", ["", "2026-99-99T99:99:99Z"])
def test_what_held_at_no_time_is_no_earlier_than_the_file(lesson: Lesson, at: str) -> None:
    late = Late(percent=10)
    edited = replace(perfect(), seen=tuple(replace(one, at=at) for one in perfect().seen))
    due = NOON.replace(hour=11)
    assert judged(lesson, edited, late=late, due=due).score < 100
    assert judged(lesson, edited, late=late, due=NOON).score == 100


def test_what_a_lab_calls_its_things_may_be_of_any_length(lesson: Lesson) -> None:
    name = "x" * 1_000_000
    made = {name: {"id": "ab" * 32, "created": "2030-01-01T00:00:00Z"}}
    long = seen("make.there", objects=made)
    observation = replace(_of(long), engine="e" * 1_000_000)
    result = judged(
        lesson,
        replace(perfect(), seen=(replace(long, observation=observation), *perfect().seen[1:])),
    )
    assert result.findings
    assert len(json.dumps(to_plain(result))) < 50_000


def test_a_sentence_that_a_lab_wrote_is_cut() -> None:
    nested = msg("n" * 9000)
    told = clip_message(Message("x" * 1_000_000, {"a" * 9000: ["y" * 9000], "b": nested, "c": 3}))
    assert len(json.dumps(told.to_json())) < 10_000
    assert told.values["c"] == 3


def test_answers_are_judged_by_the_course_and_the_lab(lesson: Lesson) -> None:
    lied = Answered(question="look.kind", at=MADE, value="word", correct=True)
    wrong = Answered(question="look.number", at=MADE, value="41", correct=True, known=("42",))
    result = judged(lesson, replace(perfect(), answers=(lied, wrong)))
    assert [one.right for one in result.steps[1].questions] == [False, False]


def test_a_right_answer_after_too_many_earns_nothing(lesson: Lesson) -> None:
    tries = tuple(
        Answered(question="look.number", at=MADE, value=value, correct=value == "42", known=("42",))
        for value in ("1", "2", "42")
    )
    work = replace(perfect(), answers=tries)
    assert judged(lesson, work, attempts=2).steps[1].questions[0].right is False
    assert judged(lesson, work, attempts=3).steps[1].questions[0].right is True


def test_a_value_that_nobody_kept_is_left_out(lesson: Lesson) -> None:
    old = Answered(question="look.number", at=MADE, value="42", correct=True)
    result = judged(lesson, replace(perfect(), answers=(old, perfect().answers[1])))
    question = result.steps[1].questions[0]
    assert (question.right, question.possible) == (None, 0.0)
    assert result.score == 100


def test_half_done_is_told_step_by_step(lesson: Lesson) -> None:
    result = judged(lesson, half())
    assert result.completed is None
    assert result.steps[0].minutes == 1.0
    assert row(result, "rename.named").verdict.state is State.FAILED
    assert row(result, "rename.kept").verdict.state is State.SKIPPED


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(enrolled=moment("2026-11-20T11:00:00Z")), "enrolled"),
        (Facts(now=moment("2026-11-19T11:00:00Z")), "future"),
        (Facts(made=moment("2026-11-20T10:01:30Z")), "submission was made"),
    ],
)
def test_impossible_times_are_told(lesson: Lesson, facts: Facts, words: str) -> None:
    result = judged(lesson, perfect(), facts)
    assert kinds(result) == [FindingKind.IMPOSSIBLE_TIME]
    assert words in str(result.findings[0].message)
    assert result.score == 100, "a person decides"


def test_a_check_cannot_hold_before_what_it_needs(lesson: Lesson) -> None:
    seens = tuple(
        seen(one.check, at="2026-11-20T10:30:00.000Z") if one.check == "rename.named" else one
        for one in perfect().seen
    )
    assert kinds(judged(lesson, replace(perfect(), seen=seens))) == [FindingKind.IMPOSSIBLE_TIME]


def test_a_check_cannot_hold_before_its_object_was_made(lesson: Lesson) -> None:
    objects = {"web01": {"id": "ab" * 32, "created": "2026-11-20T11:59:00.123456789Z"}}
    first = seen("make.there", objects=objects)
    result = judged(lesson, replace(perfect(), seen=(first, *perfect().seen[1:])))
    assert kinds(result) == [FindingKind.IMPOSSIBLE_TIME]
    assert "web01" in result.findings[0].evidence


def test_one_name_has_one_id_in_one_breath(lesson: Lesson) -> None:
    one = seen("rename.named", objects={"web01": {"id": "ab" * 32, "created": ""}})
    two = seen("rename.kept", objects={"web01": {"id": "cd" * 32, "created": ""}})
    result = judged(lesson, replace(perfect(), seen=(*perfect().seen[:2], one, two)))
    assert kinds(result) == [FindingKind.EDITED_OBSERVATION]


def test_values_of_somebody_else_are_told(lesson: Lesson) -> None:
    theirs = replace(perfect(), values={"name": "web02"})
    result = judged(lesson, theirs, Facts(values={"name": "web01"}))
    assert FindingKind.FOREIGN_VALUES in kinds(result)


def test_another_state_of_the_lesson_is_told(lesson: Lesson) -> None:
    result = judged(lesson, perfect(digest="ab" * 16), Facts(digest="cd" * 16))
    assert kinds(result) == [FindingKind.STALE_LESSON]


def test_nonsense_times_and_endless_outputs_do_no_harm(lesson: Lesson) -> None:
    long = seen("look.kept", 0, "x" * 5_000_000, at="yesterday")
    odd = replace(long, observation=replace(_of(long), seconds=float("nan"), started="never"))
    result = judged(lesson, replace(perfect(), seen=(odd, *perfect().seen)))
    assert FindingKind.IMPOSSIBLE_TIME in kinds(result)
    assert len(row(result, "look.kept").verdict.evidence) < 10_000
    alone = judged(lesson, replace(perfect(), seen=(odd,)))
    told = row(alone, "look.kept").verdict
    assert len(str(told.found)) < 2_000
    assert len(told.evidence) < 10_000


def _of(one: Seen) -> Observation:
    assert one.observation is not None
    return one.observation


def test_without_a_record_what_was_undone_is_left_out(lesson: Lesson) -> None:
    live = replace(perfect(), seen=tuple(s for s in perfect().seen if s.check != "make.there"))
    terms = Terms(
        learner="ada",
        rule=LessonRule(lesson="lesson-01"),
        mode=Mode.LIVE,
        facts=Facts(),
        bare=True,
    )
    result = judge_lesson(lesson, live, terms)
    undone = row(result, "make.there")
    assert (undone.verdict.state, undone.possible) == (State.SKIPPED, 0.0)
    assert result.score == 100


def test_why_all_of_a_lab_without_a_record_is_late_is_told(lesson: Lesson) -> None:
    rule = LessonRule(lesson="lesson-01", due=NOON.replace(hour=9), late=Late(percent=10))
    terms = Terms(learner="ada", rule=rule, mode=Mode.LIVE, facts=Facts(), bare=True)
    result = judge_lesson(lesson, perfect(), terms)
    assert result.score == 90
    assert kinds(result) == [FindingKind.NO_RECORD]
    assert "0.0 days late" in str(result.findings[0].message)
    in_time = replace(terms, rule=replace(rule, due=NOON))
    assert kinds(judge_lesson(lesson, perfect(), in_time)) == []
    recorded = replace(terms, bare=False)
    assert kinds(judge_lesson(lesson, perfect(), recorded)) == []
