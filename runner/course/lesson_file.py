"""From a lesson's file to a `Lesson`, with every problem in it at once.

Reading follows the declarations; then come the rules that no single field knows: what refers to
what, what goes only with what, which `%{name}` a text may use. Shell is parsed only on request: it
needs bash, and no start of the program should.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from checks.kinds import Shell
from runner.course import names, references, rules
from runner.course.declare import Grammar
from runner.course.lesson import Lesson
from runner.course.reading import BAD, Reading
from runner.course.yaml_nodes import read_document
from runner.errors import CourseError

if TYPE_CHECKING:
    from runner.course.shell_syntax import Script


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Give the grammar of lesson files; made when the first lesson is read."""
    from checks.spec import Assertion
    from runner.course.assertions import AssertionPart

    return Grammar({Assertion: AssertionPart()})


def read_lesson(path: Path) -> tuple[Lesson | None, Reading]:
    """Read a lesson without raising for what is wrong in it; None where too little is there.

    Raises CourseError only for a file that is no YAML mapping, is too large, or has more problems
    than anybody reads.
    """
    document = read_document(path)
    reading = Reading(document)
    lesson = grammar().record(Lesson).read(reading, document.root, path.name)
    if lesson is BAD:
        return None, reading
    if not rules.sizes(lesson, reading):
        return lesson, reading
    for rule in (*rules.RULES, *references.RULES, *names.RULES):
        rule(lesson, reading)
    return lesson, reading


def load_lesson(path: Path, *, strict: bool = False) -> Lesson:
    """Read a lesson; CourseError with all problems. `strict` parses its shell too."""
    lesson, reading = read_lesson(path)
    problems = list(reading.problems)
    if strict:
        from runner.course.shell_syntax import check_scripts

        problems += check_scripts(shell_scripts(reading))
    if problems or lesson is None:
        raise CourseError(problems)
    return dataclasses.replace(lesson, path=path)


def shell_scripts(reading: Reading) -> list[Script]:
    """Give all shell texts of a lesson, for parsing."""
    from runner.course.shell_syntax import Script

    return [
        Script(reading.document, written.node, written.text)
        for written in reading.texts
        if written.kind is Shell
    ]
