"""Plain data kept in the cache folder: what takes long to make and can be made again.

It is marshalled as compiled modules are: reading JSON would load modules that the command line's
start needs for nothing else. The checksum keeps a damaged file from ever being read.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib

from runner.places import cache_place

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing alone would cost a tenth of the command line's start
    from typing import Any

    Folder = str | os.PathLike[str]


def place_of(kind: str, path: Folder) -> str:
    """Give the file in which something made of `path` is kept."""
    mark = zlib.crc32(os.fsencode(os.path.abspath(path)))  # noqa: PTH100 - speed
    return f"{cache_place()}/{kind}-{mark:08x}.{sys.implementation.cache_tag}"


def read(path: str) -> Any:
    """Give the kept data; None for what is not whole, or of another Python."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - speed
            checksum, _, content = file.read().partition(b"\n")
        if checksum != _checksum(content):
            return None
        return marshal.loads(content)  # noqa: S302  (our own words, in the user's own folder)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def write(path: str, data: Any) -> None:
    """Put the data in place whole, under its checksum; where it cannot be written, do without."""
    aside = f"{path}.{os.getpid()}"
    content = marshal.dumps(data)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - speed
        with open(aside, "wb") as file:  # noqa: PTH123 - speed
            file.write(_checksum(content) + b"\n" + content)
        os.replace(aside, path)  # noqa: PTH105 - speed
    except OSError:
        try:  # noqa: SIM105 - contextlib would cost a millisecond
            os.unlink(aside)  # noqa: PTH108 - speed
        except OSError:
            pass


def _checksum(content: bytes) -> bytes:
    return f"{zlib.crc32(content):08x}".encode()
