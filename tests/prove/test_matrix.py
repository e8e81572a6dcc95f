"""The table of what proofs have shown: whole rounds, of the lesson as it is, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runner.course.course import Course, open_course
from runner.errors import LearnError
from runner.prove import matrix
from runner.prove.substance import digest_of
from runner.prove.trial import Miss, Played, trials
from tests.course.books import spoiled, write_course, write_lesson

LESSON = "lesson-07"
CHANGES = [
    ("choose: [web01, app01, db01]", "choose: [web01, app01, db02]"),
    ("setup: docker pull -q localhost/box || true", "setup: docker pull localhost/box || true"),
    ('stdout: {json: {"[0].State.Running": true}}', "stdout: {contains: running}"),
    ("timeout: 10s", "timeout: 11s"),
    ("value: 172.17.0.1", "value: 172.17.0.9"),
    ("solution: docker rm -f linker", "solution: docker rm -f -v linker"),
    ("docker start linker", "docker restart linker"),
    ("fails: [linked]", "fails: [linked, in-hosts]"),
    ("undoes: [link.linked]", "undoes: [link.in-hosts]"),
]
"""Each makes another lesson of it for a proof."""
PROSE = [
    ("minutes: 12", "minutes: 15"),
    ("title: An alias", "title: One more name"),
    ("Now link to it.", "Now link to it, and look."),
    ("because: A link adds both.", "because: It adds both."),
    ("say: the engine records the link", "say: the engine has the link"),
    ("otherwise: A link is one-way.", "otherwise: Links are one-way."),
    ("- It is --link.", "- Try --link."),
    ("An alias names what is talked to.", "An alias names what one talks to."),
]
"""Each changes what is read, and nothing that is done or asked."""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return open_course(write_course(tmp_path))


def played(course: Course, rounds: int, docker: str = "26.1") -> Iterator[Played]:
    digest = digest_of(course.lesson(LESSON))
    for trial in trials(course.lesson(LESSON), rounds, docker):
        yield Played(trial, docker, digest, 2.0, checks=3)


def changed(folder: Path, old: str, new: str) -> Course:
    write_lesson(folder, spoiled((old, new)))
    return open_course(folder)


def test_whole_rounds_count(course: Course) -> None:
    of_one = list(played(course, 1))
    cell = matrix.gather(course, played(course, 3), {})[LESSON, "26.1"]
    assert cell.rounds == 3
    assert cell.checks == 3 * len(of_one)
    assert cell.ways + cell.wrong_ways == len(of_one)
    assert cell.seconds == 2.0 * len(of_one)


def test_a_miss_or_a_gap_ends_the_rounds_that_count(course: Course) -> None:
    everything = list(played(course, 3))
    second = next(i for i, one in enumerate(everything) if one.trial.round == 2)
    missed = replace(everything[second], misses=(Miss("a.b", "passed", "failed"),))
    for results in (
        [*everything[:second], missed, *everything[second + 1 :]],
        [*everything[:second], *everything[second + 1 :]],
    ):
        assert matrix.gather(course, results, {})[LESSON, "26.1"].rounds == 1
    assert matrix.gather(course, everything[1:], {}) == {}


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_what_was_shown_of_another_lesson_does_not_count(
    course: Course, tmp_path: Path, old: str, new: str
) -> None:
    before = matrix.gather(course, played(course, 1), {})
    again = changed(tmp_path, old, new)
    assert matrix.gather(again, (), before) == {}
    assert matrix.stale(again, before, "26.1") == [LESSON]


@pytest.mark.parametrize(("old", "new"), PROSE)
def test_a_better_sentence_loses_no_proof(
    course: Course, tmp_path: Path, old: str, new: str
) -> None:
    before = matrix.gather(course, played(course, 1), {})
    assert matrix.stale(changed(tmp_path, old, new), before, "26.1") == []


def test_it_is_kept_and_filled_over_several_runs(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "docs" / "proofs.json"
    assert matrix.read(path) == {}
    first = matrix.gather(course, played(course, 2), {})
    matrix.write(path, first)
    assert matrix.read(path) == first
    both = matrix.gather(course, played(course, 1, "28.5"), matrix.read(path))
    assert {key: cell.rounds for key, cell in both.items()} == {
        (LESSON, "26.1"): 2,
        (LESSON, "28.5"): 1,
    }
    fewer = matrix.gather(course, played(course, 1), both)
    assert fewer[LESSON, "26.1"].rounds == 2
    assert matrix.stale(course, both, "26.1") == []
    assert matrix.stale(course, both, "20.10") == [LESSON]
    head, rule, row = matrix.markdown(course, both)
    assert head == "| lesson | Docker 26.1 | Docker 28.5 |"
    assert rule == "|---|---|---|"
    assert row.startswith("| lesson-07 ") and "| 2 × (" in row


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"version": 9, "cells": []})])
def test_a_broken_table_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "proofs.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearnError, match="no table of proofs"):
        matrix.read(path)
