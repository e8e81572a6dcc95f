"""How far a grading run is, in plain lines that a log and a screen reader can take."""

from __future__ import annotations

import time
from collections.abc import Callable

from checks.message import Message, msg
from runner.cli.face import Face
from runner.grade.result import Outcome
from runner.grade.run import Judged

EVERY = 5.0
"""Seconds between two lines; nothing is said of a run that is over before the first."""
SELDOM = 60.0
"""Seconds between two lines at most, while nothing comes; each pause is twice the one before."""


class Progress:
    """Says now and then how much is judged, how much is not gradable, how long it will take."""

    def __init__(self, face: Face, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the face; the time runs from now on."""
        self._face = face
        self._clock = clock
        self._began = self._said = clock()
        self._pause = EVERY
        self._first: int | None = None
        self._trouble = 0

    def judged(self, one: Judged) -> None:
        """Note that one more lesson is judged."""
        if self._first is None:
            self._first = one.done - 1  # what an earlier start has done says nothing about speed
        if one.result.outcome not in (Outcome.GRADED, Outcome.ABSENT):
            self._trouble += 1
        now = self._clock()
        if now - self._said >= EVERY:
            self._said, self._pause = now, EVERY
            self._face.tell(self._line(one, now))

    def waiting(self, done: int, of: int) -> None:
        """Note that nothing has come for a moment: the first lab may take minutes."""
        now = self._clock()
        if now - self._said >= self._pause:
            self._said, self._pause = now, min(2 * self._pause, SELDOM)
            span = _span(now - self._began)
            self._face.tell(
                msg("{done} of {of} judged after {span}; waiting", done=done, of=of, span=span)
            )

    def _line(self, one: Judged, now: float) -> Message:
        done_here = one.done - (self._first or 0)
        left = (one.of - one.done) * (now - self._began) / done_here
        said = msg(
            "{done} of {of} judged, about {left} left",
            done=one.done,
            of=one.of,
            left=_span(left),
        )
        if not self._trouble:
            return said
        return msg("{said}; {count} could not be", said=said, count=self._trouble)


def _span(seconds: float) -> Message:
    if seconds < 90:
        return msg("{seconds} s", seconds=round(seconds))
    if seconds < 5400:
        return msg("{minutes} min", minutes=round(seconds / 60))
    return msg("{hours} h", hours=f"{seconds / 3600:.1f}")
