"""Submissions judged on a Dask cluster of processes on this machine, over TLS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.errors import LearnError, UsageError
from runner.grade.class_ import Class, Where
from runner.grade.cluster import Cluster
from runner.grade.planning import make_plan
from runner.grade.pool import Judge, Pool
from runner.grade.result import Outcome, Run
from runner.grade.run import Grading, Judged
from runner.grade.store import Results
from tests.grade import judges
from tests.grade.authority import write_keys
from tests.grade.cluster import cluster
from tests.grade.learners import class_of


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Results]:
    with Results(tmp_path / "results.sqlite") as found:
        yield found


def rows(class_: Class, results: Results, run: Run) -> list[tuple[object, ...]]:
    """Give all that a gradebook says, but for how long judging took."""
    return [
        (one.learner.id, row.lesson, row.outcome, row.score, row.steps, row.findings, one.findings)
        for one in results.learners(run, class_.lessons)
        for row in one.lessons
    ]


def test_one_worker_of_two_is_killed_and_the_gradebook_is_the_same(
    tmp_path: Path, keys: Path, results: Results
) -> None:
    class_ = class_of(tmp_path, 40)
    plan = make_plan(class_)
    here = Grading(plan, results, {Where.SUBMISSION: Pool(2)}).run()
    told: list[Judged] = []
    with cluster(keys, 2) as started:
        killed = threading.Event()

        def note(one: Judged) -> None:
            told.append(one)
            if len(told) == 10 and not killed.is_set():
                killed.set()
                started.kill(0)

        there = Grading(
            plan, results, {Where.SUBMISSION: Cluster(started.address, keys)}, note
        ).run(again=True)
    assert killed.is_set()
    assert len(told) == 40, "nothing is lost and nothing counts twice"
    assert not list(results.compare(here, there))
    for ours, theirs in zip(rows(class_, results, here), rows(class_, results, there), strict=True):
        assert ours == theirs


def test_the_only_worker_is_killed_and_another_takes_over(
    tmp_path: Path, keys: Path, results: Results
) -> None:
    """The course that was sent to it is gone with it, and is sent anew."""
    class_ = class_of(tmp_path, 24)
    plan = make_plan(class_)
    told: list[Judged] = []
    with cluster(keys, 1) as started:

        def note(one: Judged) -> None:
            told.append(one)
            if len(told) == 5:
                started.kill(0)
                started.add()

        Grading(plan, results, {Where.SUBMISSION: Cluster(started.address, keys)}, note).run()
    assert len(told) == 24
    good = (Outcome.GRADED, Outcome.ABSENT)
    assert not [str(one.result.reason) for one in told if one.result.outcome not in good]


@pytest.mark.parametrize("bad", [judges.dying, judges.hanging])
def test_one_bad_learner_costs_no_worker_and_nobody_else_anything(
    tmp_path: Path, keys: Path, results: Results, bad: Judge
) -> None:
    class_ = class_of(tmp_path, 6)
    with cluster(keys, 1) as started:
        there = Cluster(started.address, keys, limit=20, judge=bad)
        run = Grading(make_plan(class_), results, {Where.SUBMISSION: there}).run()
        assert started.workers[0].poll() is None
    [row] = results.lessons(run, "s001", ["lesson-01"])
    assert row.outcome is Outcome.ERRORED
    assert "died of signal 9" in str(row.reason) or "longer than" in str(row.reason)
    others = {one.learner.id: one.lessons[0] for one in results.learners(run, class_.lessons)}
    del others["s001"]
    assert {one.outcome for one in others.values()} == {Outcome.GRADED, Outcome.ABSENT}


def test_without_tls_nothing_is_sent(keys: Path) -> None:
    with pytest.raises(UsageError):
        Cluster("tcp://127.0.0.1:8786", keys)
    with pytest.raises(UsageError):
        Cluster("tls://127.0.0.1:8786", None)


def test_keys_of_another_authority_are_refused(
    tmp_path: Path, keys: Path, results: Results
) -> None:
    plan = make_plan(class_of(tmp_path, 3))
    others = write_keys(tmp_path / "others")
    with cluster(keys, 0) as started, pytest.raises(LearnError, match="cannot be reached"):
        Grading(plan, results, {Where.SUBMISSION: Cluster(started.address, others)}).run()
    assert results.runs()[0].ended is None
