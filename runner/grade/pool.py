"""Judges in processes of this machine: a few workers, each with one task in hand.

A task is taken from the source only when a worker is free, and what a worker gives is handed on
before more is read from it, so that memory does not grow with the class. A worker that dies or
takes too long over a lesson costs that lesson its grade and nobody else anything.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event
from typing import Any

from checks.message import Message, msg
from runner.grade.bench import failed, judge_task
from runner.grade.result import Outcome
from runner.grade.task import Begun, Emit, Part, Piece, Task, Whole

PATIENCE = 60.0
"""Seconds that judging one lesson may take; a real one takes hundredths."""
MEMORY = 3 << 30
"""Bytes of address space that a worker may use."""
_LOOK = 0.2
"""Seconds between looks at the clock and at `stop`."""

_CONTEXT = multiprocessing.get_context("spawn")

Judge = Callable[[Task], Iterator[Piece]]


@dataclass
class _Worker:
    """One process, and what it has in hand."""

    process: SpawnProcess
    pipe: Connection
    task: Task | None = None
    lesson: str = ""
    since: float = 0.0
    judged: set[str] = field(default_factory=set)

    def give(self, task: Task) -> None:
        self.task, self.lesson, self.judged = task, "", set()
        self.since = time.monotonic()
        self.pipe.send(task)


class Pool:
    """So many processes that judge; implements `task.Judges`."""

    def __init__(self, jobs: int, *, patience: float = PATIENCE, judge: Judge = judge_task) -> None:
        """Start nothing yet; `patience` in seconds is for each lesson."""
        self._jobs = jobs
        self._patience = patience
        self._judge = judge
        self._workers: list[_Worker] = []
        self._again: list[Task] = []
        """The rest of tasks whose worker was lost."""

    def work(self, tasks: Iterable[Task], emit: Emit, stop: Event) -> None:
        """Judge all tasks; see `task.Judges`."""
        source = iter(tasks)
        try:
            while not stop.is_set():
                self._feed(source)
                busy = [one for one in self._workers if one.task is not None]
                if not busy:
                    return
                ready = wait([one.pipe for one in busy], timeout=_LOOK)
                for worker in busy:
                    if worker.pipe in ready:
                        self._take(worker, emit)
                    elif time.monotonic() - worker.since > self._patience:
                        self._lose(worker, emit, self._too_slow())
        finally:
            self._end()

    def _feed(self, source: Iterator[Task]) -> None:
        """Give every free worker a task; workers are started as they are needed."""
        while True:
            idle = next((one for one in self._workers if one.task is None), None)
            if idle is None and len(self._workers) >= self._jobs:
                return
            task = self._again.pop() if self._again else next(source, None)
            if task is None:
                return
            if idle is None:
                idle = self._start()
            try:
                idle.give(task)
            except OSError:  # it died while it had nothing to do
                self._forget(idle)
                self._again.append(task)

    def _take(self, worker: _Worker, emit: Emit) -> None:
        try:
            piece: Piece = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(1.0)
            self._lose(worker, emit, _died(worker.process.exitcode))
            return
        worker.since = time.monotonic()
        if isinstance(piece, Begun):
            worker.lesson = piece.lesson
            return
        if isinstance(piece, Part):
            worker.judged.add(piece.result.lesson)
        elif isinstance(piece, Whole):
            worker.task = None
        emit(piece)
        worker.since = time.monotonic()  # waiting for whoever writes is not the worker's time

    def _lose(self, worker: _Worker, emit: Emit, why: Message) -> None:
        """Give up a worker: the lesson in its hands is errored, the others are tried anew."""
        task = worker.task
        assert task is not None  # noqa: S101  (only busy ones are lost)
        self._forget(worker)
        left = tuple(rule for rule in task.lessons if rule.lesson not in worker.judged)
        guilty = next((rule for rule in left if rule.lesson == worker.lesson), None)
        if guilty is None and left:
            guilty = left[0]  # it did not come so far as to say
        if guilty is not None:
            emit(Part(failed(task, guilty, Outcome.ERRORED, why)))
            left = tuple(rule for rule in left if rule is not guilty)
        if left:
            self._again.append(replace(task, lessons=left))
        else:
            emit(Whole(task.learner.id, findings=task.findings))

    def _too_slow(self) -> Message:
        seconds = f"{self._patience:g}"
        return msg(
            "Judging it took longer than {seconds} seconds and was given up.", seconds=seconds
        )

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(
            target=_serve, args=(theirs, self._judge, self._patience), daemon=True
        )
        with _no_interrupt():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _forget(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        worker.task = None
        self._workers.remove(worker)

    def _end(self) -> None:
        for worker in list(self._workers):
            self._forget(worker)


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold back Ctrl-C in this thread and in what it starts: a worker would die of it with a
    traceback before it has come to ignore it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, judge: Judge, patience: float) -> None:
    """Judge what comes, until nobody sends any more: the life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator to act on
    _limit_memory()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task: Task = pipe.recv()
            for piece in judge(task):
                # Should the coordinator be gone, nobody else would end a pattern that runs away.
                _alarm(patience * 2)
                pipe.send(piece)
            _alarm(0.0)


def _alarm(seconds: float) -> None:
    """Have the kernel end this process after so many seconds; 0 takes that back."""
    setter: Any = getattr(signal, "setitimer", None)
    if setter is not None:
        setter(signal.ITIMER_REAL, seconds)


def _limit_memory() -> None:
    if os.name != "posix":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # a lower limit holds already
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _died(status: int | None) -> Message:
    if status is not None and status < 0:
        return msg("The process that judged it died of signal {number}.", number=-status)
    return msg("The process that judged it ended with status {status}.", status=status)
