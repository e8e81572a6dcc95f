"""Judges labs where they stand: processes that look into learners' engines, a few at a time.

What stands at the end of the current lesson is asked; for the rest there is the record that the
lab's volume carries. Nothing in a learner's lab is started, stopped or changed. Each look has a
process of its own, for what labs and records say is judged there.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.bench import broke, failed, lessons_of, sightings, terms_of
from runner.grade.class_ import LessonRule, Source
from runner.grade.engines import Unreachable, docker_of, is_connection_trouble, machine_of, reach
from runner.grade.guarded import NoWork
from runner.grade.judging import judge_lesson
from runner.grade.looking import Looked, look
from runner.grade.pool import Judge, Pool
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.task import Begun, Emit, Part, Piece, Task, Whole
from runner.grade.volume import any_image, read_record, records, store_of
from runner.grade.work import Work
from runner.grade.worker import STOP
from runner.lab.handle import LabHandle, handles
from runner.lab.names import COURSE, OURS, OWNER, ROLE, Role, filter_options
from runner.lab.outer import Docker

MARGIN = 90.0
"""Seconds beyond a learner's limit after which a process that looks is given up."""
FAREWELL = 5.0
"""Seconds in which such a process takes away what it has made on an engine, once all is stopped."""
MORE = 2
"""Visits after the first one, where the connection broke in the middle."""
FIRST_PAUSE = 2.0
"""Seconds before the second visit; twice as long before the third."""


