"""A learner's session as a command needs it: the course opened, the lesson found and read, the
record open, the lab on its way.
"""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checks.message import msg
from runner import words
from runner.cli.consent import agree, agree_to_course
from runner.cli.face import Face
from runner.cli.target import Target, find_step
from runner.course.course import Course, open_course
from runner.course.lesson import Lesson, Step
from runner.errors import UsageError
from runner.record.files import record_file
from runner.record.store import CurrentLab, Store

if TYPE_CHECKING:
    from runner.cli.early import Early
    from runner.learn.labs import OpenLab
    from runner.learn.papers import Papers
    from runner.learn.session import Session


@dataclass(frozen=True, slots=True)
class Work:
    """A session, and the step that the command names."""

    session: Session
    step: Step | None

    @property
    def lesson(self) -> Lesson:
        """The lesson, in the learner's language, with the learner's values."""
        return self.session.lesson

    @property
    def here(self) -> Step:
        """The step that the command names, else the one that the learner is at."""
        return self.step or self.session.at()


def course_folder(options: Namespace) -> Path | None:
    """Give the folder of somebody else's course, None for the program's own."""
    return Path(options.course) if options.course else None


def open_papers(course: Course, options: Namespace) -> Papers:
    """Find who the learner is to a class; LearnError where that cannot be read."""
    from runner.learn.papers import Papers

    return Papers.of(course, course_folder(options))


def read_lesson(papers: Papers, lesson_id: str) -> Lesson:
    """Give a lesson in the language in use, with the learner's values."""
    return papers.lesson(lesson_id, words.language())


def open_store(course: Course, options: Namespace, face: Face) -> Store:
    """Open the record of a course."""
    return Store(record_file(course.id, course_folder(options)), notice=face.note)


@contextmanager
def work(
    options: Namespace,
    face: Face,
    target: str | None,
    *,
    asks: bool = False,
    early: Early | None = None,
) -> Iterator[Work]:
    """Open all that a command on `LESSON[/STEP]` needs; no target means where the learner is.

    For one that `asks` the lab, the way into it is opened while the lesson is read; `early` is an
    agent that was started for it before.
    """
    wanted = Target.read(target)
    folder = course_folder(options)
    course = open_course(folder)
    if folder is not None:
        agree_to_course(face, folder)
    store = open_store(course, options, face)
    try:
        current = store.lab()
        lesson_id = course.find(wanted.lesson) if wanted.lesson else _where(current, course)
        stands = asks and current is not None and current.lesson == lesson_id
        way = _Way(current, early) if stands and current is not None else None
        papers = open_papers(course, options)
        lesson = read_lesson(papers, lesson_id)
        step = find_step(lesson, wanted.step) if wanted.step else None
        with _session(papers, lesson, store, face) as session:
            if way is not None:
                way.give(session)
            yield Work(session, step)
    finally:
        store.close()


def next_target(options: Namespace, face: Face) -> str:
    """Name the lesson to go on with: that of the lab that stands, else the first not complete."""
    course = open_course(course_folder(options))
    store = open_store(course, options, face)
    try:
        current = store.lab()
        if current is not None and current.lesson in course.lessons:
            return current.lesson
        for lesson in course.lessons:
            standing = store.standing(lesson)
            if standing is None or standing.completed is None:
                return lesson
        return next(iter(course.lessons))
    finally:
        store.close()


def _session(papers: Papers, lesson: Lesson, store: Store, face: Face) -> Session:
    from runner.cli.made import MadeLabs
    from runner.lab.names import owner
    from runner.learn.session import Session

    labs = MadeLabs(partial(agree, face))
    return Session(papers.course.id, lesson, store, labs, owner(), papers)


def _where(current: CurrentLab | None, course: Course) -> str:
    """Name the lesson of the lab that stands."""
    if current is not None and current.lesson in course.lessons:
        return current.lesson
    raise UsageError(
        msg("Which lesson? You have no lab at the moment."),
        remedy=msg("Name one; `learn-docker-net list` shows them."),
    )


class _Way:
    """Opens the way into a lab in a thread, since reading a lesson takes about as long."""

    def __init__(self, current: CurrentLab, early: Early | None) -> None:
        self._current = current
        self._early = early
        self._lab: OpenLab | None = None
        self._attached = threading.Event()
        threading.Thread(target=self._open, name="way", daemon=True).start()

    def give(self, session: Session) -> None:
        """Hand the lab over to the session; its channel may still be opening."""
        self._attached.wait()
        if self._lab is not None:
            session.attach(self._lab)

    def _open(self) -> None:
        try:
            from runner.lab import running
            from runner.lab.handle import LabHandle

            handle = LabHandle.from_json(self._current.handle)
            if self._early is None:
                self._lab = running.attach(handle)
            else:
                self._lab = running.RunningLab(handle, opens=self._early.open)
        finally:
            self._attached.set()
        _ = self._lab.engine  # the first question opens the channel
