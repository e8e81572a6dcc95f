"""Judges in processes of this machine: a few workers, each with one task in hand.

A task is taken from the source only when a worker is free, and what a worker gives is handed on
before more is read from it, so that memory does not grow with the class. A worker that dies or
takes too long over a lesson costs that lesson its grade and nobody else anything.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.bench import failed, judge_task
from runner.grade.class_ import LessonRule
from runner.grade.result import Mode, Outcome
from runner.grade.task import Begun, Emit, Part, Task, Whole
from runner.grade.worker import Alive, Failed, FromWorker, Judge, Said, serve

PATIENCE = 60.0
"""Seconds that judging one lesson may take; a real one takes hundredths."""
SILENCE = 60.0
"""Seconds without a sign of life after which a worker is given up, whatever patience it has."""
LOSSES = 3
"""Lessons that may cost a learner's worker its life; what is left then is not tried any more."""
START = 120.0
"""Seconds that a process has for starting; none of them count for a lesson."""
_LOOK = 0.2
"""Seconds between looks at the clock and at `stop`."""
_BREATH = 1.0
"""Seconds that may go by between two looks; more were taken by whoever writes, or by a Ctrl-Z."""

_CONTEXT = multiprocessing.get_context("spawn")

__all__ = ["PATIENCE", "Judge", "Pool"]


@dataclass
class _Worker:
    """One process, and what it has in hand."""

    process: SpawnProcess
    pipe: Connection
    number: int
    task: Task | None = None
    lesson: str = ""
    since: float = 0.0
    """When something came of the task, or it was given."""
    heard: float = 0.0
    """When it last gave a sign of life."""
    started: bool = False
    judged: set[str] = field(default_factory=set)

    def give(self, task: Task, since: float) -> None:
        self.task, self.lesson, self.judged = task, "", set()
        self.since = self.heard = since
        self.pipe.send(task)


class Pool:
    """So many processes that judge; implements `task.Judges`."""

    def __init__(
        self,
        jobs: int,
        *,
        patience: float = PATIENCE,
        judge: Judge = judge_task,
        mode: Mode = Mode.SUBMISSION,
        farewell: float = 0.0,
        tell: Callable[[Message], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet; `patience` in seconds is for each lesson.

        `mode` stands in the rows of lessons that are lost; `farewell` in seconds is what workers
        get to put in order what they have in their hands, where the run is stopped.
        """
        self._jobs = jobs
        self._patience = patience
        self._judge = judge
        self._mode = mode
        self._farewell = farewell
        self._tell = tell
        self._clock = clock
        self._looked = clock()
        self._now = 0.0
        """Seconds that workers have had."""
        self._workers: list[_Worker] = []
        self._again: list[Task] = []
        """The rest of tasks whose worker was lost."""
        self._losses: Counter[str] = Counter()
        """By learner."""

    def work(self, tasks: Iterable[Task], emit: Emit, stop: Event) -> None:
        """Judge all tasks; see `task.Judges`. Raises LearnError as the judge does."""
        try:
            self.go(tasks, emit, stop)
        finally:
            self.close()

    def go(self, tasks: Iterable[Task], emit: Emit, stop: Event) -> None:
        """Judge all tasks as `work` does, and keep the workers for more."""
        source = iter(tasks)
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
                elif (late := self._late(worker)) is not None:
                    self._lose(worker, emit, _too_slow(late))

    def close(self) -> None:
        """End the workers: at once, or where they have a farewell, when they have said it."""
        for worker in self._workers:
            worker.pipe.close()  # which they see, whatever they are at
        until = time.monotonic() + self._farewell
        for worker in list(self._workers):
            worker.process.join(max(0.0, until - time.monotonic()))
            self._forget(worker)

    def _let_time_go_on(self) -> None:
        looked = self._clock()
        self._now += min(looked - self._looked, _BREATH)
        self._looked = looked

    def _late(self, worker: _Worker) -> float | None:
        """Give the seconds that a worker had where they are over."""
        patience = self._patience if worker.started else max(START, self._patience)
        if self._now - worker.since > patience:
            return patience
        silent = worker.started and self._now - worker.heard > SILENCE
        return SILENCE if silent else None

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
            piece: FromWorker = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(1.0)
            self._lose(worker, emit, _died(worker.process.exitcode))
            return
        worker.heard = self._now
        if isinstance(piece, Failed):
            raise LearnError(piece.message, remedy=piece.remedy, details=piece.details)
        if isinstance(piece, Alive):
            return
        worker.since = self._now
        worker.started = True
        if isinstance(piece, Said):
            self._tell(piece.message)
        elif isinstance(piece, Begun):
            worker.lesson = piece.lesson
        elif piece is not None:
            self._hand_on(worker, piece, emit)

    def _hand_on(self, worker: _Worker, piece: Part | Whole, emit: Emit) -> None:
        if isinstance(piece, Part):
            worker.judged.add(piece.result.lesson)
        else:
            worker.task = None
        emit(piece)

    def _lose(self, worker: _Worker, emit: Emit, why: Message) -> None:
        """Give up a worker: the lesson in its hands is errored, the rest is tried anew, if only to
        learn whose the file is.
        """
        task = worker.task
        assert task is not None  # noqa: S101  (only busy ones are lost)
        self._forget(worker)
        self._losses[task.learner.id] += 1
        left = tuple(rule for rule in task.lessons if rule.lesson not in worker.judged)
        guilty = self._guilty(worker, task.learner.id, left)
        for rule in guilty:
            emit(Part(failed(task, rule, Outcome.ERRORED, why, mode=self._mode)))
        if guilty:
            left = tuple(rule for rule in left if rule not in guilty)
            self._again.append(replace(task, lessons=left))
        else:
            emit(Whole(task.learner.id, findings=task.findings))

    def _guilty(
        self, worker: _Worker, learner: str, left: tuple[LessonRule, ...]
    ) -> tuple[LessonRule, ...]:
        """Give the lessons that a worker was lost over: one, or all that are left of a learner who
        has cost too many.
        """
        if self._losses[learner] >= LOSSES:
            return left
        named = tuple(rule for rule in left if rule.lesson == worker.lesson)
        return named or left[:1]  # it may not have come so far as to say

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        taken = {one.number for one in self._workers}
        number = next(one for one in range(self._jobs) if one not in taken)
        process = _CONTEXT.Process(
            target=serve, args=(theirs, self._judge, self._patience, number), daemon=True
        )
        with _no_interrupt():
            process.start()
        theirs.close()
        worker = _Worker(process, ours, number)
        self._workers.append(worker)
        return worker

    def _forget(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        worker.task = None
        self._workers.remove(worker)


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold back Ctrl-C in this thread and in what it starts: a worker would die of it with a
    traceback before it has come to ignore it.
    """
    # The first start of all brings up the tracker too, which would let Ctrl-C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _too_slow(patience: float) -> Message:
    return msg(
        "Judging it took longer than {seconds} seconds and was given up.", seconds=f"{patience:g}"
    )


def _died(status: int | None) -> Message:
    if status is not None and status < 0:
        return msg("The process that judged it died of signal {number}.", number=-status)
    return msg("The process that judged it ended with status {status}.", status=status)
