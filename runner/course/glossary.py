"""The words that a course explains: `glossary.yaml` beside the lessons.

    format: 1
    terms:
      - en: {word: bridge, also: [bridges], meaning: A switch made of software: …}
        zh: {word: 网桥, meaning: …}

A lesson's glossary is what of these words its texts use; commands and what they print do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.message import msg
from runner.course.lesson import Lesson
from runner.errors import CourseError, Place, Problem

FILE = "glossary.yaml"
FORMAT = 1
_CODE = re.compile(r"^ {4}.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means, in one language."""

    word: str
    also: tuple[str, ...]
    """Other forms under which it is met in texts."""
    meaning: str

    def met_in(self, text: str) -> bool:
        """Tell whether a text uses it; letters that touch it would make it another word."""
        return any(
            re.search(rf"(?<![a-z0-9_]){re.escape(form)}(?![a-z0-9_])", text, re.IGNORECASE)
            for form in (self.word, *self.also)
        )


def terms(folder: Path, language: str) -> tuple[Term, ...]:
    """Give a course's words in a language, those it lacks in English; none without the file.

    Raises CourseError where the file is not as it should be.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    import yaml

    try:
        data = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        return tuple(_term(entry.get(language) or entry["en"]) for entry in data["terms"])
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = msg("The glossary cannot be read: {error}", error=str(error))
        raise CourseError([Problem(Place(path), problem)]) from error


def glossary(lesson: Lesson, known: tuple[Term, ...]) -> tuple[Term, ...]:
    """Give the words that a lesson uses, in alphabetical order."""
    text = _CODE.sub("", "\n".join(_texts(lesson)))
    met = (term for term in known if term.met_in(text))
    return tuple(sorted(met, key=lambda term: term.word.casefold()))


def _term(data: Mapping[str, Any]) -> Term:
    also = tuple(str(form) for form in data.get("also", ()))
    return Term(str(data["word"]), also, str(data["meaning"]))


def _texts(lesson: Lesson) -> Iterator[str]:
    yield lesson.recap
    for step in lesson.steps:
        yield step.title
        yield step.text
