"""When a check counts, when a step has passed, when a lesson is complete: pure rules.

A check that a later step makes untrue on purpose (`undoes`) counts by whether it ever passed, from
the moment when that step has passed; every other check counts by what it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from checks.message import msg
from checks.spec import Check, Role
from checks.suite import Result
from checks.verdict import State, Verdict
from runner.course.lesson import Lesson, Step
from runner.learn.stage import checks_of, undone_by
from runner.record.times import CheckTimes

Times = Mapping[str, CheckTimes]
"""A lesson's times by `step.check`; checks never asked are left out."""

_NEVER = CheckTimes()


@dataclass(frozen=True, slots=True)
class Counted:
    """One check as it counts now, which is not always as it was judged."""

    id: str
    """`step.check`."""
    check: Check
    verdict: Verdict
    times: CheckTimes
    result: Result | None
    """What asking brought; None where it was not asked, or does not count any more."""
    undone_by: str | None = None
    """The step that made it untrue on purpose, where that is why it counts as it does."""


def passed_steps(lesson: Lesson, times: Times) -> frozenset[str]:
    """Give the steps that have passed in this lab: all that they check held, then or now.

    What a later passed step has undone is not asked of them any more.
    """
    passed: set[str] = set()
    gone: set[str] = set()
    for step in reversed(lesson.steps):
        keys = [f"{step.id}.{check.id}" for check in step.checks]
        if keys and all(key in gone or _stood(times.get(key, _NEVER)) for key in keys):
            passed.add(step.id)
            if _doable(step, times):
                gone.update(step.undoes)
    return frozenset(passed)


def standing_steps(lesson: Lesson, times: Times) -> frozenset[str]:
    """Give the steps all of whose checks count as passed now; one without checks always does."""
    gone = undone(lesson, times)
    return frozenset(
        step.id
        for step in lesson.steps
        if all(
            _counts(times.get(key, _NEVER), undone=key in gone)
            for key in (f"{step.id}.{check.id}" for check in step.checks)
        )
    )


def undone(lesson: Lesson, times: Times) -> frozenset[str]:
    """Give the checks that a step which has passed in this lab made untrue."""
    return frozenset(_culprits(lesson, times))


def granted(lesson: Lesson, times: Times) -> frozenset[str]:
    """Give the checks that count as passed without being asked."""
    return frozenset(
        key for key in undone(lesson, times) if times.get(key, _NEVER).first_passed is not None
    )


def count(
    lesson: Lesson,
    results: Mapping[str, Result],
    times: Times,
    *,
    steps: Collection[str] | None = None,
) -> list[Counted]:
    """Say how the lesson's checks count, in its order; `steps` leaves out all others.

    `times` are those after the results were recorded.
    """
    culprits = _culprits(lesson, times)
    return [
        _counted(key, check, results.get(key), times.get(key, _NEVER), culprits.get(key))
        for key, check in checks_of(lesson).items()
        if steps is None or key.partition(".")[0] in steps
    ]


def count_bare(
    lesson: Lesson, results: Mapping[str, Result], *, steps: Collection[str] | None = None
) -> list[Counted]:
    """Say how checks count in a lab that nobody kept a record of: only what stands at the end."""
    culprits = undone_by(lesson.steps)
    return [
        Counted(key, check, _skipped(culprits[key]), _NEVER, None, culprits[key])
        if key in culprits
        else _judged(key, check, results.get(key), _NEVER)
        for key, check in checks_of(lesson).items()
        if steps is None or key.partition(".")[0] in steps
    ]


def complete(lesson: Lesson, times: Times, answered: Collection[str]) -> bool:
    """Tell whether every check has passed in its time, those not undone hold now, and every
    question (`step.question`) is among those answered right.
    """
    gone = undone(lesson, times)
    checks = all(_counts(times.get(key, _NEVER), undone=key in gone) for key in checks_of(lesson))
    return checks and set(questions_of(lesson)) <= set(answered)


def questions_of(lesson: Lesson) -> list[str]:
    """Name all questions of a lesson, `step.question`, in its order."""
    return [f"{step.id}.{question.id}" for step in lesson.steps for question in step.ask]


def frontier(lesson: Lesson, counted: Collection[Counted], at: str | None) -> int:
    """Give the index of the furthest step that the learner can be meant to be at.

    `at` is the step last read; steps beyond the one given here were not reached yet.
    """
    order: dict[str, int] = {step.id: index for index, step in enumerate(lesson.steps)}
    reached, still_open = order.get(at or "", 0), []
    for item in counted:
        index = order[item.id.partition(".")[0]]
        if item.check.role is not Role.NORMAL:
            continue  # it holds before the learner comes to it
        if item.verdict.passed or item.times.passed_here is not None:
            reached = max(reached, index)
        elif item.verdict.state is State.FAILED:
            still_open.append(index)
    return min((index for index in still_open if index >= reached), default=reached)


def next_step(lesson: Lesson, step: Step) -> Step | None:
    """Give the step after this one."""
    index = next(number for number, one in enumerate(lesson.steps) if one.id == step.id)
    return lesson.steps[index + 1] if index + 1 < len(lesson.steps) else None


def _culprits(lesson: Lesson, times: Times) -> dict[str, str]:
    """Name the checks that are undone, and the first step that has done it."""
    passed = passed_steps(lesson, times)
    steps = tuple(step for step in lesson.steps if step.id in passed and _doable(step, times))
    return undone_by(steps)


def _doable(step: Step, times: Times) -> bool:
    """Tell whether a step can be done on this engine at all; else it undoes nothing."""
    keys = (f"{step.id}.{check.id}" for check in step.checks)
    return any(times.get(key, _NEVER).state is not State.UNSUPPORTED for key in keys)


def _stood(times: CheckTimes) -> bool:
    return times.passed_here is not None or times.state is State.UNSUPPORTED


def _counts(times: CheckTimes, *, undone: bool) -> bool:
    if times.state is State.UNSUPPORTED:
        return True
    return times.first_passed is not None if undone else times.state is State.PASSED


def _counted(
    key: str,
    check: Check,
    result: Result | None,
    times: CheckTimes,
    culprit: str | None,
) -> Counted:
    if culprit is None:
        return _judged(key, check, result, times)
    kept = Verdict(State.PASSED) if times.first_passed else _skipped(culprit)
    return Counted(key, check, kept, times, None, culprit)


def _judged(key: str, check: Check, result: Result | None, times: CheckTimes) -> Counted:
    if result is not None:
        return Counted(key, result.check, result.verdict, times, result)
    return Counted(key, check, Verdict(State.SKIPPED, found=msg("not asked")), times, None)


def _skipped(step: str) -> Verdict:
    return Verdict(
        State.SKIPPED,
        found=msg("undone by a later step ({step}), before it was seen to hold", step=step),
        look=msg("take the lesson in order, or begin it anew with `reset`"),
    )
