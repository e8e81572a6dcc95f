"""What work is worth: lateness, help taken, weights. Pure arithmetic; points are a lesson's own
units until the total, which is percent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from runner.grade.class_ import Late, LessonRule
from runner.grade.result import LessonResult

_SECOND = 1 / 86400
"""Late, and a day begun, is what is more than a second beyond: a day ends at 23:59:59 and clocks
are read in milliseconds."""


def late_share(late: Late, days: float) -> float:
    """Give the share of the points, 0 to 1, that work `days` late can still earn."""
    beyond = days - _SECOND
    if beyond <= 0:
        return 1.0
    if late.days is not None and beyond > late.days:
        return 0.0
    begun = math.ceil(beyond)
    share = min(1 - late.percent / 100 * begun, late.cap / 100)
    return min(1.0, max(0.0, share))


def help_share(rule: LessonRule, hints: int, solutions: int) -> float:
    """Give the share of a step's points, 0 to 1, that is left after hints and its solution."""
    cost = rule.hint * hints + (rule.solution if solutions else 0.0)
    return min(1.0, max(0.0, 1 - cost / 100))


def percent(earned: float, possible: float) -> float:
    """Give points as percent; nothing of nothing is 0."""
    return round(100 * earned / possible, 4) if possible > 0 else 0.0


def total(results: Iterable[LessonResult], rules: Iterable[LessonRule]) -> float:
    """Give a learner's percent over all lessons of the class, by their weights.

    A lesson without a result counts as 0; one of which nothing can be had on the learner's engine
    is left out.
    """
    found = {one.lesson: one for one in results}
    earned = weights = 0.0
    for rule in rules:
        result = found.get(rule.lesson)
        if result is not None and result.left_out:
            continue
        weights += rule.weight
        earned += rule.weight * (result.score if result is not None else 0.0)
    return round(earned / weights, 4) if weights > 0 else 0.0
