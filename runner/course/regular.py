"""Reading a file of somebody else's: at most so much of it, and only where it is a file at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MAX_BYTES = 512 * 1024
"""Of a file of a course."""


def read_regular(path: Path, most: int = MAX_BYTES + 1) -> bytes:
    """Give at most `most` bytes from the start of a regular file: enough to see one too large.

    Raises OSError where it cannot be read and for anything else: a pipe would be waited for, a
    device has no end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _need_regular(os.fstat(descriptor).st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def _need_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Not a regular file")
