"""Rules of a lesson that no single field knows: what goes only with what, and what stands once.

Each rule takes a lesson and its reading and notes problems at the place that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from yaml.nodes import MappingNode, SequenceNode

from checks import jsonpath
from checks.matchers import Output
from checks.message import msg
from checks.probes import Probe
from checks.shell import ShellAssertion
from checks.spec import Capture, Check, Control
from runner.course.forms import WORD
from runner.course.lesson import Lesson, Question, Step, Wrong
from runner.course.reading import Reading, nearest

Rule = Callable[[Lesson, Reading], None]

LIMITS = {"variables": 100, "steps": 100, "checks": 500}
"""How many a lesson may have; some rules compare each with each."""
FORMAT = 1
"""The grammar that this program reads."""

LESSON_ID = re.compile(r"(lesson|challenge)-\d{2,3}")
"""What a lesson is called: a word and two digits or three."""


def sizes(lesson: Lesson, reading: Reading) -> bool:
    """Tell a lesson that is too large to be one, and whether it is not; the rules rest on it."""
    counts = {
        "variables": len(lesson.variables),
        "steps": len(lesson.steps),
        "checks": sum(len(step.checks) for step in lesson.steps),
    }
    for key, count in counts.items():
        if count > LIMITS[key]:
            node = reading.node_of(lesson, "variables" if key == "variables" else "steps")
            message = msg("A lesson has at most {limit} `{key}`.", limit=LIMITS[key], key=key)
            reading.fail(node, message)
    return all(count <= LIMITS[key] for key, count in counts.items())


def head(lesson: Lesson, reading: Reading) -> None:
    """The lesson's own keys."""
    if lesson.format != FORMAT:
        reading.fail(
            reading.node_of(lesson, "format"),
            msg("This is format {number}; known is {known}.", number=lesson.format, known=FORMAT),
            msg("A newer learn-docker-net may read it.") if lesson.format > FORMAT else None,
        )
    if lesson.id and not LESSON_ID.fullmatch(lesson.id):
        reading.fail(
            reading.node_of(lesson, "id"),
            msg("`{id}` is not an id of a lesson.", id=lesson.id),
            msg("Write `lesson-07` or `challenge-03`: a word and two digits."),
        )
    if lesson.minutes < 1:
        reading.fail(reading.node_of(lesson, "minutes"), msg("A lesson takes a minute at least."))
    for key, value in (("hosts", lesson.hosts), ("steps", lesson.steps)):
        node = reading.node_of(lesson, key)
        if not value and isinstance(node, SequenceNode | MappingNode) and not node.value:
            reading.fail(node, msg("`{key}` is empty; a lesson has one at least.", key=key))


def plain_names(lesson: Lesson, reading: Reading) -> None:
    """What the author names in a mapping is a name like any id."""
    for record, key in [(lesson, "hosts"), *((s, k) for s in lesson.steps for k in _NAMING)]:
        for name in getattr(record, key):
            if not WORD.fullmatch(name):
                reading.fail(
                    reading.node_of(record, key, name),
                    msg("`{name}` is no name.", name=name),
                    msg("Use small letters, digits and hyphens, a letter first."),
                )


_NAMING = ("also_right", "wrong")


def unique_ids(lesson: Lesson, reading: Reading) -> None:
    """Steps in a lesson, checks and questions in a step."""
    _unique(reading, lesson.steps)
    for step in lesson.steps:
        _unique(reading, step.checks)
        _unique(reading, step.ask)


def _unique(reading: Reading, items: Iterable[Step] | Iterable[Check] | Iterable[Question]) -> None:
    lines: dict[str, int] = {}
    for item in items:
        node = reading.node_of(item, "id")
        line = node.start_mark.line + 1
        if item.id and lines.setdefault(item.id, line) != line:
            reading.fail(
                node,
                msg("The id `{id}` is taken on line {line}.", id=item.id, line=lines[item.id]),
            )


def negations(lesson: Lesson, reading: Reading) -> None:
    """Where a broken lab would look like a pass, something positive is asked beside it."""
    for check in reading.records(Check):
        if check.assertion.negated and check.control is None:
            reading.fail(
                reading.node_of(check),
                msg(
                    "`{check}` says that something is not so, and has no `control`.", check=check.id
                ),
                msg("Add `control:` with what works in the same lab, so that silence is no pass."),
            )
    for control in reading.records(Control):
        if control.assertion.negated:
            reading.fail(
                reading.node_of(control),
                msg("A control must be positive: this one is negated too."),
            )


def probes(lesson: Lesson, reading: Reading) -> None:
    """What a probe's fields say together makes sense."""
    for probe in reading.records(Probe):
        for mistake in probe.mistakes():
            reading.fail(reading.node_of(probe), mistake)


