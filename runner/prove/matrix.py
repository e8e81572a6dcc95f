"""Which lesson was proved on which engine: a table that is kept beside the course.

It is made of the results of proofs, and outlives them: what a proof showed of a lesson counts for
as long as all that is done and asked in it stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path

from checks.message import msg
from runner.course.course import Course
from runner.course.kept import lesson_in
from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.files import write_whole
from runner.prove.substance import digest_of
from runner.prove.trial import Kind, Played, trials

VERSION = 1
"""Of the file's form."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What was shown of one lesson on one engine."""

    lesson: str
    docker: str
    digest: str
    """Of what the proof stood on, by `substance.digest_of`."""
    rounds: int
    """Rounds played whole, one after the other, without a miss."""
    checks: int
    """How often a check was judged in one round."""
    ways: int
    """Right ways played in one round: whole walks and alternatives."""
    wrong_ways: int
    """Wrong ways played in one round."""
    seconds: float
    """A round's trials one after the other, on the machine that it was played on."""
    unsupported: str = ""
    """Why the lesson cannot be taken on this engine."""


Matrix = dict[tuple[str, str], Cell]
"""By lesson and engine."""


def gather(
    course: Course, played: Iterable[Played], before: Mapping[tuple[str, str], Cell]
) -> Matrix:
    """Give what results show of the lessons as they stand, beside what was shown before."""
    digests = digests_of(course)
    found: Matrix = {
        key: cell for key, cell in before.items() if digests.get(cell.lesson) == cell.digest
    }
    groups: dict[tuple[str, str], list[Played]] = {}
    for one in played:
        if digests.get(one.trial.lesson) == one.digest:
            groups.setdefault((one.trial.lesson, one.docker), []).append(one)
    for key, group in groups.items():
        cell = _cell(course.lesson(key[0]), group)
        if cell.rounds and cell.rounds >= (found[key].rounds if key in found else 0):
            found[key] = cell
    return found


def _cell(lesson: Lesson, group: list[Played]) -> Cell:
    docker, digest = group[0].docker, group[0].digest
    unsupported = next((one.unsupported for one in group if one.unsupported), "")
    good = {one.trial.key: one for one in group if not one.misses}
    numbers = sorted({one.trial.round for one in group})
    whole = list(
        takewhile(
            lambda number: all(
                trial.key in good
                for trial in trials(lesson, number, docker)
                if trial.round == number
            ),
            numbers if numbers[:1] == [1] else [],
        )
    )
    shown = [one for one in good.values() if one.trial.round in whole]
    rounds = len(whole)
    of_one = [one for one in shown if one.trial.round == 1]
    wrong = sum(one.trial.kind == Kind.WRONG.value for one in of_one)
    return Cell(
        lesson.id,
        docker,
        digest,
        rounds,
        sum(one.checks for one in of_one),
        len(of_one) - wrong,
        wrong,
        round(sum(one.seconds for one in shown) / rounds, 1) if rounds else 0.0,
        unsupported,
    )


def read(path: Path) -> Matrix:
    """Read a file that `write` wrote; none there gives none. Raises LearnError for a broken one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise ValueError(data["version"])
        cells = [Cell(**item) for item in data["cells"]]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LearnError(
            msg("{path} is no table of proofs: {error}", path=str(path), error=str(error)),
            remedy=msg("Remove it; it is made anew of the results of proofs."),
        ) from error
    return {(cell.lesson, cell.docker): cell for cell in cells}


def write(path: Path, matrix: Mapping[tuple[str, str], Cell]) -> None:
    """Write it, a line a cell, so that a change of one lesson changes its own lines."""
    lines = [json.dumps(asdict(matrix[key]), ensure_ascii=False) for key in sorted(matrix)]
    text = f'{{"version": {VERSION}, "cells": [\n' + ",\n".join(lines) + "\n]}\n"
    write_whole(path, text)


def stale(course: Course, matrix: Mapping[tuple[str, str], Cell], docker: str) -> list[str]:
    """Give the lessons that are not shown to be sound on an engine as they stand."""
    return [
        lesson
        for lesson, digest in digests_of(course).items()
        if (cell := matrix.get((lesson, docker))) is None or cell.digest != digest
    ]


def digests_of(course: Course) -> dict[str, str]:
    """Name what proofs of each lesson stand on; CourseError for what is wrong in a lesson."""
    return {
        lesson: digest_of(lesson_in(course, lesson, course.languages[0]))
        for lesson in course.lessons
    }


def markdown(course: Course, matrix: Mapping[tuple[str, str], Cell]) -> Iterator[str]:
    """Give the table for people: a row a lesson, three columns an engine."""
    engines = sorted({docker for _, docker in matrix}, key=lambda tag: [*map(int, tag.split("."))])
    yield "| lesson | " + " | ".join(f"Docker {tag}" for tag in engines) + " |"
    yield "|---" * (len(engines) + 1) + "|"
    for lesson in course.lessons:
        cells = (_told(matrix.get((lesson, docker))) for docker in engines)
        yield f"| {lesson} {course.lesson(lesson).title} | " + " | ".join(cells) + " |"


def _told(cell: Cell | None) -> str:
    if cell is None:
        return "not yet"
    if cell.unsupported:
        return f"unsupported: {cell.unsupported}"
    return (
        f"{cell.rounds} × ({cell.checks} checks, {cell.ways} ways, {cell.wrong_ways} wrong ways,"
        f" {cell.seconds:.0f} s)"
    )
