"""A learner's work graded from a submission, in the lab where it stands, and done anew; then the
lab lies, hangs and stops.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from runner.course.course import open_course
from runner.course.variables import draw, fill
from runner.grade.class_file import load_class
from runner.grade.finding import FindingKind
from runner.grade.keys import drawing_key, read_secret
from runner.grade.lies import SAID
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.store import Results
from runner.lab import lab as labs
from runner.lab.outer import Docker
from tests.grade.authority import write_keys
from tests.live.ssh_server import SshServer, ssh_server
from tests.live.tls_proxy import tls_proxy

pytestmark = pytest.mark.live

OWNER = "grade-test"
ROOT = Path(__file__).parents[2]
CLASS = """\
format: 1
id: net-2026
title: Networks
lessons: [lesson-02]
learners:
  - id: ada
    name: Ada Lovelace
    {source}
"""
BY_FILE = "submission: ada.ldn"
BY_ENGINE = f"engine: {{context: default, owner: {OWNER}}}"


@dataclass
class Course:
    """A class of one learner and its instructor, each command a process of its own."""

    folder: Path

    def run(self, *words: str, owner: str = OWNER) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "runner.cli.main", "--yes", *words],
            env=self._env(owner),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def at_a_terminal(self, *words: str) -> str:
        """Give what a command says where somebody could be asked."""
        child = pexpect.spawn(
            sys.executable,
            ["-m", "runner.cli.main", *words],
            env={**self._env("grade-teacher"), "TERM": "dumb"},
            cwd=str(ROOT),
            dimensions=(50, 200),
            timeout=90,
            encoding="utf-8",
        )
        child.expect(pexpect.EOF)
        child.close()
        return str(child.before)

    def shell(self, *commands: str) -> None:
        """Type into the lab's interactive shell, waiting for each command's end."""
        child = pexpect.spawn(
            sys.executable,
            ["-m", "runner.cli.main", "shell"],
            env={**self._env(OWNER), "TERM": "xterm"},
            cwd=str(ROOT),
            timeout=60,
        )
        child.expect(r"\]133;D;\d+;n=1\x07")
        for number, command in enumerate(commands, 2):
            child.sendline(command)
            child.expect(rf"\]133;D;\d+;n={number}\x07")
        child.sendeof()
        child.expect(pexpect.EOF)
        child.close()

    def grade(self, source: str, *words: str) -> tuple[LessonResult, str]:
        """Grade with the learner's work from this source, and give the one result."""
        path = self.folder / "class.yaml"
        path.write_text(CLASS.format(source=source), encoding="utf-8")
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        done = self.run(
            "grade", str(path), "--out", str(self.folder / "out"), *words, owner="grade-teacher"
        )
        assert done.returncode in (0, 3), done.stdout + done.stderr
        with Results(self.folder / "out" / "results.sqlite") as results:
            [run] = results.runs()
            [result] = results.lessons(run, "ada", ["lesson-02"])
        return result, done.stdout

    def inside(self, command: str) -> None:
        """Run something in the lab host, as its root, with a shell of ours."""
        Docker().check("exec", self.container, "/ldn/bin/bash", "-c", command)

    @property
    def container(self) -> str:
        handle = labs.current(OWNER)
        assert handle is not None
        return handle.host().container

    def _env(self, owner: str) -> dict[str, str]:
        return {
            **os.environ,
            "LEARN_DOCKER_NET_HOME": str(self.folder / owner),
            "LEARN_DOCKER_NET_OWNER": owner,
            "LANG": "C.UTF-8",
        }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A learner who has done the first step of lesson-02 and handed it in; the lab stands."""
    labs.down(OWNER)
    found = Course(tmp_path_factory.mktemp("grading"))
    path = found.folder / "class.yaml"
    path.write_text(CLASS.format(source=BY_FILE), encoding="utf-8")
    found.run("enroll", str(path))
    found.run("join", str(found.folder / "enrol/net-2026-ada.join"))
    secret = read_secret(path)
    assert secret is not None
    lesson = open_course().lesson("lesson-02")
    first = fill(lesson, draw(lesson, drawing_key(secret, "net-2026", "ada"))).steps[0]
    found.run("up", "lesson-02")
    found.shell(*"\n".join(part.do.strip() for part in first.solution).splitlines())
    found.run("check", f"lesson-02/{first.id}")
    found.run("submit", "--out", str(found.folder / "ada.ldn"))
    yield found
    labs.down(OWNER)


def kinds(result: LessonResult) -> set[FindingKind]:
    return {one.kind for one in result.findings}


def passed(result: LessonResult) -> set[str]:
    return {row.id for step in result.steps for row in step.checks if row.verdict.passed}


DONE = {"first.on-bridge", "first.address"}


def test_a_submission_is_judged(course: Course) -> None:
    result, said = course.grade(BY_FILE)
    assert (result.outcome, result.mode) == (Outcome.GRADED, Mode.SUBMISSION)
    assert passed(result) >= DONE
    assert result.findings == ()
    assert "Ada Lovelace" in said


def test_the_lab_says_the_same_where_it_stands(course: Course) -> None:
    submitted, _ = course.grade(BY_FILE)
    live, _ = course.grade(BY_ENGINE)
    assert (live.outcome, live.mode) == (Outcome.GRADED, Mode.LIVE)
    assert passed(live) >= passed(submitted)
    assert live.started == submitted.started
    assert FindingKind.LYING_LAB not in kinds(live)


def test_an_engine_behind_tls_is_asked_as_one_at_hand(course: Course) -> None:
    keys = write_keys(course.folder / "keys")
    here, _ = course.grade(BY_ENGINE)
    with tls_proxy(keys) as port:
        endpoint = f"endpoint: 'tcp://127.0.0.1:{port}'"
        there, _ = course.grade(f"engine: {{{endpoint}, tls: keys, owner: {OWNER}}}")
        write_keys(course.folder / "others")
        foreign, _ = course.grade(f"engine: {{{endpoint}, tls: others, owner: {OWNER}}}")
    assert there.outcome is Outcome.GRADED, there.reason
    assert passed(there) == passed(here)
    assert foreign.outcome is Outcome.UNREACHABLE


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    """This machine's engine behind ssh, and on PATH an `ssh` that knows the way."""
    with ssh_server(tmp_path / "ssh") as found:
        monkeypatch.setenv("PATH", found.path)
        yield found


