"""A course: a folder with `course.yaml`, lesson files and overlays; data, never code.

Opening one costs no YAML while its index is cached; a lesson is read when it is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checks.message import msg
from runner.course.index import index_of
from runner.errors import UsageError
from runner.places import built_in_course

TYPE_CHECKING = False
if TYPE_CHECKING:  # what a listing does not need costs every start
    from collections.abc import Mapping
    from typing import Any

    from runner.course.lesson import Lesson


@dataclass(frozen=True)
class Entry:
    """A lesson as the course lists it."""

    id: str
    path: Path
    """Of its file; the course's folder where the file is missing."""
    minutes: int
    """0 where the file could not be read."""
    titles: Mapping[str, str]
    """By language; empty where the file could not be read."""
    goals: Mapping[str, str]

    def title(self, language: str = "en") -> str:
        """Give the title in a language, else in the lesson's own, else the id."""
        return _in(self.titles, language) or self.id

    def goal(self, language: str = "en") -> str:
        """Give the goal in a language, else in the lesson's own."""
        return _in(self.goals, language)


@dataclass(frozen=True)
class Part:
    """Lessons that belong together."""

    id: str
    titles: Mapping[str, str]
    lessons: tuple[Entry, ...]

    def title(self, language: str = "en") -> str:
        """Give the title in a language, else in the course's own."""
        return _in(self.titles, language)


class Course:
    """An open course. Lessons are read once and kept."""

    def __init__(self, path: Path, index: Mapping[str, Any]) -> None:
        """Take the folder and its index; `open_course` is the way to get one."""
        self.path = path
        self.id: str = index["id"]
        self.languages: tuple[str, ...] = tuple(index["languages"])
        """The first is the lessons' own."""
        self.titles: Mapping[str, str] = index["title"]
        self.lessons: dict[str, Entry] = {
            item["id"]: Entry(
                item["id"], path / item["file"], item["minutes"], item["titles"], item["goals"]
            )
            for item in index["lessons"]
        }
        """By id, in the course's order."""
        self._parts = index["parts"]
        self._read: dict[str, Lesson] = {}

    def title(self, language: str = "en") -> str:
        """Give the title in a language, else in the course's own."""
        return _in(self.titles, language)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Give the parts in order; none where the course has none."""
        return tuple(
            Part(item["id"], item["titles"], tuple(self.lessons[id_] for id_ in item["lessons"]))
            for item in self._parts
        )

    def lesson(self, id_: str) -> Lesson:
        """Read a lesson in its own language, its `%{name}` not yet filled in.

        Raises CourseError for what is wrong in its file, UsageError for an unknown lesson.
        """
        id_ = self.find(id_)
        if id_ not in self._read:
            from runner.course.lesson_file import load_lesson

            self._read[id_] = load_lesson(self.file(id_))
        return self._read[id_]

    def file(self, id_: str) -> Path:
        """Give a lesson's file; CourseError where there is none, or several."""
        entry = self.lessons[id_]
        if entry.path.is_file():
            return entry.path
        from runner.course.listing import lesson_path

        return lesson_path(self.path, id_)

    def find(self, text: str) -> str:
        """Give the id of the lesson that is called by id, number (`7`, `07`), file name or slug.

        Raises UsageError with the nearest one.
        """
        wanted = text.strip().lower().removesuffix(".yaml")
        number = re.fullmatch(r"(?:(lesson|challenge)-?)?0*(\d{1,3})", wanted)
        if wanted in self.lessons:
            return wanted
        if number and f"{number[1] or 'lesson'}-{int(number[2]):02}" in self.lessons:
            return f"{number[1] or 'lesson'}-{int(number[2]):02}"
        for id_, entry in self.lessons.items():
            if wanted in (entry.path.stem, _slug(entry)):
                return id_
        raise UsageError(
            msg("The course has no lesson “{lesson}”.", lesson=text), remedy=self._nearest(wanted)
        )

    def _nearest(self, wanted: str) -> Any:
        import difflib

        entries = self.lessons.values()
        words = {word: e.id for e in entries for word in (e.id, e.path.stem, _slug(e))}
        close = difflib.get_close_matches(wanted, words, n=1, cutoff=0.5)
        if close:
            return msg("Did you mean {lesson}?", lesson=words[close[0]])
        return msg("It has: {lessons}.", lessons=", ".join(self.lessons))


def open_course(path: Path | None = None) -> Course:
    """Open the course in a folder, or the built-in one.

    Raises LearnError where the folder is no course, CourseError where its `course.yaml` is wrong.
    Problems in lessons are told when those are read.
    """
    folder = built_in_course() if path is None else path
    return Course(folder, index_of(folder))


def _slug(entry: Entry) -> str:
    return entry.path.stem.removeprefix(f"{entry.id}-")


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
