"""One grading run: what is to be judged, by whom, and every result kept as it comes.

The thread that calls `Grading.run` is the only one that writes. Whoever judges hands over through
a short queue and waits when that is full, so that memory stays flat however large the class is.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from queue import Empty, Full, Queue

from runner.errors import Exit
from runner.grade.alike import alike
from runner.grade.class_ import Learner, LessonRule, Where
from runner.grade.planning import Plan
from runner.grade.result import LessonResult, Mode, Outcome, Run
from runner.grade.store import Results
from runner.grade.task import Judges, Part, Piece, Task, Whole
from runner.record.database import now

IN_HAND = 16
"""Pieces that wait for the writer; whoever judges more waits too."""
FAREWELL = 10.0
"""Seconds that judges have for ending once the run is stopped."""
_LOOK = 0.2

AGAIN = frozenset({Outcome.UNREACHABLE})
"""What a run that goes on tries once more: a connection may be back."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One lesson came out; for showing how far a run is."""

    result: LessonResult
    done: int
    """Lessons of learners judged in this run, those before an interruption included."""
    of: int


class Grading:
    """Runs a plan into the store."""

    def __init__(
        self,
        plan: Plan,
        results: Results,
        judges: Mapping[Where, Judges],
        on_judged: Callable[[Judged], None] = lambda _: None,
        on_waiting: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> None:
        """Take who judges work from where; `NOWHERE` is judged with the submissions.

        `on_waiting` is told while nothing comes: how many lessons are judged, of how many.
        """
        self._plan = plan
        self._results = results
        self._judges = judges
        self._on_judged = on_judged
        self._on_waiting = on_waiting
        self._sources = {one.id: plan.source(one) for one in plan.class_.learners}
        self._wholes = {one.id: plan.whole(one) for one in plan.class_.learners}
        self._done = 0

    def cut_off(self) -> Run | None:
        """Give the run that would be gone on with."""
        return self._results.cut_off(self._plan.matter)

    def run(self, *, again: bool = False) -> Run:
        """Judge what is not judged yet, to the end; `again` begins anew in any case.

        On Ctrl-C what has come is kept before KeyboardInterrupt goes on. Raises LearnError where
        results cannot be kept.
        """
        run = self._begin(again)
        waiting = self._waiting(run)
        of = len(self._plan.class_.learners) * len(self._plan.rules)
        self._done = of - sum(len(task.lessons) for tasks in waiting.values() for task in tasks)
        pieces: Queue[Piece | BaseException] = Queue(IN_HAND)
        stop = threading.Event()
        threads = [
            self._start(self._judges[where], tasks, pieces, stop)
            for where, tasks in waiting.items()
            if tasks
        ]
        try:
            for piece in _pieces(pieces, threads):
                if piece is None:
                    self._on_waiting(self._done, of)
                else:
                    self._keep(run, piece, of)
        finally:
            stop.set()
            self._wind_up(run, pieces, threads, of)
        own = tuple(one for one in self._plan.findings if one.learner not in self._sources)
        self._results.end(run, (*own, *alike(self._results, run)))
        return replace(run, ended=now())

    def _begin(self, again: bool) -> Run:
        plan = self._plan
        run = None if again else self.cut_off()
        facts = Run(
            id="",
            class_id=plan.class_.id,
            began=now(),
            ended=None,
            program=plan.program,
            course=plan.class_.course,
            course_digest=plan.course_digest,
            modes=self._modes(),
            lessons=tuple(rule.lesson for rule in plan.rules),
            learners=tuple(one.id for one in plan.class_.learners),
        )
        if run is None:
            return self._results.begin(facts, plan.matter, plan.class_.learners)
        run = replace(facts, id=run.id, began=run.began)
        self._results.go_on(run, plan.class_.learners)
        return run

    def _modes(self) -> tuple[Mode, ...]:
        wheres = {one.source.where for one in self._plan.class_.learners}
        live = (Mode.LIVE,) if Where.ENGINE in wheres else ()
        return (*((self._plan.mode,) if wheres - {Where.ENGINE} or not live else ()), *live)

    def _waiting(self, run: Run) -> dict[Where, list[Task]]:
        """Give what is not judged yet, by who is to judge it."""
        done, wholes = self._results.done(run), self._results.wholes(run)
        waiting: dict[Where, list[Task]] = {}
        for learner in self._plan.class_.learners:
            source = self._sources[learner.id]
            left = tuple(
                rule
                for rule in self._plan.rules
                if not _judged(done.get((learner.id, rule.lesson)), source)
            )
            if left or wholes.get(learner.id) != self._wholes[learner.id]:
                where = Where.SUBMISSION
                if learner.source.where is Where.ENGINE:
                    where = Where.ENGINE
                waiting.setdefault(where, []).append(self._task(learner, left))
        return waiting

    def _task(self, learner: Learner, rules: tuple[LessonRule, ...]) -> Task:
        plan = self._plan
        return Task(
            learner=learner,
            lessons=rules,
            class_=replace(plan.class_, learners=()),
            course_digest=plan.course_digest,
            registry=plan.registry,
            file=plan.files.get(learner.id),
            key=plan.keys.get(learner.id),
            enrolled=plan.enrolled(learner.id),
            findings=tuple(one for one in plan.findings if one.learner == learner.id),
        )

    def _start(
        self,
        judges: Judges,
        tasks: Sequence[Task],
        pieces: Queue[Piece | BaseException],
        stop: threading.Event,
    ) -> threading.Thread:
        def emit(piece: Piece | BaseException) -> None:
            while not stop.is_set():
                with contextlib.suppress(Full):
                    pieces.put(piece, timeout=_LOOK)
                    return

        def work() -> None:
            try:
                judges.work(tasks, emit, stop)
            except BaseException as error:
                emit(error)

        thread = threading.Thread(target=work, name="judges", daemon=True)
        thread.start()
        return thread

    def _keep(self, run: Run, piece: Piece, of: int) -> None:
        if isinstance(piece, Part):
            self._results.save(run, piece, self._sources[piece.result.learner])
            self._done += 1
            self._on_judged(Judged(piece.result, self._done, of))
        elif isinstance(piece, Whole):
            self._results.save_whole(run, piece, self._wholes[piece.learner])

    def _wind_up(
        self,
        run: Run,
        pieces: Queue[Piece | BaseException],
        threads: Sequence[threading.Thread],
        of: int,
    ) -> None:
        """Let the judges end, and keep what they have handed over by then."""
        for thread in threads:
            thread.join(FAREWELL / len(threads))
        with contextlib.suppress(Empty):
            while True:
                piece = pieces.get_nowait()
                if not isinstance(piece, BaseException):
                    self._keep(run, piece, of)


def _judged(found: tuple[str, Outcome] | None, source: str) -> bool:
    return found is not None and found[0] == source and found[1] not in AGAIN


def _pieces(
    pieces: Queue[Piece | BaseException], threads: Sequence[threading.Thread]
) -> Iterator[Piece | None]:
    """Give what comes until all judges have ended, None while nothing does; what broke one of them
    is raised.
    """
    while True:
        alive = any(thread.is_alive() for thread in threads)
        try:
            piece = pieces.get(timeout=_LOOK) if alive else pieces.get_nowait()
        except Empty:
            if not alive:
                return
            yield None
            continue
        if isinstance(piece, BaseException):
            raise piece
        yield piece


def exit_of(outcomes: Sequence[Outcome]) -> Exit:
    """Give the exit status of a run: failed work is a result, what could not be judged is not."""
    good = (Outcome.GRADED, Outcome.ABSENT)
    return Exit.OK if all(one in good for one in outcomes) else Exit.ERRORED
