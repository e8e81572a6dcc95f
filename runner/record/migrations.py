"""The stores' tables, as the steps that led to them.

A store's `user_version` is the number of steps it has seen. A step that was ever released is
never changed: what comes later is a further step.
"""

from __future__ import annotations

COURSE: tuple[tuple[str, ...], ...] = (
    (
        # The lab that exists now; at most one row.
        """CREATE TABLE lab (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            id TEXT NOT NULL,
            lesson TEXT NOT NULL,
            handle TEXT NOT NULL,
            since TEXT NOT NULL
        )""",
        """CREATE TABLE lessons (
            lesson TEXT PRIMARY KEY,
            started TEXT NOT NULL,
            completed TEXT,
            step TEXT,
            total INTEGER NOT NULL
        )""",
        # `passed_here`, `state`, `since` and `checked` speak of the lab that exists now.
        """CREATE TABLE checks (
            lesson TEXT NOT NULL,
            id TEXT NOT NULL,
            first_passed TEXT,
            passed_here TEXT,
            state TEXT,
            since TEXT,
            checked TEXT,
            PRIMARY KEY (lesson, id)
        )""",
        # `observation` is JSON through zlib.
        """CREATE TABLE observations (
            number INTEGER PRIMARY KEY,
            lesson TEXT NOT NULL,
            id TEXT NOT NULL,
            at TEXT NOT NULL,
            lab TEXT NOT NULL,
            state TEXT NOT NULL,
            first INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            observation BLOB
        )""",
        "CREATE INDEX observations_of ON observations (lesson, id, number)",
        """CREATE TABLE answers (
            number INTEGER PRIMARY KEY,
            lesson TEXT NOT NULL,
            id TEXT NOT NULL,
            at TEXT NOT NULL,
            value TEXT NOT NULL,
            correct INTEGER NOT NULL
        )""",
        "CREATE INDEX answers_of ON answers (lesson, id)",
        """CREATE TABLE hints (
            lesson TEXT NOT NULL,
            step TEXT NOT NULL,
            shown INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (lesson, step)
        )""",
        """CREATE TABLE solutions (
            lesson TEXT NOT NULL,
            step TEXT NOT NULL,
            used INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (lesson, step)
        )""",
    ),
    (
        # `known`: what the lab knew when a value was asked for, a JSON list of texts.
        "ALTER TABLE answers ADD COLUMN known TEXT",
        # What a lab's shells logged and which files were changed; JSON through zlib.
        """CREATE TABLE traces (
            lab TEXT PRIMARY KEY,
            lesson TEXT NOT NULL,
            at TEXT NOT NULL,
            data BLOB NOT NULL
        )""",
    ),
)
"""Of the record of one course."""

SETTINGS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL,
            at TEXT NOT NULL
        )""",
    ),
)
"""Of what belongs to the learner and no course: consents, language."""
