"""How engines are reached, with a `docker` program that says what a test wants."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.grade import live
from runner.grade.class_ import LessonRule, Source, Where
from runner.grade.engines import Unreachable, machine_of, options_of, reach
from runner.grade.judging import Terms, judge_lesson
from runner.grade.live import Crew, Visit
from runner.grade.planning import make_plan
from runner.grade.replay import Replays, engine_for
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.run import Grading
from runner.grade.store import Results
from runner.grade.task import Part, Piece, Task, Whole
from runner.grade.work import Work
from runner.grade.work_json import work_to_json
from runner.lab.outer import Docker
from tests.grade.learners import class_of, perfect, write_class

VERSION = json.dumps({"Client": {"Version": "28"}, "Server": {"Version": "28", "ApiVersion": "1"}})


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `docker` of our own first; its body is written by the test."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


def says(program: Path, body: str) -> None:
    program.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (Source(context="lab"), ("--context", "lab")),
        (Source(endpoint="ssh://ada@host"), ("--host", "ssh://ada@host")),
        (Source(), ()),
    ],
)
def test_an_engine_is_named_by_options(source: Source, options: tuple[str, ...]) -> None:
    assert options_of(source) == options
    assert Docker("docker", options=options).argv("ps") == ["docker", *options, "ps"]


def test_tcp_goes_by_tls() -> None:
    found = options_of(Source(endpoint="tcp://host:2376", tls=Path("/keys")))
    assert found[0] == "--tlsverify"
    assert found[-2:] == ("--host", "tcp://host:2376")
    assert "/keys/key.pem" in found


@pytest.mark.parametrize(
    ("endpoint", "machine"),
    [
        ("ssh://ada@lab1.example", "lab1.example"),
        ("tcp://10.0.0.7:2376", "10.0.0.7"),
        ("unix:///var/run/docker.sock", "localhost"),
        ("unix:///run/other.sock", "localhost"),
        ("ssh://[bad", "ssh://[bad"),
    ],
)
def test_learners_on_one_machine_are_known_by_it(endpoint: str, machine: str) -> None:
    assert machine_of(Source(endpoint=endpoint)) == machine


def test_trouble_with_the_connection_is_tried_again(docker: Path, tmp_path: Path) -> None:
    says(
        docker,
        f"echo x >>{tmp_path}/tries; [ $(wc -l <{tmp_path}/tries) -ge 3 ] && echo '{VERSION}' ||"
        " { echo 'connection refused' >&2; exit 1; }",
    )
    pauses: list[float] = []
    assert reach(Docker(), pauses.append).answers
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize(
    ("words", "tries"),
    [
        ("Cannot connect to the Docker daemon", 3),
        ("permission denied", 1),
        ("context not found", 1),
        ("error during connect: context deadline exceeded", 3),
        ("Host key verification failed.", 1),
    ],
)
def test_what_will_not_get_better_is_not_tried_again(
    docker: Path, tmp_path: Path, words: str, tries: int
) -> None:
    says(docker, f"echo x >>{tmp_path}/tries; echo '{words}' >&2; exit 1")
    with pytest.raises(Unreachable):
        reach(Docker(), lambda _: None)
    assert len((tmp_path / "tries").read_text().splitlines()) == tries


def visited(tmp_path: Path, count: int, crew: Crew) -> list[Piece]:
    """Have a crew look at learners whose engines are all on one machine."""
    lines = "".join(
        f"\n  - {{id: e{number}, name: E, engine: {{endpoint: 'unix:///nowhere'}}}}"
        for number in range(count)
    )
    class_ = write_class(tmp_path / "class", [], engines=lines)
    rules = (LessonRule(lesson="lesson-01"),)
    tasks = [Task(learner=one, lessons=rules, class_=class_) for one in class_.learners]
    assert {one.learner.source.where for one in tasks} == {Where.ENGINE}
    pieces: list[Piece] = []
    crew.work(tasks, pieces.append, threading.Event())
    return pieces


def test_who_cannot_be_reached_has_a_row(docker: Path, tmp_path: Path) -> None:
    says(docker, "echo 'permission denied' >&2; exit 1")
    pieces = visited(tmp_path, 3, Crew())
    parts = [one for one in pieces if isinstance(one, Part)]
    assert {one.result.outcome for one in parts} == {Outcome.UNREACHABLE}
    assert {one.result.learner for one in parts} == {"e0", "e1", "e2"}
    assert sum(isinstance(one, Whole) for one in pieces) == 3


@pytest.mark.parametrize(
    ("words", "what", "remedy"),
    [
        ("stderr=Host key verification failed.", "not known here", "compare the key"),
        (
            "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! Host key verification failed.",
            "another machine",
            "ssh-keygen -R",
        ),
        ("ada@lab: Permission denied (publickey).", "your ssh key", "ssh-copy-id"),
    ],
)
def test_what_ssh_says_is_told_with_a_remedy(
    docker: Path, tmp_path: Path, words: str, what: str, remedy: str
) -> None:
    says(docker, f"echo '{words}' >&2; exit 1")
    [part] = [one for one in visited(tmp_path, 1, Crew()) if isinstance(one, Part)]
    assert part.result.outcome is Outcome.UNREACHABLE
    assert what in str(part.result.reason)
    assert remedy in str(part.result.reason)


def test_an_engine_without_a_lab_is_told_apart(docker: Path, tmp_path: Path) -> None:
    says(docker, f"case $* in *version*) echo '{VERSION}';; *inspect*) echo '[]';; esac")
    [part] = [one for one in visited(tmp_path, 1, Crew()) if isinstance(one, Part)]
    assert part.result.outcome is Outcome.NO_LAB


def test_a_connection_that_breaks_off_later_is_unreachable_too(
    docker: Path, tmp_path: Path
) -> None:
    broken = "echo 'error during connect: unexpected EOF' >&2; exit 1"
    says(docker, f"case $* in *version*) echo '{VERSION}';; *) {broken};; esac")
    [part] = [one for one in visited(tmp_path, 1, Crew()) if isinstance(one, Part)]
    assert part.result.outcome is Outcome.UNREACHABLE


def test_one_machine_is_not_asked_by_more_than_it_may(docker: Path, tmp_path: Path) -> None:
    """Each visit notes how many are there with it; two wait for each other, so that both are."""
    says(
        docker,
        f"mkdir {tmp_path}/in.$$; ls -d {tmp_path}/in.* | wc -l >>{tmp_path}/most;"
        f" for i in 1 2 3 4 5; do [ $(ls -d {tmp_path}/in.* | wc -l) -ge 2 ] && break; sleep 0.1;"
        f" done; rmdir {tmp_path}/in.$$; echo 'permission denied' >&2; exit 1",
    )
    visited(tmp_path, 6, Crew(labs=6, per_host=2))
    assert max(map(int, (tmp_path / "most").read_text().split())) == 2


def test_a_replay_wants_an_engine_that_is_meant_for_it(docker: Path) -> None:
    says(
        docker,
        "case $* in *far*) echo ssh://vm;; *gone*) exit 1;; *) echo unix:///run/docker.sock;; esac",
    )
    assert engine_for("far", trusted=False).argv("ps")[1:] == ["--context", "far", "ps"]
    for context in (None, "default", "gone"):
        with pytest.raises(LearnError):
            engine_for(context, trusted=False)
    says(docker, "case $* in *inspect*) echo ssh://$5;; *info*) echo ONE-AND-THE-SAME;; esac")
    with pytest.raises(LearnError, match="leads to this machine's own"):
        engine_for("tunnel", trusted=False)
    assert engine_for("tunnel", trusted=True).argv("ps")[1:] == ["--context", "tunnel", "ps"]
    assert engine_for(None, trusted=True).argv("ps")[1:] == ["ps"]
    assert engine_for("default", trusted=True).argv("ps")[1:] == ["--context", "default", "ps"]


def test_a_context_is_looked_up_once_and_nobody_waits_for_the_rest(
    docker: Path, tmp_path: Path
) -> None:
    says(
        docker,
        f"case $* in context*) echo x >>{tmp_path}/asked; echo ssh://lab;;"
        " *) echo 'permission denied' >&2; exit 1;; esac",
    )
    lines = "".join(
        f"\n  - {{id: e{number}, name: E, engine: {{context: room, owner: e{number}}}}}"
        for number in range(5)
    )
    class_ = write_class(tmp_path / "class", [], engines=lines)
    rules = (LessonRule(lesson="lesson-01"),)
    tasks = [Task(learner=one, lessons=rules, class_=class_) for one in class_.learners]
    pieces: list[Piece] = []
    Crew().work(tasks, pieces.append, threading.Event())
    assert sum(isinstance(one, Whole) for one in pieces) == 5
    assert (tmp_path / "asked").read_text().split() == ["x"]


def test_one_lesson_that_breaks_costs_a_lab_s_others_nothing(
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(docker, f"case $* in *version*) echo '{VERSION}';; *inspect*) echo '[]';; esac")
    class_ = write_class(
        tmp_path / "class", [], engines="\n  - {id: e, name: E, engine: {endpoint: 'unix:///x'}}"
    )
    copies = {
        "lesson-01": json.dumps(work_to_json(perfect())).encode(),
        "lesson-02": json.dumps(work_to_json(replace(perfect(), lesson="lesson-02"))).encode(),
    }
    monkeypatch.setattr(Visit, "_copies", lambda *_: copies)
    judge = judge_lesson

    def broken(lesson: Lesson, work: Work, terms: Terms) -> LessonResult:
        if lesson.id == "lesson-01":
            raise ZeroDivisionError("x" * 10_000)
        return judge(lesson, work, terms)

    monkeypatch.setattr(live, "judge_lesson", broken)
    rules = (LessonRule(lesson="lesson-01"), LessonRule(lesson="lesson-02"))
    pieces: list[Piece] = []
    task = Task(learner=class_.learners[0], lessons=rules, class_=class_)
    Crew().work([task], pieces.append, threading.Event())
    one, other = (piece.result for piece in pieces if isinstance(piece, Part))
    assert (one.outcome, other.outcome) == (Outcome.ERRORED, Outcome.GRADED)
    assert "ZeroDivisionError" in str(one.reason)
    assert len(str(one.reason)) < 1000


def test_a_replay_that_breaks_costs_only_its_lesson(
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(docker, f"case $* in *version*) echo '{VERSION}';; *inspect*) echo '[]';; esac")
    class_ = class_of(tmp_path, 2)
    plan = make_plan(class_, mode=Mode.REPLAY)
    grading = Grading(plan, Results(tmp_path / "x.sqlite"), {})
    tasks = [grading._task(one, plan.rules) for one in plan.class_.learners]

    def broken(*_: object) -> LessonResult:
        raise KeyError("docker2")

    replays = Replays(Docker(), None, limit=1.0)
    monkeypatch.setattr(Replays, "_result", broken)
    pieces: list[Piece] = []
    replays.work(tasks, pieces.append, threading.Event())
    parts = [one.result for one in pieces if isinstance(one, Part)]
    assert [(one.learner, one.outcome) for one in parts] == [
        ("s000", Outcome.ERRORED),
        ("s001", Outcome.ERRORED),
    ]
    assert "KeyError" in str(parts[0].reason)