def over(server: SshServer) -> str:
    return f"engine: {{endpoint: '{server.endpoint}', owner: {OWNER}}}"


@pytest.mark.sshd
def test_an_engine_behind_ssh_is_asked_as_one_at_hand(course: Course, ssh: SshServer) -> None:
    here, _ = course.grade(BY_ENGINE)
    there, _ = course.grade(over(ssh))
    assert there.outcome is Outcome.GRADED, there.reason
    assert passed(there) == passed(here)


@pytest.mark.sshd
@pytest.mark.parametrize(
    ("known", "key", "what", "remedy"),
    [
        (None, "learner", "is not known here", "ssh USER@HOST"),
        ("stranger", "learner", "may be another machine", "ssh-keygen -R"),
        ("host", "stranger", "does not take your ssh key", "ssh-copy-id"),
    ],
)
def test_ssh_asks_nobody_and_says_what_helps(
    course: Course, ssh: SshServer, known: str | None, key: str, what: str, remedy: str
) -> None:
    ssh.know(known)
    ssh.be(key)
    result, _ = course.grade(over(ssh))
    assert result.outcome is Outcome.UNREACHABLE
    assert what in str(result.reason)
    assert remedy in str(result.reason)
    before = (ssh.folder / "known_hosts").read_text()
    said = course.at_a_terminal("grade", str(course.folder / "class.yaml"), "--again")
    assert what in " ".join(said.split())
    assert "(yes/no" not in said and "password:" not in said
    assert (ssh.folder / "known_hosts").read_text() == before


def test_what_was_logged_is_done_anew(course: Course) -> None:
    submitted, _ = course.grade(BY_FILE)
    result, _ = course.grade(BY_FILE, "--replay", "--i-trust-this")
    assert (result.outcome, result.mode) == (Outcome.GRADED, Mode.REPLAY), result.reason
    assert passed(result) == passed(submitted)
    assert FindingKind.DIFFERENT_VERDICT not in kinds(result)


def test_an_edited_log_is_seen_by_a_replay(course: Course, tmp_path: Path) -> None:
    """The observations claim a container that no logged command makes."""
    from dataclasses import replace

    from runner.grade.keys import Registry, read_registry, registered, write_registry
    from runner.grade.signing import public_of
    from runner.grade.submission import open_submission, write_submission

    private = bytes(range(32))
    with open_submission(course.folder / "ada.ldn") as found:
        head, work = found.head, found.work("lesson-02")
    cut = tuple(
        replace(lab, typed=tuple(replace(one, command="true") for one in lab.typed))
        for lab in work.labs
    )
    write_submission(course.folder / "forged.ldn", head, [replace(work, labs=cut)], private)
    path = course.folder / "class.yaml"
    honest: Registry = read_registry(path)
    write_registry(path, registered(honest, "ada", public_of(private)))
    try:
        result, _ = course.grade("submission: forged.ldn", "--replay", "--i-trust-this")
    finally:
        write_registry(path, honest)
    assert not passed(result) & DONE
    assert FindingKind.DIFFERENT_VERDICT in kinds(result)


