"""How engines are reached, with a `docker` program that says what a test wants."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.grade.class_ import LessonRule, Source, Where
from runner.grade.engines import Unreachable, machine_of, options_of, reach
from runner.grade.live import Crew
from runner.grade.replay import engine_for
from runner.grade.result import Outcome
from runner.grade.task import Part, Piece, Task, Whole
from runner.lab.outer import Docker
from tests.grade.learners import write_class

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
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
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
    assert engine_for(None, trusted=True).argv("ps")[1:] == ["ps"]
    assert engine_for("default", trusted=True).argv("ps")[1:] == ["--context", "default", "ps"]
