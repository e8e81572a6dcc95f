"""What a course is made of, without reading its lessons: ids, titles, minutes, goals.

Reading it from YAML takes a while, and every command needs it, so it is kept in the cache folder
with the size and time of each file it was made of. Whatever is odd about the cached file, it is
made anew; nothing rests on it.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from pathlib import Path

from runner.places import cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing alone would cost a tenth of the command line's start
    from typing import Any

    Data = dict[str, Any]
    Stamps = dict[str, list[int]]

VERSION = 1
"""Of the cached form."""
COURSE_FILE = "course.yaml"


def index_of(folder: Path) -> Data:
    """Give the course's index as plain data: from the cache where it is current, else made anew.

    Raises CourseError where `course.yaml` cannot be read. A lesson file with problems is listed by
    its id alone.
    """
    cached = _cache_file(folder)
    data = _read(cached)
    if (
        data is not None
        and data["folder"] == str(folder.absolute())
        and data["stamps"] == stamps_of(folder, data["languages"][1:])
    ):
        return data
    from runner.course.listing import make_index

    data = make_index(folder)
    _write(cached, data)
    return data


def stamps_of(folder: Path, languages: list[str]) -> Stamps:
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


def _cache_file(folder: Path) -> Path:
    return cache_folder() / f"course-{zlib.crc32(os.fsencode(folder.absolute())):08x}.json"


def _read(path: Path) -> Data | None:
    """Give the cached data; None for what is not exactly what this version has written."""
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
        if checksum != _checksum(content):
            return None
        data: Data = json.loads(content)
    except (OSError, ValueError):
        return None
    return data if data["version"] == VERSION else None


def _write(path: Path, data: Data) -> None:
    """Put the cache in place whole, under its checksum; where it cannot be written, do without."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    content = json.dumps(data, ensure_ascii=False).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(_checksum(content) + b"\n" + content)
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _checksum(content: bytes) -> bytes:
    return f"{zlib.crc32(content):08x}".encode()
