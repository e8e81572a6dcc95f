"""How engines are reached, with a `docker` program that says what a test wants."""

from __future__ import annotations

import io
import json
import os
import tarfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from checks.verdict import State
from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.grade import live, pool, replay
from runner.grade.class_ import LessonRule, Source, Where
from runner.grade.engines import Unreachable, machine_of, options_of, reach
from runner.grade.judging import Terms, judge_lesson
from runner.grade.live import Crew, Look, Visit
from runner.grade.planning import make_plan
from runner.grade.pool import Judge
from runner.grade.replay import Anew, Replays, engine_for
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.run import Grading
from runner.grade.store import Results
from runner.grade.task import Part, Piece, Task, Whole
from runner.grade.work import LabWork, Typed, Work
from runner.grade.work_json import work_to_json
from runner.lab.outer import Docker
from tests.grade import judges
from tests.grade.learners import STARTED, class_of, perfect, seen, submit, write_class

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


TYPED = LabWork(
    lab="0a1b2c3d",
    typed=(Typed(host="docker", folder="/root", command="touch one", status=0, at=STARTED),),
)


def tasks_of(tmp_path: Path, count: int) -> list[Task]:
    """Give learners whose engines are all on one machine."""
    lines = "".join(
        f"\n  - {{id: e{number}, name: E, engine: {{endpoint: 'unix:///e{number}'}}}}"
        for number in range(count)
    )
    class_ = write_class(tmp_path / "class", [], engines=lines)
    rules = (LessonRule(lesson="lesson-01"),)
    tasks = [Task(learner=one, lessons=rules, class_=class_) for one in class_.learners]
    assert {one.learner.source.where for one in tasks} == {Where.ENGINE}
    return tasks


def visited(tmp_path: Path, count: int, crew: Crew) -> list[Piece]:
    """Have a crew look at them."""
    tasks = tasks_of(tmp_path, count)
    pieces: list[Piece] = []
    crew.work(tasks, pieces.append, threading.Event())
    return pieces


def test_who_cannot_be_reached_has_a_row(docker: Path, tmp_path: Path) -> None:
    says(docker, "echo 'permission denied' >&2; exit 1")
    pieces = visited(tmp_path, 3, Crew(labs=2))
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
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = f"echo x >>{tmp_path}/tries; echo 'error during connect: unexpected EOF' >&2; exit 1"
    says(docker, f"case $* in *version*) echo '{VERSION}';; *) {broken};; esac")
    monkeypatch.setattr(live, "FIRST_PAUSE", 0.01)
    [part, _] = Look(300.0)(tasks_of(tmp_path, 1)[0])
    assert isinstance(part, Part)
    assert part.result.outcome is Outcome.UNREACHABLE
    assert len((tmp_path / "tries").read_text().split()) == 3, "it is visited twice more"


def test_a_connection_that_comes_back_is_no_reason(
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "echo 'error during connect: unexpected EOF' >&2; exit 1"
    once = f"mkdir {tmp_path}/once 2>/dev/null && {{ {broken}; }}"
    says(docker, f"case $* in *version*) echo '{VERSION}'; exit;; esac; {once}; exit 0")
    monkeypatch.setattr(live, "FIRST_PAUSE", 0.01)
    [part, _] = Look(300.0)(tasks_of(tmp_path, 1)[0])
    assert isinstance(part, Part)
    assert part.result.outcome is Outcome.NO_LAB


def test_an_engine_that_hangs_keeps_to_the_limit(docker: Path, tmp_path: Path) -> None:
    says(docker, f"case $* in *version*) echo '{VERSION}';; *) exec sleep 1000;; esac")
    begun = time.monotonic()
    [part, _] = Look(0.5)(tasks_of(tmp_path, 1)[0])
    assert isinstance(part, Part)
    assert part.result.outcome is Outcome.UNREACHABLE
    assert time.monotonic() - begun < 20


def stored(folder: Path, records: Mapping[str, bytes], engine: str) -> str:
    """Give a `docker` body whose engine has no lab, and a volume with these records by lesson."""
    archive = folder / f"{engine}.tar"
    with tarfile.open(archive, "w") as packed:
        for lesson, content in records.items():
            member = tarfile.TarInfo(f"./small-{lesson}.json")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return f"""case $* in
    *version*) echo '{VERSION}';;
    *'volume ls'*) echo ldn-x-store;;
    *'volume inspect'*) echo '[{{"Labels": {{}}}}]';;
    *'inspect'*) echo '[]';;
    *'image ls'*) echo abc;;
    *create*) echo {"0" * 64};;
    *' cp '*) cat {archive};;
    esac"""


def slow_pattern(folder: Path) -> None:
    """Have a course look for something that takes hours with a bad answer, and is simple enough to
    be let through.
    """
    file = folder / "course" / "lesson-01-files.yaml"
    slow = "run: cat number\n        stdout: {matches: 'a.*a.*a.*b'}"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('run: cat number\n        stdout: "42"', slow), encoding="utf-8")


