"""JSON Schema (2020-12) of lessons, courses and overlays, from the loader's own declarations.

Editors complete and check by it. It is kept in `lessons/schema`; a test sees that it is current.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runner.course.course_file import CourseFile
from runner.course.declare import Grammar, Part, RecordForm
from runner.course.docstrings import class_text, field_texts
from runner.course.forms import Schema
from runner.course.lesson import Lesson
from runner.course.lesson_file import grammar
from runner.course.overlay_schema import overlay_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Give the schemas by their file names."""
    return {
        "lesson.schema.json": schema_of(Lesson, grammar(), "A lesson of learn-docker-net"),
        "course.schema.json": schema_of(CourseFile, Grammar(), "A course of learn-docker-net"),
        "overlay.schema.json": _headed(
            overlay_schema(), "A lesson of learn-docker-net in another language"
        ),
    }


def schema_text(schema: Schema) -> str:
    """Give a schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(schema_text(schema), encoding="utf-8")
    return [folder / name for name in schemas()]


def schema_of(cls: type, known: Grammar, title: str) -> Schema:
    """Give the schema of the files that hold one record of a class."""
    root = definition(known.record(cls))
    definitions: dict[str, Schema] = {}
    waiting = _references(root)
    while waiting:
        name = waiting.pop()
        if name not in definitions:
            definitions[name] = definition(_record(known, name))
            waiting |= _references(definitions[name])
    root["$defs"] = {name: definitions[name] for name in sorted(definitions)}
    return _headed(root, title)


def _headed(schema: Schema, title: str) -> Schema:
    return {"$schema": DIALECT, "title": title, **schema}


def definition(form: RecordForm) -> Schema:
    """Give the schema of one record, written out."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    more: Schema = {}
    for field in form.fields:
        if isinstance(field.form, Part):
            for key, owner, part_form in field.form.forms():
                properties[key] = _described(part_form.schema(), owner, key)
            more |= field.form.rule()
        else:
            properties[field.key] = _described(field.form.schema(), form.cls, field.name)
            required += [field.key] if field.required else []
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if class_text(form.cls):
        schema["description"] = class_text(form.cls)
    return schema | ({"required": required} if required else {}) | more


def _described(schema: Schema, cls: type | None, field: str) -> Schema:
    text = field_texts(cls).get(field) if cls is not None else None
    return {"description": text, **schema} if text else schema


def _references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"].rpartition("/")[2]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*map(_references, schema.values()))
    return set().union(*map(_references, schema)) if isinstance(schema, list) else set()


def _record(known: Grammar, name: str) -> RecordForm:
    found = {form.cls: form for form in known.records() if form.cls.__name__ == name}
    if len(found) != 1:
        raise TypeError(f"{len(found)} declarations are called {name}: {list(found)}")
    return next(iter(found.values()))
