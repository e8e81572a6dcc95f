"""Where submissions are judged: the lessons that a process has read, and the work on one task.

Runs in a process of its own, here or on another machine; what it is given and what it gives are
plain data. It writes nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from checks.message import Message, msg
from runner.course.course import Course, open_course
from runner.course.digest import lesson_digest
from runner.course.lesson import Lesson
from runner.course.variables import draw, fill
from runner.errors import LearnError
from runner.grade.class_ import LessonRule
from runner.grade.facts import Facts
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.heads import head_findings
from runner.grade.judging import Terms, judge_lesson
from runner.grade.moments import moment
from runner.grade.packed import BadSubmission
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.submission import Signature, Submission, open_submission
from runner.grade.task import Begun, Part, Piece, Sighting, Task, Whole
from runner.grade.work import Work

_OBJECT = re.compile(r"[0-9a-f]{12,64}")
_EVERYWHERE = frozenset({"bridge", "host", "none", "ingress", "docker_gwbridge"})
"""Networks that come with an engine: labs made from one template have them with one id."""
SIGHTINGS = 2000
"""Objects kept of one lesson: a forged record might speak of any number."""


class Lessons:
    """The lessons of one course, each read once."""

    def __init__(self, folder: Path | None) -> None:
        """Open the course in a folder, None for the built-in one; LearnError as that does."""
        self.course: Course = open_course(folder)
        self._digests: dict[str, str] = {}

    def raw(self, lesson: str) -> Lesson:
        """Give a lesson as its file has it."""
        return self.course.lesson(lesson)

    def for_key(self, lesson: str, key: bytes | None) -> tuple[Lesson, dict[str, str]]:
        """Give a lesson with the values drawn by a key, and those."""
        raw = self.raw(lesson)
        values = draw(raw, key)
        return fill(raw, values), values

    def digest(self, lesson: str) -> str:
        """Give the digest of the instructor's copy."""
        if lesson not in self._digests:
            self._digests[lesson] = lesson_digest(self.course, lesson)
        return self._digests[lesson]


@lru_cache(maxsize=4)
def lessons_of(folder: Path | None) -> Lessons:
    """Give the lessons of a course, which stay read for as long as the process lives."""
    return Lessons(folder)


def judge_task(task: Task) -> Iterator[Piece]:
    """Judge one learner's submission, lesson by lesson; raises nothing for what is in it."""
    source = task.data if task.data is not None else task.file
    if source is None or (isinstance(source, Path) and not source.exists()):
        yield from _all(task, Outcome.ABSENT, msg("Nothing was handed in."))
        yield Whole(task.learner.id, findings=task.findings)
        return
    try:
        submission = open_submission(source)
    except BadSubmission as error:
        finding = Finding(
            kind=error.kind,
            weight=Weight.BARS,
            message=error.message,
            learner=task.learner.id,
            evidence=error.details,
        )
        known = any(one.kind is error.kind and one.weight is Weight.BARS for one in task.findings)
        yield from _all(task, Outcome.ERRORED, error.message)
        yield Whole(task.learner.id, findings=task.findings if known else (*task.findings, finding))
        return
    with submission:
        yield from _judge(task, submission)


def _judge(task: Task, submission: Submission) -> Iterator[Piece]:
    head = submission.head
    heads = head_findings(
        head,
        submission.signature,
        task.class_,
        task.learner.id,
        task.registry,
        task.course_digest,
        enrolled=moment(task.enrolled),
        now=time.time(),
    )
    findings = (*task.findings, *heads)
    barred = next((one for one in heads if one.weight is Weight.BARS), None)
    if barred is not None:
        why = msg("Nothing in the submission counts: {why}", why=barred.message)
        yield from _all(task, Outcome.ERRORED, why)
    else:
        for rule in task.lessons:
            yield Begun(task.learner.id, rule.lesson)
            yield _one(task, submission, rule)
    key = head.key if submission.signature is Signature.GOOD else ""  # anybody can name one
    yield Whole(task.learner.id, handed_in=head.made, key=key, findings=findings)


