"""JSON Schema of class files, from the loader's own declarations; kept in `schemas/`."""

from __future__ import annotations

from pathlib import Path

from runner.course.declare import Grammar
from runner.course.forms import Schema
from runner.course.schema import schema_of, schema_text
from runner.grade.class_decl import ClassFile

FILE = Path(__file__).parent / "schemas" / "class.schema.json"
"""A test sees that it is current."""


def class_schema() -> Schema:
    """Give the schema by which editors complete and check a class file."""
    return schema_of(ClassFile, Grammar(), "A class of learn-docker-net")


def class_schema_text() -> str:
    """Give it as its file holds it."""
    return schema_text(class_schema())
