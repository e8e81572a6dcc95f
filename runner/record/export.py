"""A lesson's record as plain data, for a copy in the lab and for handing in.

`runner.grade.work_json` reads it. Version 1 had no observations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runner.record.store import Given, Store

VERSION = 2
LONGEST = 4_000
"""Characters of an answer that are given away, and of each value that it was compared with."""
MOST = 1_000
"""Values that an answer was compared with."""


def export(
    store: Store, lesson: str, about: Mapping[str, Any] | None = None, *, last: int = 1
) -> dict[str, Any]:
    """Give what is recorded of a lesson: of each check the first observation that passed and the
    `last` ones, and what `about` adds, such as the values in use.
    """
    standing = store.standing(lesson)
    return {
        "version": VERSION,
        "lesson": lesson,
        "at": store.now(),
        "standing": {
            "started": standing.started if standing else None,
            "completed": standing.completed if standing else None,
        },
        "checks": {
            key: {
                "first_passed": times.first_passed,
                "passed_here": times.passed_here,
                "state": times.state.value if times.state else None,
                "since": times.since,
                "checked": times.checked,
            }
            for key, times in store.times(lesson).items()
        },
        "observations": list(store.kept(lesson, last)),
        "answers": {
            key: [_answer(one) for one in given] for key, given in store.answers(lesson).items()
        },
        "hints": store.help_taken("hints", lesson),
        "solutions": store.help_taken("solutions", lesson),
        "labs": store.traces(lesson),
        **(about or {}),
    }


def _answer(one: Given) -> dict[str, Any]:
    known = None if one.known is None else [line[:LONGEST] for line in one.known[:MOST]]
    return {"at": one.at, "value": one.value[:LONGEST], "correct": one.correct, "known": known}
