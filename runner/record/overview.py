"""How far each lesson is, read in a few milliseconds for `list`; imports almost nothing."""

from __future__ import annotations

from runner.record import migrations
from runner.record.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from checks.message import Message


class Overview:
    """What is known of one lesson."""

    __slots__ = ("completed", "passed", "started", "total")

    def __init__(self, started: str, completed: str | None, passed: int, total: int) -> None:
        """Keep times (UTC, ISO 8601) and how many of `total` checks have ever passed."""
        self.started = started
        self.completed = completed
        self.passed = min(passed, total)
        self.total = total


def overview(path: Path, notice: Callable[[Message], None] | None = None) -> dict[str, Overview]:
    """Give all lessons that were started, by id; a course never begun has no file and none.

    Raises LearnError as `Database` does.
    """
    if not path.exists():
        return {}
    data = Database(path, migrations.COURSE, notice=notice)
    try:
        rows = data.rows(
            "SELECT lesson, started, completed,"
            " (SELECT count(first_passed) FROM checks WHERE checks.lesson = lessons.lesson), total"
            " FROM lessons"
        )
    finally:
        data.close()
    return {row[0]: Overview(row[1], row[2], row[3], row[4]) for row in rows}
