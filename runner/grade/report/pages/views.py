"""What a learner's page shows, worked out: templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from checks.message import Message, msg
from checks.verdict import State
from runner.grade.class_ import LateBy, LessonRule
from runner.grade.clip import clip
from runner.grade.finding import Finding, Weight
from runner.grade.report.pages.names import anchor
from runner.grade.report.pages.signs import LEFT_OUT, OUTCOME_SIGNS, STATES, WEIGHT_SIGNS, Sign
from runner.grade.report.pages.tally import state_of_answer
from runner.grade.report.wording import KINDS
from runner.grade.result import CheckRow, LearnerResult, LessonResult, Outcome, QuestionRow, StepRow
from runner.grade.scoring import help_share, late_share
from runner.words import tell, translate

EVIDENCE = 600
"""Characters of a finding's evidence on the class's page."""


@dataclass(frozen=True, slots=True)
class PointsView:
    """How the points of one check or question came about: a product of what stands here."""

    id: str
    possible: float
    days: float
    """Late."""
    late: float
    """Share that lateness leaves, 0 to 1."""
    help: float
    """Share that hints and solution leave."""
    earned: float
    sign: Sign


@dataclass(frozen=True, slots=True)
class ItemView:
    """A check or a question."""

    row: CheckRow | QuestionRow
    anchor: str
    sign: Sign
    points: PointsView
    advice: str = ""
    """The author's words on it."""
    question: bool = False


@dataclass(frozen=True, slots=True)
class StepView:
    """A step."""

    row: StepRow
    items: tuple[ItemView, ...]
    """Questions first, as the learner meets them."""
    solution: bool
    """Whether the solution was taken."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """Findings that are one more of the same, under the first of them."""

    sign: Sign
    kind: str
    said: str
    learner: str
    lesson: str
    check: str
    evidence: str
    others: tuple[str, ...]
    more: int = 0
    """Further ones of the kind in the lesson."""

    def plain(self) -> dict[str, Any]:
        """Give it as data, its evidence cut: the learner's page has it whole."""
        data = {name: getattr(self, name) for name in self.__slots__ if name != "sign"}
        return {
            **data,
            "evidence": clip(self.evidence, EVIDENCE),
            "sign": self.sign.sign,
            "word": self.sign.word,
            "name": self.sign.name,
        }


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson of one learner."""

    result: LessonResult
    rule: LessonRule
    anchor: str
    sign: Sign
    reason: str
    terms: tuple[str, ...]
    """The rules it was graded by, in sentences."""
    steps: tuple[StepView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """So many checks and questions of each state, by its name in the stylesheet."""
    next_: ItemView | None = None
    """What the learner would mend first."""

    @property
    def graded(self) -> bool:
        """Whether it was judged."""
        return self.result.outcome is Outcome.GRADED


def lesson_view(
    result: LessonResult, rule: LessonRule, advice: Mapping[str, str], extra_days: float
) -> LessonView:
    """Give a lesson as its learner's page shows it."""
    steps = tuple(_step(result, row, rule, advice) for row in result.steps)
    items = [item for step in steps for item in step.items]
    failed = (item for item in items if item.sign is STATES[State.FAILED])
    counts = {sign.name: sum(item.sign is sign for item in items) for sign in STATES.values()}
    return LessonView(
        result=result,
        rule=rule,
        anchor=anchor("lesson", result.lesson),
        sign=LEFT_OUT if result.left_out else OUTCOME_SIGNS[result.outcome],
        reason=tell(result.reason) if result.reason else "",
        terms=tuple(map(tell, terms(rule, extra_days))),
        steps=steps,
        findings=finding_views(result.findings, together=False),
        counts=counts,
        next_=next(failed, None),
    )


def item_anchor(lesson: str, id_: str, *, question: bool) -> str:
    """Name the place of a check or question in a learner's page."""
    return anchor("question" if question else "check", lesson, id_)


def _step(
    result: LessonResult, row: StepRow, rule: LessonRule, advice: Mapping[str, str]
) -> StepView:
    share = help_share(rule, row.hints, row.solutions)
    questions = (_item(result, one, rule, share, "") for one in row.questions)
    checks = (_item(result, one, rule, share, advice.get(one.id, "")) for one in row.checks)
    return StepView(row, (*questions, *checks), row.solutions > 0)


