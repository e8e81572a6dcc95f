"""Judges by doing a learner's work anew: the logged commands in a fresh lab, on an engine that is
meant for it.

The strong mode: what a learner's machine said of itself is not asked. It runs a stranger's commands
as root in a privileged container, so the engine must be named, and the one of this machine is
refused unless the instructor says that they trust this.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from checks.message import Message, msg
from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.grade.anew import judge_anew
from runner.grade.bench import broke, failed, judge_task, lessons_of, terms_of
from runner.grade.class_ import LessonRule
from runner.grade.doubts import doubts
from runner.grade.engines import address_of, is_connection_trouble
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.judging import judge_lesson
from runner.grade.moments import moment
from runner.grade.pool import Judge, Pool
from runner.grade.rerun import Rerun
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.submission import Submission, open_submission
from runner.grade.task import Begun, Emit, Part, Piece, Task
from runner.grade.work import LabWork, Seen, Work
from runner.grade.worker import STOP, number, tell
from runner.lab import lab as labs
from runner.lab.handle import LabRequest
from runner.lab.lock import lab_lock
from runner.lab.names import owner, plain
from runner.lab.outer import Docker

ENGINES = ("20.10", "26.1", "28.5")
_USUAL = "26.1"
_REMEDY = msg(
    "Name a throwaway machine's engine with --on CONTEXT (`docker context ls` lists them). If this"
    " machine may be lost, say --i-trust-this."
)

MARGIN = 300.0
"""Seconds beyond the limit that a lesson gets for making its labs; each word of it counts anew."""
FAREWELL = 5.0
"""Seconds that shells and agents in labs get for ending, once all is stopped."""
MOST = 4
"""Labs side by side."""
PLACES = 32
"""Replays at work on one machine, each lab counted."""

Tell = Callable[[Message], None]


def engine_for(context: str | None, *, trusted: bool) -> Docker:
    """Give the engine that replays run on.

    Raises LearnError where it is this machine's own and nobody has said that it may be.
    """
    if context is None:
        if not trusted:
            raise LearnError(
                msg("A replay runs strangers' commands as root; no engine is named for it."),
                remedy=_REMEDY,
            )
        return Docker()
    here, there = address_of(None), address_of(context)
    if there is None:
        raise LearnError(
            msg("There is no Docker context {name}.", name=context),
            remedy=msg("`docker context ls` lists them."),
        )
    if not trusted and (there == here or there.startswith(("unix://", "npipe://"))):
        raise LearnError(
            msg("The context {name} is this machine's own engine.", name=context), remedy=_REMEDY
        )
    docker = Docker(options=("--context", context))
    if not trusted and _same_engine(docker, Docker()):
        raise LearnError(
            msg("The context {name} leads to this machine's own engine.", name=context),
            remedy=_REMEDY,
        )
    return docker


def _same_engine(one: Docker, other: Docker) -> bool:
    """Tell whether two ways lead to one engine: an address does not say where it ends."""
    return bool(name := _name_of(one)) and name == _name_of(other)


def _name_of(docker: Docker) -> str:
    """Give the id that an engine has made for itself; empty where it does not answer."""
    with contextlib.suppress(LearnError):
        said = docker.run("info", "--format", "{{.ID}}")
        return said.stdout.strip() if said.ok else ""
    return ""


class Replays:
    """Judges learners in labs of its own, as many at once as the engine's machine has pairs of
    cores; implements `task.Judges`.
    """

    def __init__(
        self,
        docker: Docker,
        engine: str | None,
        *,
        limit: float,
        tell: Tell = lambda _: None,
        judge: Judge | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the outer engine; `engine` is the inner one, the learner's where it is None.

        `limit` in seconds is what the replay of one lesson may take.
        """
        self._docker = docker
        self._engine = engine
        self._limit = limit
        self._tell = tell
        self._judge = judge
        self._clock = clock

    def work(self, tasks: Iterable[Task], emit: Emit, stop: threading.Event) -> None:
        """Judge all tasks; see `task.Judges`. Raises LearnError where labs cannot be made, or the
        engine is lost.
        """
        self._docker.need_engine()
        with contextlib.ExitStack() as held:
            owners = [free_owner(held) for _ in range(_side_by_side(self._docker))]
            for one in owners:
                held.callback(_take_away, one, self._docker)
            self._pool(owners).work(tasks, emit, stop)

    def _pool(self, owners: Sequence[str]) -> Pool:
        return Pool(
            len(owners),
            patience=self._limit + MARGIN,
            judge=self._judge or Anew(self._docker, self._engine, self._limit, tuple(owners)),
            mode=Mode.REPLAY,
            farewell=FAREWELL,
            tell=self._tell,
            clock=self._clock,
        )