def _one(task: Task, submission: Submission, rule: LessonRule) -> Part:
    began = time.perf_counter()
    if rule.lesson not in submission.head.lessons:
        why = msg("The submission does not hold this lesson.")
        return Part(failed(task, rule, Outcome.ABSENT, why))
    try:
        work = submission.work(rule.lesson)
        lesson, values = lessons_of(task.course_folder).for_key(rule.lesson, task.key)
        made = moment(submission.head.made)
        terms = terms_of(task, rule, values, Mode.SUBMISSION, made=made)
        result = judge_lesson(lesson, work, terms)
        met = sightings(work)
    except BadSubmission as error:
        return Part(_broken(task, rule, error.message, error.details, error.kind))
    except LearnError as error:
        return Part(failed(task, rule, Outcome.ERRORED, error.message))
    except Exception as error:
        return Part(failed(task, rule, Outcome.ERRORED, broke(error)))
    seconds = round(time.perf_counter() - began, 4)
    return Part(replace(result, seconds=seconds), met)


def terms_of(
    task: Task,
    rule: LessonRule,
    values: Mapping[str, str],
    mode: Mode,
    *,
    made: float | None = None,
    bare: bool = False,
) -> Terms:
    """Give what a task's lesson is judged by; `made` is when it was handed in, None for now."""
    now = time.time()
    facts = Facts(
        learner=task.learner.id,
        values=values,
        digest=lessons_of(task.course_folder).digest(rule.lesson),
        enrolled=moment(task.enrolled),
        made=made,
        now=now,
    )
    return Terms(
        learner=task.learner.id,
        rule=rule,
        mode=mode,
        facts=facts,
        extra_days=task.learner.extra_days,
        file_time=now if made is None else made,
        bare=bare,
    )


def broke(error: Exception) -> Message:
    """Say that we broke over somebody's work, which may speak in what we say of it."""
    words = str(error)[:300]
    return msg("Judging it broke: {kind}: {error}", kind=type(error).__name__, error=words)


def _all(task: Task, outcome: Outcome, why: Message) -> Iterator[Part]:
    for rule in task.lessons:
        yield Part(failed(task, rule, outcome, why))


def _broken(
    task: Task, rule: LessonRule, why: Message, details: str, kind: FindingKind
) -> LessonResult:
    finding = Finding(
        kind=kind,
        weight=Weight.BARS,
        message=why,
        learner=task.learner.id,
        lesson=rule.lesson,
        evidence=details[:2000],
    )
    return failed(task, rule, Outcome.ERRORED, why, (finding,))


def failed(
    task: Task,
    rule: LessonRule,
    outcome: Outcome,
    why: Message,
    findings: tuple[Finding, ...] = (),
    mode: Mode = Mode.SUBMISSION,
) -> LessonResult:
    """Give the row of a lesson that was not graded, with the reason."""
    return LessonResult(
        learner=task.learner.id,
        lesson=rule.lesson,
        title=title_of(task.course_folder, rule.lesson),
        outcome=outcome,
        mode=mode,
        reason=why,
        possible=0.0,
        findings=findings,
    )


def title_of(folder: Path | None, lesson: str) -> str:
    """Give a lesson's title, its id where nobody knows it."""
    try:
        entry = lessons_of(folder).course.lessons.get(lesson)
    except LearnError:
        return lesson
    return entry.title() if entry is not None else lesson


def sightings(work: Work) -> tuple[Sighting, ...]:
    """Give the objects that a lesson's observations speak of, and its labs."""
    found = {
        Sighting(item["id"], _printable(name))
        for seen in work.seen
        if seen.observation is not None
        for name, item in seen.observation.objects.items()
        if name not in _EVERYWHERE and _OBJECT.fullmatch(item.get("id", ""))
    }
    labs = {Sighting(f"lab {_printable(one.lab)}", "") for one in work.seen if one.lab}
    return (*sorted(found, key=lambda one: one.id)[:SIGHTINGS], *sorted(labs, key=lambda o: o.id))


def _printable(text: str) -> str:
    return text[:80].encode("utf-8", "replace").decode()
