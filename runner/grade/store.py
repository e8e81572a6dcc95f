"""The results of grading runs, in one SQLite file beside the gradebook.

One writer. A learner's lesson is one transaction, put in place of what was there, so that a run
that was cut off anywhere goes on and counts nothing twice.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runner.grade.class_ import Learner, LessonRule
from runner.grade.finding import Finding
from runner.grade.plain import from_plain, to_plain
from runner.grade.result import LearnerResult, LessonResult, Outcome, Run
from runner.grade.scoring import total
from runner.grade.task import Part, Whole
from runner.record.database import Database, now

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # `facts` is the run as JSON; `matter` tells whether a cut-off run is still the same one.
        """CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            matter TEXT NOT NULL,
            facts TEXT NOT NULL,
            ended TEXT
        )""",
        """CREATE TABLE learners (
            run INTEGER NOT NULL,
            learner TEXT NOT NULL,
            place INTEGER NOT NULL,
            facts TEXT NOT NULL,
            handed_in TEXT NOT NULL DEFAULT '',
            key TEXT NOT NULL DEFAULT '',
            findings TEXT NOT NULL DEFAULT '[]',
            source TEXT,
            PRIMARY KEY (run, learner)
        )""",
        # `source` tells from what it was judged; `result` is JSON through zlib.
        """CREATE TABLE results (
            run INTEGER NOT NULL,
            learner TEXT NOT NULL,
            lesson TEXT NOT NULL,
            source TEXT NOT NULL,
            outcome TEXT NOT NULL,
            score REAL NOT NULL,
            result BLOB NOT NULL,
            PRIMARY KEY (run, learner, lesson)
        )""",
        """CREATE TABLE sightings (
            run INTEGER NOT NULL,
            learner TEXT NOT NULL,
            lesson TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (run, id, learner, lesson, name)
        ) WITHOUT ROWID""",
        """CREATE TABLE findings (
            run INTEGER PRIMARY KEY,
            findings TEXT NOT NULL
        )""",
    ),
    (
        # When the gradebook and the reports of a run were in place; before that it is not done.
        "ALTER TABLE runs ADD COLUMN written TEXT",
        "UPDATE runs SET written = ended",
    ),
)
_BY_PLACE = "SELECT learner FROM learners WHERE run = ? ORDER BY place"
_BY_ID = "SELECT learner FROM learners WHERE run = ? ORDER BY learner"


@dataclass(frozen=True, slots=True)
class Shared:
    """One object that several learners' observations speak of."""

    id: str
    name: str
    learners: tuple[str, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A learner's lesson that came out otherwise in two runs."""

    learner: str
    lesson: str
    before: tuple[str, float] | None
    """Outcome and percent; None where it was not in that run."""
    after: tuple[str, float] | None


class Results:
    """All runs of one class. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; LearnError where it cannot be written."""
        self._data = Database(path, MIGRATIONS, quick=True)

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def __enter__(self) -> Results:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def begin(self, run: Run, matter: str, learners: Sequence[Learner]) -> Run:
        """Note a new run and give it with its id."""
        with self._data.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (matter, facts) VALUES (?, ?)", (matter, _text(run))
            )
            number = cursor.lastrowid or 0
            connection.executemany(
                "INSERT INTO learners (run, learner, place, facts) VALUES (?, ?, ?, ?)",
                [(number, one.id, place, _text(one)) for place, one in enumerate(learners)],
            )
        return replace(run, id=str(number))

    def go_on(self, run: Run, learners: Sequence[Learner]) -> None:
        """Bring the learners of a run that was cut off up to date."""
        with self._data.writing() as connection:
            connection.execute(
                "UPDATE runs SET facts = ?, ended = NULL WHERE number = ?",
                (_text(run), int(run.id)),
            )
            connection.executemany(
                "INSERT INTO learners (run, learner, place, facts) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (run, learner) DO UPDATE SET place = ?3, facts = ?4",
                [(int(run.id), one.id, place, _text(one)) for place, one in enumerate(learners)],
            )
            stale = f"run = ? AND learner NOT IN ({','.join('?' * len(learners))})"
            for table in ("learners", "results", "sightings"):
                connection.execute(
                    f"DELETE FROM {table} WHERE {stale}",  # noqa: S608  (our names)
                    (int(run.id), *(one.id for one in learners)),
                )

    def end(self, run: Run, findings: Sequence[Finding]) -> None:
        """Note that all of a run is done, and what was found of the whole class."""
        with self._data.writing() as connection:
            connection.execute("UPDATE runs SET ended = ? WHERE number = ?", (now(), int(run.id)))
            connection.execute(
                "INSERT OR REPLACE INTO findings VALUES (?, ?)", (int(run.id), _texts(findings))
            )

    def written(self, run: Run) -> None:
        """Note that a run's gradebook and reports are in place."""
        with self._data.writing() as connection:
            connection.execute("UPDATE runs SET written = ? WHERE number = ?", (now(), int(run.id)))

    def cut_off(self, matter: str) -> Run | None:
        """Give the last run if it was cut off, be it before all was written, and is of the same
        matter.
        """
        found = self._data.rows(
            "SELECT number, facts, ended, written, matter FROM runs ORDER BY number DESC LIMIT 1"
        )
        if not found or found[0][3] is not None or found[0][4] != matter:
            return None
        return _run(found[0])

    def runs(self) -> list[Run]:
        """Give all runs, oldest first."""
        return [
            _run(row)
            for row in self._data.rows("SELECT number, facts, ended FROM runs ORDER BY number")
        ]

    def done(self, run: Run) -> dict[tuple[str, str], tuple[str, Outcome]]:
        """Give source and outcome of what a run has judged, by learner and lesson."""
        return {
            (learner, lesson): (source, Outcome(outcome))
            for learner, lesson, source, outcome in self._data.rows(
                "SELECT learner, lesson, source, outcome FROM results WHERE run = ?", int(run.id)
            )
        }

    def save(self, run: Run, part: Part, source: str) -> None:
        """Keep one learner's lesson, in place of what was there."""
        result = part.result
        key = (int(run.id), result.learner, result.lesson)
        with self._data.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, source, result.outcome.value, result.score, _pack(result)),
            )
            connection.execute(
                "DELETE FROM sightings WHERE run = ? AND learner = ? AND lesson = ?", key
            )
            connection.executemany(
                "INSERT OR IGNORE INTO sightings VALUES (?, ?, ?, ?, ?)",
                [(*key, one.id, one.name) for one in part.sightings],
            )

    def save_whole(self, run: Run, whole: Whole, source: str) -> None:
        """Keep what is known of all that a learner handed in."""
        known = (whole.handed_in, whole.key, _texts(whole.findings), source)
        with self._data.writing() as connection:
            connection.execute(
                "UPDATE learners SET handed_in = ?, key = ?, findings = ?, source = ?"
                " WHERE run = ? AND learner = ?",
                (*known, int(run.id), whole.learner),
            )

    def wholes(self, run: Run) -> dict[str, str]:
        """Give the sources of the learners whose work was looked at to its end."""
        return dict(
            self._data.rows(
                "SELECT learner, source FROM learners WHERE run = ? AND source IS NOT NULL",
                int(run.id),
            )
        )

    def learners(
        self, run: Run, rules: Sequence[LessonRule], *, by_id: bool = False
    ) -> Iterator[LearnerResult]:
        """Give the learners with all their lessons, one after the other, in the class's order or by
        their ids.
        """
        for (learner,) in self._data.rows(_BY_ID if by_id else _BY_PLACE, int(run.id)):
            [(facts, handed_in, findings)] = self._data.rows(
                "SELECT facts, handed_in, findings FROM learners WHERE run = ? AND learner = ?",
                int(run.id),
                learner,
            )
            lessons = self.lessons(run, learner, [rule.lesson for rule in rules])
            yield LearnerResult(
                learner=from_plain(Learner, json.loads(facts)),
                lessons=lessons,
                total=total(lessons, rules),
                findings=_read(findings),
                handed_in=handed_in,
            )

    def lessons(self, run: Run, learner: str, order: Sequence[str]) -> tuple[LessonResult, ...]:
        """Give a learner's lessons, in the order given."""
        found = {
            lesson: from_plain(LessonResult, json.loads(zlib.decompress(packed)))
            for lesson, packed in self._data.rows(
                "SELECT lesson, result FROM results WHERE run = ? AND learner = ?",
                int(run.id),
                learner,
            )
        }
        return tuple(found[lesson] for lesson in order if lesson in found)

    def findings(self, run: Run) -> tuple[Finding, ...]:
        """Give what was found of the whole class, each finding once for each it is about."""
        found = self._data.rows("SELECT findings FROM findings WHERE run = ?", int(run.id))
        return _read(found[0][0]) if found else ()

    def shared(self, run: Run) -> Iterator[Shared]:
        """Give the objects that several learners' observations speak of."""
        for id_, name, learners, lessons in self._data.rows(
            "SELECT id, min(name), group_concat(DISTINCT learner || char(10)),"
            " group_concat(DISTINCT lesson || char(10)) FROM sightings WHERE run = ?"
            " GROUP BY id HAVING count(DISTINCT learner) > 1 ORDER BY id",
            int(run.id),
        ):
            yield Shared(id_, name, _parts(learners), _parts(lessons))

    def keys(self, run: Run) -> Mapping[str, tuple[str, ...]]:
        """Give the learners by the key that their submissions are signed with."""
        return {
            key: _parts(learners)
            for key, learners in self._data.rows(
                "SELECT key, group_concat(learner || char(10)) FROM learners"
                " WHERE run = ? AND key != '' GROUP BY key ORDER BY key",
                int(run.id),
            )
        }

    def compare(self, before: Run, after: Run) -> Iterator[Changed]:
        """Give what came out otherwise in two runs."""
        old, new = self._scores(before), self._scores(after)
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                yield Changed(*key, old.get(key), new.get(key))

    def _scores(self, run: Run) -> dict[tuple[str, str], tuple[str, float]]:
        return {
            (learner, lesson): (outcome, score)
            for learner, lesson, outcome, score in self._data.rows(
                "SELECT learner, lesson, outcome, score FROM results WHERE run = ?", int(run.id)
            )
        }


def _run(row: Sequence[Any]) -> Run:
    number, facts, ended = row[:3]
    return replace(from_plain(Run, json.loads(facts)), id=str(number), ended=ended)


def _text(value: object) -> str:
    return json.dumps(to_plain(value))


def _texts(findings: Sequence[Finding]) -> str:
    return json.dumps([to_plain(one) for one in findings])


def _read(text: str) -> tuple[Finding, ...]:
    return tuple(from_plain(Finding, item) for item in json.loads(text))


def _pack(result: LessonResult) -> bytes:
    return zlib.compress(_text(result).encode(), 3)


def _parts(joined: str) -> tuple[str, ...]:
    """Part what `group_concat(x || newline)` has put together; an id holds no newline."""
    return tuple(sorted({part.strip(",") for part in joined.split("\n") if part.strip(",")}))
