"""Files that are not what they seem: each gets an error with a place, and gets it fast."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from runner.course.lesson_file import load_lesson
from runner.course.regular import MAX_BYTES
from runner.course.yaml_nodes import read_document
from runner.errors import CourseError, Problem

LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def refused(path: Path, data: bytes) -> Problem:
    """Give the first problem of a file, which must cost less than a second of a processor."""
    path.write_bytes(data)
    start = time.process_time()
    with pytest.raises(CourseError) as caught:
        read_document(path)
    assert time.process_time() - start < 1.0
    return caught.value.problems[0]


BYTES = [
    ("byte order mark", b"\xef\xbb\xbfid: x\n", 1, 1, "The file begins with a byte order mark."),
    ("utf-16", "id: x\n".encode("utf-16"), 1, 1, "The file begins with a byte order mark."),
    ("windows line ends", b"id: x\r\nb: y\r\n", 1, 6, "The line ends in a carriage return."),
    ("tab in front", b"a:\n\tb: x\n", 2, 1, "There is a tab."),
    ("tab in a text", b"a: |\n  x\n  b\tx\n", 3, 4, "There is a tab."),
    ("latin-1", "a: x\nb: é\n".encode("latin-1"), 2, 4, "This byte is not UTF-8."),
    (
        "control character",
        b"a: x\nb: \xe4\xb8\xad\x07\n",
        2,
        5,
        "There is an invisible character, U+0007.",
    ),
    ("empty", b"", 1, 1, "A mapping is wanted here: lines of `key: value`."),
    ("comment only", b"# nothing\n", 1, 1, "A mapping is wanted here: lines of `key: value`."),
    ("a list", b"\n- a\n", 2, 1, "A mapping is wanted here: lines of `key: value`."),
    ("too large", b"a: x\n" * (MAX_BYTES // 5 + 1), 1, 1, "The file is larger than 512 KiB."),
    (
        "deep in brackets",
        b"a: " + b"[" * 100_000,
        1,
        43,
        "Lists and mappings are nested deeper than 40 levels.",
    ),
    (
        "deep in dashes",
        b"a:\n" + b"- " * 100_000 + b"x\n",
        2,
        79,
        "Lists and mappings are nested deeper than 40 levels.",
    ),
    (
        "deep by a little",
        b"a: " + b"[" * 40 + b"]" * 40 + b"\n",
        1,
        43,
        "Lists and mappings are nested deeper than 40 levels.",
    ),
    (
        "a billion laughs",
        LAUGHS.encode(),
        5,
        5,
        "Written out, this is more than 50000 nodes.",
    ),
    (
        "a long text many times",
        b"a: &a " + b"x" * 300_000 + b"\nb: [" + b"*a, " * 20 + b"]\n",
        2,
        4,
        f"Written out, this is more than {4 * MAX_BYTES} characters.",
    ),
    ("many nodes", b"a: [" + b"x," * 60_000 + b"]\n", 1, 4, None),
    ("an alias to itself", b"a: &a [*a]\n", 1, 4, "The alias contains itself."),
]


@pytest.mark.parametrize(
    ("data", "line", "column", "sentence"), [case[1:] for case in BYTES], ids=[c[0] for c in BYTES]
)
def test_each_is_refused_at_its_place(
    tmp_path: Path, data: bytes, line: int, column: int, sentence: str | None
) -> None:
    problem = refused(tmp_path / "lesson.yaml", data)
    assert (problem.place.line, problem.place.column) == (line, column)
    if sentence is not None:
        assert str(problem.message) == sentence


def test_depth_of_forty_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text("a: " + "[" * 39 + "]" * 39 + "\n")
    assert read_document(path).root.value


def test_aliases_within_reason_are_read(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text("a: &a [x, y]\nb: *a\n")
    assert len(read_document(path).root.value) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="Cannot be read"):
        read_document(tmp_path / "none.yaml")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "lesson-01-x.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(CourseError, match="Cannot be read"):
        read_document(path)


def test_a_thousand_mistakes_are_told_fast_and_not_all(tmp_path: Path) -> None:
    path = tmp_path / "lesson-01.yaml"
    path.write_text("".join(f"recapitulation{n}: x\n" for n in range(20_000)))
    start = time.process_time()
    with pytest.raises(CourseError) as caught:
        load_lesson(path)
    assert time.process_time() - start < 1.0
    assert len(caught.value.problems) == 100
