"""Regular expressions that may take for ever: a repeat whose body can match the same text in
several ways, as in `(a+)+`, `(a|aa)+` or `(.*,)*`.

Each further character then doubles the work where the expression does not match. What is looked at
is whether two ways on begin with a same character; ASCII and two letters beyond it stand for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Characters = frozenset[str]

SAMPLE: Characters = frozenset([*map(chr, range(128)), "é", "中"])
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_CLASSES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def endless(pattern: str) -> bool:
    """Tell whether a pattern that compiles has such a repeat."""
    return _ambiguous(parser.parse(pattern, re.MULTILINE), frozenset(), repeated=False)


def _ambiguous(items: Sequence[Any], after: Characters, *, repeated: bool) -> bool:
    """Look through a sequence that is followed by `after`; `repeated` inside an open repeat."""
    for index, (code, value) in enumerate(items):
        follows = _first(items[index + 1 :], after)
        if code in _REPEATS:
            low, high, body = value
            begins = _first(body, frozenset())
            if repeated and low != high and begins & follows:
                return True
            again = high is codes.MAXREPEAT
            if _ambiguous(body, begins | follows if again else follows, repeated=repeated or again):
                return True
        elif code is codes.BRANCH:
            starts = [_first(branch, follows) for branch in value[1]]
            if repeated and any(one & other for one, other in combinations(starts, 2)):
                return True
        for part in _parts(code, value):
            if _ambiguous(part, follows, repeated=repeated):
                return True
    return False


def _parts(code: Any, value: Any) -> Iterator[Sequence[Any]]:
    """Give the sequences inside an item that is no repeat."""
    if code is codes.SUBPATTERN:
        yield value[3]
    elif code is codes.BRANCH:
        yield from value[1]
    elif code in (codes.ASSERT, codes.ASSERT_NOT):
        yield value[1]


def _first(items: Sequence[Any], after: Characters) -> Characters:
    """Give the characters with which a sequence can begin, `after` where it can be empty."""
    found: set[str] = set()
    for code, value in items:
        begins, empty = _begins(code, value)
        found |= begins
        if not empty:
            return frozenset(found)
    return frozenset(found) | after


def _begins(code: Any, value: Any) -> tuple[Characters, bool]:
    """Give the characters with which one item can begin, and whether it can be empty."""
    if code in (*_REPEATS, codes.POSSESSIVE_REPEAT):
        return _first(value[2], frozenset()), value[0] == 0 or _can_be_empty(value[2])
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        body = value[3] if code is codes.SUBPATTERN else value
        return _first(body, frozenset()), _can_be_empty(body)
    if code is codes.BRANCH:
        begins = frozenset[str]().union(*(_first(branch, frozenset()) for branch in value[1]))
        return begins, any(_can_be_empty(branch) for branch in value[1])
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return frozenset(), True
    return _characters(code, value), code is codes.GROUPREF


def _can_be_empty(items: Sequence[Any]) -> bool:
    return all(_begins(code, value)[1] for code, value in items)


def _characters(code: Any, value: Any) -> Characters:
    """Give the characters of the sample that a single one stands for; all where that is unclear."""
    if code is codes.LITERAL:
        return frozenset([chr(value)])
    if code is codes.NOT_LITERAL:
        return SAMPLE - {chr(value)}
    if code is codes.ANY:
        return SAMPLE - {"\n"}
    if code is codes.IN:
        negated = value[0][0] is codes.NEGATE
        members = frozenset[str]().union(*(_member(*one) for one in value))
        return SAMPLE - members if negated else members
    return SAMPLE


def _member(code: Any, value: Any) -> Characters:
    if code is codes.LITERAL:
        return frozenset([chr(value)])
    if code is codes.RANGE:
        return frozenset(char for char in SAMPLE if value[0] <= ord(char) <= value[1])
    return _of_class(value) if code is codes.CATEGORY else frozenset()


@cache
def _of_class(category: Any) -> Characters:
    return frozenset(char for char in SAMPLE if re.match(_CLASSES[category], char))
