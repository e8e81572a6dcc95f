"""One program at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.lab import lock
from runner.lab.lock import lab_lock

HOLD = """
import sys
from runner.lab.lock import lab_lock
with lab_lock("test-lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_program_is_told_to_wait() -> None:
    with holder() as process:
        with pytest.raises(LearnError, match="busy with your lab"), lab_lock("test-lock", 0.1):
            pass
        process.communicate("")
    with lab_lock("test-lock", 0.1):
        pass


def test_a_killed_program_holds_nothing() -> None:
    with holder() as process:
        process.kill()
        process.wait()
    with lab_lock("test-lock", 0.1):
        pass


def test_another_owner_does_not_wait() -> None:
    with holder() as process:
        with lab_lock("test-lock-other", 0.1):
            pass
        process.communicate("")


def test_threads_of_one_program_wait_too() -> None:
    inside: list[str] = []

    def enter(name: str) -> None:
        with lab_lock("test-lock"):
            inside.append(name)

    with lab_lock("test-lock"):
        other = threading.Thread(target=enter, args=("other",))
        other.start()
        inside.append("first")
    other.join(10)
    assert inside == ["first", "other"]


def test_a_folder_that_cannot_be_made_is_said(own_home: Path) -> None:
    (own_home / "cache").touch()
    with (
        pytest.raises(LearnError, match="cannot be written") as caught,
        lab_lock("test-lock"),
    ):
        pass
    assert "LEARN_DOCKER_NET_HOME" in str(caught.value.remedy)


def test_it_lies_where_the_learner_wants_everything(own_home: Path) -> None:
    with lab_lock("test-lock"):
        assert (own_home / "cache" / "lab-test-lock.lock").exists()


def test_a_long_wait_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_WORTH_SAYING", 0.05)
    told: list[str] = []
    with (
        lab_lock("test-told"),
        pytest.raises(LearnError, match="busy"),
        lab_lock("test-told", 0.3, lambda message: told.append(str(message))),
    ):
        pass
    assert told == ["Another learn-docker-net is at work on the same; waiting for it."]
