"""What the learner has settled for all courses: consents given, kept beside the records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checks.message import Message
from runner.record import migrations
from runner.record.database import Database, now


class Settings:
    """Names and values, in one file."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], str] = now,
        notice: Callable[[Message], None] | None = None,
    ) -> None:
        """Open or make the file; raises LearnError as `Database` does."""
        self._data = Database(path, migrations.SETTINGS, notice=notice)
        self._clock = clock

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def get(self, name: str) -> str | None:
        """Give a value, None where it was never set."""
        found = self._data.rows("SELECT value FROM settings WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def put(self, name: str, value: str) -> None:
        """Keep a value in place of the one before."""
        with self._data.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", (name, value, self._clock())
            )
