"""Values out of a stranger's JSON, each looked at before it is used: ids, texts, times, lists.

Whatever does not fit raises `NoWork`, so that one place can tell what is wrong with a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}")
"""What a class, a learner, a lesson, a check, a question or a lab may be called: never a path."""
MOST = 20_000
"""Entries of any list or mapping."""
SHORT = 200
"""Characters of a name or a time."""
LONG = 4_000
"""Characters of a value or an answer."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class NoWork(ValueError):
    """It is not what a program of ours writes; the text says where."""


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """Give a mapping of a size that somebody can have meant."""
    if not isinstance(value, dict) or len(value) > MOST:
        raise NoWork(f"{what}: not a mapping of at most {MOST} entries")
    return value


def items(value: Any, what: str) -> Sequence[Any]:
    """Give a list of a length that somebody can have meant."""
    if not isinstance(value, list) or len(value) > MOST:
        raise NoWork(f"{what}: not a list of at most {MOST} entries")
    return value


def text(value: Any, what: str, most: int = SHORT) -> str:
    """Give a text; it may hold anything but more characters than `most`."""
    if not isinstance(value, str) or len(value) > most:
        raise NoWork(f"{what}: not a text of at most {most} characters")
    return value


def name(value: Any, what: str) -> str:
    """Give a name that can stand in a file's name and on a terminal."""
    if not isinstance(value, str) or not ID.fullmatch(value) or ".." in value:
        raise NoWork(f"{what}: not a name: {str(value)[:60]!r}")
    return value


def moment(value: Any, what: str) -> str:
    """Give a time as records write it, UTC or with an offset; the empty text stands for none."""
    if not isinstance(value, str) or (value and not _TIME.fullmatch(value)):
        raise NoWork(f"{what}: not a time: {str(value)[:60]!r}")
    return value


def number(value: Any, what: str, most: int) -> int:
    """Give a whole number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise NoWork(f"{what}: not a number up to {most}")
    return value


def truth(value: Any, what: str) -> bool:
    """Give a truth."""
    if not isinstance(value, bool):
        raise NoWork(f"{what}: neither true nor false")
    return value
