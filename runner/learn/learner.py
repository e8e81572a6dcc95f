"""One learner and one course: which lessons there are, how far each is, and a session of any.

What a face that stays open needs beside a session; preferences of the screen are kept here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.course.course import Course, Entry
from runner.course.lesson import Lesson
from runner.learn.labs import Labs
from runner.learn.papers import Papers
from runner.learn.session import Session
from runner.record.overview import overview
from runner.record.settings import Settings
from runner.record.store import Store

if TYPE_CHECKING:
    from runner.record.overview import Overview


@dataclass(frozen=True, slots=True)
class Listed:
    """A lesson as the list shows it."""

    entry: Entry
    known: Overview | None
    """How far it is; None where it was never begun."""
    here: bool
    """Whether the lab is set up for it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Lessons that belong together."""

    title: str
    """Empty where the course has no parts."""
    lessons: tuple[Listed, ...]


class Learner:
    """Who sits in front of the screen; may be asked from several threads."""

    def __init__(
        self,
        course: Course,
        store: Store,
        settings: Settings,
        labs: Labs,
        owner: str,
        papers: Papers | None = None,
    ) -> None:
        """Take what was opened already; who opened it closes it."""
        self.course = course
        self._papers = papers or Papers(course)
        self.store = store
        self._settings = settings
        self._labs = labs
        self._owner = owner

    def shelves(self, language: str, *, recorded: bool = True) -> Sequence[Shelf]:
        """Give all lessons in order, with how far each is; LearnError where nothing can be read.

        Without `recorded` the record is not asked, and nothing is known of any.
        """
        known = overview(self.store.path) if recorded else {}
        lab = self.store.lab() if recorded else None
        here = lab.lesson if lab is not None else None

        def listed(entry: Entry) -> Listed:
            return Listed(entry, known.get(entry.id), entry.id == here)

        if not self.course.parts:
            return [Shelf("", tuple(map(listed, self.course.lessons.values())))]
        return [
            Shelf(part.title(language), tuple(map(listed, part.lessons)))
            for part in self.course.parts
        ]

    def going_on(self) -> str | None:
        """Name the lesson of the lab that the record knows; None where there is none."""
        lab = self.store.lab()
        return lab.lesson if lab is not None and lab.lesson in self.course.lessons else None

    def next_lesson(self) -> str:
        """Name the lesson to take: that of the lab, else the first that is not complete."""
        here = self.going_on()
        if here is not None:
            return here
        for lesson in self.course.lessons:
            standing = self.store.standing(lesson)
            if standing is None or standing.completed is None:
                return lesson
        return next(iter(self.course.lessons))

    def after(self, lesson: str) -> str | None:
        """Name the lesson that follows one."""
        order = list(self.course.lessons)
        index = order.index(lesson) + 1
        return order[index] if index < len(order) else None

    def lesson(self, lesson: str, language: str) -> Lesson:
        """Read a lesson as this learner takes it; CourseError for what is wrong in its file."""
        return self._papers.lesson(lesson, language)

    def session(self, lesson: str, language: str) -> Session:
        """Open a lesson; its lab is not touched yet."""
        return Session(
            self.course.id,
            self.lesson(lesson, language),
            self.store,
            self._labs,
            self._owner,
            self._papers,
        )

    def preference(self, name: str) -> str | None:
        """Give what the learner has settled, such as `screen.theme`."""
        return self._settings.get(name)

    def prefer(self, name: str, value: str) -> None:
        """Keep what the learner has settled."""
        self._settings.put(name, value)
