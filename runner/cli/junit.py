"""What checking brought, as JUnit XML: a suite a step, a case a check."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checks.fill import finish
from checks.verdict import State
from runner.cli.text import safe
from runner.learn.progress import Counted
from runner.learn.report import Report
from runner.words import tell, translate

_ELEMENT = {
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.SKIPPED: "skipped",
    State.UNSUPPORTED: "skipped",
}


def junit(report: Report) -> str:
    """Give the XML; what a case says is in the language in use."""
    root = Element("testsuites", name=report.lesson.id)
    _count(root, report.counted)
    root.set("time", f"{report.seconds:.3f}")
    for step in report.lesson.steps:
        counted = report.of(step.id)
        if not counted:
            continue
        suite = SubElement(root, "testsuite", name=f"{report.lesson.id}.{step.id}")
        _count(suite, counted)
        for item in counted:
            _case(suite, item)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _count(element: Element, counted: Iterable[Counted]) -> None:

    states = [item.verdict.state for item in counted]
    element.set("tests", str(len(states)))
    element.set("failures", str(states.count(State.FAILED)))
    element.set("errors", str(states.count(State.ERRORED)))
    skipped = states.count(State.SKIPPED) + states.count(State.UNSUPPORTED)
    element.set("skipped", str(skipped))


def _case(suite: Element, item: Counted) -> None:
    case = SubElement(suite, "testcase", classname=suite.get("name", ""), name=item.id)
    if item.result is not None and item.result.observation is not None:
        case.set("time", f"{item.result.observation.seconds:.3f}")
    state = item.verdict.state
    if state not in _ELEMENT:
        return
    found = tell(item.verdict.found) if item.verdict.found else translate(state.value)
    told = SubElement(case, _ELEMENT[state], message=safe(found))
    told.text = safe("\n".join(_lines(item)))


def _lines(item: Counted) -> list[str]:
    verdict = item.verdict
    lines: list[str] = [finish(item.check.say)]
    for name in ("expected", "found", "look"):
        message = getattr(verdict, name)
        if message is not None:
            lines.append(f"{translate(name)}: {tell(message)}")
    if item.check.otherwise and verdict.state is State.FAILED:
        lines.append(finish(item.check.otherwise))
    if verdict.evidence:
        lines += ["", verdict.evidence]
    return lines
