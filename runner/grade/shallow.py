"""JSON of a stranger, measured before it is read: how deep, how many values, which characters.

The measuring costs a fraction of the reading and no memory worth the name; what passes takes memory
in proportion to its length.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from runner.grade.guarded import NoWork

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+\\?(?:"|\Z)', re.DOTALL)
"""Matches wherever a quote stands, an open string too, so that nothing is looked at twice."""
_HALF = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
_NO_BRACKET = bytes(sorted(set(range(256)) - set(b"[]{}")))


def read_json(data: bytes, *, tokens: int, depth: int) -> Any:
    """Read JSON in UTF-8; raises NoWork for what is none or goes beyond a limit."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NoWork(f"not UTF-8 at byte {error.start}") from error
    if (b"\\ud" in data or b"\\uD" in data) and _HALF.search(data):
        raise NoWork("half of a character, written as an escape")
    many = data.count(b'"') > 4 * tokens
    bare = b"" if many else _STRING.sub(b"", data)
    if many or sum(map(bare.count, (b",", b":", b"[", b"{"))) > tokens:
        raise NoWork(f"more than {tokens} values")
    if _deeper(bare.translate(None, _NO_BRACKET), depth):
        raise NoWork(f"more than {depth} levels")
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NoWork(f"not JSON: {str(error)[:100]}") from error


def _deeper(brackets: bytes, depth: int) -> bool:
    """Tell whether brackets nest deeper; each round takes the innermost level away."""
    for _ in range(depth):
        if not brackets:
            return False
        smaller = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(smaller) == len(brackets):
            return False  # they do not match: reading will say so
        brackets = smaller
    return bool(brackets)


def _finite(word: str) -> float:
    found = float(word)
    if math.isinf(found):
        raise ValueError(f"{word[:20]} is beyond all numbers")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")
