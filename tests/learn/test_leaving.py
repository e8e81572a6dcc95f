"""A session closed while something is under way: nothing is held on to, nothing is invented."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from checks.asking import Answer, Outcome, Request
from checks.message import Message, msg
from checks.verdict import State
from runner.course.course import open_course
from runner.lab.handle import LabHandle
from runner.learn.desk import Left
from runner.learn.session import Session
from runner.record.store import Store
from tests.directory_lab import DirectoryLab, DirectoryLabs, write_course

PATIENCE = 20.0


def quiet(_: Message) -> None:
    pass


class Gate:
    """Where somebody waits until they are let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.open.wait(PATIENCE)


class SlowLab(DirectoryLab):
    """Answers once the gate is open; loses what was asked where it is closed by then."""

    def __init__(self, folder: Path, gate: Gate) -> None:
        super().__init__(folder)
        self._gate = gate

    def ask(self, host: str, request: Request) -> Answer:
        self._gate.wait()
        if self.closed:
            return Answer(host, request, Outcome.LOST, why=msg("the channel was closed"))
        return super().ask(host, request)


class SlowLabs(DirectoryLabs):
    """Takes its time, where a test says so, to attach and to answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.attaching: Gate | None = None
        self.asking: Gate | None = None

    def attach(self, handle: LabHandle) -> DirectoryLab:
        if self.attaching is not None:
            self.attaching.wait()
        if self.asking is None:
            return super().attach(handle)
        lab = SlowLab(self.place(handle), self.asking)
        self.attached.append(lab)
        return lab


class Slow:
    """A learner whose lab stands, and a thread beside them."""

    def __init__(self, folder: Path) -> None:
        self.course = open_course(write_course(folder / "course"))
        self.store = Store(folder / "record.sqlite")
        self.labs = SlowLabs(folder / "labs")
        self.beside = ThreadPoolExecutor(2)
        with self.open() as first:
            first.start(quiet)
            first.check(["look"])

    def open(self) -> Session:
        return Session("small", self.course.lesson("lesson-01"), self.store, self.labs, "ann")

    def state(self) -> State | None:
        return self.store.times("lesson-01")["look.kept"].state


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    made = Slow(tmp_path)
    yield made
    made.beside.shutdown()
    made.store.close()


def test_a_lab_that_comes_when_its_lesson_was_left_is_let_go(slow: Slow) -> None:
    gate = slow.labs.attaching = Gate()
    session = slow.open()
    coming: Future[LabHandle] = slow.beside.submit(session.resume, quiet)
    assert gate.reached.wait(PATIENCE)
    session.close()
    gate.open.set()
    with pytest.raises(Left):
        coming.result(PATIENCE)
    assert all(lab.closed for lab in slow.labs.attached)
    assert slow.labs.standing is not None


def test_a_session_that_was_closed_attaches_to_nothing_any_more(slow: Slow) -> None:
    session = slow.open()
    session.close()
    before = len(slow.labs.attached)
    for asks in (session.check, session.attach, session.shell, session.copy_record):
        with pytest.raises(Left):
            asks()
    assert len(slow.labs.attached) == before


def test_what_leaving_cuts_off_is_no_verdict(slow: Slow) -> None:
    gate = slow.labs.asking = Gate()
    session = slow.open()
    session.attach()
    before = len(slow.labs.attached)
    asked = slow.beside.submit(session.check, ["look"])
    assert gate.reached.wait(PATIENCE)
    session.close()
    gate.open.set()
    assert asked.result(PATIENCE).counted[0].verdict.state is State.SKIPPED
    assert len(slow.labs.attached) == before
    assert slow.state() is State.PASSED


def test_what_is_given_up_is_no_verdict(slow: Slow) -> None:
    gate = slow.labs.asking = Gate()
    stop = threading.Event()
    with slow.open() as session:
        session.attach()
        asked = slow.beside.submit(session.check, ["look"], cancel=stop)
        assert gate.reached.wait(PATIENCE)
        stop.set()
        assert asked.result(PATIENCE).counted[0].verdict.state is State.SKIPPED
        assert slow.state() is State.PASSED
        gate.open.set()


def test_two_threads_attach_once(slow: Slow) -> None:
    gate = slow.labs.attaching = Gate()
    with slow.open() as session:
        before = len(slow.labs.attached)
        both = [slow.beside.submit(session.attach) for _ in range(2)]
        assert gate.reached.wait(PATIENCE)
        gate.open.set()
        assert both[0].result(PATIENCE) == both[1].result(PATIENCE)
        assert len(slow.labs.attached) == before + 1
