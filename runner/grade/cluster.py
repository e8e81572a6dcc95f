"""Judges submissions on a Dask cluster, for classes that one machine is too small for.

A worker runs whatever it is sent, so only `tls://` is spoken, and only with keys of the cluster's
own authority. Submissions and the course travel to the workers; results come back and are written
here alone. A task whose worker is lost is done again by another, and a learner's result is taken
once, so that nothing is lost and nothing counts twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from checks.message import msg
from runner.course.course import open_course
from runner.errors import LearnError, UsageError
from runner.grade.bench import failed, judge_task
from runner.grade.packed import LIMITS
from runner.grade.pool import START, Judge
from runner.grade.result import Outcome
from runner.grade.task import Begun, Emit, Part, Piece, Task, Whole
from runner.grade.watched import judged

PATIENCE = 20.0
"""Seconds for reaching the scheduler."""
LIMIT = 600.0
"""Seconds that one learner may take on a worker, from when that begins with it."""
AHEAD = 2
"""Tasks that are sent for each thread of the cluster: one at work, one on the way."""
LOSSES = 3
"""How often a task that the cluster has lost is sent once more."""
_LOOK = 0.2

Files = tuple[tuple[str, bytes], ...]
"""A course's files by their names in its folder."""


class Cluster:
    """A Dask scheduler and its workers; implements `task.Judges`."""

    def __init__(
        self,
        address: str,
        keys: Path | None,
        *,
        limit: float = LIMIT,
        judge: Judge = judge_task,
    ) -> None:
        """Take the scheduler's address and the folder with ca.pem, cert.pem and key.pem.

        Raises UsageError for an address without TLS, LearnError where `distributed` is missing.
        """
        if not address.startswith("tls://"):
            raise UsageError(
                msg("{address} is not reached by TLS.", address=address),
                remedy=msg(
                    "A worker runs what it is sent: start the scheduler with TLS and name it"
                    " as tls://HOST:PORT."
                ),
            )
        if keys is None:
            raise UsageError(
                msg("The cluster's keys are missing."),
                remedy=msg("Name the folder with ca.pem, cert.pem and key.pem: --tls DIR"),
            )
        _distributed()
        self._address = address
        self._keys = keys
        self._limit = limit
        self._judge = judge

    def work(self, tasks: Iterable[Task], emit: Emit, stop: threading.Event) -> None:
        """Judge all tasks; see `task.Judges`. Raises LearnError where the cluster is no use."""
        with self._connected() as client:
            _same_program(client)
            _Rounds(client, emit, stop, self._limit, self._judge).go(iter(tasks))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        distributed = _distributed()
        try:
            security = distributed.Security(
                require_encryption=True,
                tls_ca_file=str(self._keys / "ca.pem"),
                tls_client_cert=str(self._keys / "cert.pem"),
                tls_client_key=str(self._keys / "key.pem"),
            )
            client = distributed.Client(
                self._address, security=security, timeout=PATIENCE, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError) as error:
            raise LearnError(
                msg("The scheduler {address} cannot be reached.", address=self._address),
                remedy=msg("Look whether it runs, and whether the keys are of its authority."),
                details=str(error),
            ) from error
        with client:
            yield client


