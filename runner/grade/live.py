"""Judges labs where they stand: threads that look into learners' engines, a few at a time.

What stands at the end of the current lesson is asked; for the rest there is the record that the
lab's volume carries. Nothing in a learner's lab is started, stopped or changed.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.bench import broke, failed, lessons_of, sightings, terms_of
from runner.grade.class_ import LessonRule, Source
from runner.grade.engines import Unreachable, docker_of, is_connection_trouble, machine_of, reach
from runner.grade.guarded import NoWork
from runner.grade.judging import judge_lesson
from runner.grade.looking import Looked, look
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.task import Begun, Emit, Part, Piece, Task, Whole
from runner.grade.volume import any_image, read_record, records, store_of
from runner.grade.work import Work
from runner.lab.handle import LabHandle, handles
from runner.lab.names import COURSE, OURS, OWNER, ROLE, Role, filter_options
from runner.lab.outer import Docker

_LOOK = 0.2


class Crew:
    """So many labs side by side, so many of them on one machine; implements `task.Judges`."""

    def __init__(self, *, labs: int = 8, per_host: int = 4, limit: float = 300.0) -> None:
        """Take the bounds; `limit` in seconds is what one learner's lab may take."""
        self._labs = labs
        self._per_host = per_host
        self._limit = limit
        self._state = threading.Condition()
        self._waiting: list[tuple[str, Task]] = []
        self._at_work: Counter[str] = Counter()

    def work(self, tasks: Iterable[Task], emit: Emit, stop: threading.Event) -> None:
        """Judge all tasks; see `task.Judges`."""
        machines: dict[Source, str] = {}
        for task in tasks:
            if stop.is_set():
                return
            source = replace(task.learner.source, owner=None)
            if source not in machines:
                machines[source] = machine_of(source)
            self._waiting.append((machines[source], task))
        threads = [
            threading.Thread(target=self._serve, args=(emit, stop), name="lab", daemon=True)
            for _ in range(min(self._labs, len(self._waiting)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:  # also once stopped: what was made on an engine is taken away
            thread.join()

    def _serve(self, emit: Emit, stop: threading.Event) -> None:
        while (taken := self._take(stop)) is not None:
            machine, task = taken
            try:
                self._judge(task, emit, stop)
            finally:
                with self._state:
                    self._at_work[machine] -= 1
                    self._state.notify_all()

    def _take(self, stop: threading.Event) -> tuple[str, Task] | None:
        """Give the first task whose machine is not busy enough already."""
        with self._state:
            while self._waiting and not stop.is_set():
                for index, (machine, _) in enumerate(self._waiting):
                    if self._at_work[machine] < self._per_host:
                        self._at_work[machine] += 1
                        return self._waiting.pop(index)
                self._state.wait(_LOOK)
        return None

    def _judge(self, task: Task, emit: Emit, stop: threading.Event) -> None:
        """Judge one learner; whatever breaks is told in the rows that are still open."""
        left = {rule.lesson: rule for rule in task.lessons}
        try:
            for piece in Visit(task, time.monotonic() + self._limit, stop).pieces():
                if isinstance(piece, Part):
                    left.pop(piece.result.lesson, None)
                emit(piece)
            return
        except Unreachable as error:
            outcome, why = Outcome.UNREACHABLE, error.told
        except LearnError as error:
            lost = is_connection_trouble(error)
            outcome, why = Outcome.UNREACHABLE if lost else Outcome.ERRORED, error.message
        except Exception as error:
            outcome, why = Outcome.ERRORED, broke(error)
        for rule in left.values():
            emit(Part(failed(task, rule, outcome, why, mode=Mode.LIVE)))
        emit(Whole(task.learner.id, findings=task.findings))


class Visit:
    """One look at one learner's engine."""

    def __init__(self, task: Task, deadline: float, stop: threading.Event) -> None:
        """Take the task and when (of `monotonic`) it must have ended."""
        self._task = task
        self._deadline = deadline
        self._stop = stop
        self._docker = docker_of(task.learner.source)

    def pieces(self) -> Iterator[Piece]:
        """Judge lesson by lesson; raises Unreachable and LearnError where the engine fails."""
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
        yield Whole(self._task.learner.id, findings=self._task.findings)

    def _none(self, why: Message) -> Iterator[Piece]:
        for rule in self._task.lessons:
            yield Part(failed(self._task, rule, Outcome.NO_LAB, why, mode=Mode.LIVE))
        yield Whole(self._task.learner.id, findings=self._task.findings)

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
            work = replace(work, seen=(*work.seen, *looked.seen))
        result = judge_lesson(
            lesson, work, terms_of(self._task, rule, values, Mode.LIVE, bare=bare)
        )
        result = _with(result, looked)
        seconds = round(time.perf_counter() - began, 4)
        return Part(replace(result, seconds=seconds), sightings(work))


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
    found = handles(docker.inspect(*ids))
    return [lab for lab in found if owner or lab.purpose == "learn"]
