"""Records and files as no program writes them: read or refused, never anything else."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.judge import judge
from runner.course.course import open_course
from runner.errors import CourseError, LearnError
from runner.grade.class_file import load_class
from runner.grade.guarded import NoWork
from runner.grade.packed import BadSubmission
from runner.grade.roster import read_roster
from runner.grade.shallow import read_json
from runner.grade.signing import read_keys
from runner.grade.submission import open_submission
from runner.grade.work_json import work_from_json, work_to_json
from tests.directory_lab import write_course
from tests.grade.making import CLASS, forged, submission, work, write_class

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
MANY = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to every value in a record."""
    found = [here] if here else []
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            found += places(value, (*here, key))
    return found


RECORD = work_to_json(work())
PLACES = places(RECORD)


@MANY
@given(place=st.sampled_from(PLACES), value=JSON)
def test_a_record_with_anything_anywhere_is_read_or_refused(
    place: tuple[Any, ...], value: Any, tmp_path_factory: Any
) -> None:
    record = copy.deepcopy(RECORD)
    inner: Any = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        read = work_from_json(record)
    except NoWork:
        return
    for one in read.seen:
        if one.observation is not None:
            judge(CHECK, one.observation)


def _check() -> Any:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        return open_course(write_course(Path(name))).lesson("lesson-01").steps[0].checks[0]


CHECK = _check()


@MANY
@given(data=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_a_lesson_of_any_bytes_is_read_or_refused(data: bytes) -> None:
    try:
        with open_submission(forged(data)) as found:
            found.work("lesson-01")
    except BadSubmission:
        pass


HONEST = submission()


@MANY
@given(
    at=st.integers(0, len(HONEST) - 1),
    put=st.binary(max_size=6),
    cut=st.integers(0, 40),
)
def test_a_file_changed_anywhere_is_read_or_refused(at: int, put: bytes, cut: int) -> None:
    try:
        with open_submission(HONEST[:at] + put + HONEST[at + cut :]) as found:
            found.work("lesson-01")
    except BadSubmission:
        pass


@MANY
@given(data=st.text('[]{},:"\\ u1dD8a\n', max_size=60))
def test_json_is_read_as_the_library_reads_it_or_refused(data: str) -> None:
    raw = data.encode()
    try:
        found = read_json(raw, tokens=50, depth=5)
    except NoWork:
        return
    assert found == json.loads(raw)


@MANY
@given(data=st.binary(max_size=80) | st.text('id,name"\n;\t=@aä', max_size=60).map(str.encode))
def test_a_roster_of_any_bytes_is_read_or_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    try:
        assert read_roster(path)
    except CourseError as error:
        assert all(problem.place.line >= 1 for problem in error.problems)


@MANY
@given(at=st.integers(0, len(CLASS) - 1), put=st.text(" :-{}[]'\"#&*\naä1", max_size=4))
def test_a_class_file_changed_anywhere_is_read_or_refused(
    at: int, put: str, tmp_path: Path
) -> None:
    path = write_class(tmp_path, CLASS[:at] + put + CLASS[at + len(put) :])
    with contextlib.suppress(LearnError):
        load_class(path)


@MANY
@given(text=st.text("ldn-key:aBC234\n >-", max_size=120))
def test_a_key_of_any_letters_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(LearnError):
        read_keys(text)
