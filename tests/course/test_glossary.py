"""The course's words, and which of them a lesson uses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.kinds import Text
from runner.course.course import open_course
from runner.course.glossary import FILE, glossary, terms
from runner.course.lesson import Lesson
from runner.errors import CourseError
from tests.directory_lab import write_course

WORDS = """\
format: 1
terms:
  - en: {word: name, also: [names], meaning: What a thing is called.}
    zh: {word: 名字, meaning: 事物的叫法。}
  - en: {word: file, meaning: Bytes with a name.}
  - en: {word: veth, meaning: A cable.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_course(tmp_path)
    (tmp_path / FILE).write_text(WORDS, encoding="utf-8")
    return tmp_path


def lesson(folder: Path) -> Lesson:
    return open_course(folder).lesson("lesson-01")


def test_a_lesson_has_the_words_that_its_texts_use(folder: Path) -> None:
    found = glossary(lesson(folder), terms(folder, "en"))
    assert [term.word for term in found] == ["file", "name"]


def test_part_of_a_word_is_another_word(folder: Path) -> None:
    given = replace(lesson(folder), recap=Text("veth0a1b is not it"))
    assert "veth" not in [term.word for term in glossary(given, terms(folder, "en"))]


def test_what_commands_print_is_no_text(folder: Path) -> None:
    given = replace(lesson(folder), recap=Text("Look:\n\n    veth on docker0\n\nand see.\n"))
    assert "veth" not in [term.word for term in glossary(given, terms(folder, "en"))]


def test_a_word_lacking_in_a_language_is_told_in_english(folder: Path) -> None:
    assert [term.word for term in terms(folder, "zh")] == ["名字", "file", "veth"]


def test_chinese_words_are_met_between_other_letters(folder: Path) -> None:
    given = replace(lesson(folder), recap=Text("换名字不换内容"))
    assert "名字" in [term.word for term in glossary(given, terms(folder, "zh"))]


def test_a_course_needs_no_glossary(folder: Path) -> None:
    (folder / FILE).unlink()
    assert terms(folder, "en") == ()


@pytest.mark.parametrize(
    "words", ["terms: []", "format: 9\nterms: []", "format: 1\nterms: 3", "a: ["]
)
def test_what_is_wrong_with_it_is_said(folder: Path, words: str) -> None:
    (folder / FILE).write_text(words, encoding="utf-8")
    with pytest.raises(CourseError, match=FILE):
        terms(folder, "en")


def test_every_lesson_of_ours_has_words_in_both_languages() -> None:
    course = open_course()
    for language in ("en", "zh"):
        known = terms(course.path, language)
        assert len({term.word for term in known}) == len(known)
        for id_ in course.lessons:
            assert len(glossary(course.lesson(id_), terms(course.path, "en"))) >= 5