class Crew:
    """So many labs side by side, so many of them on one machine; implements `task.Judges`."""

    def __init__(
        self,
        *,
        labs: int = 8,
        per_host: int = 4,
        limit: float = 300.0,
        judge: Judge | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the bounds; `limit` in seconds is what one learner's lab may take."""
        self._per_host = per_host
        self._pool = Pool(
            labs,
            patience=limit + MARGIN,
            judge=judge or Look(limit),
            mode=Mode.LIVE,
            farewell=FAREWELL,
            clock=clock,
        )

    def work(self, tasks: Iterable[Task], emit: Emit, stop: threading.Event) -> None:
        """Judge all tasks; see `task.Judges`."""
        turns = _Turns(tasks, self._per_host, stop)

        def note(piece: Piece) -> None:
            if isinstance(piece, Whole):
                turns.ended(piece.learner)
            emit(piece)

        self._pool.work(turns, note, stop)


class _Turns:
    """Tasks as their machines have room; none for now is no end, only a reason to ask later."""

    def __init__(self, tasks: Iterable[Task], per_host: int, stop: threading.Event) -> None:
        self._per_host = per_host
        self._at_work: Counter[str] = Counter()
        self._machines: dict[str, str] = {}
        self._waiting: list[Task] = []
        known: dict[Source, str] = {}
        for task in tasks:
            if stop.is_set():
                return
            source = replace(task.learner.source, owner=None)
            if source not in known:
                known[source] = machine_of(source)
            self._machines[task.learner.id] = known[source]
            self._waiting.append(task)

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        """Give the first task whose machine is not busy enough already."""
        for index, task in enumerate(self._waiting):
            machine = self._machines[task.learner.id]
            if self._at_work[machine] < self._per_host:
                self._at_work[machine] += 1
                return self._waiting.pop(index)
        raise StopIteration

    def ended(self, learner: str) -> None:
        """Make room on a learner's machine."""
        self._at_work[self._machines[learner]] -= 1


@dataclass(frozen=True)
class Look:
    """Judges one learner's engine, in whatever process it is called."""

    limit: float
    """Seconds for all of it."""

    def __call__(self, task: Task) -> Iterator[Piece]:
        """Visit until all is judged; whatever breaks is told in the rows that are still open."""
        deadline = time.monotonic() + self.limit
        left = {rule.lesson: rule for rule in task.lessons}
        try:
            yield from _visits(task, left, deadline)
            return
        except Unreachable as error:
            outcome, why = Outcome.UNREACHABLE, error.told
        except LearnError as error:
            lost = is_connection_trouble(error)
            outcome, why = Outcome.UNREACHABLE if lost else Outcome.ERRORED, error.message
        except Exception as error:
            outcome, why = Outcome.ERRORED, broke(error)
        for rule in left.values():
            yield Part(failed(task, rule, outcome, why, mode=Mode.LIVE))
        yield Whole(task.learner.id, findings=task.findings)


def _visits(task: Task, left: dict[str, LessonRule], deadline: float) -> Iterator[Piece]:
    """Visit an engine, and again where the connection breaks in the middle; what has been judged is
    taken out of `left`. Raises LearnError as the last visit does.
    """
    pause = FIRST_PAUSE
    for more in reversed(range(MORE + 1)):
        try:
            rest = replace(task, lessons=tuple(left.values()))
            for piece in Visit(rest, deadline, STOP).pieces():
                if isinstance(piece, Part):
                    left.pop(piece.result.lesson, None)
                yield piece
            return
        except LearnError as error:
            hopeless = isinstance(error, Unreachable) or not is_connection_trouble(error)
            if hopeless or not more or time.monotonic() + pause > deadline or STOP.wait(pause):
                raise
        pause *= 2


class Visit:
    """One look at one learner's engine."""

    def __init__(self, task: Task, deadline: float, stop: threading.Event) -> None:
        """Take the task and when (of `monotonic`) it must have ended."""
        self._task = task
        self._deadline = deadline
        self._stop = stop
        self._docker = docker_of(task.learner.source, deadline)

    def pieces(self) -> Iterator[Piece]:
        """Judge lesson by lesson; raises Unreachable and LearnError where the engine fails."""
        if self._task.lessons:
            yield from self._looked()
        yield Whole(self._task.learner.id, findings=self._task.findings)

    def _looked(self) -> Iterator[Piece]:
        reach(self._docker, self._stop.wait)
        lab, found = self._lab()
        if found is not None:
            yield from self._none(found)
            return
        copies = self._copies(lab)
        if lab is None and not copies:
            yield from self._none(msg("The engine has neither a lab of this course nor a record."))
            return
        for rule in self._task.lessons:
            yield Begun(self._task.learner.id, rule.lesson)
            yield self._one(rule, lab, copies.get(rule.lesson))

    def _none(self, why: Message) -> Iterator[Piece]:
        for rule in self._task.lessons:
            yield Part(failed(self._task, rule, Outcome.NO_LAB, why, mode=Mode.LIVE))

    def _lab(self) -> tuple[LabHandle | None, Message | None]:
        """Find the learner's lab on the engine by its labels; or why it cannot be told."""
        labs = labs_on(self._docker, self._task.class_.course, self._task.learner.source.owner)
        owners = sorted({lab.owner for lab in labs})
        if len(owners) > 1:
            return None, msg(
                "Several learners have labs on this engine: {owners}. Name the `owner` of each"
                " learner in the class file.",
                owners=", ".join(owners),
            )
        return (labs[-1] if labs else None), None

    def _copies(self, lab: LabHandle | None) -> dict[str, bytes]:
        """Give the copies of the record that the volume carries; none where nothing can be had."""
        owner = lab.owner if lab is not None else self._task.learner.source.owner
        store = store_of(self._docker, owner)
        image = lab.image if lab is not None else any_image(self._docker)
        if store is None or not image:
            return {}
        volume, whose = store
        return records(self._docker, volume, image, whose, self._task.class_.course)

    def _one(self, rule: LessonRule, lab: LabHandle | None, copy: bytes | None) -> Part:
        """Judge one lesson; one that breaks costs the others nothing."""
        try:
            return self._judged(rule, lab, copy)
        except LearnError as error:
            if is_connection_trouble(error):
                raise
            why = error.message
        except Exception as error:
            why = broke(error)
        return Part(failed(self._task, rule, Outcome.ERRORED, why, mode=Mode.LIVE))

    def _judged(self, rule: LessonRule, lab: LabHandle | None, copy: bytes | None) -> Part:
        began = time.perf_counter()
        here = lab is not None and lab.lesson == rule.lesson
        try:
            work = read_record(copy, rule.lesson) if copy is not None else None
        except NoWork as error:
            if not here:
                why = msg("The record in the lab cannot be read: {why}", why=str(error)[:200])
                return Part(failed(self._task, rule, Outcome.ERRORED, why, mode=Mode.LIVE))
            work = None
        if not here and work is None:
            why = msg("The lesson was never begun: the lab's volume has no record of it.")
            return Part(failed(self._task, rule, Outcome.ABSENT, why, mode=Mode.LIVE))
        bare = work is None
        work = work or Work(lesson=rule.lesson, digest="")
        lesson, values = lessons_of(self._task.course_folder).for_key(rule.lesson, self._task.key)
        looked = None
        if here and lab is not None:
            looked = look(
                self._task,
                rule,
                lesson,
                work,
                lab,
                self._docker,
                self._deadline,
                self._stop,
                bare=bare,
            )
            if looked.broken is not None:
                self._still_there()
            work = replace(work, seen=(*work.seen, *looked.seen))
        result = judge_lesson(
            lesson, work, terms_of(self._task, rule, values, Mode.LIVE, bare=bare)
        )
        result = _with(result, looked)
        seconds = round(time.perf_counter() - began, 4)
        return Part(replace(result, seconds=seconds), sightings(work))

    def _still_there(self) -> None:
        """Raise LearnError where it is not the lab that is silent, but the engine around it."""
        self._docker.check("version")


def _with(result: LessonResult, looked: Looked | None) -> LessonResult:
    """Put in what was seen of the lab itself; one that cannot be asked makes no grade."""
    if looked is None:
        return result
    result = replace(result, findings=(*result.findings, *looked.findings))
    if looked.broken is None:
        return result
    return replace(
        result, outcome=Outcome.ERRORED, reason=looked.broken, earned=0.0, score=0.0, late=0.0
    )


def labs_on(docker: Docker, course: str, owner: str | None) -> list[LabHandle]:
    """Give the learners' labs of a course on an engine, oldest first; raises LearnError."""
    wanted = {OURS: "1", ROLE: Role.HOST.value, COURSE: course} | ({OWNER: owner} if owner else {})
    ids = docker.check("ps", "--all", "--quiet", "--no-trunc", *filter_options(wanted)).split()
    found = handles(docker.inspect(*(one for one in ids if one.isalnum())))
    return [lab for lab in found if owner or lab.purpose == "learn"]
