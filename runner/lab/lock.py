"""One program at a time makes or ends an owner's lab.

A file lock: the system gives it up when the process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from checks.message import Message, msg
from runner.errors import LearnError
from runner.places import HOME_VARIABLE, cache_folder

PATIENCE = 120.0
"""Seconds to wait for another program; longer than any lab takes to become ready."""

_WORTH_SAYING = 2.0
"""Seconds after which a wait is told."""


@contextmanager
def lab_lock(
    owner: str, patience: float = PATIENCE, tell: Callable[[Message], None] | None = None
) -> Iterator[None]:
    """Hold the owner's lock; `tell` is told once where that takes more than two seconds.

    Raises `LearnError` where another program holds it for longer than `patience` seconds.
    """
    begun = time.monotonic()
    with _file(owner) as file:
        while not _taken(file.fileno()):
            waited = time.monotonic() - begun
            if tell is not None and waited > _WORTH_SAYING:
                tell(msg("Another learn-docker-net is at work on the same; waiting for it."))
                tell = None
            if waited > patience:
                raise LearnError(
                    msg("Another learn-docker-net is busy with your lab."),
                    remedy=msg("Wait for it, or end it, then run this command again."),
                )
            threading.Event().wait(0.05)
        yield


def _file(owner: str) -> IO[str]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / f"lab-{owner}.lock").open("a")
    except OSError as error:
        raise LearnError(
            msg("The folder {folder} cannot be written.", folder=str(folder)),
            remedy=msg(
                "Make it yours, or name another one with {variable}.", variable=HOME_VARIABLE
            ),
            details=str(error),
        ) from error


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
