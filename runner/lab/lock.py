"""One program at a time makes or ends an owner's lab.

A file lock: the system gives it up when the process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from platformdirs import user_cache_path

from checks.message import msg
from runner.errors import LearnError
from runner.lab.names import OURS

PATIENCE = 120.0
"""Seconds to wait for another program; longer than any lab takes to become ready."""


@contextmanager
def lab_lock(owner: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the owner's lock.

    Raises `LearnError` where another program holds it for longer than `patience` seconds.
    """
    until = time.monotonic() + patience
    with _file(owner) as file:
        while not _taken(file.fileno()):
            if time.monotonic() > until:
                raise LearnError(
                    msg("Another learn-docker-net is busy with your lab."),
                    remedy=msg("Wait for it, or end it, then run this command again."),
                )
            threading.Event().wait(0.05)
        yield


def _file(owner: str) -> IO[str]:
    folder = user_cache_path(OURS)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / f"lab-{owner}.lock").open("a")
    except OSError as error:
        raise LearnError(
            msg("The folder {folder} cannot be written.", folder=str(folder)),
            remedy=msg("Make it yours, or name another one with XDG_CACHE_HOME."),
            details=str(error),
        ) from error


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