def _item(
    result: LessonResult, row: CheckRow | QuestionRow, rule: LessonRule, share: float, advice: str
) -> ItemView:
    question = isinstance(row, QuestionRow)
    state = state_of_answer(row) if isinstance(row, QuestionRow) else row.verdict.state
    sign = STATES[state]
    passed = state is State.PASSED
    points = PointsView(
        id=row.id,
        possible=row.possible,
        days=row.late,
        late=late_share(rule.late, row.late) if passed else 0.0,
        help=share,
        earned=row.earned,
        sign=sign,
    )
    where = item_anchor(result.lesson, row.id, question=question)
    return ItemView(row, where, sign, points, advice, question)


def terms(rule: LessonRule, extra_days: float = 0.0) -> Iterable[Message]:
    """Say by which rules a lesson is graded, but for the due date, which has its own place."""
    if extra_days:
        yield msg("{days} days are granted to this learner.", days=f"{extra_days:g}")
    late = rule.late
    if late.percent:
        yield msg(
            "Late work loses {percent} percent for each day begun.", percent=f"{late.percent:g}"
        )
    if late.cap < 100:
        yield msg("Late work earns at most {cap} percent.", cap=f"{late.cap:g}")
    if late.days is not None:
        yield msg("After {days} days it earns nothing.", days=f"{late.days:g}")
    if rule.due and (late.percent or late.cap < 100 or late.days is not None):
        if late.by is LateBy.FILE:
            yield msg("What counts is when the file was made.")
        else:
            yield msg("What counts is when a check first held.")
    if rule.hint:
        yield msg("A hint costs {percent} percent of its step.", percent=f"{rule.hint:g}")
    if rule.solution:
        yield msg("The solution costs {percent} percent of its step.", percent=f"{rule.solution:g}")
    if rule.attempts is not None:
        yield msg("A question counts within {count} answers.", count=rule.attempts)


_ORDER = {Weight.BARS: 0, Weight.DOUBT: 1, Weight.NOTE: 2}


def finding_views(findings: Iterable[Finding], *, together: bool) -> tuple[FindingView, ...]:
    """Give findings, the gravest first; `together` makes one of those of a kind in a lesson."""
    found = sorted(findings, key=lambda one: (_ORDER[one.weight], *_alike(one)))
    if not together:
        return tuple(_finding(one, 0) for one in found)
    groups = (list(some) for _, some in groupby(found, _alike))
    return tuple(_finding(some[0], len(some) - 1) for some in groups)


def _alike(one: Finding) -> tuple[str, str, str, str]:
    return one.learner, one.lesson, one.kind.value, one.weight.value


def _finding(one: Finding, more: int) -> FindingView:
    return FindingView(
        sign=WEIGHT_SIGNS[one.weight],
        kind=translate(KINDS[one.kind]),
        said=tell(one.message),
        learner=one.learner,
        lesson=one.lesson,
        check=one.check,
        evidence=one.evidence,
        others=one.others,
        more=more,
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Neighbouring lessons of a learner that were not graded for one reason."""

    outcome: Outcome
    lessons: tuple[str, ...]
    reason: str

    @property
    def sign(self) -> Sign:
        """How it is shown."""
        return OUTCOME_SIGNS[self.outcome]


def troubles(result: LearnerResult) -> list[Trouble]:
    """Say why lessons were not graded, absence included."""

    def reason(one: LessonResult) -> tuple[Outcome, str]:
        return one.outcome, tell(one.reason) if one.reason else ""

    return [
        Trouble(outcome, tuple(one.lesson for one in some), why)
        for (outcome, why), some in groupby(result.lessons, reason)
        if outcome is not Outcome.GRADED
    ]


def shares(lessons: Sequence[LessonResult], rules: Sequence[LessonRule]) -> list[float | None]:
    """Give what each lesson adds to the total, in percent points; None for what is left out."""
    by_lesson = {one.lesson: one for one in lessons}

    def counted(rule: LessonRule) -> bool:
        one = by_lesson.get(rule.lesson)
        return one is None or not one.left_out

    def share(rule: LessonRule) -> float:
        one = by_lesson.get(rule.lesson)
        return rule.weight * one.score / weights if one is not None and weights else 0.0

    weights = sum(rule.weight for rule in rules if counted(rule))
    return [share(rule) if counted(rule) else None for rule in rules]
