"""A SQLite file of ours, opened so that nothing in it is ever lost.

WAL and short `BEGIN IMMEDIATE` transactions: a kill leaves the old state or the new, two programs
at once wait for each other. An older file is migrated and a copy of it kept, a newer one refused,
a broken one set aside under another name; none is overwritten. Imports little, because `list`
opens one: whatever only matters when something is wrong is imported then.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from checks.message import Message
    from runner.errors import LearnError

PATIENCE = 10.0
"""Seconds to wait for another program that is writing."""

_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_COMPANIONS = ("", "-wal", "-shm")


def now() -> str:
    """Give the time in UTC, ISO 8601 with milliseconds."""
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Database:
    """One open file. May be used from several threads; close it when done."""

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Sequence[str]],
        *,
        notice: Callable[[Message], None] | None = None,
        quick: bool = False,
    ) -> None:
        """Open the file, or make it; `notice` is told when a broken one had to be set aside.

        With `quick` a transaction does not wait for the disk: a kill still loses nothing, a power
        cut the last moments. For what can be made again.
        Raises LearnError for a file of a newer program and for a disk that cannot be written.
        """
        self.path = path
        self._migrations = migrations
        self._notice = notice
        self._quick = quick
        self._lock = threading.RLock()
        self._alones = 0
        self._connection = self._open()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read; raises LearnError where the file cannot be read, a damaged one set aside."""
        with self._lock, self._told():
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Read and write in one transaction: all of it is kept, or nothing.

        Raises LearnError where the file cannot be written.
        """
        with self._lock, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def _open(self) -> sqlite3.Connection:
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._prepare()
            except sqlite3.DatabaseError as error:
                if not _is_broken(error):
                    raise
            with self._alone():
                with contextlib.suppress(sqlite3.DatabaseError):
                    return self._prepare()  # another program has mended it meanwhile
                kept = self._set_aside()
                connection = self._prepare()
        if self._notice is not None:
            self._notice(_kept(self.path, kept))
        return connection

    def _prepare(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            if self._version(connection) < len(self._migrations):
                with self._alone():
                    self._migrate(connection)
            if self._quick:
                connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(self._migrations):
            raise self._newer()
        return version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = self._version(connection)
        if version == len(self._migrations):
            return
        if version:
            self._copy(connection, version)
        elif connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise sqlite3.DatabaseError(f"{_BROKEN[1]}: tables that are not ours")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for step in self._migrations[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(self._migrations)}")
        connection.execute("COMMIT")

    def _copy(self, connection: sqlite3.Connection, version: int) -> None:
        """Keep a copy of an older file before it is changed."""
        kept = self._beside(f"v{version}")
        partial = kept.with_suffix(".partial")
        with contextlib.closing(sqlite3.connect(partial)) as copy:
            connection.backup(copy)
        partial.replace(kept)

    def _set_aside(self) -> Path:
        kept = self._beside("broken")
        for companion in _COMPANIONS:
            with contextlib.suppress(FileNotFoundError):
                Path(f"{self.path}{companion}").rename(f"{kept}{companion}")
        return kept

    def _beside(self, word: str) -> Path:
        from datetime import UTC, datetime

        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        return self.path.with_name(f"{self.path.stem}.{word}-{stamp}{self.path.suffix}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other programs from changing the file's form at the same time; may be nested."""
        import fcntl

        self._alones += 1
        guard = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if self._alones == 1:
                fcntl.flock(guard, fcntl.LOCK_EX)
            yield
        finally:
            self._alones -= 1
            os.close(guard)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into a sentence with a way on."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        except OSError as error:
            raise self._trouble(error) from error

    def _newer(self) -> LearnError:
        from checks.message import msg
        from runner.errors import LearnError

        return LearnError(
            msg("{path} was written by a newer learn-docker-net.", path=str(self.path)),
            remedy=msg(
                "Bring this program up to date (`uv tool upgrade learn-docker-net` or"
                " `pipx upgrade learn-docker-net`), or set LEARN_DOCKER_NET_HOME to another folder."
            ),
        )

    def _lost(self) -> Message:
        """Set a file aside that showed its damage only in use."""
        self._connection.close()
        with self._alone():
            sound = _is_sound(self.path)  # another program may have been here
            return _kept(self.path, None if sound else self._set_aside())

    def _trouble(self, error: Exception) -> LearnError:
        from checks.message import msg
        from runner.errors import LearnError

        if isinstance(error, sqlite3.DatabaseError) and _is_broken(error):
            message = self._lost()
            remedy = msg("Run the command again: it begins a new record.")
        elif "locked" in str(error):
            message = msg("Another program keeps the record {path} busy.", path=str(self.path))
            remedy = msg("Wait until the other learn-docker-net has finished, then try again.")
        else:
            message = msg("The record {path} cannot be written.", path=str(self.path))
            remedy = msg(
                "Make room and give yourself the right to write to {folder},"
                " or set LEARN_DOCKER_NET_HOME to another folder.",
                folder=str(self.path.parent),
            )
        return LearnError(message, remedy=remedy, details=str(error))


def _kept(path: Path, kept: Path | None) -> Message:
    from checks.message import msg

    if kept is None:
        return msg("The record {path} could not be read.", path=str(path))
    return msg(
        "The record {path} could not be read. It is kept as {kept}, and a new one is begun.",
        path=str(path),
        kept=kept.name,
    )


def _is_sound(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "") or str(error)
    return name.startswith(_BROKEN)
