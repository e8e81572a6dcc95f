"""One look into a learner's lab: the checks that stand at the end of its lesson, asked now."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from checks.asking import Outcome
from checks.message import Message, msg
from checks.suite import Result
from checks.verdict import State
from runner.course.lesson import Lesson
from runner.grade.anew import judge_anew
from runner.grade.class_ import Counts, LessonRule
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.lies import lies
from runner.grade.moments import told
from runner.grade.task import Task
from runner.grade.work import Seen, Work
from runner.lab.handle import LabHandle
from runner.lab.outer import Docker
from runner.lab.running import RunningLab
from runner.learn import progress
from runner.learn.stage import Stage, undone_by

_LOOK = 0.2
_SILENCE = (Outcome.LOST, Outcome.NO_ENGINE)
_STATES = {
    "paused": msg("The lab host {name} is paused."),
    "exited": msg("The lab host {name} is stopped."),
    "created": msg("The lab host {name} was never started."),
    "dead": msg("The lab host {name} is dead."),
    "restarting": msg("The lab host {name} starts again and again."),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought."""

    seen: tuple[Seen, ...] = ()
    broken: Message | None = None
    """Why nothing can be said, where that is so."""
    findings: tuple[Finding, ...] = ()


def look(
    task: Task,
    rule: LessonRule,
    lesson: Lesson,
    work: Work,
    handle: LabHandle,
    docker: Docker,
    deadline: float,
    stop: threading.Event,
    *,
    bare: bool,
) -> Looked:
    """Ask the lab, until `deadline` (of `monotonic`) at most; raises nothing for what it does."""
    broken = _not_running(handle)
    if broken is not None:
        return Looked(broken=broken)
    with _Limit(deadline, stop) as limit, RunningLab(handle, docker) as lab:
        results = _ask(lesson, work, lab, limit.cancel, bare=bare)
        cut = limit.cancel.is_set()
        found = () if cut else tuple(lies(lab, task.learner.id, str(lesson.id), deadline))
    if limit.late:
        return Looked(broken=msg("The lab took longer than a learner has and was given up."))
    silent = _silent(results)
    open_ = _needed(lesson, work, rule, bare=bare) & silent.keys()
    broken = silent[min(open_)] if open_ else None
    notes = () if broken is not None or not silent else (_by_record(task, lesson, silent),)
    return Looked(_seen(results, handle.lab), broken, (*found, *notes))


def _by_record(task: Task, lesson: Lesson, silent: dict[str, Message]) -> Finding:
    """Say that a lab does not answer, where its record tells all that counts."""
    return Finding(
        kind=FindingKind.LYING_LAB,
        weight=Weight.NOTE,
        message=msg(
            "The lab answers {count} checks no more ({why}); they count by the record alone.",
            count=len(silent),
            why=next(iter(silent.values())),
        ),
        learner=task.learner.id,
        lesson=str(lesson.id),
        evidence="\n".join(silent),
    )


class _Limit:
    """Cancels once a time is over or all is stopped; a context manager."""

    def __init__(self, deadline: float, stop: threading.Event) -> None:
        self.cancel = threading.Event()
        self.late = False
        self._deadline = deadline
        self._stop = stop
        self._done = threading.Event()

    def __enter__(self) -> _Limit:
        threading.Thread(target=self._watch, name="limit", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(_LOOK):
            self.late = time.monotonic() > self._deadline
            if self.late or self._stop.is_set():
                self.cancel.set()
                return


def _ask(
    lesson: Lesson, work: Work, lab: RunningLab, cancel: threading.Event, *, bare: bool
) -> dict[str, Result]:
    """Ask all; what held in its time and was undone since counts as granted to what needs it."""
    anew = judge_anew(lesson, work)
    times = {key: one.times for key, one in anew.items() if one.lacks is None}
    gone = undone_by(lesson.steps)
    ever = frozenset(key for key, one in anew.items() if one.ever)
    granted = progress.granted(lesson, times) | (frozenset(gone) if bare else ever & gone.keys())
    results = Stage(lesson, lab, lambda _: []).check(lesson.steps, granted=granted, cancel=cancel)
    return {key: one for key, one in results.items() if not (bare and key in gone)}


def _seen(results: dict[str, Result], lab: str) -> tuple[Seen, ...]:
    at = told(time.time())
    return tuple(
        Seen(
            check=key,
            at=at,
            lab=lab,
            first=False,
            state=one.verdict.state,
            observation=one.observation,
        )
        for key, one in results.items()
    )


def _not_running(handle: LabHandle) -> Message | None:
    """Say which lab host does not run; none is started for the grader's sake."""
    for name in handle.expected:
        host = handle.hosts.get(name)
        if host is None:
            return msg("The lab host {name} is gone.", name=name)
        if host.state != "running":
            words = _STATES.get(host.state, msg("The lab host {name} does not run."))
            return Message(words.text, {"name": name})
    return None


def _silent(results: dict[str, Result]) -> dict[str, Message]:
    """Give the checks that a lab did not answer, each with what happened."""
    return {
        key: one.verdict.found or msg("the lab does not answer")
        for key, one in results.items()
        if one.verdict.state is State.ERRORED and _lost(one)
    }


def _lost(result: Result) -> bool:
    samples = result.observation.samples if result.observation is not None else ()
    answers = [answer for sample in samples for answer in sample.answers.values()]
    return not answers or any(answer.outcome in _SILENCE for answer in answers)


def _needed(lesson: Lesson, work: Work, rule: LessonRule, *, bare: bool) -> set[str]:
    """Give the checks of which the lab itself must tell: the record has not seen them hold."""
    anew = judge_anew(lesson, work)
    gone = set(undone_by(lesson.steps))
    if rule.counts is Counts.NOW:
        return set(anew) - gone
    return {key for key, one in anew.items() if not one.ever} - (gone if bare else set())
