"""Rules on what refers to what: lab hosts, `needs`, `undoes`, the checks that a wrong way fails.

Ids are looked up among all that the file names, so that a step with a problem of its own does not
make everything that refers to it wrong as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks.message import msg
from checks.spec import Check
from runner.course.lesson import Lesson, Question, Step, Typed
from runner.course.reading import Reading, nearest


def hosts(lesson: Lesson, reading: Reading) -> None:
    """Everything that names a lab host names one that the lesson has."""
    if not lesson.hosts:
        return
    for record in _naming_hosts(reading):
        host = record.host
        if host is not None and "%{" not in host and str(host) not in lesson.hosts:
            reading.fail(
                reading.node_of(record, "host"),
                msg("The lesson has no lab host `{host}`.", host=host),
                nearest(host, lesson.hosts),
            )


def _naming_hosts(reading: Reading) -> Iterator[Step | Check | Question | Typed]:
    yield from reading.records(Step)
    yield from reading.records(Check)
    yield from reading.records(Question)
    yield from reading.records(Typed)


def needs(lesson: Lesson, reading: Reading) -> None:
    """Checks need checks of their step or of an earlier one, and not each other in a ring."""
    known = _ids(lesson, reading)
    order = list(known)
    for step in lesson.steps:
        for check in step.checks:
            for number, text in enumerate(check.needs):
                node = reading.node_of(check, "needs", number)
                _needed(reading, node, text, step.id, known, order)
        _no_ring(step, reading)


def _needed(
    reading: Reading,
    node: Node,
    text: str,
    here: str,
    known: dict[str, list[str]],
    order: list[str],
) -> None:
    step, _, check = text.rpartition(".")
    step = step or here
    if check not in known.get(step, ()):
        own = known.get(here, [])
        others = [f"{name}.{other}" for name in order for other in known[name] if name != here]
        remedy = nearest(text, [*own, *others])
        reading.fail(node, msg("There is no check `{check}` to need.", check=text), remedy)
    elif here in order and order.index(step) > order.index(here):
        reading.fail(
            node,
            msg("`{check}` belongs to a later step.", check=text),
            msg("A check needs what its own step or an earlier one asks."),
        )


def _no_ring(step: Step, reading: Reading) -> None:
    ways: dict[str, list[str]] = {
        c.id: [need.removeprefix(f"{step.id}.") for need in c.needs] for c in step.checks
    }
    if len(ways) < len(step.checks):  # an id stands twice, which is told already
        return
    done: set[str] = set()
    for check in step.checks:
        ring = _ring(check.id, ways, done)
        if ring:
            reading.fail(
                reading.node_of(check, "needs"),
                msg("Checks need each other in a ring: {ring}.", ring=" → ".join(ring)),
            )
            return


def _ring(name: str, ways: dict[str, list[str]], done: set[str]) -> list[str]:
    # By hand, not recursive: a stranger's lesson may have a chain of thousands.
    stack = [(name, iter(ways.get(name, ())))]
    path, on_path = [name], {name}
    while stack:
        current, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            path.pop()
            on_path.discard(current)
            done.add(current)
        elif following in on_path:
            return [*path[path.index(following) :], following]
        elif following not in done:
            stack.append((following, iter(ways.get(following, ()))))
            path.append(following)
            on_path.add(following)
    return []


def undoes(lesson: Lesson, reading: Reading) -> None:
    """A step undoes checks of earlier steps, by their full names."""
    known = _ids(lesson, reading)
    earlier: list[str] = []
    for step in lesson.steps:
        for number, text in enumerate(step.undoes):
            if text not in earlier:
                later = any(text == f"{name}.{check}" for name in known for check in known[name])
                reading.fail(
                    reading.node_of(step, "undoes", number),
                    msg("`{check}` is not a check of an earlier step.", check=text)
                    if later
                    else msg("There is no check `{check}` to undo.", check=text),
                    None if later else nearest(text, earlier),
                )
        earlier += [f"{step.id}.{check}" for check in known.get(step.id, ())]


def wrong_ways(lesson: Lesson, reading: Reading) -> None:
    """A wrong way says which checks of its step catch it."""
    known = _ids(lesson, reading)
    for step in lesson.steps:
        for wrong in step.wrong.values():
            if not wrong.fails:
                reading.fail(
                    reading.node_of(wrong, "fails"), msg("A wrong way must fail a check at least.")
                )
            for number, text in enumerate(wrong.fails):
                if text not in known.get(step.id, ()):
                    reading.fail(
                        reading.node_of(wrong, "fails", number),
                        msg("The step has no check `{check}`.", check=text),
                        nearest(text, known.get(step.id, ())),
                    )


def _ids(lesson: Lesson, reading: Reading) -> dict[str, list[str]]:
    """Give the checks' ids by step as the file names them, read or not."""
    steps = reading.node_of(lesson, "steps")
    if not isinstance(steps, SequenceNode):
        return {}
    ids: dict[str, list[str]] = {}
    for step in steps.value:
        checks = _items(reading.document.find(step, "checks"))
        ids.setdefault(_id(step), []).extend(_id(check) for check in checks)
    return ids


def _id(node: Node) -> str:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == "id" and isinstance(value, ScalarNode):
                return str(value.value)
    return ""


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node, SequenceNode) else []


RULES = (hosts, needs, undoes, wrong_ways)
"""All of them, in the order in which their problems are found."""
