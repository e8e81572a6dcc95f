"""Judges that misbehave, as functions that a worker process can find by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

from runner.grade.bench import judge_task
from runner.grade.task import Begun, Part, Piece, Task


def dying(task: Task) -> Iterator[Piece]:
    """Judge as usual; at the lesson of one learner the process dies."""
    for piece in judge_task(task):
        if isinstance(piece, Part) and _chosen(task, piece):
            os.kill(os.getpid(), signal.SIGKILL)
        yield piece


def hanging(task: Task) -> Iterator[Piece]:
    """Judge as usual; at the lesson of one learner nothing comes any more."""
    for piece in judge_task(task):
        if isinstance(piece, Part) and _chosen(task, piece):
            signal.pause()
        yield piece


def slow(task: Task) -> Iterator[Piece]:
    """Judge as usual, but take a while over every lesson."""
    for piece in judge_task(task):
        if isinstance(piece, Begun):
            time.sleep(0.1)
        yield piece


def _chosen(task: Task, piece: Part) -> bool:
    return task.learner.id == "s001" and piece.result.lesson == "lesson-01"
