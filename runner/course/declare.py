"""From declarations to forms: a frozen dataclass, its annotations and defaults say what a file may
hold, and the loader and the schema both follow them.

A field's name is its key (a trailing underscore dropped). A dataclass with a class variable
`shorthand` may be written as the bare value of the field so named.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from yaml.nodes import MappingNode, Node

from checks import kinds
from checks.fill import hints_of
from checks.message import Message, msg
from runner.course.containers import ChoiceForm, ListForm, MapForm, PairForm
from runner.course.forms import (
    EnginesForm,
    Form,
    NumberForm,
    ScalarForm,
    Schema,
    SecondsForm,
    TextForm,
    TruthForm,
    WholeForm,
    WordForm,
    refuse,
)
from runner.course.reading import BAD, Reading, entries, is_empty, nearest

_COMMA = msg("A text with a comma inside `{…}` needs quotes.")
_SCALAR = frozenset({kinds.Plain, int, float, bool, type(None)})


class Part(ABC):
    """Several keys of a record that together make one field, such as `run` and `stdout`."""

    keys: tuple[str, ...]

    @abstractmethod
    def read(self, reading: Reading, given: Mapping[str, Node], node: Node) -> Any:
        """Make the field from the values under these keys; `node` is the whole record's."""

    @abstractmethod
    def forms(self) -> Iterator[tuple[str, type | None, Form]]:
        """Give each key with the class whose field it is, if it is one, and its form."""

    @abstractmethod
    def grammar(self) -> Grammar:
        """Give the grammar of these forms."""

    @abstractmethod
    def rule(self) -> Schema:
        """Give what the schema says beyond the single keys."""


@dataclass(frozen=True)
class FieldForm:
    """One field of a record."""

    name: str
    form: Form | Part
    required: bool

    @property
    def key(self) -> str:
        """As it is written."""
        return self.name.rstrip("_")

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that make it."""
        return self.form.keys if isinstance(self.form, Part) else (self.key,)


class Grammar:
    """Knows the form of every annotation; made once for all files of a kind."""

    def __init__(self, parts: Mapping[object, Part] | None = None) -> None:
        """Take the annotations that several keys together make."""
        self._parts = parts or {}
        self._known: dict[object, Form] = {}

    def form(self, annotation: object) -> Form:
        """Give the form of an annotation; TypeError where declarations name an unknown kind."""
        if annotation not in self._known:
            self._known[annotation] = self._make(annotation)
        return self._known[annotation]

    def form_or_part(self, annotation: object) -> Form | Part:
        """Give the form of a field's annotation, which several keys may make."""
        return self._parts.get(annotation) or self.form(annotation)

    def record(self, cls: type) -> RecordForm:
        """Give the form of a dataclass."""
        form = self.form(cls)
        assert isinstance(form, RecordForm)  # noqa: S101 - `_make` gives no other for a dataclass
        return form

    def records(self) -> Iterator[RecordForm]:
        """Give the forms of all records met so far, those inside the parts too."""
        yield from (form for form in self._known.values() if isinstance(form, RecordForm))
        for part in self._parts.values():
            yield from part.grammar().records()

    def _make(self, annotation: object) -> Form:
        if annotation in _SIMPLE:
            return _SIMPLE[annotation]
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Literal:
            return WordForm.of_words(arguments)
        if origin in (typing.Union, types.UnionType):
            return self._choice(arguments)
        if origin is tuple:
            return self._tuple(arguments)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return MapForm(self.form(arguments[0]), self.form(arguments[1]))
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return WordForm.of_enum(annotation)
        if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
            return RecordForm(annotation, self)
        raise TypeError(f"no form for the annotation {annotation!r}")

    def _tuple(self, arguments: tuple[Any, ...]) -> Form:
        if arguments[1:] == (Ellipsis,):
            return ListForm(self.form(arguments[0]))
        return PairForm(tuple(self.form(argument) for argument in arguments))

    def _choice(self, members: tuple[Any, ...]) -> Form:
        if set(members) >= _SCALAR:
            rest = [member for member in members if member not in _SCALAR]
            options: list[Form] = [ScalarForm(), *(self.form(member) for member in rest)]
        else:
            # Words before numbers before texts: a text would take them all.
            known = [self.form(member) for member in members if member is not type(None)]
            options = sorted(known, key=_rank)
        return options[0] if len(options) == 1 else ChoiceForm(tuple(options))


