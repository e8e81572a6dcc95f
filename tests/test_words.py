"""The program's words: which language is chosen, and what a message becomes in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runner import words


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    words.use("en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "zh"),
        ({"LANG": "C", "LANGUAGE": "zh"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert words.from_locale(environment) == language


def test_a_language_that_only_a_course_speaks_leaves_our_words_english() -> None:
    words.use("fr")
    assert words.language() == "fr"
    assert words.translate("passed") == "passed"


def test_nothing_to_say_stays_nothing() -> None:
    words.use("zh")
    assert words.translate("") == ""  # a catalogue's own head stands under the empty text