def _side_by_side(docker: Docker) -> int:
    with contextlib.suppress(LearnError, ValueError):
        return max(1, min(MOST, int(docker.check("info", "--format", "{{.NCPU}}")) // 2))
    return 1


def free_owner(held: contextlib.ExitStack) -> str:
    """Give an owner for labs that no other replay of this machine has, and hold it until the end.

    It is the first free one: what a run that was killed has left is cleared by the next.
    """
    for place in range(1, PLACES + 1):
        name = plain(f"{owner()[:20]}-replay-{place}")
        with contextlib.suppress(LearnError):
            held.enter_context(lab_lock(f"{name}-run", 0.0))
            return name
    raise LearnError(
        msg("{count} replays are at work on this machine already.", count=PLACES),
        remedy=msg("Wait for one of them, or end it, then run this command again."),
    )


def _take_away(owner: str, docker: Docker) -> None:
    with contextlib.suppress(LearnError):
        labs.down(owner, docker=docker)


@dataclass(frozen=True)
class Anew:
    """Judges one learner in labs of this process's own."""

    docker: Docker
    engine: str | None
    limit: float
    owners: tuple[str, ...]
    """Of the labs, by the process's number."""

    def __call__(self, task: Task) -> Iterator[Piece]:
        """Do the work anew; raises LearnError where the engine answers no more."""
        return self._pieces(task, STOP)

    def _pieces(self, task: Task, stop: threading.Event) -> Iterator[Piece]:
        """Judge the submission as it is, then put the replay in its place, lesson by lesson."""
        for piece in judge_task(task):
            if not isinstance(piece, Part):
                yield piece
            elif piece.result.outcome is not Outcome.GRADED:
                yield replace(piece, result=replace(piece.result, mode=Mode.REPLAY))
            elif not stop.is_set():
                yield Begun(task.learner.id, piece.result.lesson)
                yield replace(piece, result=self._anew(task, piece.result, stop))

    def _anew(self, task: Task, claimed: LessonResult, stop: threading.Event) -> LessonResult:
        rule = next(one for one in task.lessons if one.lesson == claimed.lesson)
        began = time.perf_counter()
        try:
            with _opened(task) as submission:
                result = self._result(task, rule, submission, stop)
        except LearnError as error:
            if is_connection_trouble(error):
                self._need_engine()
            return failed(task, rule, Outcome.ERRORED, error.message, mode=Mode.REPLAY)
        except Exception as error:
            return failed(task, rule, Outcome.ERRORED, broke(error), mode=Mode.REPLAY)
        self._need_engine()  # without it checks have failed that nobody has asked
        return replace(result, seconds=round(time.perf_counter() - began, 2))

    def _need_engine(self) -> None:
        """Raise LearnError where the engine is lost: the rest of the class can wait for it."""
        state = self.docker.engine_state()
        if not state.answers:
            raise LearnError(
                msg("The engine on which work is done anew does not answer any more."),
                remedy=msg("Once it does, the same command goes on from here."),
                details=state.details,
            )

    def _result(
        self, task: Task, rule: LessonRule, submission: Submission, stop: threading.Event
    ) -> LessonResult:
        work = submission.work(rule.lesson)
        if not any(lab.typed for lab in work.labs):
            why = msg("Nothing was logged that could be run anew.")
            return failed(task, rule, Outcome.ERRORED, why, mode=Mode.REPLAY)
        lesson, values = lessons_of(task.course_folder).for_key(rule.lesson, task.key)
        made = moment(submission.head.made)
        terms = terms_of(task, rule, values, Mode.REPLAY, made=made)
        original = judge_anew(lesson, work)
        wanted = {key for key, one in original.items() if one.ever}
        redone, seen = self._redone(task, lesson, work, wanted, stop)
        result = judge_lesson(lesson, redone, terms)
        missed = wanted - _held(lesson, redone)
        own = (*_missed(task, rule, missed, result), *_notes(task, rule, seen.notes), *seen.lies)
        return replace(result, findings=(*doubts(lesson, work, original, terms.facts), *own))

    def _redone(
        self, task: Task, lesson: Lesson, work: Work, wanted: Set[str], stop: threading.Event
    ) -> tuple[Work, _Beside]:
        """Do the labs of a lesson anew, the last one first, until all has held that did hold."""
        deadline = time.monotonic() + self.limit
        redone, beside = work, _Beside()
        seen: tuple[Seen, ...] = ()
        for lab in reversed([lab for lab in work.labs if lab.typed]):
            handle = labs.reset(self._request(task, lesson, lab), tell, docker=self.docker)
            with Rerun(lesson, handle, self.docker, deadline) as rerun:
                seen = (*rerun.play(work, lab, stop).seen, *seen)
                beside.notes += rerun.notes
                beside.lies += rerun.lies(task.learner.id)
            redone = replace(work, seen=seen)
            if stop.is_set() or wanted <= _held(lesson, redone):
                break
        return redone, beside

    def _request(self, task: Task, lesson: Lesson, lab: LabWork) -> LabRequest:
        return LabRequest(
            course_id=task.class_.course,
            lesson_id=str(lesson.id),
            owner=self.owners[number()],
            hosts={str(name): spec for name, spec in lesson.hosts.items()},
            images=lesson.images,
            docker=self.engine or _inner(lab.engine),
            purpose="replay",
        )


@dataclass
class _Beside:
    """What was noticed beside the checks."""

    notes: list[str] = field(default_factory=list)
    """What was not typed or put anew."""
    lies: list[Finding] = field(default_factory=list)


def _held(lesson: Lesson, work: Work) -> set[str]:
    return {key for key, one in judge_anew(lesson, work).items() if one.ever}


def _opened(task: Task) -> Submission:
    source = task.data if task.data is not None else task.file
    assert source is not None  # noqa: S101  (it was judged a moment ago)
    return open_submission(source)


def _inner(version: str) -> str:
    """Give the lab's engine for a version such as `26.1.5`."""
    return next((one for one in ENGINES if version.startswith(f"{one}.")), _USUAL)


def _missed(
    task: Task, rule: LessonRule, missed: Iterable[str], result: LessonResult
) -> Iterator[Finding]:
    rows = {row.id: row for step in result.steps for row in step.checks}
    for key in sorted(missed):
        verdict = rows[key].verdict
        yield Finding(
            kind=FindingKind.DIFFERENT_VERDICT,
            weight=Weight.DOUBT,
            message=msg("What was handed in has it hold; with the logged commands it does not."),
            learner=task.learner.id,
            lesson=rule.lesson,
            check=key,
            evidence=f"{verdict.found or verdict.state.value}\n{verdict.evidence[:1000]}",
        )


def _notes(task: Task, rule: LessonRule, notes: list[str]) -> Iterator[Finding]:
    if notes:
        yield Finding(
            kind=FindingKind.CUT_SHORT,
            weight=Weight.NOTE,
            message=msg("Not typed anew: {count} commands.", count=len(notes)),
            learner=task.learner.id,
            lesson=rule.lesson,
            evidence="\n".join(notes[:50])[:4000],
        )
