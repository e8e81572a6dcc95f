"""Judging in a child process that is watched, for whoever is only one of many in a program.

A worker of a cluster judges for everybody: a pattern that runs away, or a record that takes all
memory, must end a process of its own and not that worker.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checks.message import Message, msg
from runner.grade.bench import failed, judge_task
from runner.grade.pool import PATIENCE, Judge, Pool
from runner.grade.result import Outcome
from runner.grade.task import Begun, Part, Piece, Task, Whole

_MINE = threading.local()


def judged(task: Task, limit: float, judge: Judge = judge_task) -> list[Piece]:
    """Judge a task in this thread's child, which stays for the next one; after `limit` seconds the
    lessons that are left are errored.
    """
    pool: Pool | None = getattr(_MINE, "pool", None)
    if pool is None or _MINE.judge is not judge:
        pool, _MINE.judge = Pool(1, judge=judge, patience=min(PATIENCE, limit)), judge
        _MINE.pool = pool
    pieces: list[Piece] = []
    stop = threading.Event()
    timer = threading.Timer(limit, stop.set)
    timer.daemon = True
    timer.start()
    try:
        with _may_have_children():
            pool.go([task], pieces.append, stop)
    finally:
        timer.cancel()
    if not any(isinstance(one, Whole) for one in pieces):
        pool.close()
        _MINE.pool = None
        pieces += _rest(task, pieces, limit)
    return [one for one in pieces if not isinstance(one, Begun)]


def _rest(task: Task, pieces: list[Piece], limit: float) -> Iterator[Piece]:
    done = {one.result.lesson for one in pieces if isinstance(one, Part)}
    for rule in task.lessons:
        if rule.lesson not in done:
            yield Part(failed(task, rule, Outcome.ERRORED, _too_slow(limit)))
    yield Whole(task.learner.id, findings=task.findings)


def _too_slow(limit: float) -> Message:
    return msg("Judging a learner took longer than {seconds} seconds.", seconds=f"{limit:g}")


@contextmanager
def _may_have_children() -> Iterator[None]:
    """Let this process start one though it is a daemon, as a cluster's workers are.

    The rule is there because a daemon that is killed leaves its children; ours see that nobody
    sends them anything any more, and end.
    """
    config: dict[str, Any] = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    before = config.get("daemon")
    config["daemon"] = False
    try:
        yield
    finally:
        config["daemon"] = before
