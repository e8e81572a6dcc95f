"""Runs a proof: a queue of trials, a few labs side by side, every result kept as it comes."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from checks.message import Message, Translate
from runner.course.course import Course
from runner.errors import LearnError
from runner.lab import sweep
from runner.lab.names import PROOF, owner
from runner.prove.bench import Bench
from runner.prove.results import Results
from runner.prove.substance import digest_of
from runner.prove.trial import Kind, Miss, Played, Trial, trials

Progress = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a proof is to do."""

    course: Course
    lessons: Sequence[str]
    docker: str = "26.1"
    rounds: int = 1
    jobs: int = 1
    """Labs side by side."""
    resume: bool = False
    """Leave out what an earlier run played without a miss on the same lesson file."""


class Proof:
    """One run over one engine."""

    def __init__(
        self,
        plan: Plan,
        results: Results,
        *,
        progress: Progress,
        on_played: Callable[[Played], None],
        translate: Translate = str,
    ) -> None:
        """Take the plan; `on_played` is called from one thread at a time."""
        self._plan = plan
        self._results = results
        self._progress = progress
        self._on_played = on_played
        self._translate = translate
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._lessons = {name: plan.course.lesson(name) for name in plan.lessons}
        self._digests = {name: digest_of(lesson) for name, lesson in self._lessons.items()}

    def run(self) -> list[Played]:
        """Play all trials; give those of this plan, resumed ones included.

        Raises LearnError where no lab can be had. Ctrl-C takes the labs down and goes on up.
        """
        waiting: queue.SimpleQueue[Trial] = queue.SimpleQueue()
        count = 0
        for trial in self._wanted():
            waiting.put(trial)
            count += 1
        workers = [
            threading.Thread(target=self._work, args=(number, waiting), daemon=True)
            for number in range(1, max(1, min(self._plan.jobs, count)) + 1)
        ]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                while worker.is_alive():
                    worker.join(0.2)  # a join without end would not let Ctrl-C in
        finally:
            self._stop.set()
            self._clear(len(workers))
        if self._failure is not None:
            raise self._failure
        return self._of_plan()

    def _clear(self, workers: int) -> None:
        """Leave nothing behind; what will not go is told, and hides no result."""
        for number in range(1, workers + 1):
            try:
                sweep.down_all(_owner(number))
            except LearnError as error:
                self._progress(error.message)

    def _wanted(self) -> list[Trial]:
        """Order the trials: whole walks first, since they take longest and tell most."""
        wanted = [
            trial
            for lesson in self._lessons.values()
            for trial in trials(lesson, self._plan.rounds, self._plan.docker)
            if not (self._plan.resume and self._done(trial))
        ]
        return sorted(wanted, key=lambda trial: (trial.round, trial.kind != Kind.WALK.value))

    def _done(self, trial: Trial) -> bool:
        return self._results.has(trial, self._plan.docker, self._digests[trial.lesson])

    def _of_plan(self) -> list[Played]:
        return [
            one
            for one in self._results.all()
            if one.docker == self._plan.docker
            and self._digests.get(one.trial.lesson) == one.digest
            and one.trial.round <= self._plan.rounds
        ]

    def _work(self, number: int, waiting: queue.SimpleQueue[Trial]) -> None:
        bench = Bench(self._plan.course.id, self._plan.docker, _owner(number), self._progress)
        try:
            while not self._stop.is_set():
                trial = waiting.get_nowait()
                self._keep(self._play(bench, trial))
        except queue.Empty:
            pass
        except BaseException as error:
            if not self._stop.is_set():
                self._failure = error
                self._stop.set()

    def _play(self, bench: Bench, trial: Trial) -> Played:
        lesson = self._lessons[trial.lesson]
        played = Played(trial, self._plan.docker, self._digests[trial.lesson], 0.0)
        if lesson.engines is not None and not lesson.engines.allows(self._plan.docker):
            return replace(played, unsupported=lesson.because or "")
        started = time.monotonic()
        try:
            notes = bench.play(lesson, trial, self._translate)
        except LearnError as error:
            if self._stop.is_set():
                raise
            misses = (_broken(trial, error, self._translate),)
            played = replace(played, misses=misses)
        else:
            played = replace(
                played,
                checks=notes.checks,
                misses=tuple(notes.misses),
                said=notes.said,
            )
        return replace(played, seconds=round(time.monotonic() - started, 1))

    def _keep(self, played: Played) -> None:
        with self._lock:
            self._results.add(played)
            self._on_played(played)


def _owner(number: int) -> str:
    """Name the owner of a worker's lab: never the learner's own."""
    return f"{owner()}{PROOF}{number}"


def _broken(trial: Trial, error: LearnError, translate: Translate) -> Miss:
    return Miss(
        trial.step or "walk",
        "a lab that goes on",
        error.message.render(translate),
        error.details[-4000:],
    )
