"""`coverage.yaml`: where the course treats each heading of the notes it is made from.

    count: 2
    headings:
      默认docker安装后的网络设置: [lesson-01]
      通过自定义容器名称互联: [lesson-06/link, lesson-07]

The notes are no part of the course, so `count` stands for them: no heading is lost unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import Node

from checks.kinds import Plain
from checks.message import msg
from runner.course.declare import Grammar
from runner.course.lesson import Lesson
from runner.course.reading import BAD, Reading, nearest
from runner.course.yaml_nodes import read_document
from runner.errors import Problem

COVERAGE_FILE = "coverage.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The headings of the notes, word for word, and where each is treated."""

    headings: Mapping[Plain, tuple[Plain, ...]]
    """Lessons (`lesson-07`) or steps (`lesson-07/alias`) by heading."""
    count: int | None = None
    """How many different headings the notes have."""


def check_coverage(folder: Path, lessons: Mapping[str, Lesson]) -> list[Problem]:
    """Tell headings without a home, homes that do not exist, and lessons that claim other ones.

    Raises CourseError where the file cannot be read at all.
    """
    path = folder / COVERAGE_FILE
    if not path.is_file():
        return []
    reading = Reading(read_document(path))
    coverage = Grammar().record(Coverage).read(reading, reading.document.root, path.name)
    if coverage is not BAD:
        for heading, homes in coverage.headings.items():
            node = reading.node_of(coverage, "headings", heading)
            if not homes:
                reading.fail(node, msg("No lesson treats “{heading}”.", heading=heading))
            for number, home in enumerate(homes):
                place = reading.document.find(node, number)
                _home(reading, place, heading, home, lessons)
        listed = len(coverage.headings)
        if coverage.count not in (None, listed):
            reading.fail(
                reading.node_of(coverage, "count"),
                msg(
                    "The notes have {count} headings; {listed} of them stand here.",
                    count=coverage.count,
                    listed=listed,
                ),
            )
        reading.problems += _claims(path, reading, coverage, lessons)
    return reading.problems


def _home(
    reading: Reading, node: Node, heading: str, home: str, lessons: Mapping[str, Lesson]
) -> None:
    name, _, step = home.partition("/")
    lesson = lessons.get(name)
    if lesson is None:
        reading.fail(
            node, msg("The course has no `{lesson}`.", lesson=name), nearest(name, lessons)
        )
    elif step and step not in (steps := [known.id for known in lesson.steps]):
        message = msg("{lesson} has no step `{step}`.", lesson=name, step=step)
        reading.fail(node, message, nearest(step, steps))
    elif heading not in lesson.source:
        reading.fail(
            node,
            msg(
                "{lesson} does not name “{heading}” in its `source`.", lesson=name, heading=heading
            ),
        )


def _claims(
    path: Path, reading: Reading, coverage: Coverage, lessons: Mapping[str, Lesson]
) -> Iterator[Problem]:
    for name, lesson in lessons.items():
        for heading in lesson.source:
            homes = [home.partition("/")[0] for home in coverage.headings.get(heading, (name,))]
            if name not in homes:
                node = reading.node_of(coverage, "headings", heading)
                yield Problem(
                    reading.document.place(node),
                    msg(
                        "{lesson} names “{heading}” as its source and is not listed for it.",
                        lesson=name,
                        heading=heading,
                    ),
                )
