"""What a course is made of, without reading its lessons: ids, titles, minutes, goals.

Reading it from YAML takes a while, and every command needs it, so it is kept in the cache folder
with the size and time of each file it was made of. Whatever is odd about the cached file, it is
made anew; nothing rests on it.
"""

from __future__ import annotations

import hashlib
import json
import os
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
    if data is not None and data["stamps"] == stamps_of(folder, data["languages"][1:]):
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
    digest = hashlib.sha256(os.fsencode(os.path.abspath(folder))).hexdigest()[:16]  # noqa: PTH100
    return cache_folder() / f"course-{digest}.json"


def _read(path: Path) -> Data | None:
    try:
        data = json.loads(path.read_bytes())
        return data if _sound(data) else None
    except (OSError, ValueError, RecursionError):
        return None


def _sound(data: object) -> bool:
    """Tell whether the cached data is of this version and has the shape that `Course` reads."""
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return False
    texts = isinstance(data.get("id"), str) and isinstance(data.get("stamps"), dict)
    languages = data.get("languages")
    if not texts or not isinstance(languages, list) or not languages:
        return False
    lessons, parts = data.get("lessons"), data.get("parts")
    return (
        isinstance(data.get("title"), dict)
        and isinstance(lessons, list)
        and isinstance(parts, list)
        and all(isinstance(item, dict) and item.keys() == _LESSON for item in lessons)
        and all(isinstance(item, dict) and item.keys() == _PART for item in parts)
    )


_LESSON = {"id", "file", "minutes", "titles", "goals"}
_PART = {"id", "titles", "lessons"}


def _write(path: Path, data: Data) -> None:
    """Put the cache in place whole; a cache that cannot be written is done without."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