def record_saying(said: str) -> bytes:
    work = replace(perfect(), seen=(seen("look.kept", said=said, state=State.PASSED),))
    return json.dumps(work_to_json(work)).encode()


def test_a_pattern_that_runs_away_holds_up_nobody_else(
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One lab's record makes the course's own pattern run for ever; the others are judged at once,
    and the clock goes on only when they are.
    """
    monkeypatch.setattr(pool, "SILENCE", 8.0)
    tasks = tasks_of(tmp_path, 4)
    slow_pattern(tmp_path / "class")
    good = stored(tmp_path, {"lesson-01": record_saying("aaab")}, "good")
    bad = stored(tmp_path, {"lesson-01": record_saying("a" * 60_000)}, "bad")
    says(docker, f"case $2 in *e1) {bad};; *) {good};; esac")
    pieces: list[Piece] = []

    def clock() -> float:
        wholes = sum(isinstance(one, Whole) for one in pieces)
        return time.monotonic() * 1000 if wholes >= 3 else 0.0

    Crew(labs=2, clock=clock).work(tasks, pieces.append, threading.Event())
    rows = {one.result.learner: one.result for one in pieces if isinstance(one, Part)}
    assert rows.pop("e1").outcome is Outcome.ERRORED
    assert {one.outcome for one in rows.values()} == {Outcome.GRADED}
    assert sum(isinstance(one, Whole) for one in pieces) == 4


@pytest.mark.parametrize("bad", [judges.dying, judges.hanging])
def test_one_bad_learner_costs_a_replay_of_the_others_nothing(
    docker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: Judge
) -> None:
    monkeypatch.setattr(replay, "MARGIN", 5.0)
    says(docker, f"case $* in *version*) echo '{VERSION}';; *inspect*) echo '[]';; esac")
    plan = make_plan(class_of(tmp_path, 6), mode=Mode.REPLAY)
    grading = Grading(plan, Results(tmp_path / "x.sqlite"), {})
    tasks = [grading._task(one, plan.rules) for one in plan.class_.learners]
    pieces: list[Piece] = []

    def clock() -> float:
        wholes = sum(isinstance(one, Whole) for one in pieces)
        return time.monotonic() * 1000 if wholes >= 1 else 0.0

    replays = Replays(Docker(), None, limit=1.0, judge=bad, clock=clock)
    replays.work(tasks, pieces.append, threading.Event())
    rows = {one.result.learner: one.result for one in pieces if isinstance(one, Part)}
    lost = rows.pop("s001")
    assert (lost.outcome, lost.mode) == (Outcome.ERRORED, Mode.REPLAY)
    assert {one.outcome for one in rows.values()} == {Outcome.GRADED, Outcome.ABSENT}


def test_a_replay_s_lost_engine_ends_the_run_and_not_the_class(
    docker: Path, tmp_path: Path
) -> None:
    """What is judged is kept, and the same command goes on from there."""
    gone = "echo 'Cannot connect to the Docker daemon' >&2; exit 1"
    says(
        docker,
        f"case $* in *version*) [ -e {tmp_path}/gone ] && {{ {gone}; }} || echo '{VERSION}';;"
        f" *info*) echo 1;; *' ls '*|ps*) touch {tmp_path}/gone; {gone};; *) {gone};; esac",
    )
    class_ = class_of(tmp_path, 3)
    submit(tmp_path, "s000", [replace(perfect(), labs=(TYPED,))])
    plan = make_plan(class_, mode=Mode.REPLAY)
    with Results(tmp_path / "x.sqlite") as results:
        replays = Replays(Docker(), None, limit=1.0)
        with pytest.raises(LearnError, match="does not answer any more") as caught:
            Grading(plan, results, {Where.SUBMISSION: replays}).run()
        assert caught.value.remedy is not None
        [run] = results.runs()
        assert run.ended is None
        assert not results.done(run)


def test_one_machine_is_not_asked_by_more_than_it_may(docker: Path, tmp_path: Path) -> None:
    """Each visit notes how many are there with it; two wait for each other, so that both are."""
    says(
        docker,
        f"mkdir {tmp_path}/in.$$; ls -d {tmp_path}/in.* | wc -l >>{tmp_path}/most;"
        f" for i in $(seq 50); do [ $(ls -d {tmp_path}/in.* | wc -l) -ge 2 ] && break; sleep 0.1;"
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
    task = Task(learner=class_.learners[0], lessons=rules, class_=class_)
    pieces = list(Look(300.0)(task))
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

    monkeypatch.setattr(Anew, "_result", broken)
    pieces = [piece for task in tasks for piece in Anew(Docker(), None, 1.0, ("x",))(task)]
    parts = [one.result for one in pieces if isinstance(one, Part)]
    assert [(one.learner, one.outcome) for one in parts] == [
        ("s000", Outcome.ERRORED),
        ("s001", Outcome.ERRORED),
    ]
    assert "KeyError" in str(parts[0].reason)
