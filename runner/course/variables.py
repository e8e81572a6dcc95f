"""A learner's own values for a lesson's variables.

They are drawn by a keyed hash, so that the same learner always gets the same values and nobody
without the key can tell another's. The default learner, who has no key, gets the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks import fill as filling
from checks.fill import fill_text, names_of
from runner.course.lesson import Commands, Lesson, Step, Variable

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")
"""What a value may be: it means the same in bash, in a pattern and in a sentence."""


def draw(
    lesson: Lesson, key: bytes | None, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Give each variable's value, in the order declared; without a key the defaults.

    `given` values are taken as they are. Where a range allows it, no two variables of a lesson get
    the same value: two containers cannot have one name.
    """
    given = given or {}
    if key is None and not given:
        return {name: variable.default for name, variable in lesson.variables.items()}
    values: dict[str, str] = {}
    for name, variable in lesson.variables.items():
        if name in given:
            values[name] = given[name]
        elif variable.from_ is None and key is None:
            values[name] = variable.default
        elif variable.from_ is None and key is not None:
            values[name] = _draw(lesson.id, name, variable, key, set(values.values()))
    for name in from_order(lesson.variables)[0]:
        values[name] = fill_text(lesson.variables[name].from_ or "", values)
    return {name: values[name] for name in lesson.variables}


def cases(lesson: Lesson) -> list[dict[str, str]]:
    """Give what a proof has to play it with: each value of the variable marked `each`, or nothing
    given at all.
    """
    for name, variable in lesson.variables.items():
        if variable.each:
            return [{name: value} for value in candidates(variable)]
    return [{}]


def fill(lesson: Lesson, values: Mapping[str, str]) -> Lesson:
    """Put the values into a lesson, and leave out the commands that are for others."""
    filled = filling.fill(lesson, values)
    steps = tuple(_fitting(step, values) for step in filled.steps)
    return replace(filled, setup=_those(filled.setup, values), steps=steps)


def _fitting(step: Step, values: Mapping[str, str]) -> Step:
    ways = {name: _those(commands, values) for name, commands in step.also_right.items()}
    wrong = {name: replace(way, do=_those(way.do, values)) for name, way in step.wrong.items()}
    return replace(
        step,
        solution=_those(step.solution, values),
        also_right={name: commands for name, commands in ways.items() if commands},
        wrong={name: way for name, way in wrong.items() if way.do},
    )


def _those(commands: Commands, values: Mapping[str, str]) -> Commands:
    return tuple(part for part in commands if part.when.items() <= values.items())


def settle(lesson: Lesson, given: Mapping[str, str]) -> dict[str, str]:
    """Give the values of a learner to whom these were drawn elsewhere.

    What could not have been drawn is not taken: there the default stands, as for a variable that
    is newer than the drawing. So a stranger's file can put nothing else into a lesson's commands.
    """
    values: dict[str, str] = {}
    for name, variable in lesson.variables.items():
        if variable.from_ is None:
            value = given.get(name, "")
            values[name] = value if value in candidates(variable) else variable.default
    for name in from_order(lesson.variables)[0]:
        values[name] = fill_text(lesson.variables[name].from_ or "", values)
    return {name: values[name] for name in lesson.variables}


def _draw(lesson: str, name: str, variable: Variable, key: bytes, taken: set[str]) -> str:
    import hashlib  # here: the default learner, whose every command starts anew, needs none of it
    import hmac

    choices = candidates(variable)
    if not choices:
        return variable.default
    digest = hmac.new(key, f"{lesson}\0{name}".encode(), hashlib.sha256).digest()
    first = int.from_bytes(digest, "big") % len(choices)
    ring = (choices[(first + step) % len(choices)] for step in range(len(taken) + 1))
    return next((value for value in ring if value not in taken), choices[first])


def candidates(variable: Variable) -> Sequence[str]:
    """Give the values that may be drawn, in order; empty where nothing is drawn."""
    if variable.between is not None:
        return _Numbers(range(variable.between[0], variable.between[1] + 1))
    return variable.choose or ()


class _Numbers(Sequence[str]):
    """A range of numbers as texts, without writing them all out."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: int | slice) -> str:
        return str(self._numbers[index])

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and value.isdecimal() and int(value) in self._numbers


def from_order(variables: Mapping[str, Variable]) -> tuple[list[str], list[str]]:
    """Give the variables made of others, each after those, and the ones that form a ring."""
    waiting = {
        name: {other for other in names_of(variable.from_) if other in variables}
        for name, variable in variables.items()
        if variable.from_ is not None
    }
    order: list[str] = []
    while ready := [name for name, others in waiting.items() if not others & waiting.keys()]:
        order += ready
        for name in ready:
            del waiting[name]
    return order, list(waiting)
