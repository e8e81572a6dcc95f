"""The catalogues hold every sentence of the source, each with its names, and are compiled.

Where one of these fails, run `make words`, translate what is empty, and run it again.
"""

from __future__ import annotations

import gettext
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from runner import words

ROOT = Path(__file__).parents[1]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": None, "mark": None, "translate": None}
WHERE = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
"""As in tools/words.cfg."""
LANGUAGES = sorted(words.CATALOGUES.values())
_OLD_STYLE = re.compile(r"%(?:\((\w+)\))?[srd]")


def folder(language: str) -> Path:
    return Path(words.FOLDER) / language / "LC_MESSAGES"


@cache
def source() -> frozenset[str]:
    """Give every sentence that the source marks for translation."""
    return frozenset(
        str(text)
        for package in ("checks", "runner")
        for _, _, text, _, _ in extract_from_dir(ROOT / package, WHERE, keywords=KEYWORDS)
        if text
    )


@cache
def catalogue(language: str) -> Catalog:
    with (folder(language) / f"{words.DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


def fields(text: str) -> list[str]:
    """Give what a template asks for, in `str.format` or in argparse's older style."""
    old = [found[0] for found in _OLD_STYLE.finditer(text)]
    if old:
        return sorted(old)
    try:
        return sorted(
            f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name
        )
    except ValueError:  # a sentence that is never filled in may show braces
        return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_and_no_other(language: str) -> None:
    known = {str(message.id) for message in catalogue(language) if message.id}
    assert sorted(source() - known) == []
    assert sorted(known - source()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_ask_for_the_same_values(language: str) -> None:
    wrong = [
        (message.id, message.string)
        for message in catalogue(language)
        if message.id and fields(str(message.id)) != fields(str(message.string))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language: str) -> None:
    compiled = gettext.translation(words.DOMAIN, words.FOLDER, [language])
    stale = [
        message.id
        for message in catalogue(language)
        if message.id and compiled.gettext(str(message.id)) != message.string
    ]
    assert stale == []


def test_commands_in_sentences_are_not_translated() -> None:
    quoted = re.compile(r"`(learn-docker-net [a-z]+|docker [a-z]+)")
    wrong = [
        message.id
        for language in LANGUAGES
        for message in catalogue(language)
        if quoted.findall(str(message.id)) != quoted.findall(str(message.string))
    ]
    assert wrong == []
