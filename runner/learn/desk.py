"""The lab under a learner's lesson: brought up, set up once, found again, let go.

The record remembers by which containers the lab is reached, so that a check need not ask the outer
engine first; whether they still stand is looked at only when they do not answer.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.message import Message, msg
from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.lab.handle import LabHandle, LabRequest
from runner.learn.labs import Labs, OpenLab, Tell
from runner.learn.stage import Stage, checks_of
from runner.record.store import Store

if TYPE_CHECKING:
    from runner.learn.papers import Papers

DOCKER = "26.1"
"""The inner engine where nobody asks for another."""


class NoLab(LearnError):
    """The lesson has no lab: it was never started, or its lab is gone."""


class Left(LearnError):
    """The learner has left the lesson meanwhile; nobody waits for what was asked."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(msg("The lesson was left."))


@dataclass(frozen=True, slots=True)
class Seat:
    """A lab that the session is attached to."""

    handle: LabHandle
    lab: OpenLab
    stage: Stage
    bare: bool
    """Whether the record knows nothing of what was done in this lab."""


class Desk:
    """One lesson's lab."""

    def __init__(
        self,
        course_id: str,
        lesson: Lesson,
        store: Store,
        labs: Labs,
        owner: str,
        papers: Papers | None = None,
    ) -> None:
        """Take the lesson, the record, and where labs come from; nothing is started."""
        self._course_id = course_id
        self._lesson = lesson
        self._store = store
        self._labs = labs
        self._owner = owner
        self._papers = papers
        self._seat: Seat | None = None
        self._closed = False
        self._taking = threading.RLock()
        """Held while one attaches, so that two threads do not attach at once."""

    def up(self, tell: Tell, docker: str | None = None) -> Seat:
        """Bring the lab up; where it is new to the record, set the lesson up and note that."""
        handle = self._labs.up(self._request(docker), tell)
        recorded = self._store.lab()
        if recorded is None or recorded.id != handle.lab:
            return self._begin(handle, tell)
        if self._store.standing(self._lesson.id) is None:
            self._note_start()
        return self._take(handle)

    def clean(self, tell: Tell, docker: str | None = None) -> Seat:
        """Give the lesson a clean lab in place of whatever stands, and set it up."""
        request = self._request(docker)
        self.leave()
        self.keep_traces()
        self._store.end_lab()
        return self._begin(self._labs.reset(request, tell), tell)

    def seat(self, lab: OpenLab | None = None) -> Seat:
        """Give the lab that stands; `lab` is one that was attached to the recorded one already.

        Raises NoLab where the lesson has none, Left once this was closed.
        """
        with self._taking:
            seat = self._seat
            if seat is not None:
                return seat
            recorded = self._recorded()
            if recorded is not None:
                return self._take(recorded, lab)
            present = self._present()
            if present is not None and self._mine(present):
                return self._take(present, bare=True)
        raise self._never_started()

    def holds(self, seat: Seat) -> bool:
        """Tell whether this is still attached to that lab; else its answers were cut off here."""
        return self._seat is seat

    def speak(self, lesson: Lesson) -> None:
        """Take the same lesson in another language; a lab that is attached stays so."""
        self._lesson = lesson
        if self._seat is not None:
            self._seat.stage.lesson = lesson

    def shell(self, host: str | None, command: str | None) -> list[str]:
        """Give the command line of a shell in the lab, or of one command there."""
        return self._labs.shell_argv(self.seat().handle, host, command)

    def missing(self) -> NoLab | None:
        """Look at what became of a lab that does not answer; None where it stands and runs."""
        handle = self.seat().handle
        present = self._labs.current(self._owner)
        if present is not None and present.lab == handle.lab:
            return None if present.running else self._stopped()
        self.leave()
        self._store.end_lab(handle.lab)
        return NoLab(
            msg("The lab for {lesson} is gone; what you did is recorded.", lesson=self._lesson.id),
            remedy=self._how_to_start(),
        )

    def keep_traces(self) -> None:
        """Keep what the lab that stands knows of a learner whose class may want it."""
        if self._papers is not None:
            seat = self._seat
            self._papers.keep_traces(self._store, self._labs, seat.lab if seat else None)

    def leave(self) -> None:
        """Let go of the lab, which goes on."""
        seat, self._seat = self._seat, None
        if seat is not None:
            seat.stage.close()
            seat.lab.close()

    def close(self) -> None:
        """Let go of the lab for good; what is still on the way to it is let go as it comes."""
        self._closed = True
        self.leave()

    def _begin(self, handle: LabHandle, tell: Tell) -> Seat:
        """Set up first, note then: where the set-up was cut short, it runs again."""
        seat = self._take(handle)
        if self._lesson.setup:
            tell(msg("Setting up {lesson}.", lesson=self._lesson.id))
        seat.stage.set_up()
        self._store.begin_lab(handle.lab, self._lesson.id, handle.to_json())
        self._note_start()
        return seat

    def _note_start(self) -> None:
        first = self._lesson.steps[0].id
        self._store.begin_lesson(self._lesson.id, first, len(checks_of(self._lesson)))

    def _take(self, handle: LabHandle, lab: OpenLab | None = None, *, bare: bool = False) -> Seat:
        with self._taking:
            self.leave()
            if self._closed:
                raise Left
            opened = lab or self._labs.attach(handle)
            stage = Stage(self._lesson, opened, lambda host: self._labs.shell_argv(handle, host))
            seat = self._seat = Seat(handle, opened, stage, bare)
            if self._closed:  # while it was attached to
                self.leave()
                raise Left
            return seat

    def _present(self) -> LabHandle | None:
        with contextlib.suppress(LearnError):  # without an engine there is no lab either
            return self._labs.current(self._owner)
        return None

    def _request(self, docker: str | None) -> LabRequest:
        recorded = self._recorded()
        return LabRequest(
            course_id=self._course_id,
            lesson_id=self._lesson.id,
            owner=self._owner,
            hosts={str(name): spec for name, spec in self._lesson.hosts.items()},
            images=self._lesson.images,
            docker=docker or (recorded.docker if recorded else DOCKER),
        )

    def _recorded(self) -> LabHandle | None:
        recorded = self._store.lab()
        if recorded is None or recorded.lesson != self._lesson.id:
            return None
        return LabHandle.from_json(recorded.handle)

    def _mine(self, handle: LabHandle) -> bool:
        return (handle.course, handle.lesson) == (self._course_id, self._lesson.id)

    def _never_started(self) -> NoLab:
        other = self._store.lab()
        lesson = self._lesson.id
        if other is not None:
            message = msg(
                "{lesson} has no lab: yours is set up for {other}.",
                lesson=lesson,
                other=other.lesson,
            )
        elif self._store.standing(lesson) is None:
            message = msg("{lesson} was never started.", lesson=lesson)
        else:
            message = msg("{lesson} has no lab at the moment.", lesson=lesson)
        return NoLab(message, remedy=self._how_to_start())

    def _stopped(self) -> NoLab:
        return NoLab(
            msg("The lab for {lesson} is stopped.", lesson=self._lesson.id),
            remedy=msg("Start it again: learn-docker-net up {lesson}", lesson=self._lesson.id),
        )

    def _how_to_start(self) -> Message:
        return msg("Start it: learn-docker-net start {lesson}", lesson=self._lesson.id)
