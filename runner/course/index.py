"""What a course is made of, without reading its lessons: ids, titles, minutes, goals.

Reading it from YAML takes a while, and every command needs it, so it is kept in the cache folder
with the size and time of each file it was made of. Whatever is odd about the cached file, it is
made anew; nothing rests on it.
"""

from __future__ import annotations

import os

from runner.course import cached

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
    place = cached.place_of("course", folder)
    data: Data | None = cached.read(place)
    if (
        data is not None
        and data["version"] == VERSION
        and data["folder"] == os.path.abspath(folder)  # noqa: PTH100 - speed
        and data["stamps"] == stamps_of(folder, data["languages"][1:])
    ):
        return data
    from pathlib import Path

    from runner.course.listing import make_index

    data = make_index(Path(folder))
    cached.write(place, data)
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
