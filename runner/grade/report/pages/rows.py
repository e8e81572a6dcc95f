"""What the class's pages need of one learner, as plain data that waits on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checks.verdict import State
from runner.grade.class_ import Learner, LessonRule
from runner.grade.finding import Finding, Weight
from runner.grade.report.pages.signs import LEFT_OUT, OUTCOME_SIGNS, STATES, grade
from runner.grade.report.pages.tally import Item, LessonTally, state_of_answer
from runner.grade.report.pages.views import item_anchor, troubles
from runner.grade.report.standing import UNKNOWN, lesson_of, nothing_counts, state_of
from runner.grade.result import LearnerResult, LessonResult, Outcome


def book_row(
    result: LearnerResult, rules: Sequence[LessonRule], findings: Sequence[Finding]
) -> dict[str, Any]:
    """Give a learner's row of the gradebook."""
    found = [lesson_of(result.lessons, rule.lesson) for rule in rules]
    grave = [one for one in findings if one.weight is not Weight.NOTE]
    known = not any(one is not None and one.outcome in UNKNOWN for one in found)
    nothing = nothing_counts(result.lessons)
    sign = LEFT_OUT if nothing else OUTCOME_SIGNS[state_of(result)]
    shade = grade(result.total) if sign is OUTCOME_SIGNS[Outcome.GRADED] else sign.name
    return {
        "id": result.learner.id,
        "name": result.learner.name,
        "total": None if nothing else result.total,
        "shade": shade,
        "known": known,
        "grave": len(grave),
        "notes": len(findings) - len(grave),
        "lessons": [_cell(rule.lesson, one) for rule, one in zip(rules, found, strict=True)],
    }


def _cell(lesson: str, result: LessonResult | None) -> dict[str, Any]:
    cell: dict[str, Any] = {"lesson": lesson, "there": result is not None, "late": 0.0, "grave": 0}
    if result is not None:
        cell["grave"] = sum(one.weight is not Weight.NOTE for one in result.findings)
        cell["late"] = result.late
    return {**cell, **_number(result)}


def _number(result: LessonResult | None) -> dict[str, Any]:
    """Give a lesson's score, or the sign that stands in its place."""
    if result is not None and result.outcome is Outcome.GRADED and not result.left_out:
        return {"score": result.score, "shade": grade(result.score)}
    sign = OUTCOME_SIGNS[Outcome.ABSENT if result is None else result.outcome]
    if result is not None and result.left_out:
        sign = LEFT_OUT
    return {"sign": sign.sign, "word": sign.word, "shade": sign.name}


@dataclass(frozen=True, slots=True)
class Column:
    """A check or question in a lesson's map."""

    key: str
    """In a row's `cells`."""
    item: Item
    place: str
    """In the lesson's page, and in each learner's."""
    first: bool
    """Of its step."""


def columns(tally: LessonTally) -> list[Column]:
    """Give the columns of a lesson's map."""
    return [
        Column(
            key=f"?{item.id}" if item.question else item.id,
            item=item,
            place=item_anchor(tally.id, item.id, question=item.question),
            first=not number,
        )
        for step in tally.steps.values()
        for number, item in enumerate(step.items.values())
    ]


def heat_row(learner: Learner, result: LessonResult | None) -> dict[str, Any]:
    """Give a learner's row of a lesson's map; `cells` by id, questions marked with a `?`."""
    row: dict[str, Any] = {"id": learner.id, "name": learner.name, "there": result is not None}
    row |= _number(result)
    if result is None or result.outcome is not Outcome.GRADED:
        return row
    cells = {}
    for step in result.steps:
        for question in step.questions:
            cells[f"?{question.id}"] = _cell_of(state_of_answer(question), question)
        for check in step.checks:
            cells[check.id] = _cell_of(check.verdict.state, check)
    return {**row, "cells": cells}


def _cell_of(state: State, row: Any) -> str:
    """Give the state's name, with a star where points were taken off what holds."""
    less = state is State.PASSED and row.earned + 1e-6 < row.possible
    return f"{STATES[state].name}{'*' if less else ''}"


def trouble_rows(result: LearnerResult) -> Iterator[dict[str, Any]]:
    """Give the lessons of a learner that were not graded, with the reason."""
    for one in troubles(result):
        yield {
            "id": result.learner.id,
            "name": result.learner.name,
            "lessons": list(one.lessons),
            "sign": one.sign.sign,
            "word": one.sign.word,
            "shade": one.sign.name,
            "reason": one.reason,
        }