_SIMPLE: dict[object, Form] = {
    str: TextForm(kinds.Plain),
    int: WholeForm(),
    float: NumberForm(),
    bool: TruthForm(),
    kinds.Seconds: SecondsForm(),
    kinds.Engines: EnginesForm(),
    **{
        kind: TextForm(kind)
        for kind in (kinds.Shell, kinds.Pattern, kinds.Text, kinds.Name, kinds.Plain)
    },
}
_ORDER = (WordForm, TruthForm, WholeForm, NumberForm, SecondsForm, TextForm)


def _rank(form: Form) -> int:
    return next((rank for rank, kind in enumerate(_ORDER) if isinstance(form, kind)), len(_ORDER))


class RecordForm:
    """A frozen dataclass, written as a mapping."""

    def __init__(self, cls: type[Any], grammar: Grammar) -> None:
        """Take the class, and the grammar for its fields."""
        self.cls = cls
        self._grammar = grammar
        self._shorthand: str | None = getattr(cls, "shorthand", None)

    @cached_property
    def fields(self) -> tuple[FieldForm, ...]:
        """Give the fields; found when first needed, since records may contain each other."""
        hints = hints_of(self.cls)
        return tuple(
            FieldForm(
                field.name,
                self._grammar.form_or_part(hints[field.name]),
                field.default is field.default_factory is dataclasses.MISSING,
            )
            for field in dataclasses.fields(self.cls)
            if field.metadata.get("in_file", True)
        )

    @cached_property
    def keys(self) -> dict[str, FieldForm]:
        """Give the fields by the keys that they are written with."""
        return {key: field for field in self.fields for key in field.keys}

    @cached_property
    def short(self) -> Form | None:
        """Give the form that may stand for the whole record."""
        hints = hints_of(self.cls)
        return None if self._shorthand is None else self._grammar.form(hints[self._shorthand])

    def fits(self, node: Node) -> bool:
        """A mapping, or what the shorthand allows."""
        return isinstance(node, MappingNode) or (self.short is not None and self.short.fits(node))

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the record; BAD only where nothing can stand for what is missing."""
        if not isinstance(node, MappingNode):
            return self._read_short(reading, node, name)
        first_text = len(reading.texts)
        given = self._given(reading, node)
        values = {}
        for field in self.fields:
            value = self._field(reading, node, given, field)
            if value is not BAD:
                values[field.name] = value
            elif field.required:
                return BAD
        return self.make(reading, node, values, first_text)

    def _read_short(self, reading: Reading, node: Node, name: str) -> Any:
        if self._shorthand is None or self.short is None or not self.short.fits(node):
            return refuse(reading, node, name, self)
        first_text = len(reading.texts)
        value = self.short.read(reading, node, name)
        return (
            BAD if value is BAD else self.make(reading, node, {self._shorthand: value}, first_text)
        )

    def _given(self, reading: Reading, node: MappingNode) -> dict[str, Node]:
        given = {}
        for word, key, value in entries(reading, node):
            if word in self.keys:
                given[word] = value
            else:
                # `{because: One, two}` is two keys to YAML: the second has no value.
                torn = is_empty(value) and node.flow_style
                remedy = _COMMA if torn else nearest(word, self.keys)
                reading.fail(key, msg("There is no key `{key}` here.", key=word), remedy)
        return given

    def _field(
        self, reading: Reading, node: Node, given: Mapping[str, Node], field: FieldForm
    ) -> Any:
        if isinstance(field.form, Part):
            return field.form.read(reading, given, node)
        if field.key in given:
            value = field.form.read(reading, given[field.key], field.key)
        elif field.required:
            value = reading.fail(node, msg("`{key}` is missing here.", key=field.key))
        else:
            return BAD
        # Something harmless stands in, so that what is wrong further on is found in the same run.
        return field.form.blank() if value is BAD and field.required else value

    def make(self, reading: Reading, node: Node, values: dict[str, Any], first_text: int) -> Any:
        """Make the record of its fields' values and remember where it stands."""
        try:
            record = self.cls(**values)
        except ValueError as error:
            return reading.fail(node, msg("This does not fit together: {why}.", why=str(error)))
        reading.built(record, node, first_text)
        return record

    def schema(self) -> Schema:
        """A reference; the definition itself is written by `runner.course.schema`."""
        reference: Schema = {"$ref": f"#/$defs/{self.cls.__name__}"}
        if self.short is None:
            return reference
        short = self.short.schema()
        return {"anyOf": [*short.get("anyOf", [short]), reference]}

    def wanted(self) -> Message:
        """As people call it."""
        keys = ", ".join(f"`{key}`" for key in list(self.keys)[:6])
        if isinstance(self.short, TextForm):
            return msg("{short} or a mapping with {keys}", short=self.short.wanted(), keys=keys)
        return msg("a mapping with {keys}", keys=keys)

    def blank(self) -> Any:
        """No record can be made up."""
        return BAD
