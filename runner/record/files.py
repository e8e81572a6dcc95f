"""Which file holds the record of which course; imports almost nothing."""

from __future__ import annotations

import os
import zlib

from runner.places import data_folder, data_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    Folder = str | os.PathLike[str]


MEMBER = "record"
"""File in a course's class folder: which record belongs to the class, `CLASS.LEARNER`."""


def class_place(course: str, folder: Folder | None = None) -> str:
    """Give the folder of what makes the learner a member of a class that takes the course."""
    return f"{data_place()}/classes/{course}{_mark(folder)}"


def record_place(course: str, folder: Folder | None = None) -> str:
    """Give the file of a course's record; whoever has joined a class has one for that class.

    `folder` is that of somebody else's course: it has a record of its own, whatever it calls
    itself.
    """
    try:
        with open(f"{class_place(course, folder)}/{MEMBER}", encoding="utf-8") as file:  # noqa: PTH123
            member = f".{file.read().strip()}"
    except OSError:
        member = ""
    return f"{data_place()}/records/{course}{_mark(folder)}{member}.sqlite"


def _mark(folder: Folder | None) -> str:
    if folder is None:
        return ""
    return f"-{zlib.crc32(os.fsencode(os.path.realpath(folder))):08x}"


def record_file(course: str, folder: Folder | None = None) -> Path:
    """Give `record_place` as a path."""
    from pathlib import Path

    return Path(record_place(course, folder))


def settings_file() -> Path:
    """Give the file of the learner's settings."""
    return data_folder() / "settings.sqlite"
