"""What one learner has done in one course: progress, checks, answers, help taken, the lab.

Each method is one short transaction that reads what it changes, so that two programs at once
lose nothing. Observations are kept whole: the first that passed and the last `HISTORY` of a check.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from checks.message import Message
from checks.observation import Observation
from checks.verdict import State, Verdict
from runner.record import migrations
from runner.record.database import Database, now
from runner.record.times import CheckTimes

HISTORY = 20
"""Observations kept of one check, beside the first that passed."""
LABS = 5
"""Labs of one lesson of which shell log and changed files are kept."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check as it was asked and judged."""

    id: str
    """`step.check`."""
    verdict: Verdict
    observation: Observation | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a lesson is; times in UTC, ISO 8601."""

    started: str
    completed: str | None
    """When it was first complete."""
    step: str | None
    """The step that the learner is at."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given to a question."""

    at: str
    value: str
    correct: bool
    known: list[str] | None = None
    """The lines that the lab's own command gave when it was asked; None for a choice."""


@dataclass(frozen=True, slots=True)
class CurrentLab:
    """The lab that exists now, as far as the record knows."""

    id: str
    lesson: str
    handle: Mapping[str, Any]
    """What the lab is reached by; plain data of whoever made the lab."""
    since: str


class Store:
    """The record of one course, in one file."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], str] = now,
        notice: Callable[[Message], None] | None = None,
    ) -> None:
        """Open or make the file; raises LearnError as `Database` does."""
        self._data = Database(path, migrations.COURSE, notice=notice)
        self._clock = clock

    @property
    def path(self) -> Path:
        """Where the record is kept."""
        return self._data.path

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def lab(self) -> CurrentLab | None:
        """Give the lab that exists now."""
        found = self._data.rows("SELECT id, lesson, handle, since FROM lab")
        if not found:
            return None
        id_, lesson, handle, since = found[0]
        return CurrentLab(id_, lesson, json.loads(handle), since)

    def begin_lab(self, lab: str, lesson: str, handle: Mapping[str, Any]) -> None:
        """Note a new, clean lab: of no check is anything known in it yet."""
        at = self._clock()
        with self._data.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO lab VALUES (1, ?, ?, ?, ?)",
                (lab, lesson, json.dumps(handle), at),
            )
            _forget(connection)

    def end_lab(self, lab: str | None = None) -> None:
        """Note that the lab is gone; one of another id is left as it is."""
        with self._data.writing() as connection:
            if lab is None or _current(connection) == lab:
                connection.execute("DELETE FROM lab")
                _forget(connection)

    def begin_lesson(self, lesson: str, step: str | None, total: int) -> None:
        """Note that a lesson is taken; `total` is its number of checks."""
        with self._data.writing() as connection:
            connection.execute(
                "INSERT INTO lessons VALUES (?, ?, NULL, ?, ?) ON CONFLICT (lesson)"
                " DO UPDATE SET step = excluded.step, total = excluded.total",
                (lesson, self._clock(), step, total),
            )

    def at_step(self, lesson: str, step: str) -> None:
        """Note the step that the learner is at."""
        with self._data.writing() as connection:
            connection.execute("UPDATE lessons SET step = ? WHERE lesson = ?", (step, lesson))

    def complete(self, lesson: str) -> None:
        """Note that a lesson is complete; the first time counts."""
        with self._data.writing() as connection:
            connection.execute(
                "UPDATE lessons SET completed = ? WHERE lesson = ? AND completed IS NULL",
                (self._clock(), lesson),
            )

    def standing(self, lesson: str) -> Standing | None:
        """Say how far a lesson is; None where it was never started."""
        found = self._data.rows(
            "SELECT started, completed, step FROM lessons WHERE lesson = ?", lesson
        )
        return Standing(*found[0]) if found else None

    def times(self, lesson: str) -> dict[str, CheckTimes]:
        """Give the times of a lesson's checks by `step.check`; those never asked are left out."""
        return {
            row[0]: _times(row[1:])
            for row in self._data.rows(
                "SELECT id, first_passed, passed_here, state, since, checked"
                " FROM checks WHERE lesson = ?",
                lesson,
            )
        }

    def save_checks(self, lesson: str, lab: str, found: Iterable[Checked]) -> None:
        """Keep what asking brought. Of a lab that is no longer, only the observations are kept."""
        at = self._clock()
        with self._data.writing() as connection:
            current = _current(connection) == lab
            for item in found:
                first = False
                if current:
                    first = _advance(connection, lesson, item, at)
                _keep(connection, lesson, lab, item, at, first)

    def observations(self, lesson: str, check: str) -> list[Checked]:
        """Give what is kept of one check, oldest first."""
        return [
            Checked(
                check,
                Verdict.from_json(json.loads(row[0])),
                Observation.from_json(_unpack(row[1])) if row[1] else None,
            )
            for row in self._data.rows(
                "SELECT verdict, observation FROM observations"
                " WHERE lesson = ? AND id = ? ORDER BY number",
                lesson,
                check,
            )
        ]

    def answer(
        self,
        lesson: str,
        question: str,
        value: str,
        correct: bool,
        known: Sequence[str] | None = None,
    ) -> None:
        """Keep an answer to the question `step.question`, and what the lab knew then."""
        told = None if known is None else json.dumps(list(known))
        with self._data.writing() as connection:
            connection.execute(
                "INSERT INTO answers (lesson, id, at, value, correct, known)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (lesson, question, self._clock(), value, int(correct), told),
            )

    def answers(self, lesson: str) -> dict[str, list[Given]]:
        """Give all answers of a lesson by `step.question`, oldest first."""
        found: dict[str, list[Given]] = {}
        for id_, at, value, correct, known in self._data.rows(
            "SELECT id, at, value, correct, known FROM answers WHERE lesson = ? ORDER BY number",
            lesson,
        ):
            told = None if known is None else json.loads(known)
            found.setdefault(id_, []).append(Given(at, value, bool(correct), told))
        return found

    def show_hint(self, lesson: str, step: str, available: int) -> int:
        """Count one more hint shown, up to `available`; give how many are shown now."""
        with self._data.writing() as connection:
            shown = min(_count(connection, "hints", "shown", lesson, step) + 1, available)
            connection.execute(
                "INSERT OR REPLACE INTO hints VALUES (?, ?, ?, ?)",
                (lesson, step, shown, self._clock()),
            )
        return shown

    def hints(self, lesson: str) -> dict[str, int]:
        """Give the number of hints shown, by step."""
        return dict(self._data.rows("SELECT step, shown FROM hints WHERE lesson = ?", lesson))

    def use_solution(self, lesson: str, step: str) -> None:
        """Count one more use of a step's solution."""
        with self._data.writing() as connection:
            used = _count(connection, "solutions", "used", lesson, step) + 1
            connection.execute(
                "INSERT OR REPLACE INTO solutions VALUES (?, ?, ?, ?)",
                (lesson, step, used, self._clock()),
            )

    def solutions(self, lesson: str) -> dict[str, int]:
        """Give how often solutions were used, by step."""
        return dict(self._data.rows("SELECT step, used FROM solutions WHERE lesson = ?", lesson))

    def help_taken(self, what: Literal["hints", "solutions"], lesson: str) -> dict[str, Any]:
        """Give how often help was taken by step, and when last."""
        query = {
            "hints": "SELECT step, shown, at FROM hints WHERE lesson = ?",
            "solutions": "SELECT step, used, at FROM solutions WHERE lesson = ?",
        }[what]
        rows = self._data.rows(query, lesson)
        return {step: {"count": count, "at": at} for step, count, at in rows}

    def kept(self, lesson: str, last: int) -> Iterator[dict[str, Any]]:
        """Give, as plain data, of each check the first observation that passed and the `last`."""
        for check, at, lab, first, state, observation in self._data.rows(
            "SELECT id, at, lab, first, state, observation FROM (SELECT *, row_number() OVER"
            " (PARTITION BY id ORDER BY number DESC) AS age FROM observations WHERE lesson = ?)"
            " WHERE first OR age <= ? ORDER BY number",
            lesson,
            last,
        ):
            yield {
                "check": check,
                "at": at,
                "lab": lab,
                "first": bool(first),
                "state": state,
                "observation": _unpack(observation) if observation else None,
            }

    def save_traces(self, lab: str, lesson: str, traces: Mapping[str, Any]) -> None:
        """Keep what a lab knows of its learner, in place of what was kept of it before."""
        with self._data.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?)",
                (lab, lesson, self._clock(), _pack(traces)),
            )
            # The learner may begin a lesson anew as often as they like.
            connection.execute(
                "DELETE FROM traces WHERE lesson = ?1 AND lab NOT IN"
                " (SELECT lab FROM traces WHERE lesson = ?1 ORDER BY at DESC LIMIT ?2)",
                (lesson, LABS),
            )

    def traces(self, lesson: str) -> list[dict[str, Any]]:
        """Give what is kept of a lesson's labs, oldest first."""
        return [
            _unpack(data)
            for (data,) in self._data.rows(
                "SELECT data FROM traces WHERE lesson = ? ORDER BY at, lab", lesson
            )
        ]

    def now(self) -> str:
        """Give the time as the record writes it."""
        return self._clock()


