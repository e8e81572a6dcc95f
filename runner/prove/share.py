"""A part of what is proved already, to be proved again; the parts take about equally long."""

from __future__ import annotations

from collections.abc import Sequence

from runner.prove.matrix import Matrix


def share(known: Sequence[str], shown: Matrix, docker: str, part: int, parts: int) -> list[str]:
    """Give the lessons of one part, counted from 1; the same table gives the same parts.

    Each lesson, the longest first, goes to the part that has least to do so far.
    """

    def seconds(lesson: str) -> float:
        cell = shown.get((lesson, docker))
        return cell.seconds if cell else 0.0

    loads: list[list[str]] = [[] for _ in range(parts)]
    for lesson in sorted(known, key=lambda one: (-seconds(one), one)):
        min(loads, key=lambda load: (sum(map(seconds, load)), len(load))).append(lesson)
    return [lesson for lesson in known if lesson in loads[part - 1]]