class _Rounds:
    """Sends tasks as workers are free and takes what comes back."""

    def __init__(
        self, client: Any, emit: Emit, stop: threading.Event, limit: float, judge: Judge
    ) -> None:
        self._client = client
        self._emit = emit
        self._stop = stop
        self._limit = limit
        self._judge = judge
        self._heard = time.monotonic()
        """When the cluster last gave a sign of life."""
        self._sent: dict[Any, tuple[Task, float]] = {}
        self._lost: list[Task] = []
        """To be sent once more."""
        self._losses: Counter[str] = Counter()
        self._courses: dict[Path | None, Any] = {}
        self._news = threading.Event()
        self._alone_since = 0.0

    def go(self, tasks: Iterator[Task]) -> None:
        """Judge all; raises LearnError where no worker is left."""
        try:
            while not self._stop.is_set():
                if self._workers_there():
                    self._send(tasks)
                    if not self._sent and not self._lost:
                        return
                self._news.wait(_LOOK)
                self._news.clear()
                for future in [one for one in self._sent if one.done()]:
                    self._take(future)
                self._give_up()
        finally:
            self._client.cancel(list(self._sent))

    def _workers_there(self) -> bool:
        if self._client.nthreads():
            self._alone_since = 0.0
            return True
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > PATIENCE:
            raise LearnError(
                msg("The cluster has no workers any more."),
                remedy=msg("Start some; the same command goes on from here."),
            )
        return False

    def _send(self, tasks: Iterator[Task]) -> None:
        while len(self._sent) < self._room():
            task = self._lost.pop() if self._lost else next(tasks, None)
            if task is None:
                return
            packed = self._packed(task)
            if packed is None:
                continue
            try:
                course = self._course(task.course_folder)
            except (TimeoutError, OSError):  # the last worker has just gone
                self._lost.append(task)
                return
            future = self._client.submit(
                judge_there, packed, course, self._limit, self._judge, pure=False, retries=2
            )
            self._sent[future] = (task, time.monotonic())
            future.add_done_callback(lambda _: self._news.set())

    def _room(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(AHEAD, AHEAD * threads)

    def _packed(self, task: Task) -> Task | None:
        """Put the submission's bytes into a task; None where that cannot be, which is told."""
        if task.file is None:
            return task
        try:
            if task.file.stat().st_size > LIMITS.file:
                raise OSError("too large")
            return replace(task, data=task.file.read_bytes())
        except OSError:  # judged here, where the reason is found
            for piece in judge_task(task):
                self._emit_result(piece)
            return None

    def _course(self, folder: Path | None) -> Any:
        """Send a course to all workers once; the one that comes with the program they have."""
        if folder is None:
            return None
        if folder not in self._courses:
            self._courses[folder] = self._client.scatter(files_of(folder), broadcast=True)
        return self._courses[folder]

    def _take(self, future: Any) -> None:
        task, _ = self._sent.pop(future)
        self._heard = time.monotonic()
        try:
            pieces: list[Piece] = future.result()
        except (Exception, CancelledError, asyncio.CancelledError) as error:
            if not self._once_more(task, future, error):
                self._fail(task, type(error).__name__, str(error))
            return
        for piece in pieces:
            self._emit_result(piece)

    def _once_more(self, task: Task, future: Any, error: BaseException) -> bool:
        """Have a task sent anew, with the course, where it went down with its worker."""
        gone = isinstance(error, (CancelledError, asyncio.CancelledError, OSError, TimeoutError))
        if not gone and future.status not in ("cancelled", "lost"):
            return False
        return self._may_go_again(task)

    def _may_go_again(self, task: Task) -> bool:
        self._losses[task.learner.id] += 1
        self._courses.clear()  # the only worker that had it may be gone too
        if self._losses[task.learner.id] > LOSSES:
            return False
        self._lost.append(task)
        return True

    def _give_up(self) -> None:
        """Have tasks sent anew of which nothing is heard; their time begins anew while none is at
        work.

        Workers keep to the limit themselves, from when they begin with a task: one of which nothing
        comes in so much time is not slow, it is gone, and so is whatever waits behind it there.
        """
        now = time.monotonic()
        if not self._client.nthreads():
            self._sent = {future: (task, now) for future, (task, _) in self._sent.items()}
        most = AHEAD * (self._limit + START)
        late = [
            future
            for future, (_, since) in self._sent.items()
            if now - max(since, self._heard) > most
        ]
        for future in late:
            task, _ = self._sent.pop(future)
            future.cancel(force=True)
            if not self._may_go_again(task):
                self._fail(task, "TimeoutError", f"{most:g} s")

    def _fail(self, task: Task, kind: str, words: str) -> None:
        why = msg("The cluster could not judge it: {kind}: {error}", kind=kind, error=words[:300])
        for rule in task.lessons:
            self._emit(Part(failed(task, rule, Outcome.ERRORED, why)))
        self._emit(Whole(task.learner.id, findings=task.findings))

    def _emit_result(self, piece: Piece) -> None:
        if not isinstance(piece, Begun):
            self._emit(piece)


def judge_there(
    task: Task, course: Files | None, limit: float = LIMIT, judge: Judge = judge_task
) -> list[Piece]:
    """Judge one task on a worker, in a child of it: the course is laid down there once."""
    if course is not None:
        task = replace(task, class_=replace(task.class_, course_folder=_laid_down(course)))
    return judged(task, limit, judge)


def files_of(folder: Path) -> Files:
    """Give the files by which a course judges: its list and its lessons."""
    course = open_course(folder)
    paths = [folder / "course.yaml", *(course.file(lesson) for lesson in course.lessons)]
    return tuple((path.name, path.read_bytes()) for path in paths)


_LAYING = threading.Lock()


def _laid_down(files: Files) -> Path:
    with _LAYING:
        return _folder(files)


@lru_cache(maxsize=4)
def _folder(files: Files) -> Path:
    digest = hashlib.sha256(repr(files).encode()).hexdigest()[:12]
    folder = Path(tempfile.mkdtemp(prefix=f"ldn-course-{digest}-"))
    for name, content in files:
        (folder / Path(name).name).write_bytes(content)
    return folder


def program_there() -> str:
    """Give the version of the program on a worker."""
    return version("learn-docker-net")


def _same_program(client: Any) -> None:
    """Make sure that every worker judges as this program does."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        found: Mapping[str, str] = client.run(program_there, on_error="return")
    except TimeoutError as error:
        raise LearnError(
            msg("The cluster has no workers."), remedy=msg("Start some, then grade again.")
        ) from error
    others = {where: said for where, said in found.items() if said != program_there()}
    if others:
        where, said = next(iter(others.items()))
        raise LearnError(
            msg("The worker {where} has another learn-docker-net.", where=where),
            remedy=msg(
                "Install version {version} with the extra `cluster` on every worker.",
                version=program_there(),
            ),
            details=str(said),
        )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise LearnError(
            msg("The library that speaks to a cluster is not installed."),
            remedy=msg("Install it: uv tool install 'learn-docker-net[cluster]'"),
            details=str(error),
        ) from error
    return distributed
