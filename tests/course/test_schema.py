"""The schemas: current, valid, and of one mind with the loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runner.course.course import open_course
from runner.course.scaffold import new_lesson
from runner.course.schema import schema_text, schemas
from tests.course.books import DATA, spoiled, write_course, write_lesson
from tests.course.yaml_core import read_core

LESSONS = Path(__file__).parents[2] / "lessons"


def errors(kind: str, path: Path) -> list[str]:
    validator = jsonschema.Draft202012Validator(schemas()[f"{kind}.schema.json"])
    found: Any = validator.iter_errors(read_core(path))
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in found]


def shipped(pattern: str) -> list[Path]:
    return sorted(LESSONS.glob(pattern))


@pytest.mark.parametrize("name", list(schemas()))
def test_the_committed_schema_is_current(name: str) -> None:
    committed = (LESSONS / "schema" / name).read_text(encoding="utf-8")
    assert committed == schema_text(schemas()[name]), "run: learn-docker-net course schema"


@pytest.mark.parametrize("name", list(schemas()))
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("path", shipped("lesson-*.yaml"), ids=lambda path: str(path.stem))
def test_shipped_lessons_validate(path: Path) -> None:
    assert errors("lesson", path) == []


def test_shipped_overlays_validate() -> None:
    found = {path.name: errors("overlay", path) for path in shipped("zh/lesson-*.yaml")}
    assert {name: told for name, told in found.items() if told} == {}


def test_the_course_validates() -> None:
    assert errors("course", LESSONS / "course.yaml") == []


def test_the_good_lesson_validates() -> None:
    assert errors("lesson", DATA / "good.yaml") == []


def test_the_scaffold_validates(tmp_path: Path) -> None:
    course = open_course(write_course(tmp_path, languages="[en, zh]"))
    lesson, overlay, _ = new_lesson(course, "lesson-08", "Bridges")
    assert errors("lesson", lesson) == []
    assert errors("overlay", overlay) == []


@pytest.mark.parametrize(
    "change",
    [
        ("minutes: 12", "minuten: 12"),
        ("minutes: 12", "minutes: twelve"),
        ("- id: tidy", "- id: Tidy"),
        ("timeout: 10s", "timeout: 10 seconds"),
        ("timeout: 10s", "role: gived"),
        ("timeout: 10s", "probe: {running: {container: x}}"),
        ("probe: {linked: ", "probe: {liked: "),
        ("exit: nonzero", "exit: never"),
        ('engines: ">=20.10"', 'engines: "20.10"'),
    ],
    ids=lambda change: str(change[1]),
)
def test_it_refuses_what_the_loader_refuses(tmp_path: Path, change: tuple[str, str]) -> None:
    assert errors("lesson", write_lesson(tmp_path, spoiled(change))) != []


def test_descriptions_are_the_fields_docstrings() -> None:
    definitions = schemas()["lesson.schema.json"]["$defs"]
    assert "True now" not in json.dumps(definitions)
    assert definitions["Check"]["properties"]["stays"]["description"].startswith("Once it holds")
    assert definitions["Check"]["properties"]["exit"]["description"].startswith("The exit statuses")
    assert definitions["Linked"]["properties"]["from"]["description"]


PLAIN = {"id", "say", "title", "text", "host", "ask", "checks", "solution", "steps", "probe"} | {
    "because",
    "capture",
    "engines",
    "images",
    "kernel",
    "minutes",
    "recap",
    "role",
    "source",
    "variables",
    "weight",
}
"""Keys that need no words in an editor."""


@pytest.mark.parametrize("name", ["Check", "Step", "Question", "Output", "Variable"])
def test_keys_that_do_not_explain_themselves_are_described(name: str) -> None:
    properties = schemas()["lesson.schema.json"]["$defs"][name]["properties"]
    assert {key for key, schema in properties.items() if "description" not in schema} <= PLAIN
