"""Lessons kept as they were read: the same as read anew, and never an old one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runner.course import cached
from runner.course.course import Course, open_course
from runner.course.kept import lesson_in
from runner.course.overlay import translate
from runner.errors import CourseError
from runner.places import built_in_course, cache_folder
from tests.course.books import spoiled, write_course, write_lesson

LESSON = "lesson-07"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return open_course(write_course(tmp_path))


def kept_files() -> list[Path]:
    return sorted(cache_folder().glob("lesson-*"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shipped_lesson_comes_back_as_it_was(language: str) -> None:
    course = open_course(built_in_course())
    for lesson in course.lessons:
        anew = course.lesson(lesson)
        wanted = anew if language == "en" else translate(anew, language)
        first, second = (lesson_in(course, lesson, language) for _ in range(2))
        assert first == second == wanted
        assert second.path == wanted.path
    assert len(kept_files()) == len(course.lessons)


def test_what_is_kept_is_not_read_again(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    first = lesson_in(course, LESSON, "en")
    monkeypatch.setattr(Course, "lesson", lambda *_: pytest.fail("read again"))
    assert lesson_in(course, LESSON, "en") == first


def test_a_changed_lesson_is_read_again(course: Course, tmp_path: Path) -> None:
    lesson_in(course, LESSON, "en")
    path = write_lesson(tmp_path, spoiled(("minutes: 12", "minutes: 13")))
    os.utime(path, ns=(1, 1))
    assert lesson_in(open_course(tmp_path), LESSON, "en").minutes == 13


def test_a_lesson_with_problems_is_not_kept(course: Course, tmp_path: Path) -> None:
    write_lesson(tmp_path, spoiled(("minutes: 12", "minutes: 0")))
    for _ in range(2):
        with pytest.raises(CourseError):
            lesson_in(course, LESSON, "en")
    assert kept_files() == []


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"00000000\nno marshal",
        (1, [], None),
        (99, [], ("record", "os:system", {"command": "x"})),
        "no tuple",
    ],
)
def test_whatever_is_odd_about_it_is_made_anew(course: Course, odd: object) -> None:
    wanted = lesson_in(course, LESSON, "en")
    (path,) = kept_files()
    if isinstance(odd, bytes):
        path.write_bytes(odd)
    else:
        cached.write(str(path), odd)
    assert lesson_in(course, LESSON, "en") == wanted


def test_only_our_declarations_are_built(course: Course) -> None:
    wanted = lesson_in(course, LESSON, "en")
    (path,) = kept_files()
    version, stamps, _ = cached.read(str(path))
    for name in ("os:stat_result", "runner.course.kept:os.system", "checks.spec:Nothing"):
        cached.write(str(path), (version, stamps, ("record", name, {"command": "true"})))
        assert lesson_in(course, LESSON, "en") == wanted


def test_a_cache_that_cannot_be_written_is_done_without(
    course: Course, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARN_DOCKER_NET_HOME", str(own_home / "file"))
    (own_home / "file").write_text("no folder")
    assert lesson_in(course, LESSON, "en").id == LESSON
