"""What has to be done again in a new lab, so that a learner can go on where they were."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from runner.course.lesson import Lesson, Step
from runner.learn import progress
from runner.learn.stage import checks_of
from runner.record.store import Store


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps to be replayed, and where the learner goes on after that."""

    steps: tuple[Step, ...]
    at: Step


def plan(lesson: Lesson, store: Store, passed: Collection[str] = ()) -> Plan:
    """Find what had passed before the lab goes; look before the record forgets the lab.

    `passed` are the steps known to have passed where the record has forgotten already. Where nobody
    knows, it is what ever passed before the step that the learner is at. A lesson that was complete
    begins anew.
    """
    standing = store.standing(lesson.id)
    steps = {str(step.id): step for step in lesson.steps}
    first = lesson.steps[0]
    if standing is None or standing.completed is not None:
        return Plan((), first)
    at = steps.get(standing.step or "", first)
    here = store.lab()
    if here is not None and here.lesson == lesson.id:
        passed = progress.passed_steps(lesson, store.times(lesson.id))
    done = passed or _ever_before(lesson, store, at)
    return Plan(tuple(step for step in lesson.steps if step.id in done), at)


def _ever_before(lesson: Lesson, store: Store, at: Step) -> frozenset[str]:
    """Give the steps before one that have passed in whatever lab, those without checks too."""
    times = store.times(lesson.id)
    ever = {key for key, one in times.items() if one.first_passed is not None}
    order = [str(step.id) for step in lesson.steps]
    missing = {key.partition(".")[0] for key in checks_of(lesson) if key not in ever}
    return frozenset(order[: order.index(str(at.id))]) - missing
