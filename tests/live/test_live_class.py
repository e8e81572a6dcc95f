"""A class looked at where it is, its coordinator killed in the middle; each is told rightly."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from runner.course.lesson import HostSpec
from runner.grade.class_file import load_class
from runner.grade.finding import FindingKind
from runner.grade.result import LearnerResult, Outcome
from runner.grade.store import Results
from runner.grade.volume import any_image
from runner.grade.work import Work
from runner.grade.work_json import work_to_json
from runner.lab import lab as labs
from runner.lab.handle import LabRequest
from runner.lab.names import Role, label_options, labels, store_name
from runner.lab.outer import Docker
from tests.directory_lab import write_course
from tests.grade.learners import TIMES, perfect, write_class
from tests.grade.making import digest_of
from tests.lab.agents import gone, until

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
OWNER = "grade-test"
"""As in the other tests of grading: their images are there already."""
RULES = "  - {id: lesson-01, due: '2026-11-20 18:00', late: 10}"
RECORDS = ("perfect", "copied", "copier", "late", "calm", "early", "quick", "steady")
"""Eight of the twelve have left a record and no lab."""


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Path]:
    """An engine's socket at which somebody listens who never says a word."""
    path = tmp_path / "hung.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(50)
        yield path


@pytest.fixture
def stopped() -> Iterator[None]:
    """A lab of the small course whose Docker engine has been stopped."""
    request = LabRequest("small", "lesson-01", OWNER, {"docker": HostSpec()})
    handle = labs.reset(request)
    container = handle.host().container
    Docker().check("exec", container, "systemctl", "stop", "docker.socket", "docker")
    yield
    labs.down(OWNER)


@pytest.fixture
def records(tmp_path: Path, stopped: None) -> Iterator[None]:
    """Volumes of learners whose labs are gone and whose records are there."""
    digest = digest_of(write_course(tmp_path / "course"), "lesson-01")
    own = {name: perfect(digest, f"{number:08x}") for number, name in enumerate(RECORDS)}
    own["copier"] = own["copied"]
    own["late"] = _a_week_later(own["late"])
    try:
        for name, work in own.items():
            _store(f"grade-{name}", work)
        yield
    finally:
        Docker().run("volume", "rm", *(store_name(f"grade-{name}") for name in own))


def _a_week_later(work: Work) -> Work:
    def later(at: str | None) -> str:
        return (at or "").replace("11-20T", "11-27T")

    return replace(
        work,
        started=later(work.started),
        completed=later(work.completed),
        seen=tuple(replace(one, at=later(TIMES[one.check])) for one in work.seen),
        answers=tuple(replace(one, at=later(one.at)) for one in work.answers),
    )


def _store(owner: str, work: Work) -> None:
    docker, volume = Docker(), store_name(owner)
    docker.check("volume", "create", *label_options(labels(owner, Role.STORE)), volume)
    mount = f"--mount=type=volume,source={volume},target=/store"
    made = docker.check("create", "--entrypoint=/bin/true", mount, any_image(docker) or "").strip()
    content, packed = json.dumps(work_to_json(work)).encode(), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("record/small-lesson-01.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    docker.check("cp", "-", f"{made}:/store", input=packed.getvalue())
    docker.check("rm", made)


def _engines(silent: Path) -> str:
    context = {name: f"context: default, owner: grade-{name}" for name in RECORDS}
    where: Mapping[str, str] = {
        **context,
        "stopped": f"context: default, owner: {OWNER}",
        "missing": "context: default, owner: grade-nobody",
        "unreachable": f"endpoint: 'unix://{silent}-not-there'",
        "hung": f"endpoint: 'unix://{silent}'",
    }
    return "".join(
        f"\n  - {{id: {name}, name: {name.title()}, engine: {{{engine}}}}}"
        for name, engine in where.items()
    )


def _command(folder: Path) -> list[str]:
    words = ["grade", str(folder / "class.yaml"), "--out", str(folder / "out"), "--limit", "25"]
    return [sys.executable, "-m", "runner.cli.main", "--yes", *words]


def _rows(folder: Path) -> dict[str, LearnerResult]:
    if not (folder / "out" / "results.sqlite").exists():
        return {}
    rules = load_class(folder / "class.yaml").lessons
    with Results(folder / "out" / "results.sqlite") as results:
        runs = results.runs()
        found = results.learners(runs[0], rules) if runs else []
        return {one.learner.id: one for one in found if one.lessons}


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for one in found for word in one.read_text().split()]


def test_each_of_a_class_is_told_rightly_though_its_coordinator_is_killed(
    tmp_path: Path, silent: Path, records: None
) -> None:
    write_class(tmp_path, [], RULES, _engines(silent))
    environment = {**os.environ, "LANG": "C.UTF-8"}
    first = subprocess.Popen(_command(tmp_path), cwd=ROOT, env=environment)
    until(lambda: len(_done(tmp_path)) >= 3, 60)
    workers = _children(first.pid)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    kept = _done(tmp_path)
    assert "hung" not in kept
    assert workers
    until(lambda: all(gone(one) for one in workers), 60)
    again = subprocess.run(
        _command(tmp_path), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert again.returncode == 3, again.stderr
    assert "Going on with run" in again.stdout + again.stderr
    _are_told_rightly(tmp_path)


def _done(folder: Path) -> set[str]:
    return {
        name
        for name, one in _rows(folder).items()
        if any(row.outcome is Outcome.GRADED for row in one.lessons)
    }


def _are_told_rightly(folder: Path) -> None:
    class_ = load_class(folder / "class.yaml")
    rows = _rows(folder)
    assert set(rows) == {one.id for one in class_.learners}
    outcomes = {name: one.lessons[0].outcome for name, one in rows.items()}
    assert outcomes == {
        **dict.fromkeys(RECORDS, Outcome.GRADED),
        "stopped": Outcome.ERRORED,
        "missing": Outcome.NO_LAB,
        "unreachable": Outcome.UNREACHABLE,
        "hung": Outcome.UNREACHABLE,
    }
    assert rows["perfect"].total == rows["copied"].total == 100
    assert rows["late"].total == 30
    assert "engine" in str(rows["stopped"].lessons[0].reason)
    assert "did not end within" in str(rows["hung"].lessons[0].reason)
    with Results(folder / "out" / "results.sqlite") as results:
        [run] = results.runs()
        found = results.findings(run)
    assert {one.learner for one in found if one.kind is FindingKind.SHARED_IDS} == {
        "copied",
        "copier",
    }