def test_a_docker_before_the_real_one_changes_nothing_and_is_told(course: Course) -> None:
    honest, _ = course.grade(BY_ENGINE)
    lie = "#!/bin/sh\necho everything is fine\n"
    course.inside(f"printf %s {json.dumps(lie)} >/usr/local/bin/docker")
    course.inside("cp /usr/local/bin/docker /usr/local/bin/bash; chmod +x /usr/local/bin/*")
    try:
        result, said = course.grade(BY_ENGINE)
    finally:
        course.inside("/ldn/bin/rm /usr/local/bin/docker /usr/local/bin/bash")
    assert result.score == honest.score
    [finding] = [one for one in result.findings if one.kind is FindingKind.LYING_LAB]
    assert "/usr/local/bin/docker" in finding.evidence
    assert "lying lab" in said


@pytest.mark.parametrize("body", ["exec /ldn/bin/sleep 1000", "echo everything is fine"])
def test_a_bash_and_a_docker_that_hang_or_lie_change_nothing_and_are_told(
    course: Course, body: str
) -> None:
    honest, _ = course.grade(BY_ENGINE)
    names = "bash docker"
    script = json.dumps(f"#!/ldn/bin/sh\\n{body}\\n")
    course.inside(f"cd /usr/bin; for i in {names}; do /ldn/bin/mv $i $i-real; done")
    course.inside(f"cd /usr/bin; for i in {names}; do printf {script} >$i; chmod +x $i; done")
    try:
        result, _ = course.grade(BY_ENGINE, "--limit", "60")
    finally:
        course.inside(f"cd /usr/bin; for i in {names}; do /ldn/bin/mv $i-real $i; done")
    assert (result.outcome, result.score) == (Outcome.GRADED, honest.score), result.reason
    [finding] = [one for one in result.findings if one.kind is FindingKind.LYING_LAB]
    assert {"C /usr/bin/bash", "C /usr/bin/docker"} <= set(finding.evidence.splitlines())


@pytest.mark.parametrize(
    ("lie", "undo", "told"),
    [
        (
            "mount --bind /tmp /usr/sbin",
            "/ldn/bin/nsenter -t 1 -m /usr/bin/umount /usr/sbin",
            "covered",
        ),
        ("touch /etc/ld.so.preload", "/ldn/bin/rm /etc/ld.so.preload", "preload"),
        (
            "mv /run/docker.sock /run/kept; /ldn/bin/nc -lkU /run/docker.sock >/dev/null 2>&1 &"
            " until [ -S /run/docker.sock ]; do /ldn/bin/sleep 0.1; done",
            "kill $(/ldn/bin/pgrep -f '[n]c -lkU'); /ldn/bin/mv /run/kept /run/docker.sock",
            "listener",
        ),
    ],
)
def test_what_is_put_before_the_programs_of_a_lab_is_told(
    course: Course, lie: str, undo: str, told: str
) -> None:
    course.inside(lie)
    try:
        result, _ = course.grade(BY_ENGINE, "--limit", "60")
    finally:
        course.inside(undo)
    messages = {one.message.text for one in result.findings if one.kind is FindingKind.LYING_LAB}
    assert SAID[told].text in messages, result.reason


def test_a_cover_over_our_tools_is_told(course: Course) -> None:
    course.inside("cp -r /ldn/bin /tmp/bin && mount --bind /tmp/bin /ldn/bin")
    try:
        result, _ = course.grade(BY_ENGINE)
    finally:
        course.inside("umount /ldn/bin")
    assert FindingKind.LYING_LAB in kinds(result)


def test_a_stopped_engine_is_no_failed_work(course: Course) -> None:
    course.inside("systemctl stop docker.socket docker")
    try:
        result, _ = course.grade(BY_ENGINE)
    finally:
        course.inside("systemctl start docker.socket docker")
    assert result.outcome is Outcome.ERRORED
    assert "engine" in str(result.reason)


def test_a_hung_engine_is_given_up(course: Course) -> None:
    course.inside("kill -STOP $(pidof dockerd)")
    try:
        result, _ = course.grade(BY_ENGINE, "--limit", "60")
    finally:
        course.inside("kill -CONT $(pidof dockerd)")
    assert result.outcome is Outcome.ERRORED
    assert result.score == 0


def test_a_paused_lab_stays_paused_and_is_told(course: Course) -> None:
    Docker().check("pause", course.container)
    try:
        result, _ = course.grade(BY_ENGINE)
        state = Docker().inspect(course.container)[0]["State"]["Status"]
    finally:
        Docker().check("unpause", course.container)
    assert (result.outcome, state) == (Outcome.ERRORED, "paused")
    assert "paused" in str(result.reason)


def test_without_a_lab_the_record_on_the_volume_is_judged(course: Course) -> None:
    course.run("down")
    result, _ = course.grade(BY_ENGINE)
    assert (result.outcome, result.mode) == (Outcome.GRADED, Mode.LIVE), result.reason
    assert passed(result) >= DONE
    class_ = load_class(course.folder / "class.yaml")
    assert class_.learners[0].id == "ada"
