"""A record file that is old, new, broken or in use: nothing in it is ever lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from checks.message import Message
from runner.errors import LearnError
from runner.record.database import Database
from runner.record.store import Store

FIRST = (("CREATE TABLE notes (text TEXT)",),)
SECOND = (*FIRST, ("ALTER TABLE notes ADD COLUMN mood TEXT DEFAULT 'fine'",))


def write_note(path: Path, text: str) -> None:
    data = Database(path, FIRST)
    with data.writing() as connection:
        connection.execute("INSERT INTO notes VALUES (?)", (text,))
    data.close()


def test_an_older_file_is_migrated_and_a_copy_of_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    write_note(path, "kept")
    data = Database(path, SECOND)
    assert data.rows("SELECT * FROM notes") == [("kept", "fine")]
    data.close()
    (copy,) = tmp_path.glob("record.v1-*.sqlite")
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT * FROM notes").fetchall() == [("kept",)]


def test_a_migration_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    write_note(path, "kept")
    with pytest.raises(LearnError):
        Database(path, (*FIRST, ("DROP TABLE notes", "DROP TABLE no_such_table")))
    data = Database(path, FIRST)
    assert data.rows("SELECT * FROM notes") == [("kept",)]


def test_what_cannot_be_committed_is_undone_and_the_next_is_kept(tmp_path: Path) -> None:
    table = (
        "CREATE TABLE notes (id INTEGER PRIMARY KEY,"
        " above INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    data = Database(tmp_path / "record.sqlite", ((table,),))
    data._connection.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(LearnError), data.writing() as connection:
        connection.execute("INSERT INTO notes (above) VALUES (99)")
    with data.writing() as connection:
        connection.execute("INSERT INTO notes (above) VALUES (NULL)")
    assert data.rows("SELECT above FROM notes") == [(None,)]
    data.close()


def test_a_newer_file_is_refused_with_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    Database(path, SECOND).close()
    before = path.read_bytes()
    with pytest.raises(LearnError, match="newer") as caught:
        Database(path, FIRST)
    assert "upgrade" in str(caught.value.remedy)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage", [b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_broken_file_is_set_aside_with_a_message(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "record.sqlite"
    path.write_bytes(damage)
    notices: list[Message] = []
    data = Database(path, FIRST, notice=notices.append)
    assert data.rows("SELECT * FROM notes") == []
    (kept,) = tmp_path.glob("record.broken-*.sqlite")
    assert kept.read_bytes() == damage
    assert kept.name in str(notices[0])


def test_a_database_of_something_else_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    notices: list[Message] = []
    Database(path, FIRST, notice=notices.append).close()
    assert len(notices) == 1


def test_damage_that_shows_only_in_use_is_set_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    data = Database(path, FIRST)
    with data.writing() as connection:
        connection.executemany("INSERT INTO notes VALUES (?)", [("x" * 3000,)] * 50)
    data.close()
    raw = bytearray(path.read_bytes())
    raw[8192:40960] = b"\x13" * (40960 - 8192)
    path.write_bytes(raw)
    data = Database(path, FIRST)
    with pytest.raises(LearnError, match="kept as"):
        data.rows("SELECT sum(length(text)) FROM notes")
    assert len(list(tmp_path.glob("record.broken-*.sqlite"))) == 1
    assert Database(path, FIRST).rows("SELECT * FROM notes") == []


def test_an_empty_file_left_by_a_kill_is_taken_as_new(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    path.touch()
    assert Database(path, FIRST).rows("SELECT * FROM notes") == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LearnError, match="cannot be written") as caught:
        Database(tmp_path / "file" / "record.sqlite", FIRST)
    assert "LEARN_DOCKER_NET_HOME" in str(caught.value.remedy)


def test_a_file_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    Database(path, FIRST).close()
    data = Database(path, FIRST)
    data.rows("PRAGMA query_only = on")  # as root, a file's mode forbids nothing
    with pytest.raises(LearnError, match="cannot be written"), data.writing() as connection:
        connection.execute("INSERT INTO notes VALUES ('x')")


def test_an_error_inside_a_transaction_takes_all_of_it_back(tmp_path: Path) -> None:
    data = Database(tmp_path / "record.sqlite", FIRST)
    with pytest.raises(ZeroDivisionError), data.writing() as connection:
        connection.execute("INSERT INTO notes VALUES ('half')")
        raise ZeroDivisionError
    assert data.rows("SELECT * FROM notes") == []


def _answer(path: str, who: int, times: int) -> None:
    store = Store(Path(path))
    for number in range(times):
        store.answer("lesson-07", f"step.{who}", str(number), False)
        store.use_solution("lesson-07", "alias")
    store.close()


def test_programs_at_once_lose_nothing_even_while_the_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_answer, args=(str(path), who, 25)) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    store = Store(path)
    assert {key: len(given) for key, given in store.answers("lesson-07").items()} == {
        f"step.{who}": 25 for who in range(4)
    }
    assert store.solutions("lesson-07") == {"alias": 100}


KILLED = """
    import sys
    from pathlib import Path
    from runner.record.database import Database
    data = Database(Path(sys.argv[1]), (("CREATE TABLE pairs (a INTEGER, b INTEGER)",),))
    number = 0
    print("ready", flush=True)
    while True:
        number += 1
        with data.writing() as connection:
            connection.execute("INSERT INTO pairs (a) VALUES (?)", (number,))
            connection.execute("UPDATE pairs SET b = a WHERE a = ?", (number,))
        print(number, flush=True)
"""


@pytest.mark.parametrize("moments", range(5))
def test_killed_at_any_moment_it_holds_the_old_state_or_the_new(
    tmp_path: Path, moments: int
) -> None:
    path = tmp_path / "record.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(2 + 7 * moments)]
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().splitlines()
    process.wait()
    told = int((said + rest)[-1])
    data = Database(path, (("CREATE TABLE pairs (a INTEGER, b INTEGER)",),))
    rows = data.rows("SELECT a, b FROM pairs ORDER BY a")
    assert all(a == b for a, b in rows)
    assert len(rows) in (told, told + 1)
    assert data.rows("PRAGMA integrity_check") == [("ok",)]


def test_killed_while_the_file_is_made_it_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    program = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        from runner.record.database import Database
        class Deadly(list):
            def __iter__(self):
                yield "CREATE TABLE notes (text TEXT)"
                os.kill(os.getpid(), 9)
        Database(Path(sys.argv[1]), [Deadly()])
    """)
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Database(path, FIRST).rows("SELECT * FROM notes") == []
