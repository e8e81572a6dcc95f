"""Whatever stands in a file: a lesson or a CourseError, soon; never another exception."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.spec import Check
from runner.course.lesson import Lesson
from runner.course.lesson_file import grammar, load_lesson
from runner.course.overlay import apply, read_overlay
from runner.course.variables import draw, fill
from runner.errors import CourseError
from tests.course.books import GOOD

SLOW = 2.0
"""Seconds that no file may take; the machine may be busy."""

KEYS = sorted(
    {*grammar().record(Lesson).keys, *grammar().record(Check).keys, "steps", "do", "json"}
)
SIGNS = [*"[]{}:,-'\"|>%&*!#\n @`?", "", "中", "\x85"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["%{target}", "%{x}", "lesson-07", "link.linked", "5s", ">=20", "…", "*"]),
)
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=5)), below, max_size=5),
    ),
    max_leaves=25,
)
FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(folder: Path, data: bytes) -> Lesson | None:
    path = folder / "lesson-07-aliases.yaml"
    path.write_bytes(data)
    start = time.process_time()
    try:
        return load_lesson(path)
    except CourseError as error:
        assert error.problems
        assert all(problem.place.line >= 1 for problem in error.problems)
        assert all(str(problem.message) for problem in error.problems)
        return None
    finally:
        assert time.process_time() - start < SLOW


@FUZZ
@given(st.dictionaries(st.sampled_from(KEYS), TREES, max_size=8))
def test_any_tree(tmp_path: Path, tree: dict[str, Any]) -> None:
    read(tmp_path, yaml.safe_dump(tree, allow_unicode=True).encode())


def _paths(node: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = [here]
    if isinstance(node, dict | list):
        for key, below in items:
            found += _paths(below, (*here, key)) if isinstance(below, dict | list) else []
            found.append((*here, key))
    return found


class _Texts(yaml.SafeLoader):
    """Keeps every scalar as its text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as its base declares it


PATHS = [path for path in _paths(yaml.load(GOOD, Loader=_Texts)) if path]


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(PATHS), TREES), min_size=1, max_size=3))
def test_the_good_lesson_with_parts_replaced(
    tmp_path: Path, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    tree = yaml.load(GOOD, Loader=_Texts)
    tree |= {"format": 1, "minutes": 12}
    for path, value in changes:
        node = tree
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    lesson = read(tmp_path, yaml.safe_dump(tree, allow_unicode=True).encode())
    if lesson is not None:
        fill(lesson, draw(lesson, b"any learner"))


@FUZZ
@given(st.data())
def test_the_good_lesson_with_characters_replaced(tmp_path: Path, data: st.DataObject) -> None:
    text = list(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at] = data.draw(st.sampled_from(SIGNS))
    read(tmp_path, "".join(text).encode())


@FUZZ
@given(st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) is None


@FUZZ
@given(TREES)
def test_any_overlay(tmp_path: Path, tree: Any) -> None:
    lesson = read(tmp_path, GOOD.encode())
    assert lesson is not None
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump({"steps": tree}, allow_unicode=True), encoding="utf-8")
    try:
        overlay, _ = read_overlay(path)
    except CourseError:
        return
    assert apply(lesson, overlay).id == lesson.id


HEAD = b"format: 1\nid: lesson-07\ntitle: x\ngoal: x\nminutes: 1\nrecap: x\nhosts: {a: {}}\n"
STEP = b"steps:\n- id: s\n  title: x\n  text: x\n"
CHECK = STEP + b"  checks:\n  - id: c\n    say: x\n    run: x\n"
ASK = STEP + b"  ask:\n  - id: c\n    say: x\n"


def many(line: bytes, count: int) -> bytes:
    return b"".join(
        line.replace(b"#1", b"%d" % (n + 1)).replace(b"#", b"%d" % n) for n in range(count)
    )


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 3000,
        b"- " * 900 + b"x",
        b"a: " + b"'" * 400_000,
        b'a: "' + b"\\x41" * 100_000 + b'"',
        b"? " * 400 + b"a",
        b"a: " + b"{b: " * 300 + b"}" * 300,
        HEAD + b"variables:\n" + many(b"  v#: {default: x, from: '%{v#1}'}\n", 8000),
        HEAD + b"steps:\n" + b"- {id: a, needs: [b]}\n" * 9_000,
        HEAD + b"steps:\n" + many(b"- {id: s#, title: x, text: x}\n", 6000),
        HEAD + STEP + b"  checks:\n" + many(b"  - {id: c#, say: x, run: x, needs: [c#1]}\n", 4000),
        HEAD + CHECK + b"    needs: [" + many(b"x#,", 40_000) + b"]\n",
        HEAD + CHECK + b"    stdout: {json: {" + many(b".a#: 1,", 20_000) + b".: ']'}}\nx: x\n",
        HEAD + CHECK + b"    capture: {" + many(b"a#: {matches: x},", 9_000) + b"}\nx: x\n",
        HEAD + ASK + b"    choose: {" + many(b"a#: x,", 20_000) + b"}\n    answer: x\n",
        HEAD + ASK + b"    knows: x\n    wrong: {" + many(b"a#: {value: x},", 9_000) + b"}\nx: x\n",
        HEAD + b"title: " + b"%{a}" * 110_000,
        HEAD + CHECK + b"    stdout: {matches: '" + b"(" * 3000 + b"'}\n",
        HEAD + CHECK + b"    stdout: {matches: '((a{1,60000}){1,60000}'}\n",
        HEAD + b"minutes: " + b"9" * 100_000,
    ],
    ids=lambda data: f"{len(data)} bytes ending in {data[-20:]!r}",
)
def test_nothing_is_slow(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) is None
