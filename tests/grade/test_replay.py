"""Work done anew, as far as that shows without an engine."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runner.course.course import open_course
from runner.course.variables import draw, fill
from runner.errors import LearnError
from runner.grade import rerun as module
from runner.grade.replay import free_owner
from runner.grade.rerun import Rerun
from runner.grade.script import Command
from runner.grade.work import Change, ChangedFile, LabWork, Typed
from runner.lab.channel import Channel
from runner.lab.handle import HostHandle, LabHandle
from runner.lab.names import plain
from runner.lab.outer import Docker
from runner.lab.running import RunningLab
from tests.directory_lab import write_course
from tests.grade.learners import STARTED, perfect
from tests.lab.agents import agent_argv

RC = Path(__file__).parents[2] / "runner/lab/image/bashrc"


def test_a_replay_whose_time_is_over_is_no_verdict_on_the_learner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = open_course(write_course(tmp_path / "course")).lesson("lesson-01")
    handle = LabHandle(
        lab="0a1b2c3d",
        owner="x",
        course="small",
        lesson="lesson-01",
        docker="26.1",
        purpose="replay",
        created=STARTED,
        hosts={},
        expected=(),
    )
    typed = Typed(host="docker", folder="/root", command="touch one", status=0, at=STARTED)
    work = replace(perfect(), labs=(LabWork(lab="0a1b2c3d", typed=(typed,)),))
    rerun = Rerun(fill(raw, draw(raw, None)), handle, Docker("docker"), deadline=0.0)
    monkeypatch.setattr(rerun._stage, "set_up", lambda: None)
    with rerun, pytest.raises(LearnError, match="given up"):
        rerun.play(work, work.labs[0], threading.Event())


@pytest.fixture
def rerun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rerun]:
    """A rerun whose lab is this machine's own bash, with the lab's start-up file."""
    raw = open_course(write_course(tmp_path / "course")).lesson("lesson-01")
    host = HostHandle("docker", "0" * 12, "10.66.0.2")
    handle = LabHandle(
        lab="0a1b2c3d",
        owner="x",
        course="small",
        lesson="lesson-01",
        docker="26.1",
        purpose="replay",
        created=STARTED,
        hosts={"docker": host},
        expected=("docker",),
    )
    until = time.monotonic() + 1000
    found = Rerun(fill(raw, draw(raw, None)), handle, Docker("docker"), deadline=until)
    shell = ["bash", "--rcfile", str(RC), "-i"]
    monkeypatch.setattr(found, "_shell", lambda _: shell)
    monkeypatch.setenv("HOME", str(tmp_path))
    opens = lambda _: Channel.open(agent_argv())  # noqa: E731
    monkeypatch.setattr(found, "_lab", RunningLab(handle, opens=opens))
    with found:
        yield found


def line(command: str, folder: Path) -> Typed:
    return Typed(host="docker", folder=str(folder), command=command, status=130, at=STARTED)


def test_what_was_interrupted_is_typed_and_the_same_shell_goes_on(
    rerun: Rerun, tmp_path: Path
) -> None:
    begun = time.monotonic()
    rerun._type(Command(line("mark=kept", tmp_path)))
    rerun._type(Command(line("touch there; sleep 1000", tmp_path), ends=1.0))
    rerun._type(Command(line("echo $mark >said", tmp_path)))
    assert (tmp_path / "said").read_text() == "kept\n"
    assert (tmp_path / "there").exists()
    assert rerun.notes == []
    assert time.monotonic() - begun < 30


def test_what_never_ends_costs_its_time_and_not_the_shell(
    rerun: Rerun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMMAND", 1.0)
    rerun._type(Command(line("mark=kept", tmp_path)))
    rerun._type(Command(line("cat", tmp_path)))
    rerun._type(Command(line("echo $mark >said", tmp_path)))
    assert (tmp_path / "said").read_text() == "kept\n"
    assert rerun.notes == ["docker: cat"]


def test_files_are_put_whatever_they_are_called_and_hold(rerun: Rerun, tmp_path: Path) -> None:
    path = tmp_path / "a $(touch nothing) b" / "c; d"
    content = bytes(range(256)) * 1024
    file = ChangedFile(
        host="docker", path=str(path), change=Change.WRITTEN, mode=0o600, content=content
    )
    gone = replace(file, path=str(tmp_path / "there"), change=Change.REMOVED)
    (tmp_path / "there").touch()
    rerun._leave(line("vi x", tmp_path), [file, gone])
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "there").exists()
    assert rerun.notes == ["docker: vi x"]


def test_a_file_that_cannot_be_put_is_noted(rerun: Rerun, tmp_path: Path) -> None:
    file = ChangedFile(host="docker", path="/proc/nowhere/x", change=Change.WRITTEN, content=b"x")
    rerun._leave(line("vi x", tmp_path), [file])
    assert rerun.notes == ["docker: vi x", "docker: /proc/nowhere/x"]


def test_two_replays_at_a_time_have_labs_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LEARN_DOCKER_NET_OWNER", "an-owner-with-a-name-of-32-letters")
    with contextlib.ExitStack() as one, contextlib.ExitStack() as other:
        first, second = free_owner(one), free_owner(other)
        assert first != second
        one.close()
        assert free_owner(other) == first, "what a run has left is cleared by the next"
        assert {first, second} == {plain(first), plain(second)}
