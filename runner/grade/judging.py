"""One learner's lesson, from what was handed in to what it is worth: a pure function.

The same for a submission, for a lab that is looked at live and for a replay: they differ only in
where the observations come from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from checks.fill import finish
from checks.message import Message, msg
from checks.needs import needs_of
from checks.spec import Role
from checks.verdict import State, Verdict
from runner.course.lesson import Lesson, Step
from runner.grade.anew import Anew, judge_anew
from runner.grade.class_ import Counts, LateBy, LessonRule
from runner.grade.clip import clip, clip_verdict
from runner.grade.doubts import doubts
from runner.grade.facts import Facts
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.moments import days_late, moment
from runner.grade.questions import judge_questions
from runner.grade.result import CheckRow, LessonResult, Mode, Outcome, QuestionRow, StepRow
from runner.grade.scoring import help_share, late_share, percent
from runner.grade.work import Help, Work
from runner.learn import progress
from runner.learn.stage import undone_by

ENGINE = 60
"""Characters kept of an engine's version, which the lab tells."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lesson is judged by, beside the lesson itself."""

    learner: str
    rule: LessonRule
    mode: Mode
    facts: Facts
    """What is known of the learner and of the file, for findings."""
    extra_days: float = 0.0
    file_time: float | None = None
    """When it was handed in, for `by: file`; seconds since 1970."""
    bare: bool = False
    """Whether nobody kept a record: then what a later step undoes cannot be known."""

    def late(self, at: str | None) -> float:
        """Give the days that something of this time is late."""
        counted = None if self.rule.late.by is LateBy.FILE else moment(at)
        counted = self.file_time if counted is None else counted  # no later than it was handed in
        return days_late(counted, self.rule.due, self.extra_days)


def judge_lesson(lesson: Lesson, work: Work, terms: Terms) -> LessonResult:
    """Judge one lesson, its variables filled in with this learner's values."""
    judged = judge_anew(lesson, work)
    times = {key: one.times for key, one in judged.items() if one.lacks is None}
    gone = progress.undone(lesson, times)
    rows = _Rows(lesson, judged, gone, terms)
    steps = tuple(_step(step, rows, work, terms) for step in lesson.steps)
    steps = _with_minutes(steps, work.started)
    checks = [row for step in steps for row in step.checks]
    earned = sum(step.earned for step in steps)
    possible = sum(step.possible for step in steps)
    return LessonResult(
        learner=terms.learner,
        lesson=str(lesson.id),
        title=str(lesson.title),
        outcome=Outcome.GRADED,
        mode=terms.mode,
        steps=steps,
        earned=round(earned, 6),
        possible=round(possible, 6),
        score=percent(earned, possible),
        late=round(max((row.late for row in checks if row.earned > 0), default=0.0), 4),
        started=work.started,
        completed=_completed(steps),
        engine=_engine(judged),
        findings=(
            *doubts(lesson, work, judged, terms.facts),
            *_undated(str(lesson.id), checks, terms),
        ),
    )


def _undated(lesson: str, checks: Collection[CheckRow], terms: Terms) -> Iterator[Finding]:
    """Say why all is late that a lab holds of which nobody kept a record."""
    late = [row for row in checks if row.late > 0]
    if terms.bare and late:
        yield terms.facts.finding(
            FindingKind.NO_RECORD,
            Weight.NOTE,
            msg(
                "The lab has no record of when its work was done: it counts as done now, {days}"
                " days late.",
                days=f"{late[0].late:.1f}",
            ),
            lesson=lesson,
            evidence=", ".join(row.id for row in late),
        )


class _Rows:
    """Says how the checks of a lesson count."""

    def __init__(
        self, lesson: Lesson, judged: Mapping[str, Anew], gone: Collection[str], terms: Terms
    ) -> None:
        self._judged = judged
        self._gone = gone
        self._terms = terms
        self._undone_by = undone_by(lesson.steps)
        self._unreached = _unreached(lesson, judged)

    def row(self, key: str) -> CheckRow:
        """Give one check as it counts, help not yet taken off."""
        one = self._judged[key]
        verdict = self._verdict(key, one)
        late = self._terms.late(one.times.first_passed) if verdict.passed else 0.0
        possible = 0.0 if self._out_of_reach(key, one, verdict) else float(one.check.weight)
        share = late_share(self._terms.rule.late, late) if verdict.passed else 0.0
        return CheckRow(
            id=key,
            say=str(finish(one.check.say)),
            weight=float(one.check.weight),
            verdict=clip_verdict(verdict),
            now=one.times.state,
            first_passed=one.times.first_passed,
            held_since=one.times.held_since,
            undone_by=self._undone_by.get(key) if key in self._gone else None,
            late=round(late, 4),
            earned=possible * share,
            possible=possible,
        )

    def _verdict(self, key: str, one: Anew) -> Verdict:
        if one.lacks is not None:
            return _skipped(
                one, msg("not counted: {need}, which it needs, never held", need=one.lacks)
            )
        before = self._unreached.get(key.partition(".")[0])
        if before is not None and one.first is not None and not one.earned:
            found = msg("not counted: it holds by itself, before anything of {step}", step=before)
            return _skipped(one, found)
        if self._by_ever(key):
            if one.first is not None:
                return one.first.verdict
            if one.claimed is not None:
                return one.claimed.verdict
            if key in self._gone or (self._terms.bare and key in self._undone_by):
                step = self._undone_by[key]
                found = msg(
                    "undone by a later step ({step}), before it was seen to hold", step=step
                )
                return _skipped(one, found)
        if one.last is None:
            return _skipped(one, msg("never asked"))
        if one.times.state is None and not self._by_ever(key):
            return _skipped(one, msg("not asked in the last lab of this lesson"))
        return one.last.verdict

    def _by_ever(self, key: str) -> bool:
        bare = self._terms.bare and key in self._undone_by
        return self._terms.rule.counts is Counts.EVER or key in self._gone or bare

    def _out_of_reach(self, key: str, one: Anew, verdict: Verdict) -> bool:
        """Tell whether a check can earn nothing for no fault of the learner's."""
        if verdict.state is State.UNSUPPORTED or self._needs_unsupported(key):
            return True
        return self._terms.bare and key in self._undone_by and one.last is None

    def _needs_unsupported(self, key: str) -> bool:
        return any(
            need in self._judged
            and (self._judged[need].state is State.UNSUPPORTED or self._needs_unsupported(need))
            for need in needs_of(key, self._judged[key].check)
        )


