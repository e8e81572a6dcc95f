"""Another language: texts by address, with the digest of what they translate."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.course.course import Course, open_course
from runner.course.lesson_file import load_lesson
from runner.course.overlay import digest, read_overlay, texts_of, translate
from runner.course.translation import Updated, update_overlay
from runner.errors import CourseError
from tests.course.books import spoiled, write_course, write_lesson


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return open_course(write_course(tmp_path, languages="[en, zh]"))


def overlay(course: Course) -> Path:
    return course.path / "zh" / "lesson-07-aliases.yaml"


def update(course: Course) -> Updated:
    return update_overlay(open_course(course.path), "lesson-07", "zh")


def edit(path: Path, *changes: tuple[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return text


def test_every_text_has_an_address(course: Course) -> None:
    texts = texts_of(course.lesson("lesson-07"))
    assert texts["title",] == "Link aliases"
    assert texts["steps", "link", "checks", "linked", "say"] == "the engine records the link"
    assert texts["steps", "link", "ask", "guess", "choose", "yes"] == "Yes"
    assert texts["steps", "link", "ask", "guess", "wrong", "no", "because"] == "It does."
    assert texts["steps", "start", "hints", "2"] == "It is docker run."
    assert ("steps", "link", "solution", "1", "do") not in texts


def test_the_digest_does_not_see_line_breaks() -> None:
    assert digest("one two\nthree") == digest("one two three\n")
    assert digest("one two") != digest("one  too")


def test_a_new_overlay_asks_for_every_text(course: Course) -> None:
    done = update(course)
    text = overlay(course).read_text(encoding="utf-8")
    assert done.missing == len(texts_of(course.lesson("lesson-07")))
    assert f"#: Link aliases\ntitle@{digest('Link aliases')}: …\n" in text
    assert translate(course.lesson("lesson-07"), "zh").title == "Link aliases"


def test_what_is_filled_in_is_used_and_kept(course: Course) -> None:
    update(course)
    of = digest("Link aliases")
    edit(overlay(course), (f"title@{of}: …", f"# as on the sign\ntitle@{of}: 链接别名"))
    done = update(course)
    assert done.stale == done.left == 0
    text = overlay(course).read_text(encoding="utf-8")
    assert f"\n# as on the sign\ntitle@{of}: 链接别名\n" in text
    assert "#: Link aliases" not in text
    assert translate(course.lesson("lesson-07"), "zh").title == "链接别名"
    assert update(course) == done
    assert overlay(course).read_text(encoding="utf-8") == text


def test_blocks_and_odd_texts_survive(course: Course) -> None:
    texts = {"title": "带: 冒号", "goal": "- 破折号", "recap": "一\n\n  二\n三\n"}
    lines = [f"{key}: {value!r}".replace("'", '"') for key, value in texts.items()]
    overlay(course).parent.mkdir()
    overlay(course).write_text("\n".join(["format: 1", "lesson: lesson-07", *lines]), "utf-8")
    update(course)
    update(course)
    lesson = translate(course.lesson("lesson-07"), "zh")
    assert (lesson.title, lesson.goal, lesson.recap) == tuple(texts.values())
    found, _ = read_overlay(overlay(course))
    assert found["title",].of == digest("Link aliases")


def test_a_changed_original_is_marked_and_its_translation_still_used(course: Course) -> None:
    update(course)
    of = digest("Link aliases")
    edit(overlay(course), (f"title@{of}: …", f"title@{of}: 链接别名"))
    write_lesson(course.path, spoiled(("title: Link aliases", "title: Links and aliases")))
    assert update(course).stale == 1
    text = overlay(course).read_text(encoding="utf-8")
    now = digest("Links and aliases")
    assert f"put @{now}.\n#: Links and aliases\ntitle@{of}: 链接别名\n" in text
    assert translate(open_course(course.path).lesson("7"), "zh").title == "链接别名"
    edit(overlay(course), (f"title@{of}", f"title@{now}"))
    assert update(course).stale == 0
    assert "#!" not in overlay(course).read_text(encoding="utf-8")


def test_a_text_that_moves_takes_its_translation_along(course: Course) -> None:
    update(course)
    of = digest("the engine records the link")
    edit(overlay(course), (f"say@{of}: …", f"say@{of}: 引擎记下了链接"))
    changes = [
        ("- id: linked", "- id: recorded"),
        ("needs: [linked,", "needs: [recorded,"),
        ("fails: [linked]", "fails: [recorded]"),
        ("undoes: [link.linked]", "undoes: [link.recorded]"),
    ]
    write_lesson(course.path, spoiled(*changes))
    assert update(course).left == 0
    (check, *_) = translate(open_course(course.path).lesson("7"), "zh").steps[1].checks
    assert check.say == "引擎记下了链接"


def test_a_text_that_goes_leaves_its_translation_as_a_comment(course: Course) -> None:
    update(course)
    of = digest("It is --link.")
    edit(overlay(course), (f"2@{of}: …", f"2@{of}: 用 --link。"))
    write_lesson(course.path, spoiled(("      - It is --link.\n", "")))
    assert update(course).left == 1
    for _ in range(2):
        text = overlay(course).read_text(encoding="utf-8")
        assert "#~ steps.link.hints.2: 用 --link。" in text
        update(course)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title@12345678: {a: b}", "`title@12345678` wants a text: it has a digest."),
        ("title: a\ntitle@12345678: b", "`title` is translated twice."),
        ("title:", "Nothing is written for `title`."),
    ],
)
def test_what_no_overlay_can_hold(course: Course, text: str, sentence: str) -> None:
    overlay(course).parent.mkdir()
    overlay(course).write_text(f"format: 1\nlesson: lesson-07\n{text}\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        translate(course.lesson("lesson-07"), "zh")
    assert [str(problem.message) for problem in caught.value.problems] == [sentence]
    assert caught.value.problems[0].place.line >= 3


def test_without_an_overlay_the_lesson_speaks_its_own_language(tmp_path: Path) -> None:
    lesson = load_lesson(write_lesson(tmp_path))
    assert translate(lesson, "zh") is lesson
