"""A course's own words about a learner's results, in the language of the report.

Results keep each claim as it was judged, in the course's own language. Here it is found again in
the lesson, with the values drawn for the learner, and given in the reader's language together with
what the author has to say about it. What does not fit word for word stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checks.fill import fill_text, finish
from checks.message import Message
from checks.verdict import State, Verdict
from runner.course.course import Course, open_course
from runner.course.lesson import Lesson
from runner.course.overlay import translate as translated
from runner.course.variables import draw
from runner.errors import LearnError
from runner.grade import keys
from runner.grade.class_ import Class
from runner.grade.result import CheckRow, LessonResult, QuestionRow, StepRow
from runner.words import language


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of a lesson as the author wrote them, by where they stand."""

    own: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    told: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """In the language of the report."""


class Retold:
    """Finds the words of one class's course."""

    def __init__(self, class_: Class) -> None:
        """Open course and secret; without either results keep their own words."""
        self._class = class_
        self._course = _course(class_)
        self._secret = _secret(class_)
        self._lessons: dict[str, tuple[Lesson, _Words] | None] = {}

    def result(self, result: LessonResult) -> LessonResult:
        """Give a result whose titles and claims are in the language of the report."""
        lesson = self._lesson(result.lesson)
        if lesson is None:
            return result
        tongue = _Tongue(lesson[1], self._values(lesson[0], result.learner))
        return replace(
            result,
            title=tongue.said(("title",), result.title),
            steps=tuple(_step(row, tongue) for row in result.steps),
        )

    def advice(self, result: LessonResult) -> Mapping[str, str]:
        """Give what the author says about the checks that failed or cannot hold, by their ids."""
        lesson = self._lesson(result.lesson)
        if lesson is None:
            return {}
        tongue = _Tongue(lesson[1], self._values(lesson[0], result.learner))
        found = {row.id: tongue.about(row) for step in result.steps for row in step.checks}
        return {id_: text for id_, text in found.items() if text}

    def title(self, lesson: str) -> str:
        """Give a lesson's title; its id where the course does not tell."""
        found = self._lesson(lesson)
        return found[1].told[("title",)] if found is not None else lesson

    def defaults(self, lesson: str) -> Mapping[tuple[str, ...], str]:
        """Give titles and claims as they are where nothing was drawn, for all learners at once:
        by `(step, "title")`, `(check, "say")` and `(question, "ask")`.
        """
        found = self._lesson(lesson)
        if found is None:
            return {}
        tongue = _Tongue(found[1], draw(found[0], None))
        return {where: tongue.filled(text) for where, text in found[1].told.items()}

    def _values(self, lesson: Lesson, learner: str) -> Mapping[str, str]:
        key = None
        if self._secret is not None and learner:
            key = keys.drawing_key(self._secret, self._class.id, learner)
        return draw(lesson, key)

    def _lesson(self, id_: str) -> tuple[Lesson, _Words] | None:
        if id_ not in self._lessons:
            self._lessons[id_] = self._read(id_)
        return self._lessons[id_]

    def _read(self, id_: str) -> tuple[Lesson, _Words] | None:
        if self._course is None:
            return None
        try:
            own = self._course.lesson(id_)
            told = own
            if language() != self._course.languages[0]:
                told = translated(own, language())
        except (LearnError, OSError):
            return None
        return own, _Words(_texts(own), _texts(told))


@dataclass(frozen=True, slots=True)
class _Tongue:
    """Speaks of one learner's lesson."""

    words: _Words
    values: Mapping[str, str]

    def said(self, where: tuple[str, ...], text: str) -> str:
        """Give the told form of a text that a result holds."""
        own = self.words.own.get(where)
        told = self.words.told.get(where)
        if own is None or told is None or self.filled(own) != text:
            return text
        return self.filled(told)

    def about(self, row: CheckRow) -> str:
        """Give the author's words on a check that does not hold; empty for none."""
        kind = {State.FAILED: "otherwise", State.UNSUPPORTED: "because"}.get(row.verdict.state)
        text = self.filled(self.words.told.get((row.id, kind), "")) if kind else ""
        return "" if "%{" in text else text

    def verdict(self, where: tuple[str, ...], row: CheckRow) -> Verdict:
        """Give a verdict that repeats the claim, if it does, in the told form."""
        expected = row.verdict.expected
        if expected is None or expected.text != "{say}":
            return row.verdict
        told = self.said(where, str(expected.values.get("say", "")))
        return replace(row.verdict, expected=Message("{say}", {"say": told}))

    def filled(self, text: str) -> str:
        """Put the values in."""
        return str(finish(fill_text(text, self.values))).strip()


def _step(row: StepRow, tongue: _Tongue) -> StepRow:
    return replace(
        row,
        title=tongue.said((row.id, "title"), row.title),
        checks=tuple(_check(one, tongue) for one in row.checks),
        questions=tuple(_question(one, tongue) for one in row.questions),
    )


def _check(row: CheckRow, tongue: _Tongue) -> CheckRow:
    where = (row.id, "say")
    return replace(row, say=tongue.said(where, row.say), verdict=tongue.verdict(where, row))


def _question(row: QuestionRow, tongue: _Tongue) -> QuestionRow:
    return replace(row, say=tongue.said((row.id, "ask"), row.say))


def _texts(lesson: Lesson) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {("title",): str(lesson.title)}
    for step in lesson.steps:
        found[str(step.id), "title"] = str(step.title)
        for check in step.checks:
            key = f"{step.id}.{check.id}"
            found[key, "say"] = str(check.say)
            found[key, "otherwise"] = str(check.otherwise or "")
            found[key, "because"] = str(check.because or "")
        for question in step.ask:
            found[f"{step.id}.{question.id}", "ask"] = str(question.say)
    return found


def _course(class_: Class) -> Course | None:
    try:
        return open_course(class_.course_folder)
    except (LearnError, OSError):
        return None


def _secret(class_: Class) -> bytes | None:
    try:
        return keys.read_secret(class_.path)
    except (LearnError, OSError):
        return None