def _unreached(lesson: Lesson, judged: Mapping[str, Anew]) -> dict[str, str]:
    """Give the steps beyond the first of which nothing ever held, with that one's id.

    There "only one container is connected" may hold in a lab in which nothing was done.
    """
    missed: str | None = None
    found: dict[str, str] = {}
    for step in lesson.steps:
        if missed is not None:
            found[str(step.id)] = missed
            continue
        asked = [
            judged[f"{step.id}.{check.id}"] for check in step.checks if check.role is Role.NORMAL
        ]
        failed = any(one.state is State.FAILED for one in asked)
        if failed and not any(one.ever for one in asked):
            missed = str(step.id)
    return found


def _step(step: Step, rows: _Rows, work: Work, terms: Terms) -> StepRow:
    checks = [rows.row(f"{step.id}.{check.id}") for check in step.checks]
    questions = judge_questions(step, work.answers, terms.rule, terms.late)
    done = _done_at(checks)
    hints = _taken(work.hints, step, done)
    solutions = _taken(work.solutions, step, done)
    share = help_share(terms.rule, hints, solutions)
    both: list[CheckRow | QuestionRow] = [*checks, *questions]
    before = sum(row.earned for row in both)
    return StepRow(
        id=str(step.id),
        title=str(step.title),
        checks=tuple(replace(row, earned=round(row.earned * share, 6)) for row in checks),
        questions=tuple(replace(row, earned=round(row.earned * share, 6)) for row in questions),
        hints=hints,
        solutions=solutions,
        taken_off=round(before * (1 - share), 6),
        earned=round(before * share, 6),
        possible=sum(row.possible for row in both),
    )


def _done_at(checks: Collection[CheckRow]) -> str | None:
    """Give the time from which on a step's checks had all held once, but for those that cannot
    hold here; None before that.
    """
    times = [row.first_passed for row in checks if row.possible > 0]
    return max((at for at in times if at), default=None) if all(times) else None


def _taken(taken: Collection[Help], step: Step, done: str | None) -> int:
    """Count the help that was taken in a step; of what came after it was done, which is no help,
    only the last is known.
    """
    found = [one for one in taken if one.step == step.id]
    return sum(max(0, one.count - (1 if done and one.at > done else 0)) for one in found)


def _with_minutes(steps: tuple[StepRow, ...], started: str) -> tuple[StepRow, ...]:
    """Put in how long each step took: from the one before it to its own last first pass."""
    before, found = moment(started), []
    for step in steps:
        done = moment(_done_at(step.checks))
        minutes = None
        if done is not None and before is not None and done >= before:
            minutes = round((done - before) / 60, 2)
        found.append(replace(step, minutes=minutes))
        before = done if done is not None else before
    return tuple(found)


def _completed(steps: Collection[StepRow]) -> str | None:
    """Give the time at which all that can hold had held once."""
    rows = [row for step in steps for row in step.checks if row.possible > 0]
    times = [row.first_passed for row in rows if row.first_passed]
    right = all(
        row.right is not False and (row.given or row.possible <= 0)
        for step in steps
        for row in step.questions
    )
    return max(times) if times and len(times) == len(rows) and right else None


def _engine(judged: Mapping[str, Anew]) -> str:
    """Give the engine's version that the last observations name."""
    named = [
        (one.last.seen.at, one.last.seen.observation.engine)
        for one in judged.values()
        if one.last is not None and one.last.seen.observation is not None
    ]
    return clip(max(named, default=("", ""))[1], ENGINE)


def _skipped(one: Anew, found: Message) -> Verdict:
    return Verdict(State.SKIPPED, msg("{say}", say=one.check.say), found)
