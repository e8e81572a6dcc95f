"""Work inside another network namespace.

A namespace belongs to a thread, not to the process. So each piece of work has a thread of its own,
which enters the namespace and ends there: no thread that answers other questions is ever elsewhere.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from .answer import NotThere

T = TypeVar("T")
_CLONE_NEWNET = 0x40000000


def inside(place: int | str | None, work: Callable[[], T]) -> T:
    """Run `work` in the network namespace of a process, or of a file that stands for one.

    None is the lab host's own. Raises what `work` raises, and NotThere where it is gone.
    """
    if place is None:
        return work()
    path = place if isinstance(place, str) else f"/proc/{place}/ns/net"
    try:
        namespace = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, ProcessLookupError):
        raise NotThere("not running") from None
    try:
        return _in_thread(namespace, work)
    finally:
        os.close(namespace)


def _in_thread(namespace: int, work: Callable[[], T]) -> T:
    results: list[T] = []
    errors: list[BaseException] = []

    def enter_and_work() -> None:
        try:
            _setns(namespace)
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=enter_and_work, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _setns(namespace: int) -> None:
    setns: Callable[[int, int], None] = getattr(os, "setns", _setns_by_libc)
    setns(namespace, _CLONE_NEWNET)


def _setns_by_libc(namespace: int, kind: int) -> None:
    """Do what `os.setns` does from Python 3.12 on."""
    import ctypes

    libc: Any = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, kind) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def inode(pid: int | None) -> int:
    """Give the number that tells a process's network namespace from others."""
    try:
        return Path(f"/proc/{pid or 'self'}/ns/net").stat().st_ino
    except (FileNotFoundError, ProcessLookupError):
        raise NotThere("not running") from None
