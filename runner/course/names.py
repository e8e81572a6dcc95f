"""Rules on `%{name}`: which values a lesson declares or captures, and where they may be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checks.fill import fill_text, names_of
from checks.message import Message, msg
from checks.shell import ShellAssertion
from checks.spec import Capture, Check
from runner.course.lesson import Lesson, Typed, Variable
from runner.course.reading import Reading, Written, nearest
from runner.course.variables import TOKEN, candidates, from_order

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def variables(lesson: Lesson, reading: Reading) -> None:
    """Variables have plain names and values, one range at most, and a default inside it."""
    for name, variable in lesson.variables.items():
        node = reading.node_of(variable)
        if not _NAME.fullmatch(name):
            reading.fail(
                node,
                msg("`{name}` cannot be a variable's name.", name=name),
                msg("Use small letters, digits and underscores, a letter first."),
            )
        ranges = [variable.choose, variable.between, variable.from_]
        if sum(given is not None for given in ranges) > 1:
            reading.fail(node, msg("A variable has one of `choose`, `between` and `from`."))
        else:
            _values(name, variable, lesson, reading)
        if variable.each and variable.choose is None:
            reading.fail(
                reading.node_of(variable, "each"),
                msg("`each` goes with `choose`: which values are to be played?"),
            )
    marked = [variable for variable in lesson.variables.values() if variable.each]
    for variable in marked[1:]:
        reading.fail(
            reading.node_of(variable, "each"), msg("One variable of a lesson has `each` at most.")
        )
    for name in from_order(lesson.variables)[1]:
        reading.fail(
            reading.node_of(lesson.variables[name], "from"),
            msg("`{name}` is made of itself in the end.", name=name),
        )


def _values(name: str, variable: Variable, lesson: Lesson, reading: Reading) -> None:
    values = [("default", variable.default), *(("choose", item) for item in variable.choose or ())]
    for key, value in values:
        if value and not TOKEN.fullmatch(value):
            reading.fail(
                reading.node_of(variable, key),
                msg("`{value}` cannot be a variable's value.", value=value),
                msg("Use letters, digits and . _ : / -, a letter or digit first."),
            )
    if variable.between is not None and not variable.between[0] < variable.between[1]:
        node = reading.node_of(variable, "between")
        reading.fail(node, msg("The first number must be below the last."))
    elif variable.choose is not None and len(set(variable.choose)) < 2:
        node = reading.node_of(variable, "choose")
        reading.fail(node, msg("There is nothing to choose: name two values at least."))
    elif variable.from_ is not None:
        _made(name, variable, lesson, reading)
    elif variable.default and variable.default not in (candidates(variable) or (variable.default,)):
        reading.fail(
            reading.node_of(variable, "default"),
            msg("The default `{value}` lies outside its own range.", value=variable.default),
        )


def _made(name: str, variable: Variable, lesson: Lesson, reading: Reading) -> None:
    defaults = {other: known.default for other, known in lesson.variables.items()}
    made = fill_text(variable.from_ or "", defaults)
    if "%{" not in made and variable.default and made != variable.default:
        reading.fail(
            reading.node_of(variable, "default"),
            msg(
                "With the other defaults, `from` makes `{made}` of `{name}`.", made=made, name=name
            ),
            msg("Let the default say the same."),
        )


def conditions(lesson: Lesson, reading: Reading) -> None:
    """`when` names variables of the lesson, and values that they can have."""
    for typed in reading.records(Typed):
        for name, value in typed.when.items():
            node = reading.node_of(typed, "when", name)
            variable = lesson.variables.get(name)
            if variable is None:
                reading.fail(
                    node,
                    msg("There is no variable `{name}`.", name=name),
                    nearest(name, lesson.variables),
                )
            elif value not in (known := variable.choose or (value,)):
                reading.fail(
                    node,
                    msg("`{name}` never is `{value}`.", name=name, value=value),
                    nearest(value, known),
                )


def captures(lesson: Lesson, reading: Reading) -> None:
    """A captured value comes from a command's output, by one way, under a name of its own."""
    taken: dict[str, str] = {}
    for check in reading.records(Check):
        for name, capture in (check.capture or {}).items():
            node = reading.node_of(capture)
            if not isinstance(check.assertion, ShellAssertion):
                reading.fail(node, msg("A probe has no output to capture from."))
            if (capture.matches is None) == (capture.json is None):
                reading.fail(node, msg("A capture has `matches` or `json`, and not both."))
            if not _NAME.fullmatch(name):
                reading.fail(node, msg("`{name}` cannot be a captured value's name.", name=name))
            if name in lesson.variables or taken.setdefault(name, check.id) != check.id:
                reading.fail(node, msg("The name `{name}` is taken already.", name=name))


def known_names(lesson: Lesson, reading: Reading) -> None:
    """Each `%{name}` names a variable, or what a needed check captures."""
    inside: set[int] = set()
    for step in lesson.steps:
        for check in step.checks:
            captured = _captured(check, step.id, lesson)
            say = reading.node_of(check, "say")
            for written in reading.texts_of(check):
                inside.add(id(written))
                # The claim is shown before anything is asked.
                more = {} if written.node is say else captured
                _known(reading, written, [*lesson.variables, *more])
    for written in reading.texts:
        if id(written) not in inside:
            _known(reading, written, lesson.variables)


def _known(reading: Reading, written: Written, known: Iterable[str]) -> None:
    if "%{" not in written.text:
        return
    names = list(known)
    for name in names_of(written.text):
        if name not in names:
            shown = f"%{{{name}}}"
            line = written.text[: written.text.index(shown)].count("\n") + 1
            reading.fail_at(
                reading.document.place(written.node, line if written.node.style else 0),
                msg("Nothing here is known by the name `{name}`.", name=shown),
                nearest(name, names) if _close(name, names) else _literally(),
            )


def _close(name: str, names: list[str]) -> bool:
    remedy = nearest(name, names)
    return remedy is not None and "word" in remedy.values


def _literally() -> Message:
    return msg(
        "Declare it under `variables`, need the check that captures it, or write `{escape}` where "
        "`{sign}` is meant as it stands.",
        escape="%%{",
        sign="%{",
    )


def _captured(check: Check, step: str, lesson: Lesson) -> Mapping[str, Capture]:
    """Give what the checks capture that this one needs, directly or not."""
    by_id = {f"{s.id}.{c.id}": c for s in lesson.steps for c in s.checks}
    found: dict[str, Capture] = {}
    waiting, seen = [(step, need) for need in check.needs], set()
    while waiting:
        here, need = waiting.pop()
        full = need if "." in need else f"{here}.{need}"
        if full in seen or full not in by_id:
            continue
        seen.add(full)
        found |= by_id[full].capture or {}
        there = full.partition(".")[0]
        waiting += [(there, other) for other in by_id[full].needs]
    return found


RULES = (variables, conditions, captures, known_names)
"""All of them, in the order in which their problems are found."""
