"""A learner of a class on a real lab: their own values, what the shell logged, what was changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from checks.judge import judge
from checks.verdict import State
from runner.course.course import open_course
from runner.course.variables import draw, fill
from runner.grade.class_file import load_class
from runner.grade.handed_in import gather
from runner.grade.keys import drawing_key, read_secret
from runner.grade.submission import open_submission
from runner.grade.work import Change, LabWork, Work
from runner.lab import lab as labs
from runner.learn.stage import checks_of

pytestmark = pytest.mark.live

OWNER = "class-test"
CLASS = """\
format: 1
id: net-2026
title: Networks
submissions: handed-in
lessons: [lesson-02, lesson-03]
learners: [{id: ada, name: Ada Lovelace}]
"""


class Member:
    """A learner who types commands, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._env = {
            **os.environ,
            "LEARN_DOCKER_NET_HOME": str(folder / "home"),
            "LEARN_DOCKER_NET_OWNER": OWNER,
            "LANG": "C.UTF-8",
        }

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "runner.cli.main", "--yes", *words],
            env=self._env,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout

    def shell(self, *commands: str) -> None:
        """Type into the lab's interactive shell, waiting for each command's end."""
        child = pexpect.spawn(
            sys.executable,
            ["-m", "runner.cli.main", "shell"],
            env={**self._env, "TERM": "xterm"},
            cwd=str(Path(__file__).parents[2]),
            timeout=60,
        )
        child.expect(r"\]133;D;\d+;n=1\x07")
        for number, command in enumerate(commands, 2):
            child.sendline(command)
            child.expect(rf"\]133;D;\d+;n={number}\x07")
        child.sendeof()
        child.expect(pexpect.EOF)
        child.close()


@pytest.fixture(scope="module")
def member(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    labs.down(OWNER)
    found = Member(tmp_path_factory.mktemp("class"))
    (found.folder / "class.yaml").write_text(CLASS)
    (found.folder / "handed-in").mkdir()
    found.run("enroll", str(found.folder / "class.yaml"))
    found.run("join", str(found.folder / "enrol/net-2026-ada.join"))
    yield found
    labs.down(OWNER)


@pytest.fixture(scope="module")
def works(member: Member) -> dict[str, Work]:
    """What the learner hands in after two lessons in two labs."""
    lesson = open_course().lesson("lesson-02")
    secret = read_secret(member.folder / "class.yaml")
    assert secret is not None
    values = draw(lesson, drawing_key(secret, "net-2026", "ada"))
    first = fill(lesson, values).steps[0]
    member.run("up", "lesson-02")
    typed = [part.do.strip() for part in first.solution]
    member.shell(
        *"\n".join(typed).splitlines(), "echo '{\"debug\": true}' >/etc/docker/daemon.json"
    )
    member.shell("rm /etc/nanorc", "ln -s /etc/shadow /root/link", "cd /etc; false")
    member.run("check", f"lesson-02/{first.id}")
    member.run("up", "lesson-03", "--replace")
    member.shell("docker ps -a")
    member.run("solve", f"lesson-03/{open_course().lesson('lesson-03').steps[0].id}")
    member.run("submit", "--out", str(member.folder / "handed-in/x.ldn"))
    class_ = load_class(member.folder / "class.yaml")
    with open_submission(gather(class_).files["ada"]) as found:
        return {lesson: found.work(lesson) for lesson in found.head.lessons}


def lab_of(works: dict[str, Work], lesson: str) -> LabWork:
    [lab] = works[lesson].labs
    return lab


def test_the_instructors_lesson_with_the_drawn_values_judges_what_was_seen(
    member: Member, works: dict[str, Work]
) -> None:
    secret = read_secret(member.folder / "class.yaml")
    assert secret is not None
    raw = open_course().lesson("lesson-02")
    values = draw(raw, drawing_key(secret, "net-2026", "ada"))
    assert works["lesson-02"].values == values
    checks = checks_of(fill(raw, values))
    first = raw.steps[0]
    anew = {
        one.check: judge(checks[one.check], one.observation).state
        for one in works["lesson-02"].seen
        if one.observation is not None and one.check.startswith(f"{first.id}.")
    }
    assert set(anew.values()) == {State.PASSED}
    assert set(anew) == {f"{first.id}.{check.id}" for check in first.checks}


def test_the_log_of_a_lab_that_is_gone_is_handed_in(works: dict[str, Work]) -> None:
    typed = lab_of(works, "lesson-02").typed
    assert [line.command for line in typed[-3:]] == [
        "rm /etc/nanorc",
        "ln -s /etc/shadow /root/link",
        "cd /etc; false",
    ]
    assert (typed[-1].status, typed[-1].folder, typed[-1].by) == (1, "/etc", "")
    assert typed[0].command.startswith("docker run ")
    second = lab_of(works, "lesson-03").typed
    assert [line.command for line in second if not line.by] == ["docker ps -a"]
    assert {line.by for line in second[1:]} == {"solution"}


def test_changed_files_are_handed_in_and_nothing_else(works: dict[str, Work]) -> None:
    files = {file.path: file for file in lab_of(works, "lesson-02").files}
    assert set(files) == {"/etc/docker/daemon.json", "/etc/nanorc", "/root/link"}
    assert files["/etc/docker/daemon.json"].content == b'{"debug": true}\n'
    assert files["/etc/nanorc"].change is Change.REMOVED
    assert (files["/root/link"].change, files["/root/link"].target) == (Change.LINK, "/etc/shadow")
    assert lab_of(works, "lesson-03").files == ()


def test_every_observation_tells_objects_and_times(works: dict[str, Work]) -> None:
    passed = [one.observation for one in works["lesson-02"].seen if one.state is State.PASSED]
    objects = [thing for one in passed if one for thing in one.objects.values()]
    assert objects and all(len(thing["id"]) == 64 and thing["created"] for thing in objects)
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    assert all(one is None or one.started <= now for one in passed)
