"""Which file holds the record of which course; imports almost nothing."""

from __future__ import annotations

import zlib

from runner.places import data_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def record_file(course: str, folder: Path | None = None) -> Path:
    """Give the file of a course's record.

    `folder` is that of somebody else's course: it has a record of its own, whatever it calls
    itself.
    """
    mark = f"-{zlib.crc32(str(folder.resolve()).encode()):08x}" if folder is not None else ""
    return data_folder() / "records" / f"{course}{mark}.sqlite"


def settings_file() -> Path:
    """Give the file of the learner's settings."""
    return data_folder() / "settings.sqlite"
