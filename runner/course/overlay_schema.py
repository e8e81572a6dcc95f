"""The schema of overlays: the lesson's declarations with nothing but their texts left."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping

from checks.fill import hints_of
from checks.kinds import Text
from runner.course.docstrings import field_texts
from runner.course.forms import Schema
from runner.course.lesson import Lesson
from runner.course.overlay import FORMAT, members_of

_DIGEST = "(@[0-9a-f]{8})?$"


def overlay_schema() -> Schema:
    """Give the schema of overlay files."""
    texts = _record(Lesson)
    head: Schema = {
        "format": {"const": FORMAT, "description": "Of the grammar; 1."},
        "lesson": {"type": "string", "description": "The id of the lesson that is translated."},
    }
    texts["properties"] = head | texts.get("properties", {})
    texts["required"] = list(head)
    return texts


def _record(cls: type) -> Schema:
    properties: dict[str, Schema] = {}
    patterns: dict[str, Schema] = {}
    hints = hints_of(cls)
    for field in dataclasses.fields(cls):
        key = field.name.rstrip("_")
        if Text in members_of(hints[field.name]):
            patterns[f"^{key}{_DIGEST}"] = _described({"type": "string"}, cls, field.name)
            continue
        below = _below(hints[field.name])
        if below is not None:
            properties[key] = _described(below, cls, field.name)
    schema: Schema = {"type": "object", "additionalProperties": False}
    if properties:
        schema["properties"] = properties
    return schema | ({"patternProperties": patterns} if patterns else {})


def _described(schema: Schema, cls: type, field: str) -> Schema:
    text = field_texts(cls).get(field)
    return {"description": text, **schema} if text else schema


def _below(hint: object) -> Schema | None:
    """Give what may stand under a key that holds records, lists or mappings; None without texts."""
    for member in members_of(hint):
        origin, arguments = typing.get_origin(member), typing.get_args(member)
        if isinstance(member, type) and dataclasses.is_dataclass(member):
            schema = _record(member)
            return schema if len(schema) > 2 else None
        if origin is tuple and arguments[1:] == (Ellipsis,):
            return _named(arguments[0], "[1-9][0-9]*")
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return _named(arguments[1], ".+?")
    return None


def _named(item: object, name: str) -> Schema | None:
    if Text in members_of(item):
        texts = {f"^{name}{_DIGEST}": {"type": "string"}}
        return {"type": "object", "patternProperties": texts, "additionalProperties": False}
    below = _below(item)
    return None if below is None else {"type": "object", "additionalProperties": below}
