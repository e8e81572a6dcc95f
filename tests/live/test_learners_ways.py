"""Learners who do not go by the book pass as well: they type things twice, take the steps in
another order, restart the engine on the way, and choose what is theirs to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from checks.kinds import Shell
from checks.verdict import State
from runner.course.course import open_course
from runner.course.lesson import Step, Typed
from runner.course.variables import draw, fill
from runner.lab import lab as labs
from runner.learn.stage import Stage, undone_by
from tests.lab.agents import until

pytestmark = pytest.mark.live
OWNER = "test-ways"
LESSONS = ["lesson-07", "lesson-16"]
ORDERS = {
    "lesson-07": "start-target several alias rename network-alias restart",
    "lesson-16": "two apart shared names falls-out anew",
}
HALF_WAY = {"lesson-07": "several", "lesson-16": "anew"}
"""In lesson 07 before the renaming: an engine that starts looks for a link's target under its old
name, does not find it and drops the link.
"""
RESTART = """\
systemctl restart docker
docker start $(docker ps -aq | tac)
"""
"""No container comes back by itself; the oldest goes first, for links want their targets to run."""


@pytest.fixture(scope="module", autouse=True)
def no_lab_left() -> Iterator[None]:
    yield
    labs.down_all(OWNER)


@contextmanager
def begun(lesson: str) -> Iterator[Stage]:
    """A lesson in a clean lab, with its default values, nothing done yet."""
    read = open_course().lesson(lesson)
    filled = fill(read, draw(read, None))
    request = labs.LabRequest(
        course_id="test",
        lesson_id=filled.id,
        owner=OWNER,
        hosts={str(name): spec for name, spec in filled.hosts.items()},
        images=filled.images,
        purpose="test",
    )
    handle = labs.reset(request)
    with (
        labs.attach(handle) as lab,
        Stage(filled, lab, lambda host: labs.shell_argv(handle, host)) as stage,
    ):
        stage.set_up()
        yield stage


def step_of(stage: Stage, name: str) -> Step:
    return next(step for step in stage.lesson.steps if step.id == name)


def type_in(stage: Stage, step: Step, command: str) -> None:
    stage.enter(step, (Typed(do=Shell(command)),))


def expect_passed(stage: Stage, steps: Iterable[Step] | None = None) -> None:
    """All checks of the steps hold in the end, but for what a later step makes untrue."""
    chosen = list(stage.lesson.steps if steps is None else steps)
    undone = undone_by(chosen)
    wanting: dict[str, str] = {}

    def holds() -> bool:
        results = stage.check(chosen, without=undone)
        wanting.clear()
        wanting.update(
            (key, result.verdict.state.value)
            for key, result in results.items()
            if key not in undone and result.verdict.state is not State.PASSED
        )
        assert set(results) - set(undone)
        return not wanting

    try:
        until(holds, seconds=2)
    except AssertionError:
        pytest.fail(f"not passed: {wanting}")


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_command_typed_twice(lesson: str) -> None:
    with begun(lesson) as stage:
        for step in stage.lesson.steps:
            stage.enter(step, step.solution)
            stage.enter(step, step.solution)
        expect_passed(stage)


@pytest.mark.parametrize("lesson", LESSONS)
def test_steps_in_another_order(lesson: str) -> None:
    names = ORDERS[lesson].split()
    with begun(lesson) as stage:
        assert set(names) == {step.id for step in stage.lesson.steps}
        for name in names:
            step = step_of(stage, name)
            stage.enter(step, step.solution)
        expect_passed(stage)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_engine_restarted_half_way(lesson: str) -> None:
    with begun(lesson) as stage:
        for step in stage.lesson.steps:
            stage.enter(step, step.solution)
            if step.id == HALF_WAY[lesson]:
                type_in(stage, step, RESTART)
        expect_passed(stage)


def test_a_subnet_of_ones_own_choice() -> None:
    with begun("lesson-15") as stage:
        for name in "create", "overlap":
            step = step_of(stage, name)
            stage.enter(step, step.solution)
        done = [step_of(stage, "create"), step_of(stage, "overlap")]
        network = stage.lesson.variables["second"].default
        for subnet in "10.99.0.0/20", "192.168.77.0/28", "172.16.5.0/24":
            type_in(stage, done[-1], f"docker network rm {network}")
            type_in(stage, done[-1], f"docker network create --subnet {subnet} {network}")
            expect_passed(stage, done)
