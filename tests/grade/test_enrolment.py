"""Enrolment: each learner their own values, nothing secret given, strangers' files harmless."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runner.course.course import Course, open_course
from runner.course.variables import settle
from runner.errors import LearnError
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.enrolment import drawn_values, enrolment_text, read_enrolment
from runner.grade.moments import days_late
from runner.learn.papers import Papers
from runner.record.membership import Membership
from tests.grade.making import CLASS, write_class

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def course() -> Course:
    return open_course()


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    text = CLASS.replace("course: course\n", "").replace(
        "[lesson-01, lesson-02]", "[{id: lesson-02, due: 2026-12-01}]"
    )
    return load_class(write_class(tmp_path, text.replace("{id: ben,", "{id: ben, extra_days: 2,")))


def given(class_: Class, course: Course, folder: Path, learner: str = "ada") -> Membership:
    found = class_.learner(learner)
    assert found is not None
    path = folder / "file.join"
    path.write_text(enrolment_text(class_, found, course, SECRET), encoding="utf-8")
    return read_enrolment(path)


def test_a_file_tells_all_that_its_learner_needs(
    class_: Class, course: Course, tmp_path: Path
) -> None:
    ada = given(class_, course, tmp_path)
    assert (ada.class_id, ada.learner, ada.name) == ("net-2026", "ada", "Ada")
    assert (ada.title, ada.hand_in) == ("Networks", "Moodle, task 3")
    assert ada.due == {"lesson-02": "2026-12-01T23:59+01:00"}
    assert given(class_, course, tmp_path, "ben").due == {"lesson-02": "2026-12-03T23:59+01:00"}
    assert ada.values == drawn_values(class_, "ada", course, SECRET)


def test_no_secret_is_in_it_and_none_can_be_told_from_it(
    class_: Class, course: Course, tmp_path: Path
) -> None:
    given(class_, course, tmp_path)
    text = (tmp_path / "file.join").read_text()
    assert SECRET.hex() not in text and "secret" not in text


def test_values_differ_from_learner_to_learner_and_lie_in_their_ranges(
    class_: Class, course: Course
) -> None:
    ada = drawn_values(class_, "ada", course, SECRET)
    ben = drawn_values(class_, "ben", course, SECRET)
    assert ada != ben
    for lesson, values in {**ada, **ben}.items():
        assert settle(course.lesson(lesson), values) == values
    assert ada == drawn_values(class_, "ada", course, SECRET)


def test_a_members_lesson_is_written_with_their_values(
    class_: Class, course: Course, tmp_path: Path
) -> None:
    member = given(class_, course, tmp_path)
    lesson = Papers(course, member).lesson("lesson-02", "en")
    first = member.values["lesson-02"]["first"]
    assert f"--name {first} " in str(lesson.steps[0].solution)
    assert Papers(course, member).values("lesson-02") == member.values["lesson-02"]
    assert Papers(course).values("lesson-02") != member.values["lesson-02"]


@pytest.mark.parametrize("value", ["$(reboot)", "centos01; rm -rf /", "not-in-the-list", "", "\n"])
def test_a_value_that_could_not_have_been_drawn_is_not_taken(course: Course, value: str) -> None:
    lesson = course.lesson("lesson-02")
    assert settle(lesson, {"first": value, "unknown": "x"})["first"] == (
        lesson.variables["first"].default
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"learn-docker-net": "submission"},
        {"version": "1"},
        {"class": "../../x"},
        {"learner": "a b"},
        {"learner": "a" * 100},
        {"course": "/etc"},
        {"values": {"lesson-02": {"first": 5}}},
        {"values": []},
        {"hand_in": "x" * 10_000},
        {"due": {"lesson-02": None}},
    ],
    ids=str,
)
def test_what_no_instructor_gives_is_refused(
    class_: Class, course: Course, tmp_path: Path, changes: dict[str, Any]
) -> None:
    given(class_, course, tmp_path)
    path = tmp_path / "file.join"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(LearnError, match="not what an instructor gives"):
        read_enrolment(path)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b"PK\x03\x04", b"[" * 100_000, b" " * (2 << 20), b"null"]
)
def test_what_is_no_file_of_ours_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.join"
    path.write_bytes(data)
    with pytest.raises(LearnError, match="not what an instructor gives"):
        read_enrolment(path)


def test_a_newer_file_is_told_apart(class_: Class, course: Course, tmp_path: Path) -> None:
    given(class_, course, tmp_path)
    path = tmp_path / "file.join"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(LearnError, match="newer"):
        read_enrolment(path)


def test_days_granted_end_at_the_same_time_of_day_as_for_the_others(
    class_: Class, course: Course, tmp_path: Path
) -> None:
    due = datetime(2026, 10, 20, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    rules = tuple(replace(one, due=due) for one in class_.lessons)
    ben = given(replace(class_, lessons=rules), course, tmp_path, "ben")
    assert ben.due == {"lesson-02": "2026-10-22T23:59+02:00"}
    week = replace(rules[0], due=due.replace(day=24))
    ben = given(replace(class_, lessons=(week,)), course, tmp_path, "ben")
    assert ben.due == {"lesson-02": "2026-10-26T23:59+01:00"}
    told = datetime.fromisoformat(ben.due["lesson-02"]).timestamp()
    assert days_late(told, week.due, 2) == 0
    assert days_late(told + 60, week.due, 2) > 0
