"""Asking one check: its control, its question, again until it holds or has held long enough.

A probe may be wrong and a lab may die: whatever is raised becomes an answer or a verdict, and how
long a check may be silent is known at every moment, so that the suite can give it up.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from checks.asking import Answer, Api, Lab, Outcome, Request
from checks.judge import judge_sample
from checks.message import msg
from checks.observation import Observation, Sample
from checks.spec import Answers, Check
from checks.verdict import State

GRACE = 4.0
"""Seconds beyond a question's own timeout before its check is given up. The channel gives up a
silent lab after 2 seconds more than the timeout; this must be longer."""
PATIENCE = 4.0
"""For how many seconds of errors in a row `eventually` goes on asking: an engine that restarts is
back sooner, one that hangs should be told soon."""
_FIRST, _LAST, _GROWTH = 0.1, 1.0, 1.5
"""The polling interval in seconds: where it starts, where it ends, its growth a round."""

AT_ONCE = 16
"""Questions that a suite has in the lab's hands at the same time. A lab that is asked more lets
them wait, and a check must not count as hanging because it waits for its turn."""

_INSPECTED = re.compile(r"(?:/v[\d.]+)?/(containers|networks)\b")


class Stopped(Exception):
    """The run was stopped while this check was waiting for its next round."""


@dataclass
class Watch:
    """The lab as one check sees it: never raises, notes what it meets and when it must answer."""

    lab: Lab
    stop: threading.Event
    turns: threading.Semaphore
    """Shared by the checks of a suite."""
    objects: dict[str, dict[str, str]] = field(default_factory=dict)
    _open: dict[object, float] = field(default_factory=dict)
    """When each open question must be answered; without end while it waits for its turn."""
    _idle: float = field(default_factory=lambda: monotonic() + GRACE)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def hosts(self) -> tuple[str, ...]:
        """As the lab says."""
        return self.lab.hosts

    @property
    def engine(self) -> str:
        """As the lab says."""
        return self.lab.engine

    @property
    def kernel(self) -> frozenset[str]:
        """As the lab says."""
        return self.lab.kernel

    @property
    def until(self) -> float:
        """The moment (of `monotonic`) at which the check counts as hanging."""
        with self._lock:
            return max(self._open.values(), default=self._idle)

    def expect_silence(self, seconds: float) -> None:
        """Allow for a wait between two rounds."""
        with self._lock:
            self._idle = monotonic() + seconds + GRACE

    def ask(self, host: str, request: Request) -> Answer:
        """Put one question; what the lab raises is told as a broken tool."""
        question = object()
        with self._lock:
            self._open[question] = math.inf
        self.turns.acquire()
        with self._lock:
            self._open[question] = monotonic() + request.timeout + GRACE
        answer = self._answer(host, request)
        with self._lock:
            self._idle = monotonic() + GRACE
            if self._open.pop(question, None) is not None:
                self.turns.release()
        self.objects.update(objects_in(answer))
        return answer

    def _answer(self, host: str, request: Request) -> Answer:
        if self.stop.is_set():
            return Answer(host, request, Outcome.LOST, why=msg("The check was stopped."))
        try:
            return self.lab.ask(host, request)
        except Exception as error:
            why = msg("Asking broke: {kind}: {error}", kind=type(error).__name__, error=str(error))
            return Answer(host, request, Outcome.BROKEN, why=why)

    def give_up(self) -> None:
        """Wait for no answer any more: the turns that the open questions have go to others."""
        with self._lock:
            for until in self._open.values():
                if until != math.inf:
                    self.turns.release()
            self._open.clear()


def objects_in(answer: Answer) -> dict[str, dict[str, str]]:
    """Give id and creation time of the containers and networks in an inspect or list answer, by
    name.
    """
    request = answer.request
    if not isinstance(request, Api) or not _INSPECTED.match(request.path):
        return {}
    items = answer.value if isinstance(answer.value, list) else [answer.value]
    return {
        name: {"id": item["Id"], "created": str(item.get("Created", ""))}
        for item in items
        if isinstance(item, Mapping) and isinstance(item.get("Id"), str)
        for name in _names(item)
    }


def _names(item: Mapping[str, Any]) -> list[str]:
    names = [item["Name"]] if "Name" in item else item.get("Names") or []
    return [name.removeprefix("/") for name in names if isinstance(name, str)]


@dataclass(frozen=True)
class Rounds:
    """One check, ready to be asked: its captured values are filled in, its host is known."""

    check: Check
    watch: Watch
    host: str

    def ask(self, observation: Observation) -> Observation:
        """Complete the observation begun; `Stopped` where the run is stopped meanwhile."""
        began = monotonic()
        samples = self._samples(began)
        return replace(
            observation,
            seconds=monotonic() - began,
            samples=samples,
            objects=dict(self.watch.objects),
        )

    def _samples(self, began: float) -> tuple[Sample, ...]:
        held: list[Sample] = []
        errors_since: float | None = None
        interval = _FIRST
        while True:
            sample = self._round(monotonic() - began)
            state = self._state(sample)
            if state is State.PASSED:
                errors_since = None
                held.append(sample)
                left = (self.check.stays or 0.0) - (sample.after - held[0].after)
                if left <= 0:
                    return tuple(held)
            else:
                errors_since = _since(errors_since, state)
                left = self._left(began, sample, errors_since)
                if left <= 0:
                    return (*held, sample)
                held.clear()
            self._wait(min(interval, left))
            interval = min(interval * _GROWTH, _LAST)

    def _state(self, sample: Sample) -> State:
        try:
            return judge_sample(self.check, sample).state
        except Exception:
            return State.ERRORED  # The answers are kept; judging them again will tell why.

    def _left(self, began: float, sample: Sample, errors_since: float | None) -> float:
        """Give how long to go on asking a check that does not hold."""
        left = (self.check.eventually or 0.0) - (monotonic() - began)
        if errors_since is None:
            return left
        return 0.0 if _lost(sample) else min(left, errors_since + PATIENCE - monotonic())

    def _round(self, after: float) -> Sample:
        control: Answers | None = None
        timeout = float(self.check.timeout)
        if self.check.control is not None:
            control = self.check.control.assertion.ask(self.watch, self.host, timeout)
        return Sample(self.check.assertion.ask(self.watch, self.host, timeout), control, after)

    def _wait(self, seconds: float) -> None:
        self.watch.expect_silence(seconds)
        if self.watch.stop.wait(seconds):
            raise Stopped


def _since(before: float | None, state: State) -> float | None:
    """Give the moment from which on nothing but errors has come, None where there is none."""
    if state is not State.ERRORED:
        return None
    return monotonic() if before is None else before


def _lost(sample: Sample) -> bool:
    answers = [*sample.answers.values(), *(sample.control or {}).values()]
    return any(answer.outcome is Outcome.LOST for answer in answers)


def begin(check_id: str, captured: Mapping[str, str]) -> Observation:
    """Give an observation of which nothing is known yet but when it began."""
    started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Observation(check_id, started, 0.0, engine="", captured=captured)
