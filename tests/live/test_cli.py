"""The command line on a real lab: lesson 07 from the first start to complete, then broken.

The tests are one story and run in order; each is a process of its own, as a learner has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.course.course import open_course
from runner.lab import lab as labs
from runner.lab.names import OWNER_VARIABLE

pytestmark = pytest.mark.live

OWNER = "test-cli"
ROOT = Path(__file__).parents[2]
LESSON = open_course().lesson("lesson-07")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str
    seconds: float


class Learner:
    """Runs commands with a record and a lab of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = {
            **os.environ,
            "LEARN_DOCKER_NET_HOME": str(home),
            OWNER_VARIABLE: OWNER,
            "LANG": "C.UTF-8",
        }

    def run(self, *words: str, typed: str = "") -> Ended:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "runner.cli.main", *words],
            cwd=ROOT,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def ok(self, *words: str, typed: str = "") -> str:
        ended = self.run(*words, typed=typed)
        assert ended.status == 0, ended.out + ended.err
        return ended.out

    def in_lab(self, command: str) -> str:
        return self.ok("shell", "--", command)


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    labs.down_all(OWNER)
    yield Learner(tmp_path_factory.mktemp("learner"))
    labs.down_all(OWNER)


def test_a_lesson_never_started_is_3(learner: Learner) -> None:
    ended = learner.run("check", "lesson-07")
    assert ended.status == 3
    assert "learn-docker-net start lesson-07" in ended.err


def test_up_brings_a_lab_and_check_tells_what_is_open(learner: Learner) -> None:
    assert "Docker 26.1" in learner.ok("--yes", "up", "7")
    ended = learner.run("check", "lesson-07")
    assert ended.status == 1
    assert "there is no container named centos01" in ended.out


def test_a_shell_command_gives_output_and_status(learner: Learner) -> None:
    assert learner.in_lab("hostname") == "docker\n"
    assert learner.run("shell", "docker", "--", "exit 9").status == 9
    assert learner.run("shell", "elsewhere", "--", "true").status == 3
    assert learner.ok("shell", typed="echo $((6 * 7))\n") == "42\n"


def test_solved_step_by_step_the_lesson_is_complete(learner: Learner) -> None:
    for step in LESSON.steps:
        for question in step.ask:
            value = question.answer or learner.in_lab(question.knows or "").splitlines()[0]
            learner.ok("answer", f"7/{step.id}", question.id, value)
        learner.ok("solve", f"7/{step.id}")
    out = learner.ok("check", "lesson-07")
    assert "FAILED" not in out
    assert "The lesson is complete." in out
    (listed,) = (line for line in learner.ok("list").splitlines() if line.startswith(LESSON.id))
    assert "complete" in listed


def test_the_record_is_copied_onto_the_learners_volume(learner: Learner) -> None:
    copy = json.loads(
        learner.in_lab("cat /var/lib/learn-docker-net/docker-networking-lesson-07.json")
    )
    assert copy["standing"]["completed"]
    assert copy["solutions"]["alias"]["count"] == 1
    assert copy["checks"]["start-target.on-bridge"]["first_passed"]


def test_the_target_removed_is_said_with_exit_1(learner: Learner) -> None:
    learner.in_lab("docker rm -f centos01-v2")
    ended = learner.run("check", "lesson-07")
    assert ended.status == 1
    assert "there is no container named centos01-v2" in ended.out
    step = learner.run("check", "7/network-alias", "--json")
    states = {check["state"] for check in json.loads(step.out)["checks"]}
    assert "passed" not in states and "errored" not in states


def test_a_stopped_engine_is_3(learner: Learner) -> None:
    learner.in_lab("systemctl stop docker.socket docker.service")
    ended = learner.run("check", "7/network-alias")
    assert ended.status == 3
    assert "is not running" in ended.out
    assert "for the same reason" in ended.out
    learner.in_lab("systemctl start docker.service")


def test_a_hung_engine_is_3_within_seconds(learner: Learner) -> None:
    learner.in_lab("pkill -STOP -x dockerd")
    try:
        ended = learner.run("check", "7/network-alias")
    finally:
        learner.in_lab("pkill -CONT -x dockerd")
    assert ended.status == 3
    assert "hangs" in ended.out
    assert ended.seconds < 15


def test_goto_does_what_comes_before(learner: Learner) -> None:
    learner.ok("goto", "7/several")
    assert "alpine01" in learner.in_lab("docker ps --format '{{.Names}}'")
    learner.ok("check", "7/alias")
    assert learner.run("check", "7/several").status == 1


def test_the_line_mode_goes_on_where_the_learner_is(learner: Learner) -> None:
    out = learner.ok("step", typed="solve\ncheck\nsteps\nquit\n")
    assert "3/6 several> solve" in out
    assert "All of this step holds" in out


def test_reset_gives_a_clean_lab(learner: Learner) -> None:
    learner.ok("reset")
    assert learner.in_lab("docker ps -aq") == ""


def test_a_lab_removed_from_outside_is_said(learner: Learner) -> None:
    labs.down_all(OWNER)
    ended = learner.run("check", "lesson-07")
    assert ended.status == 3
    assert "The lab for lesson-07 is gone; what you did is recorded." in ended.err


def test_down_without_a_lab_says_so(learner: Learner) -> None:
    assert "You have no lab." in learner.ok("down")
