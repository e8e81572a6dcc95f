"""The gradebook as JUnit XML: a suite a learner, a case a check, question or lesson not graded.

One learner is in memory at a time; the sums, which stand first, are known last.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checks.verdict import State
from runner.files import whole
from runner.grade.book import Book
from runner.grade.report.harmless import clean
from runner.grade.report.standing import UNKNOWN, lesson_of
from runner.grade.result import CheckRow, LearnerResult, LessonResult, Outcome, QuestionRow
from runner.words import tell, translate

_ELEMENT = {
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.SKIPPED: "skipped",
    State.UNSUPPORTED: "skipped",
}
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
EVIDENCE = 4_000
"""Characters of evidence at most; results.json has it whole."""


def write(book: Book, folder: Path) -> Iterator[Path]:
    """Write `junit.xml`; the suites stand by the learners' ids."""
    lessons = [rule.lesson for rule in book.rules]
    sums = dict.fromkeys(("tests", *_COUNTS), 0)
    path = folder / "junit.xml"
    with tempfile.TemporaryFile("w+", encoding="utf-8") as suites, whole(path) as file:
        for result in book.by_id():
            suite = _suite(result, lessons)
            for name in sums:
                sums[name] += int(suite.get(name, "0"))
            indent(suite, level=1)
            suites.write(f"  {tostring(suite, encoding='unicode').strip()}\n")
        root = Element("testsuites", name=clean(book.class_.id))
        for name, count in sums.items():
            root.set(name, str(count))
        root.text = "\n"
        head, end, tail = tostring(root, encoding="unicode").rpartition("</testsuites>")
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n{head}')
        suites.seek(0)
        shutil.copyfileobj(suites, file)
        file.write(f"{end}{tail}\n")
    yield path


def _suite(result: LearnerResult, lessons: list[str]) -> Element:
    suite = Element("testsuite", name=clean(result.learner.id))
    for lesson in lessons:
        _lesson(suite, lesson, lesson_of(result.lessons, lesson))
    suite.set("tests", str(len(suite)))
    for name, tag in _COUNTS.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    properties = Element("properties")
    SubElement(properties, "property", name="name", value=clean(result.learner.name))
    suite.insert(0, properties)
    return suite


def _lesson(suite: Element, lesson: str, result: LessonResult | None) -> None:
    group = f"{suite.get('name', '')}.{clean(lesson)}"
    outcome = Outcome.ABSENT if result is None else result.outcome
    if result is None or outcome is not Outcome.GRADED:
        case = SubElement(suite, "testcase", classname=group, name=clean(lesson))
        why = tell(result.reason) if result is not None and result.reason else outcome.value
        tag = "error" if outcome in UNKNOWN else "skipped"
        SubElement(case, tag, type=outcome.value, message=clean(why))
        return
    for step in result.steps:
        for check in step.checks:
            _check(SubElement(suite, "testcase", classname=group, name=clean(check.id)), check)
        for question in step.questions:
            questions = f"{group}.questions"  # a check of the step may have the same id
            case = SubElement(suite, "testcase", classname=questions, name=clean(question.id))
            _question(case, question)


def _check(case: Element, row: CheckRow) -> None:
    verdict = row.verdict
    if verdict.state not in _ELEMENT:
        return
    found = tell(verdict.found) if verdict.found else translate(verdict.state.value)
    lines = [row.say]
    for name in ("expected", "found", "look"):
        message = getattr(verdict, name)
        if message is not None:
            lines.append(f"{translate(name)}: {tell(message)}")
    if verdict.evidence:
        lines += ["", verdict.evidence[:EVIDENCE]]
    told = SubElement(case, _ELEMENT[verdict.state], type=verdict.state.value, message=clean(found))
    told.text = clean("\n".join(lines))


def _question(case: Element, row: QuestionRow) -> None:
    if row.right:
        return
    tag = "skipped" if row.right is None else "failure"
    told = SubElement(case, tag, message=clean(row.say))
    told.text = clean("\n".join(row.given))
