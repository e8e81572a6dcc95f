"""Lint tells what makes a lesson no good one, beside what the loader refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.course.course import open_course
from runner.course.lint import lint
from runner.course.scaffold import new_lesson
from runner.course.translation import update_overlay
from runner.errors import UsageError
from tests.course.books import GOOD, spoiled, write_course


def sentences(folder: Path) -> list[str]:
    return [str(problem.message) for problem in lint(open_course(folder))]


def only_problem(folder: Path, *changes: tuple[str, str]) -> tuple[int, str]:
    write_course(folder, spoiled(*changes))
    (problem,) = lint(open_course(folder))
    return problem.place.line, str(problem.message)


def line_of(words: str, text: str = GOOD) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_good_lesson_is_clean(tmp_path: Path) -> None:
    assert sentences(write_course(tmp_path)) == []


def test_the_built_in_lessons_are_sound() -> None:
    course = open_course()
    own = [problem for problem in lint(course) if problem.place.path.parent == course.path]
    assert [f"{problem.place}: {problem.message}" for problem in own] == []


def test_id_and_file_agree(tmp_path: Path) -> None:
    line, message = only_problem(tmp_path, ("id: lesson-07", "id: lesson-08"))
    assert (line, message) == (2, "The id is `lesson-08`, the file is lesson-07-aliases.yaml.")


def test_hints_are_two_at_least(tmp_path: Path) -> None:
    change = ("hints: [docker rm, docker rm -f linker]", "hints: [docker rm]")
    line, message = only_problem(tmp_path, change)
    assert message == "Step `tidy` has checks and needs 2 hints at least."
    assert line == line_of("hints: [docker rm")


def test_each_check_says_what_if_not(tmp_path: Path) -> None:
    _, message = only_problem(tmp_path, ("        otherwise: Look at it yourself.\n", ""))
    assert message == "Check `in-hosts` needs `otherwise`: what is said when it fails."


def test_a_step_has_a_solution(tmp_path: Path) -> None:
    _, message = only_problem(tmp_path, ("    solution: docker rm -f linker\n", ""))
    assert message == "Step `tidy` has no solution."


def test_a_lesson_has_a_wrong_way(tmp_path: Path) -> None:
    wrong = GOOD[GOOD.index("    wrong:\n      add-host") : GOOD.index("  - id: tidy")]
    write_course(tmp_path, spoiled((wrong, "")))
    assert sentences(tmp_path) == ["The lesson has no wrong way at all."]


def test_wide_lines_are_told(tmp_path: Path) -> None:
    change = ("      Now link to it.\n", "      Now link to it.\n      " + "word " * 16 + "\n")
    line, message = only_problem(tmp_path, change)
    assert message == "The line is 80 columns wide; 76 fit."
    assert line == line_of("Now link") + 1


def test_width_counts_the_value_not_its_name(tmp_path: Path) -> None:
    text = "x" * 60 + " %{target} %{target}"
    write_course(tmp_path, spoiled(("      Now link to it.\n", f"      {text}\n")))
    assert sentences(tmp_path) == []


def test_long_texts_are_told(tmp_path: Path) -> None:
    change = ("      Now link to it.\n", "      line\n" * 41)
    assert only_problem(tmp_path, change)[1] == "The text has 41 lines; 40 fit."


def test_bold_that_is_none_is_told(tmp_path: Path) -> None:
    """After a full stop and before a letter `**` ends nothing; CommonMark, section 6.2."""
    text = "      Now link to it.\n\n      **先看。**再改，`**`照旧，**这个**。\n"
    line, message = only_problem(tmp_path, ("      Now link to it.\n", text))
    assert (line, message[:25]) == (line_of("Now link") + 2, "Here `**` is shown as it ")


@pytest.mark.parametrize("fence", ["sh", "bash"])
def test_shell_in_prose_parses(tmp_path: Path, fence: str) -> None:
    block = f"      See:\n\n      ```{fence}\n      docker ps\n      docker logs 'x\n      ```\n"
    line, message = only_problem(tmp_path, ("      Now link to it.\n", block))
    assert message.startswith("The shell is still open")
    assert line == line_of("Now link") + 4


def test_other_blocks_are_not_shell(tmp_path: Path) -> None:
    block = "      ```text\n      don't\n      ```\n"
    write_course(tmp_path, spoiled(("      Now link to it.\n", block)))
    assert sentences(tmp_path) == []


def test_shell_of_all_kinds_is_parsed(tmp_path: Path) -> None:
    change = ("knows: docker inspect %{target}", "knows: docker inspect $(")
    line, message = only_problem(tmp_path, change)
    assert (line, message[:23]) == (line_of("knows:"), "The shell is still open")


def test_listed_and_there_are_the_same(tmp_path: Path) -> None:
    write_course(tmp_path)
    listing = (tmp_path / "course.yaml").read_text().replace("lesson-07", "lesson-07, lesson-08")
    (tmp_path / "course.yaml").write_text(listing)
    (tmp_path / "lesson-09-x.yaml").write_text(GOOD.replace("id: lesson-07", "id: lesson-09"))
    assert sentences(tmp_path) == [
        "lesson-08 has no file: lesson-08-….yaml is missing.",
        "course.yaml does not list this lesson.",
    ]


def test_a_listed_heading_has_its_home(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "coverage.yaml").write_text(
        "headings:\n"
        "  a heading: [lesson-07/link]\n"
        "  another: [lesson-07]\n"
        "  far away: [lesson-77]\n"
        "  nowhere: []\n"
        "  odd: [lesson-07/links]\n"
    )
    found = [(p.place.line, str(p.message)) for p in lint(open_course(tmp_path))]
    assert found == [
        (3, "lesson-07 does not name “another” in its `source`."),
        (4, "The course has no `lesson-77`."),
        (5, "No lesson treats “nowhere”."),
        (6, "lesson-07 has no step `links`."),
    ]


def test_no_heading_is_lost(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "coverage.yaml").write_text("count: 2\nheadings: {a heading: [lesson-07/link]}\n")
    assert sentences(tmp_path) == ["The notes have 2 headings; 1 of them stand here."]


def test_a_heading_claimed_by_another_lesson_is_told(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "coverage.yaml").write_text("headings: {a heading: []}\n")
    assert sentences(tmp_path) == [
        "No lesson treats “a heading”.",
        "lesson-07 names “a heading” as its source and is not listed for it.",
    ]


def translated(folder: Path) -> Path:
    """Give a course whose every text is "translated"."""
    write_course(folder, languages="[en, zh]")
    update_overlay(open_course(folder), "lesson-07", "zh")
    path = folder / "zh" / "lesson-07-aliases.yaml"
    text = path.read_text(encoding="utf-8").replace(": …", ": 译文")
    path.write_text(text, encoding="utf-8")
    (folder / "zh" / "course.yaml").write_text("title@5263293f: 小\n", encoding="utf-8")
    return path


def test_a_complete_translation_is_clean(tmp_path: Path) -> None:
    translated(tmp_path)
    assert sentences(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title@9f71b012: 译文", "title@9f71b012: …", "The translation of title is missing."),
        ("title@9f71b012: 译文\n", "", "The translation of title is missing."),
        (
            "title@9f71b012: 译文",
            "title@00000000: 译文",
            "The original has changed since: it is @9f71b012 now.",
        ),
        (
            "title@9f71b012: 译文",
            "title: 译文",
            "The translation does not say which words it translates.",
        ),
        (
            "title@9f71b012: 译文",
            "title@9f71b012: 译文\nsubtitle@9f71b012: 译文",
            "The lesson has no text subtitle.",
        ),
        (
            "title@9f71b012: 译文",
            'title@9f71b012: "%{target}"',
            "`%{target}` is not in the original.",
        ),
        ("lesson: lesson-07", "lesson: lesson-08", "`lesson` must be `lesson-07`."),
    ],
)
def test_what_can_be_wrong_with_a_translation(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = translated(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert sentences(tmp_path) == [sentence]


def test_a_stray_translation_is_told(tmp_path: Path) -> None:
    translated(tmp_path)
    (tmp_path / "zh" / "lesson-99-x.yaml").write_text("format: 1\n")
    assert sentences(tmp_path) == ["There is no lesson lesson-99-x.yaml."]


def test_a_course_without_its_translation_is_told(tmp_path: Path) -> None:
    write_course(tmp_path, languages="[en, zh]")
    assert sentences(tmp_path) == [
        "The course's titles are not translated: file missing.",
        "The lesson is not translated: this file is missing.",
    ]


def test_a_new_lesson_is_clean_once_it_is_filled_in(tmp_path: Path) -> None:
    translated(tmp_path)
    lesson, overlay, listing = new_lesson(open_course(tmp_path), "lesson-08", "Bridges: a start")
    assert lesson.name == "lesson-08-bridges-a-start.yaml"
    assert "lessons: [lesson-07, lesson-08]" in listing.read_text()
    blanks = lesson.read_text(encoding="utf-8").count(" …\n")
    assert blanks > 5
    assert sum("still to be written" in words for words in sentences(tmp_path)) == blanks
    lesson.write_text(lesson.read_text(encoding="utf-8").replace(" …\n", " words\n"), "utf-8")
    update_overlay(open_course(tmp_path), "lesson-08", "zh")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace(": …", ": 译文"), "utf-8")
    assert sentences(tmp_path) == []


def test_a_new_lesson_needs_a_free_and_proper_id(tmp_path: Path) -> None:
    course = open_course(write_course(tmp_path))
    with pytest.raises(UsageError, match="has lesson-07 already"):
        new_lesson(course, "lesson-07", "Again")
    with pytest.raises(UsageError, match="is not an id"):
        new_lesson(course, "../evil", "Again")
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["course.yaml", "lesson-07-aliases.yaml"]
