"""Rules on what makes a lesson a good one, beyond what it needs to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yaml.nodes import Node, ScalarNode

from checks.kinds import Text
from checks.message import Message, msg
from checks.spec import Check, Role
from runner.course.lesson import Lesson, Step
from runner.course.overlay import UNWRITTEN
from runner.course.prose import HEIGHT, Prose, check_prose, code_blocks
from runner.course.reading import Reading
from runner.course.shell_syntax import Script
from runner.errors import Problem

HINTS = 2
"""The least that a step with checks needs: a nudge, and something more concrete."""


def check_habits(lesson: Lesson, reading: Reading) -> tuple[list[Problem], list[Script]]:
    """Give the problems, and the shell in its prose that is still to be parsed."""
    problems = [
        Problem(reading.document.place(node), message)
        for node, message in (*_unwritten(reading), *_steps(lesson, reading))
    ]
    values = {name: variable.default for name, variable in lesson.variables.items()}
    for prose in _prose(lesson, reading):
        problems += check_prose(prose, values)
    scripts = [
        script
        for written in reading.texts
        if written.kind is Text
        for script in code_blocks(reading.document, written.node)
    ]
    return problems, scripts


_Told = Iterator[tuple[Node, Message]]


def _unwritten(reading: Reading) -> _Told:
    for written in reading.texts:
        if written.text.strip() in ("", UNWRITTEN):
            yield written.node, msg("This is still to be written.")


def _steps(lesson: Lesson, reading: Reading) -> _Told:
    for step in lesson.steps:
        if step.checks and len(step.hints) < HINTS:
            node = reading.node_of(step, "hints")
            yield (
                node,
                msg(
                    "Step `{step}` has checks and needs {count} hints at least.",
                    step=step.id,
                    count=HINTS,
                ),
            )
        if any(check.role is Role.NORMAL for check in step.checks) and not step.solution:
            yield reading.node_of(step), msg("Step `{step}` has no solution.", step=step.id)
    for check in reading.records(Check):
        if check.otherwise is None:
            yield (
                reading.node_of(check),
                msg(
                    "Check `{check}` needs `otherwise`: what is said when it fails.", check=check.id
                ),
            )
    if lesson.steps and not _has_wrong_way(lesson.steps):
        yield reading.node_of(lesson, "steps"), msg("The lesson has no wrong way at all.")


def _has_wrong_way(steps: Sequence[Step]) -> bool:
    """A lesson that only asks has wrong answers in place of wrong ways."""
    if any(step.checks for step in steps):
        return any(step.wrong for step in steps)
    return any(question.wrong for step in steps for question in step.ask)


def _prose(lesson: Lesson, reading: Reading) -> Iterator[Prose]:
    nodes = [(reading.node_of(step, "text"), HEIGHT) for step in lesson.steps]
    for node, height in [*nodes, (reading.node_of(lesson, "recap"), HEIGHT)]:
        if isinstance(node, ScalarNode):
            yield Prose(reading.document, node, height=height)