def _advance(connection: sqlite3.Connection, lesson: str, item: Checked, at: str) -> bool:
    """Bring a check's times forward; tell whether this is the first time that it passed."""
    row = connection.execute(
        "SELECT first_passed, passed_here, state, since, checked FROM checks"
        " WHERE lesson = ? AND id = ?",
        (lesson, item.id),
    ).fetchone()
    before = _times(row) if row else CheckTimes()
    after = before.after(item.verdict.state, at)
    connection.execute(
        "INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(lesson, item.id, after.first_passed, after.passed_here),
            *(item.verdict.state.value, after.since, after.checked),
        ),
    )
    return after.first_passed is not None and before.first_passed is None


def _keep(
    connection: sqlite3.Connection, lesson: str, lab: str, item: Checked, at: str, first: bool
) -> None:
    observation = None if item.observation is None else _pack(item.observation.to_json())
    connection.execute(
        "INSERT INTO observations (lesson, id, at, lab, state, first, verdict, observation)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(lesson, item.id, at, lab, item.verdict.state.value, int(first)),
            *(json.dumps(item.verdict.to_json()), observation),
        ),
    )
    connection.execute(
        "DELETE FROM observations WHERE lesson = ?1 AND id = ?2 AND NOT first AND number NOT IN"
        " (SELECT number FROM observations WHERE lesson = ?1 AND id = ?2"
        " ORDER BY number DESC LIMIT ?3)",
        (lesson, item.id, HISTORY),
    )


def _pack(data: Mapping[str, Any]) -> bytes:
    """Make an observation small: the engine's words about a container shrink to a seventh."""
    return zlib.compress(json.dumps(data).encode())


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def _times(row: tuple[Any, ...]) -> CheckTimes:
    first, here, state, since, checked = row
    return CheckTimes(first, here, State(state) if state else None, since, checked)


def _forget(connection: sqlite3.Connection) -> None:
    """Take back what was known of the lab that is gone; what was ever passed stays."""
    connection.execute(
        "UPDATE checks SET passed_here = NULL, state = NULL, since = NULL, checked = NULL"
    )


def _current(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT id FROM lab").fetchone()
    return str(row[0]) if row else None


def _count(connection: sqlite3.Connection, table: str, column: str, lesson: str, step: str) -> int:
    row = connection.execute(
        f"SELECT {column} FROM {table} WHERE lesson = ? AND step = ?",  # noqa: S608  (our names)
        (lesson, step),
    ).fetchone()
    return int(row[0]) if row else 0
