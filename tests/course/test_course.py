"""Opening a course, finding lessons in it, and its cached index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runner.course.course import open_course
from runner.course.index import index_of
from runner.errors import CourseError, LearnError, UsageError
from runner.places import HOME_VARIABLE, cache_folder
from tests.course.books import spoiled, write_course, write_lesson


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program a home of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_course(tmp_path, languages="[en, zh]")
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "lesson-07-aliases.yaml").write_text(
        "format: 1\nlesson: lesson-07\ntitle@12345678: 链接别名\n", encoding="utf-8"
    )
    return tmp_path


def test_a_course_lists_its_lessons(folder: Path) -> None:
    course = open_course(folder)
    assert (course.id, course.languages, list(course.lessons)) == (
        "small",
        ("en", "zh"),
        ["lesson-07"],
    )
    entry = course.lessons["lesson-07"]
    assert (entry.title(), entry.title("zh"), entry.minutes) == ("Link aliases", "链接别名", 12)
    assert entry.goal("zh") == "Reach a container by a name that survives its renaming."
    assert course.file("lesson-07") == entry.path


def test_the_built_in_course_opens() -> None:
    course = open_course()
    assert course.id == "docker-networking"
    titles = [part.title("zh") for part in course.parts]
    assert titles[:3] == ["Docker 自带的网络", "用名字代替地址", "网络模式"]
    for lesson in course.lessons:
        assert course.lesson(lesson).id == lesson


@pytest.mark.parametrize(
    "name", ["lesson-07", "7", "07", "lesson-7", "Lesson-07", "aliases", "lesson-07-aliases.yaml"]
)
def test_a_lesson_is_found_by_what_people_call_it(folder: Path, name: str) -> None:
    assert open_course(folder).find(name) == "lesson-07"


def test_an_unknown_lesson_gets_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_course(folder).find("lesson-77")
    assert str(caught.value.remedy) == "Did you mean lesson-07?"
    with pytest.raises(UsageError) as caught:
        open_course(folder).find("overlay")
    assert str(caught.value.remedy) == "It has: lesson-07."


def test_a_folder_that_is_no_course_is_told(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="is not a course") as caught:
        open_course(tmp_path)
    assert caught.value.remedy is not None


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("lessons: [lesson-07, lesson-07]", 4, "`lesson-07` is listed twice."),
        ("leson: [lesson-07]", 4, "There is no key `leson` here."),
        ("parts: [{id: a, title: A}]", 4, "`lessons` is missing here."),
        (
            "lessons: [../../etc]",
            4,
            "`lessons` wants a name of small letters, digits and hyphens, here stands `../../etc`.",
        ),
        ("languages: [../x]\nlessons: [lesson-07]", 4, None),
        (
            "lessons: [lesson-07]\nparts: [{id: a, title: A, lessons: [lesson-07]}]",
            4,
            "A course lists its lessons in `lessons`, or in `parts`.",
        ),
    ],
)
def test_a_bad_course_file_is_told(
    tmp_path: Path, text: str, line: int, sentence: str | None
) -> None:
    (tmp_path / "course.yaml").write_text(f"format: 1\nid: small\ntitle: Small\n{text}\n")
    with pytest.raises(CourseError) as caught:
        open_course(tmp_path)
    found = [(p.place.line, str(p.message)) for p in caught.value.problems]
    assert any(at == line and sentence in (None, words) for at, words in found)


def test_a_broken_lesson_spoils_no_listing(folder: Path) -> None:
    write_lesson(folder, "title: [")
    course = open_course(folder)
    assert course.lessons["lesson-07"].title() == "链接别名"
    assert course.lessons["lesson-07"].minutes == 0
    with pytest.raises(CourseError):
        course.lesson("lesson-07")


def test_a_change_is_seen_at_once(folder: Path) -> None:
    open_course(folder)
    write_lesson(folder, spoiled(("title: Link aliases", "title: Links")))
    assert open_course(folder).lessons["lesson-07"].title() == "Links"
    (folder / "zh" / "lesson-07-aliases.yaml").unlink()
    assert open_course(folder).lessons["lesson-07"].title("zh") == "Links"


def cached_file() -> Path:
    (path,) = cache_folder().glob("course-*")
    return path


@pytest.mark.parametrize("spoil", [b"", b"{", b"12345678\n{}", b"\xff\xfe", b"[" * 5000])
def test_a_corrupted_cache_is_made_anew(folder: Path, spoil: bytes) -> None:
    fresh = index_of(folder)
    whole = cached_file().read_bytes()
    cached_file().write_bytes(spoil)
    assert index_of(folder) == fresh
    assert cached_file().read_bytes() == whole


def test_a_cache_with_a_changed_byte_is_made_anew(folder: Path) -> None:
    index_of(folder)
    whole = cached_file().read_bytes()
    cached_file().write_bytes(whole.replace(b"small", b"SMALL"))
    assert index_of(folder)["id"] == "small"
    assert cached_file().read_bytes() == whole


def test_a_cache_of_another_version_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_of(folder)
    old = cached_file().read_bytes()
    monkeypatch.setattr("runner.course.index.VERSION", 99)
    monkeypatch.setattr("runner.course.listing.VERSION", 99)
    assert index_of(folder)["version"] == 99
    assert cached_file().read_bytes() != old


def test_without_a_place_for_the_cache_it_still_opens(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "cache").write_text("in the way")
    assert open_course(folder).id == "small"


def test_a_cached_listing_reads_no_yaml(folder: Path) -> None:
    index_of(folder)
    program = (
        "import sys; from pathlib import Path; from runner.course.course import open_course\n"
        f"course = open_course(Path({str(folder)!r}))\n"
        "print(course.lessons['lesson-07'].title(), sorted({'yaml', 'inspect'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.startswith("Link aliases [")
    assert "yaml" not in done.stdout
