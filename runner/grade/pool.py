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
START = 120.0
"""Seconds that a process has for starting; none of them count for a lesson."""
_LOOK = 0.2
"""Seconds between looks at the clock and at `stop`."""
_BREATH = 1.0
"""Seconds that may go by between two looks; more were taken by whoever writes, or by a Ctrl-Z."""

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
    started: bool = False
    judged: set[str] = field(default_factory=set)

    def give(self, task: Task, since: float) -> None:
        self.task, self.lesson, self.judged = task, "", set()
        self.since = since
        self.pipe.send(task)


class Pool:
    """So many processes that judge; implements `task.Judges`."""

    def __init__(
        self,
        jobs: int,
        *,
        patience: float = PATIENCE,
        judge: Judge = judge_task,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet; `patience` in seconds is for each lesson."""
        self._jobs = jobs
        self._patience = patience
        self._judge = judge
        self._clock = clock
        self._looked = clock()
        self._now = 0.0
        """Seconds that workers have had."""
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
                self._let_time_go_on()
                for worker in busy:
                    if worker.pipe in ready:
                        self._take(worker, emit)
                    elif self._now - worker.since > self._patience_with(worker):
                        self._lose(worker, emit, _too_slow(self._patience_with(worker)))
        finally:
            self._end()

    def _let_time_go_on(self) -> None:
        looked = self._clock()
        self._now += min(looked - self._looked, _BREATH)
        self._looked = looked

    def _patience_with(self, worker: _Worker) -> float:
        return self._patience if worker.started else max(START, self._patience)

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
                idle.give(task, self._now)
            except OSError:  # it died while it had nothing to do
                self._forget(idle)
                self._again.append(task)

    def _take(self, worker: _Worker, emit: Emit) -> None:
        try:
            piece: Piece | None = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(1.0)
            self._lose(worker, emit, _died(worker.process.exitcode))
            return
        worker.since = self._now
        worker.started = True
        if piece is None:
            return
        if isinstance(piece, Begun):
            worker.lesson = piece.lesson
            return
        if isinstance(piece, Part):
            worker.judged.add(piece.result.lesson)
        elif isinstance(piece, Whole):
            worker.task = None
        emit(piece)

    def _lose(self, worker: _Worker, emit: Emit, why: Message) -> None:
        """Give up a worker: the lesson in its hands is errored, the rest is tried anew, if only to
        learn whose the file is.
        """
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
        if left or guilty is not None:
            self._again.append(replace(task, lessons=left))
        else:
            emit(Whole(task.learner.id, findings=task.findings))

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
        pipe.send(None)
        while True:
            task: Task = pipe.recv()
            for piece in judge(task):
                # Should the coordinator be gone, nobody else would end a pattern that runs away. It
                # takes a processor's time; waiting for a coordinator that is slow does not.
                _alarm(patience * 2)
                pipe.send(piece)
            _alarm(0.0)


def _alarm(seconds: float) -> None:
    """Have the kernel end this process after so many seconds at work; 0 takes that back."""
    setter: Any = getattr(signal, "setitimer", None)
    if setter is not None:
        setter(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    if os.name != "posix":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # a lower limit holds already
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _too_slow(patience: float) -> Message:
    return msg(
        "Judging it took longer than {seconds} seconds and was given up.", seconds=f"{patience:g}"
    )


def _died(status: int | None) -> Message:
    if status is not None and status < 0:
        return msg("The process that judged it died of signal {number}.", number=-status)
    return msg("The process that judged it ended with status {status}.", status=status)
