"""Looks at a lab for the map pane, with the eyes of `runner.topology`."""

from __future__ import annotations

import time
from collections.abc import Sequence

from runner.course.lesson import Lesson, Step
from runner.learn.session import Session
from runner.topology.arrange import arrange
from runner.topology.diff import Changes, Recent
from runner.topology.layout import draw
from runner.topology.model import Topology
from runner.topology.snapshot import take
from runner.topology.wanted import Wanted, wanted
from runner.tui.map_pane import Runs
from runner.words import translate


class Survey:
    """Implements `runner.tui.map_pane.Surveyor` on a session whose lab is up."""

    def __init__(self, session: Session) -> None:
        """Take the session; nothing is asked yet."""
        self._session = session
        self._topology: Topology | None = None
        self._wanted: Wanted | None = None
        self._recent = Recent()
        self._changes = Changes()

    def look(self) -> None:
        """Ask the lab; raises NoLab where there is none."""
        self._topology = take(self._session.lab)

    def aim(self, lesson: Lesson, step: Step) -> None:
        """Take what the step wants."""
        self._wanted = wanted(lesson, step)

    def forget(self) -> None:
        """Begin anew: what is seen next is no change."""
        self._topology = None
        self._recent.forget()

    def draw(self, width: int, height: int) -> Sequence[Runs]:
        """Draw what was seen last, what has just changed marked."""
        if self._topology is None:
            return ()
        self._changes = self._recent.note(arrange(self._topology), time.monotonic())
        canvas = draw(self._topology, width, height, self._changes, self._wanted, translate)
        return [[(run.text, run.role.value) for run in row] for row in canvas.rows]

    @property
    def moved(self) -> bool:
        """Whether changes are marked at present."""
        return bool(self._changes)
