"""Answers to a step's questions, judged anew: a choice by the course, a value by what the lab's
own command said when the answer was given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checks.fill import finish
from checks.verdict import State
from runner.course.lesson import Question, Step
from runner.grade.class_ import LessonRule
from runner.grade.clip import VALUE, clip
from runner.grade.result import QuestionRow
from runner.grade.scoring import late_share
from runner.grade.work import Answered
from runner.learn.answers import judge_answer

SHOWN = 20
"""Answers to one question that are kept for the report."""


def judge_questions(
    step: Step,
    answers: Sequence[Answered],
    rule: LessonRule,
    late: Callable[[str | None], float],
) -> list[QuestionRow]:
    """Judge all questions of a step; `late` gives the days that something of a time is late."""
    return [_judge(step, question, answers, rule, late) for question in step.ask]


def _judge(
    step: Step,
    question: Question,
    answers: Sequence[Answered],
    rule: LessonRule,
    late: Callable[[str | None], float],
) -> QuestionRow:
    key = f"{step.id}.{question.id}"
    given = [one for one in answers if one.question == key]
    counted = given if rule.attempts is None else given[: rule.attempts]
    judged = [(_right(question, one), one) for one in counted]
    right = next((one for is_right, one in judged if is_right), None)
    unknown = right is None and any(is_right is None for is_right, _ in judged)
    days = late(right.at) if right is not None else 0.0
    weight = float(question.weight)
    return QuestionRow(
        id=key,
        say=str(finish(question.say)),
        given=tuple(clip(one.value, VALUE) for one in given[:SHOWN]),
        right=None if unknown or not given else right is not None,
        late=round(days, 4),
        earned=weight * late_share(rule.late, days) if right is not None else 0.0,
        possible=0.0 if unknown else weight,
    )


def _right(question: Question, one: Answered) -> bool | None:
    """Judge one answer; None where nobody kept what it is to be compared with."""
    if question.choose is not None:
        return judge_answer(question, one.value, None, "").state is State.PASSED
    if one.known is None:
        return None
    return _folded(one.value) in {_folded(line) for line in one.known} - {""}


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()
