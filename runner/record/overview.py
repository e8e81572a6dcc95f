"""How far each lesson is, read in a few milliseconds for `list`.

A record that is as it should be is read at once; whatever is odd about it is left to `Database`,
which takes longer to import.
"""

from __future__ import annotations

import os
import sqlite3

from runner.record import migrations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from checks.message import Message

_QUERY = (
    "SELECT lesson, started, completed,"
    " (SELECT count(first_passed) FROM checks WHERE checks.lesson = lessons.lesson), total"
    " FROM lessons"
)


class Overview:
    """What is known of one lesson."""

    __slots__ = ("completed", "passed", "started", "total")

    def __init__(self, started: str, completed: str | None, passed: int, total: int) -> None:
        """Keep times (UTC, ISO 8601) and how many of `total` checks have ever passed."""
        self.started = started
        self.completed = completed
        self.passed = min(passed, total)
        self.total = total


def overview(
    path: str | os.PathLike[str], notice: Callable[[Message], None] | None = None
) -> dict[str, Overview]:
    """Give all lessons that were started, by id; a course never begun has no file and none.

    Raises LearnError as `Database` does.
    """
    if not os.path.exists(path):  # noqa: PTH110  (speed)
        return {}
    rows = _at_once(path)
    if rows is None:
        rows = _with_care(path, notice)
    return {row[0]: Overview(row[1], row[2], row[3], row[4]) for row in rows}


def _at_once(path: str | os.PathLike[str]) -> list[tuple[Any, ...]] | None:
    """Read a file of this version; None where anything is in the way."""
    try:
        connection = sqlite3.connect(path, timeout=1.0)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != len(migrations.COURSE):
                return None
            return connection.execute(_QUERY).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return None


def _with_care(
    path: str | os.PathLike[str], notice: Callable[[Message], None] | None
) -> list[tuple[Any, ...]]:
    from pathlib import Path

    from runner.record.database import Database

    data = Database(Path(path), migrations.COURSE, notice=notice)
    try:
        return data.rows(_QUERY)
    finally:
        data.close()
