"""Putting values into `%{name}`, each as the text that it stands in needs it.

Any declaration may be given: a check, a step, a whole lesson. What a string is (bash, a pattern, a
sentence) is read from the annotations of `checks.kinds`, so that an author never quotes a value.
Filling happens in rounds: the learner's variables first, captured values at asking time; `%%{`
stands for a literal `%{` and is kept as it is until the last round. `%{name:12}` is 12 columns wide
at least, with spaces behind the value, so that a drawing keeps its shape whatever was drawn.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from checks.kinds import Pattern, Shell, Text

T = TypeVar("T")
Missing = Literal["keep", "error"]
"""What becomes of a name without a value: kept for a later round, or an `UnknownName`."""

_FIELD = re.compile(r"%%\{|%\{([^{}\n]*?)(?::(\d{1,2}))?\}")


class UnknownName(LookupError):
    """A text names a value that nobody gave."""

    def __init__(self, name: str) -> None:
        """Keep the name, as it stands between the braces."""
        super().__init__(f"nothing is known by the name {name!r}")
        self.name = name


def fill(value: T, values: Mapping[str, str], missing: Missing = "keep") -> T:
    """Give `value` with every `%{name}` in it replaced.

    In `Shell` a value is quoted, in a `Pattern` escaped, elsewhere put in as it is. With
    `missing="keep"` names without a value and `%%{` stay for a later round; with `"error"` this is
    the last round: `%%{` becomes `%{`, and an unknown name raises `UnknownName`. What nothing is
    put into is given back itself, not a copy.
    """
    return typing.cast(T, _walk(value, Any, _Round(values, missing).into))


def finish(value: T) -> T:
    """Turn every `%%{` into `%{` and leave unknown names as they stand: the last round for texts
    that are shown and not asked.
    """
    return typing.cast(T, _walk(value, Any, lambda text, _: text.replace("%%{", "%{")))


def without_prose(value: T) -> T:
    """Give `value` with its sentences for people left empty: only what is done and asked."""
    return typing.cast(T, _walk(value, Any, lambda text, kind: "" if kind is Text else text))


def names_in(value: object) -> frozenset[str]:
    """Give the names that the texts of a declaration ask for."""
    found: set[str] = set()

    def note(text: str, _: object) -> str:
        found.update(names_of(text))
        return text

    _walk(value, Any, note)
    return frozenset(found)


def names_of(text: str) -> Iterator[str]:
    """Give the names that one text asks for, in order."""
    return (match[1] for match in _FIELD.finditer(text) if match[1] is not None)


def fill_text(text: str, values: Mapping[str, str], kind: object = str) -> str:
    """Fill a single text of a kind such as `checks.kinds.Shell`; unknown names are kept."""
    return _Round(values, "keep").into(text, kind)


@dataclasses.dataclass(frozen=True)
class _Round:
    values: Mapping[str, str]
    missing: Missing

    def into(self, text: str, kind: object) -> str:
        return _FIELD.sub(lambda match: self._one(match, kind), text) if "%{" in text else text

    def _one(self, match: re.Match[str], kind: object) -> str:
        name = match[1]
        if name is None:
            return "%{" if self.missing == "error" else match[0]
        if name not in self.values:
            if self.missing == "error":
                raise UnknownName(name)
            return match[0]
        return _quote(self.values[name], kind).ljust(int(match[2] or 0))


def _quote(value: str, kind: object) -> str:
    if kind is Shell:
        return shlex.quote(value)
    if kind is Pattern:
        return re.escape(value)
    return value


_Into = Callable[[str, object], str]
_Fields = tuple[tuple[str, object], ...]
_NO_TEXT = frozenset({type(None), bool, int, float})


@cache
def _fields_of(cls: type) -> _Fields | None:
    """Give a dataclass's fields with what may stand in them; None for any other class."""
    if not dataclasses.is_dataclass(cls):
        return None
    return tuple((field.name, hints_of(cls)[field.name]) for field in dataclasses.fields(cls))


def _walk(value: Any, hint: object, into: _Into) -> Any:
    """Rebuild `value` with `into(text, kind)` applied to its strings; unchanged parts are kept."""
    kind: type = type(value)
    if kind is str:
        return into(value, _kind(hint))
    if kind in _NO_TEXT or isinstance(value, str | type):
        return value  # an enum of strings is a word of the grammar, not a text
    fields = _fields_of(kind)
    if fields is not None:
        return _walk_fields(value, fields, into)
    if isinstance(value, tuple | list):
        hints = _element_hints(hint, len(value))
        new = [_walk(item, one, into) for item, one in zip(value, hints, strict=True)]
        return value if _same(value, new) else kind(new)
    if isinstance(value, Mapping):
        keys, items = _item_hints(hint, Mapping) or (Any, Any)
        walked = {_walk(k, keys, into): _walk(v, items, into) for k, v in value.items()}
        return value if _same(value.items(), walked.items()) else walked
    return value


def _walk_fields(value: Any, fields: _Fields, into: _Into) -> Any:
    changed = {}
    for name, hint in fields:
        old = getattr(value, name)
        new = _walk(old, hint, into)
        if new is not old:
            changed[name] = new
    return dataclasses.replace(value, **changed) if changed else value


def hints_of(cls: type) -> Mapping[str, object]:
    """Give a dataclass's annotations with their names resolved; worked out once a class."""
    if cls not in _HINTS:
        _HINTS[cls] = typing.get_type_hints(cls)
    return _HINTS[cls]


_HINTS: dict[type, Mapping[str, object]] = {}


def _same(old: Any, new: Any) -> bool:
    return all(_is(a, b) for a, b in zip(old, new, strict=True))


def _is(a: Any, b: Any) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_is, a, b))
    return a is b


def _members(hint: object) -> tuple[object, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


@cache
def _kind(hint: object) -> object:
    """The first of a union's members that a string can be: `Shell` of `Shell | None`."""
    kinds = [m for m in _members(hint) if m is str or getattr(m, "__supertype__", None) is str]
    return kinds[0] if kinds else str


@cache
def _item_hints(hint: object, kind: type) -> tuple[object, ...]:
    for member in _members(hint):
        origin = get_origin(member)
        if isinstance(origin, type) and issubclass(origin, kind):
            return get_args(member)
    return ()


@cache
def _element_hints(hint: object, length: int) -> tuple[object, ...]:
    arguments = _item_hints(hint, tuple) or _item_hints(hint, list) or (Any,)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return (arguments[0],) * length
    return arguments if len(arguments) == length else (arguments[:1] or (Any,)) * length
