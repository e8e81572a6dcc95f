"""The life of a process that judges: it takes tasks from its coordinator and gives pieces back.

Whatever a stranger's work does to judging happens here: a pattern that runs away holds this
interpreter and no other, and what takes all memory ends this process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from checks.message import Message
from runner.errors import LearnError
from runner.grade.task import Piece, Task

MEMORY = 3 << 30
"""Bytes of address space that a worker may use."""
BEAT = 2.0
"""Seconds between two signs of life of a worker with work in its hands."""

Judge = Callable[[Task], Iterator[Piece]]
"""Judges one task; what it raises as LearnError ends the whole run, not only this task."""

STOP = threading.Event()
"""Set in a worker once nobody wants what it has in its hands any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something to be told while the work goes on."""

    message: Message


@dataclass(frozen=True, slots=True)
class Alive:
    """The work goes on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why nobody's work can be judged any more."""

    message: Message
    remedy: Message | None
    details: str


FromWorker = Piece | Said | Alive | Failed | None
"""What comes from a worker; None once, when it has started."""


class _Mouth:
    """This process's way to its coordinator; in a process that has none nobody hears."""

    def __init__(self) -> None:
        self.number = 0
        self._pipe: Connection | None = None
        self._one = threading.Lock()

    def open(self, pipe: Connection, number: int) -> None:
        self._pipe, self.number = pipe, number

    def say(self, what: FromWorker) -> None:
        if self._pipe is not None:
            with self._one:
                self._pipe.send(what)


_MOUTH = _Mouth()


def number() -> int:
    """Give which of its coordinator's workers this is, from 0."""
    return _MOUTH.number


def tell(message: Message) -> None:
    """Have the coordinator tell something to whoever waits."""
    with contextlib.suppress(OSError):
        _MOUTH.say(Said(message))


def serve(pipe: Connection, judge: Judge, patience: float, number: int) -> None:
    """Judge what comes, until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator to act on
    _limit_memory()
    _MOUTH.open(pipe, number)
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    busy = threading.Event()
    for work, args in ((_listen, (pipe, tasks)), (_beat, (busy,))):
        threading.Thread(target=work, args=args, daemon=True).start()
    with contextlib.suppress(OSError):
        _MOUTH.say(None)
        while (task := tasks.get()) is not None:
            busy.set()
            _judge(task, judge, patience)
            busy.clear()


def _judge(task: Task, judge: Judge, patience: float) -> None:
    """Judge one task.

    Should the coordinator be gone, nobody else would end a pattern that runs away. The alarm counts
    a processor's time; waiting for a lab, or for a coordinator that is slow, takes none.
    """
    _alarm(patience * 2)
    try:
        for piece in judge(task):
            _alarm(patience * 2)
            _MOUTH.say(piece)
    except LearnError as error:
        _MOUTH.say(Failed(error.message, error.remedy, error.details))
    _alarm(0.0)


def _listen(pipe: Connection, tasks: SimpleQueue[Task | None]) -> None:
    """Take tasks as they come: only so it shows at once that there will be no more."""
    try:
        while True:
            tasks.put(pipe.recv())
    except (EOFError, OSError):
        pass
    finally:
        STOP.set()
        tasks.put(None)


def _beat(busy: threading.Event) -> None:
    """Say that this interpreter still goes round, which it does not in a pattern that runs away."""
    with contextlib.suppress(OSError):
        while not STOP.wait(BEAT):
            if busy.is_set():
                _MOUTH.say(Alive())


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
