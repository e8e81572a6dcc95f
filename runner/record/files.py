"""Which file holds the record of which course; imports almost nothing."""

from __future__ import annotations

import os
import zlib

from runner.places import data_folder, data_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    Folder = str | os.PathLike[str]


def record_place(course: str, folder: Folder | None = None) -> str:
    """Give the file of a course's record.

    `folder` is that of somebody else's course: it has a record of its own, whatever it calls
    itself.
    """
    mark = ""
    if folder is not None:
        mark = f"-{zlib.crc32(os.fsencode(os.path.realpath(folder))):08x}"
    return f"{data_place()}/records/{course}{mark}.sqlite"


def record_file(course: str, folder: Folder | None = None) -> Path:
    """Give `record_place` as a path."""
    from pathlib import Path

    return Path(record_place(course, folder))


def settings_file() -> Path:
    """Give the file of the learner's settings."""
    return data_folder() / "settings.sqlite"
