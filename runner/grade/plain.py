"""Frozen dataclasses to plain JSON data and back, by their annotations.

For results on their way into the store, over a wire and into a report. A field that has its default
is left out, so that stored results stay small and a field added later reads as its default.
"""

from __future__ import annotations

import base64
import dataclasses
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from checks.message import Message
from checks.observation import Observation
from checks.verdict import Verdict

T = TypeVar("T")
_Way = Callable[[Any], Any]
_OWN: tuple[type, ...] = (Message, Verdict, Observation)
"""What has a plain form of its own."""


def to_plain(value: object) -> Any:
    """Give JSON data for `from_plain`."""
    return _out(cast(Any, type(value)))(value)


def from_plain(kind: type[T], data: object) -> T:
    """Read what `to_plain` gave of such a value; ValueError, KeyError or TypeError else."""
    return cast(T, _in(cast(Any, kind))(data))


@cache
def _out(hint: Any) -> _Way:
    """Give the way from a value of this type to JSON data."""
    some = _optional(hint)
    if some is not None:
        inner = _out(some)
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        element = _out(get_args(hint)[0])
        return lambda value: [element(item) for item in value]
    if get_origin(hint) is Mapping:
        item = _out(get_args(hint)[1])
        return lambda value: {key: item(one) for key, one in value.items()}
    return _plain_out(hint)


def _plain_out(hint: Any) -> _Way:
    if hint in _OWN:
        return lambda value: value.to_json()
    if dataclasses.is_dataclass(hint):
        return _fields_out(cast(type, hint))
    if issubclass(hint, Enum):
        return lambda value: value.value
    if hint is bytes:
        return lambda value: base64.b64encode(value).decode()
    if issubclass(hint, Path):
        return str
    if hint is datetime:
        return lambda value: value.isoformat()
    return lambda value: value


def _fields_out(kind: type) -> _Way:
    hints = typing.get_type_hints(kind)
    ways = [(f.name, _out(hints[f.name]), _default(f)) for f in dataclasses.fields(kind)]

    def out(value: Any) -> dict[str, Any]:
        data = {}
        for name, way, default in ways:
            item = getattr(value, name)
            if item != default:
                data[name] = way(item)
        return data

    return out


@cache
def _in(hint: Any) -> _Way:
    """Give the way from JSON data to a value of this type."""
    some = _optional(hint)
    if some is not None:
        inner = _in(some)
        return lambda data: None if data is None else inner(data)
    if get_origin(hint) is tuple:
        element = _in(get_args(hint)[0])
        return lambda data: tuple(element(item) for item in data)
    if get_origin(hint) is Mapping:
        item = _in(get_args(hint)[1])
        return lambda data: {key: item(one) for key, one in data.items()}
    return _plain_in(hint)


def _plain_in(hint: Any) -> _Way:
    if hint in _OWN:
        return cast(_Way, hint.from_json)
    if dataclasses.is_dataclass(hint):
        return _fields_in(cast(type, hint))
    if issubclass(hint, Enum) or issubclass(hint, Path):
        return cast(_Way, hint)
    if hint is bytes:
        return base64.b64decode
    if hint is datetime:
        return datetime.fromisoformat
    if hint is float:
        return float
    return lambda data: data


def _fields_in(kind: type) -> _Way:
    hints = typing.get_type_hints(kind)
    ways = {f.name: _in(hints[f.name]) for f in dataclasses.fields(kind)}
    return lambda data: kind(**{name: ways[name](item) for name, item in data.items()})


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return dataclasses.MISSING


def _optional(hint: Any) -> Any:
    """Give the other member of `X | None`; None for anything else."""
    if get_origin(hint) not in (Union, UnionType):
        return None
    others = [one for one in get_args(hint) if one is not type(None)]
    return others[0] if len(others) == 1 else None