def ranges(lesson: Lesson, reading: Reading) -> None:
    """What does not hold everywhere says why."""
    for record in _limited(lesson, reading):
        for key in ("engines", "kernel"):
            if getattr(record, key, None) and record.because is None:
                reading.fail(
                    reading.node_of(record, key),
                    msg("`{key}` needs `because`: what the learner is told elsewhere.", key=key),
                )


def _limited(lesson: Lesson, reading: Reading) -> Iterator[Any]:
    yield lesson
    for kind in (Step, Check, Wrong):
        yield from reading.records(kind)


def questions(lesson: Lesson, reading: Reading) -> None:
    """A question is a choice with its answer, or a value that the lab knows."""
    for question in reading.records(Question):
        if (question.choose is None) == (question.knows is None):
            reading.fail(
                reading.node_of(question),
                msg("A question has `choose` or `knows`, and not both."),
                msg("`choose` with `answer` for a choice, `knows` for a value in the lab."),
            )
        elif question.choose is not None:
            _choice(lesson, question, question.choose, reading)
        else:
            _value(question, reading)


def _choice(lesson: Lesson, question: Question, choices: Any, reading: Reading) -> None:
    if len(choices) < 2:
        reading.fail(
            reading.node_of(question, "choose"), msg("A choice needs two answers at least.")
        )
    if question.answer is None:
        reading.fail(reading.node_of(question), msg("`answer` is missing: which choice is right?"))
    for answer in _answers(lesson, question.answer):
        if answer not in choices:
            reading.fail(
                reading.node_of(question, "answer"),
                msg("`{answer}` is not among the choices.", answer=answer),
                nearest(answer, choices),
            )
    for name, wrong in (question.wrong or {}).items():
        if name not in choices or name == question.answer:
            message = msg("`{name}` is not one of the wrong choices.", name=name)
            others = [choice for choice in choices if choice != question.answer]
            reading.fail(reading.node_of(wrong), message, nearest(name, others))
        if wrong.knows is not None or wrong.value is not None:
            reading.fail(reading.node_of(wrong), msg("A wrong choice needs its `because` only."))


def _answers(lesson: Lesson, answer: str | None) -> tuple[str, ...]:
    """Give the right choice, or each that a drawn fault (`answer: "%{fault}"`) can make right."""
    drawn = [v for name, v in lesson.variables.items() if answer == f"%{{{name}}}" and v.choose]
    if drawn:
        return drawn[0].choose or ()
    return () if answer is None else (answer,)


def _value(question: Question, reading: Reading) -> None:
    if question.answer is not None:
        reading.fail(
            reading.node_of(question, "answer"),
            msg("`answer` goes with `choose`; here the lab knows the answer."),
        )
    for wrong in (question.wrong or {}).values():
        if (wrong.knows is None) == (wrong.value is None):
            reading.fail(
                reading.node_of(wrong),
                msg("A wrong answer has `knows` or `value`, and not both."),
            )


def times(lesson: Lesson, reading: Reading) -> None:
    """Times are more than nothing, shares are not less."""
    for check in reading.records(Check):
        for key in ("timeout", "eventually", "stays"):
            value = getattr(check, key)
            if value is not None and value <= 0:
                reading.fail(
                    reading.node_of(check, key), msg("`{key}` must be above zero.", key=key)
                )
    weighed: list[Check | Question] = [*reading.records(Check), *reading.records(Question)]
    for record in weighed:
        if record.weight < 0:
            reading.fail(reading.node_of(record, "weight"), msg("`weight` cannot be below zero."))


def paths(lesson: Lesson, reading: Reading) -> None:
    """JSON paths can be read."""
    for assertion in reading.records(ShellAssertion):
        for key in ("stdout", "stderr"):
            output: Output | None = getattr(assertion, key)
            for path in (output.json or {}) if output is not None else {}:
                _path(reading, assertion, (key, "json", path), path)
    for capture in reading.records(Capture):
        if capture.json is not None:
            _path(reading, capture, ("json",), capture.json)


def _path(reading: Reading, record: object, where: tuple[str, ...], path: str) -> None:
    try:
        jsonpath.parse(_FIELD.sub("x", path))
    except jsonpath.PathError as error:
        reading.fail(
            reading.node_of(record, *where),
            msg("`{path}` is not a JSON path, from `{rest}` on.", path=path, rest=_rest(error)),
            msg('Write it as `[0].NetworkSettings.Networks.bridge`, odd keys as `["a.b"]`.'),
        )


_FIELD = re.compile(r"%\{[^{}\n]*\}")


def _rest(error: jsonpath.PathError) -> str:
    return error.path[error.position :]


RULES: tuple[Rule, ...] = (
    head,
    plain_names,
    unique_ids,
    negations,
    probes,
    ranges,
    questions,
    times,
    paths,
)
"""All of them, in the order in which their problems are found."""
