"""How soon a change in the lab is seen on the screen: from the time that the engine gives its event
to the moment after the check's line was drawn, green and red.

Run as `python -m benchmarks.screen [--trials N]`. The whole app runs, without a terminal, on a real
lab; a container is renamed away and back, once a trial. Idle processor time and memory are told
too. Ends with 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from checks.asking import Run
from runner.course.course import open_course
from runner.lab import lab as labs
from runner.learn.labs import Happenings
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.record.settings import Settings
from runner.record.store import Store
from runner.tui.app import LearnApp
from runner.tui.checklist import CheckRow
from runner.tui.screens.lesson import LessonScreen
from runner.tui.survey import Survey

OWNER = "benchmark-screen"
LESSON = "lesson-02"
NAME = "centos01"
GOAL = 0.3
"""Seconds, 95th percentile."""
IDLE = 30.0
"""Seconds in which nothing happens, for the idle figure."""


class Clock:
    """When the engine said that something happened, and when it was drawn."""

    def __init__(self) -> None:
        """Hook into the app's own way, which stays as it is."""
        self.event = 0.0
        self.drawn: dict[str, float] = {}
        self._follow(Session.events)
        self._stamp(CheckRow._become)

    def _follow(self, events: Callable[[Session, str], Happenings]) -> None:
        def following(session: Session, host: str) -> Any:
            return Noting(events(session, host), self)

        Session.events = following  # type: ignore[assignment]

    def _stamp(self, become: Callable[[CheckRow, str], None]) -> None:
        def stamped(row: CheckRow, kind: str) -> None:
            changed = kind != row.kind
            become(row, kind)
            if changed:
                row.call_after_refresh(self._drawn, kind)

        CheckRow._become = stamped  # type: ignore[method-assign, assignment]

    def _drawn(self, kind: str) -> None:
        self.drawn[kind] = time.time()


class Noting:
    """Events that pass by, their time noted."""

    def __init__(self, events: Happenings, clock: Clock) -> None:
        """Take the events themselves."""
        self._events = events
        self._clock = clock

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Give itself."""
        return self

    def __next__(self) -> Mapping[str, Any]:
        """Wait for the next."""
        event = next(self._events)
        if event.get("Action") == "rename":
            self._clock.event = event["timeNano"] / 1e9
        return event

    def close(self) -> None:
        """Stop following."""
        self._events.close()


async def measure(app: LearnApp, clock: Clock, trials: int) -> tuple[list[float], list[float]]:
    """Give the seconds from event to line, green and red."""
    screen = app.screen
    assert isinstance(screen, LessonScreen)
    lab = screen.session.lab
    green: list[float] = []
    red: list[float] = []

    async def do(command: str, kind: str, seconds: list[float] | None) -> None:
        clock.drawn.clear()
        clock.event = 0.0
        await asyncio.to_thread(lab.ask, "docker", Run(command, timeout=30))
        while kind not in clock.drawn or (seconds is not None and not clock.event):
            await asyncio.sleep(0.005)
        if seconds is not None:
            seconds.append(clock.drawn[kind] - clock.event)

    await do(f"docker run -d --name {NAME} localhost/box sleep infinity", "passed", None)
    for _ in range(trials):
        await do(f"docker rename {NAME} away", "failed", red)
        await do(f"docker rename away {NAME}", "passed", green)
        await asyncio.sleep(0.1)
    return green, red


async def run(trials: int) -> int:
    """Open the app, measure, tell; give the exit status."""
    clock = Clock()
    course = open_course()
    with tempfile.TemporaryDirectory() as folder:
        store, settings = Store(Path(folder) / "record"), Settings(Path(folder) / "settings")
        learner = Learner(course, store, settings, labs, OWNER)
        app = LearnApp(learner, lesson=LESSON, survey=Survey)
        async with app.run_test(size=(120, 36)):
            while not isinstance(app.screen, LessonScreen):
                await asyncio.sleep(0.1)
            await asyncio.sleep(3.0)
            green, red = await measure(app, clock, trials)
            await asyncio.sleep(10.0)  # what was looked at afterwards has been
            before = time.process_time()
            await asyncio.sleep(IDLE)
            idle = (time.process_time() - before) / IDLE
        settings.close()
        store.close()
    load = os.getloadavg()[0]
    print(f"{trials} trials each, load of the machine {load:.1f}")
    print(f"{'':<8} {'median':>8} {'p95':>8} {'max':>8}   goal p95 {GOAL * 1000:.0f} ms")
    for name, seconds in (("green", green), ("red", red)):
        print(f"{name:<8} " + " ".join(f"{1000 * part:5.0f} ms" for part in spread(seconds)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"idle {100 * idle:.2f} % of a core; memory at most {memory:.0f} MB")
    return int(any(spread(seconds)[1] > GOAL for seconds in (green, red)))


def spread(seconds: list[float]) -> tuple[float, float, float]:
    """Give median, 95th percentile and maximum."""
    ordered = sorted(seconds)
    return (
        ordered[len(ordered) // 2],
        ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        ordered[-1],
    )


def main() -> int:
    """Read the arguments, run, clean up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    options = parser.parse_args()
    try:
        return asyncio.run(run(options.trials))
    finally:
        labs.down(OWNER)


if __name__ == "__main__":
    sys.exit(main())
