"""What a proof of a lesson stands on: all that is done and asked, and no sentence for people.

So a text can be made better without a proof being lost, and a changed command, expectation or
value cannot.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from checks.fill import without_prose
from runner.course.lesson import Lesson

_BESIDE = frozenset(["minutes", "source", "path"])
"""Parts of a lesson that neither do nor ask anything."""


def digest_of(lesson: Lesson) -> str:
    """Name a lesson, its variables not yet filled in, by what a proof of it stands on."""
    text = json.dumps(_plain(without_prose(lesson)), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Make plain data of a declaration; a part that has its default may as well not be there."""
    if isinstance(value, Enum):
        return value.name
    if dataclasses.is_dataclass(value):
        parts = {
            field.name: _plain(part)
            for field in dataclasses.fields(value)
            if field.name not in _BESIDE and (part := getattr(value, field.name)) != field.default
        }
        return [type(value).__name__, parts]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
