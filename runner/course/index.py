"""What a course is made of, without reading its lessons: ids, titles, minutes, goals.

Reading it from YAML takes a while, and every command needs it, so it is kept in the cache folder
with the size and time of each file it was made of. Whatever is odd about the cached file, it is
made anew; nothing rests on it.
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
    Data = dict[str, Any]
    Stamps = dict[str, list[int]]

VERSION = 1
"""Of the cached form."""
COURSE_FILE = "course.yaml"


def index_of(folder: Folder) -> Data:
    """Give the course's index as plain data: from the cache where it is current, else made anew.

    Raises CourseError where `course.yaml` cannot be read. A lesson file with problems is listed by
    its id alone.
    """
    cached = _cache_file(folder)
    data = _read(cached)
    if (
        data is not None
        and data["folder"] == os.path.abspath(folder)  # noqa: PTH100 - speed
        and data["stamps"] == stamps_of(folder, data["languages"][1:])
    ):
        return data
    from pathlib import Path

    from runner.course.listing import make_index

    data = make_index(Path(folder))
    _write(cached, data)
    return data


def stamps_of(folder: Folder, languages: list[str]) -> Stamps:
    """Give time and size of every file that an index is made of, by its path in the course."""
    stamps: Stamps = {}
    for language in ["", *languages]:
        try:
            with os.scandir(os.path.join(folder, language)) as found:  # noqa: PTH118 - speed
                for item in found:
                    if item.name.endswith(".yaml"):
                        stat = item.stat()
                        name = f"{language}/{item.name}" if language else item.name
                        stamps[name] = [stat.st_mtime_ns, stat.st_size]
        except OSError:
            continue
    return stamps


def _cache_file(folder: Folder) -> str:
    mark = zlib.crc32(os.fsencode(os.path.abspath(folder)))  # noqa: PTH100 - speed
    return f"{cache_place()}/course-{mark:08x}.{sys.implementation.cache_tag}"


def _read(path: str) -> Data | None:
    """Give the cached data; None for what is not exactly what this version has written.

    It is marshalled as compiled modules are: reading JSON would load the parts that `list` needs
    for nothing else. The checksum keeps a damaged file from ever being read.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - speed
            checksum, _, content = file.read().partition(b"\n")
        if checksum != _checksum(content):
            return None
        data: Data = marshal.loads(content)  # noqa: S302  (our own words, in the user's own folder)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return data if data["version"] == VERSION else None


def _write(path: str, data: Data) -> None:
    """Put the cache in place whole, under its checksum; where it cannot be written, do without."""
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
