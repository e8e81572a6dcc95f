"""What is written is what is read: YAML's own ideas of numbers and truths surprise nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.kinds import Engines, Plain, Seconds, Shell
from checks.matchers import Output
from checks.probes import PROBES
from checks.shell import AnyExit, ShellAssertion
from checks.spec import Role
from checks.values import Count, JsonValue
from runner.course.lesson import Lesson, Typed
from runner.course.lesson_file import load_lesson
from tests.course.books import spoiled, write_lesson


def load(tmp_path: Path, *changes: tuple[str, str]) -> Lesson:
    return load_lesson(write_lesson(tmp_path, spoiled(*changes)))


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "true", "1.10", "08", "0x1F", "1_000"])
def test_a_text_is_as_written(tmp_path: Path, word: str) -> None:
    lesson = load(tmp_path, ("images: [localhost/box]", f"images: [{word}]"))
    assert lesson.images == (word,)


def test_a_title_may_be_a_number(tmp_path: Path) -> None:
    assert load(tmp_path, ("title: Link aliases", "title: 1:30")).title == "1:30"


def test_keys_are_their_text(tmp_path: Path) -> None:
    (question, _) = load(tmp_path).steps[1].ask
    assert question.choose == {"yes": "Yes", "no": "No"}
    assert question.answer == "yes"


def test_numbers_are_decimal(tmp_path: Path) -> None:
    assert load(tmp_path, ("minutes: 12", "minutes: 010")).minutes == 10


@pytest.mark.parametrize(
    ("written", "seconds"), [("5", 5.0), ("0.5", 0.5), ("5s", 5.0), ("500ms", 0.5), ("2m", 120.0)]
)
def test_times_have_units(tmp_path: Path, written: str, seconds: float) -> None:
    lesson = load(tmp_path, ("timeout: 10s", f"timeout: {written}"))
    assert lesson.steps[1].checks[1].timeout == Seconds(seconds)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", (1,)), ("[1, 2]", (1, 2)), ("any", AnyExit.ANY), ("nonzero", AnyExit.NONZERO)],
)
def test_exit_statuses(tmp_path: Path, written: str, meant: object) -> None:
    lesson = load(tmp_path, ("exit: nonzero", f"exit: {written}"))
    assertion = lesson.steps[1].checks[2].assertion
    assert isinstance(assertion, ShellAssertion)
    assert assertion.exit == meant


def output(**values: Any) -> Output:
    return Output(**values)


def value(**values: Any) -> JsonValue:
    return JsonValue(**values)


JSON = "{.a: 8080, .b: '8080', .c: true, .d: null, .e: yes, .f: {contains: [x, 1]}}"
VALUES = {
    ".a": value(equals=8080),
    ".b": value(equals="8080"),
    ".c": value(equals=True),
    ".d": value(),
    ".e": value(equals="yes"),
    ".f": value(contains=("x", 1)),
}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hello", output(equals="hello")),
        ('"1"', output(equals="1")),
        ("{contains: a}", output(contains=("a",))),
        ("{contains: [a, on]}", output(contains=("a", "on"))),
        ("{lines: 3}", output(lines=Count(exactly=3))),
        ("{lines: {at_least: 3}}", output(lines=Count(at_least=3))),
        (f"{{json: {JSON}}}", output(json=VALUES)),
    ],
)
def test_outputs(tmp_path: Path, written: str, meant: Output) -> None:
    old = 'stdout: {line: "172.17.0.2 %{alias} %{id12} %{target}"}'
    assertion = load(tmp_path, (old, f"stdout: {written}")).steps[1].checks[1].assertion
    assert isinstance(assertion, ShellAssertion)
    assert assertion.stdout == meant


def test_commands_are_a_text_or_a_list(tmp_path: Path) -> None:
    step = load(tmp_path).steps[1]
    assert step.solution[1] == Typed(do=Shell("docker ps"), host=Plain("second"))
    assert [typed.host for typed in step.solution] == [None, "second"]
    assert step.also_right["created"][0].do.count("\n") == 2


def test_a_list_of_one_may_do_without_the_list(tmp_path: Path) -> None:
    lesson = load(tmp_path, ("undoes: [link.linked]", "undoes: link.linked"))
    assert lesson.steps[2].undoes == ("link.linked",)


def test_the_rest_of_the_good_lesson(tmp_path: Path) -> None:
    path = write_lesson(tmp_path)
    lesson = load_lesson(path)
    assert lesson.path == path
    assert list(lesson.hosts) == ["docker", "second"]
    assert lesson.engines == Engines(">=20.10")
    assert lesson.steps[0].checks[0].role is Role.NORMAL
    assert isinstance(lesson.steps[1].checks[0].assertion, PROBES["linked"])
    assert lesson.steps[2].checks[0].control is not None
