"""A daily share of the proofs: everything is in one, and none takes much longer than another."""

from __future__ import annotations

from pathlib import Path

from runner.prove import matrix
from runner.prove.matrix import Cell, Matrix
from runner.prove.share import share

PROOFS = Path(__file__).parents[2] / "docs" / "proofs.json"


def test_every_lesson_is_in_one_share_and_stays_in_it() -> None:
    shown = matrix.read(PROOFS)
    known = sorted(lesson for lesson, docker in shown if docker == "26.1")
    shares = [share(known, shown, "26.1", part, 3) for part in (1, 2, 3)]
    assert sorted(lesson for part in shares for lesson in part) == known
    assert shares == [share(known, shown, "26.1", part, 3) for part in (1, 2, 3)]


def test_shares_are_even_whatever_the_order_of_the_lessons() -> None:
    seconds = {f"lesson-{number:02}": float(time) for number, time in enumerate(
        [700, 20, 20, 600, 30, 20, 500, 20, 30, 100, 20, 20], 1)}  # fmt: skip
    shown = table(seconds)
    loads = [
        sum(seconds[lesson] for lesson in share(list(seconds), shown, "26.1", part, 3))
        for part in (1, 2, 3)
    ]
    assert max(loads) - min(loads) <= 20


def test_what_is_not_timed_is_in_a_share_too() -> None:
    parts = [share(["lesson-01", "lesson-02"], {}, "26.1", part, 2) for part in (1, 2)]
    assert parts == [["lesson-01"], ["lesson-02"]]


def table(seconds: dict[str, float]) -> Matrix:
    return {
        (lesson, "26.1"): Cell(lesson, "26.1", "", 1, 1, 1, 1, time)
        for lesson, time in seconds.items()
    }
