"""`grade` as an instructor types it: the table, the exit status, what strangers wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.finding import FindingKind, Weight
from runner.grade.report import junit, wording
from runner.grade.result import Outcome
from runner.grade.store import Results
from tests.grade.learners import class_of, half, perfect, seen, submit, write_class
from tests.grade.making import digest_of

ROOT = Path(__file__).parents[2]
Grade = Callable[..., tuple[int, str, str]]


@pytest.fixture
def grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Grade:
    """Give the command, as exit status, stdout and stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["grade", str(tmp_path / "class.yaml"), "--jobs", "1", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def rename(tmp_path: Path, old: str, new: str) -> Class:
    path = tmp_path / "class.yaml"
    path.write_text(path.read_text().replace(old, new), encoding="utf-8")
    return load_class(path)


def test_a_class_becomes_a_table(tmp_path: Path, grade: Grade) -> None:
    class_of(tmp_path, 3)
    status, said, _ = grade()
    lines = said.splitlines()
    assert status == 0
    assert lines[0].split() == ["learner", "name", "01", "total", "findings"]
    assert lines[1].split() == ["s000", "S000", "100", "100.0"]
    assert lines[2].split() == ["s001", "S001", "67", "66.7"]
    assert lines[3].split() == ["s002", "S002", "–", "0.0"]
    assert "3 learners; mean 55.6, lowest 0.0, highest 100.0" in said
    assert "  s002 lesson-01: absent. Nothing was handed in." in said


def test_results_lie_beside_the_class_file_or_where_they_are_wanted(
    tmp_path: Path, grade: Grade
) -> None:
    class_of(tmp_path, 1)
    grade()
    grade("--out", str(tmp_path / "elsewhere"))
    for folder in ("class-grades", "elsewhere"):
        with Results(tmp_path / folder / "results.sqlite") as results:
            assert [one.id for one in results.runs()] == ["1"]


@pytest.mark.parametrize(
    ("broken", "status"), [(OSError("no space"), 3), (KeyboardInterrupt(), 130)]
)
def test_a_run_that_ended_before_all_was_written_is_only_written(
    tmp_path: Path,
    grade: Grade,
    monkeypatch: pytest.MonkeyPatch,
    broken: BaseException,
    status: int,
) -> None:
    def breaks(*_: object) -> None:
        raise broken

    class_of(tmp_path, 2)
    with monkeypatch.context() as patched:
        patched.setattr(junit, "write", breaks)
        assert grade()[0] == status
    _, said, told = grade()
    assert "Going on with run 1" in told
    assert said.splitlines()[1].split() == ["s000", "S000", "100", "100.0"]
    assert (tmp_path / "class-grades" / "junit.xml").exists()
    assert "Going on" not in grade()[2]
    with Results(tmp_path / "class-grades" / "results.sqlite") as results:
        assert [one.id for one in results.runs()] == ["1", "2"]


def test_two_runs_are_compared(tmp_path: Path, grade: Grade) -> None:
    class_of(tmp_path, 3)
    grade()
    submit(tmp_path, "s001", [perfect(digest_of(tmp_path / "course", "lesson-01"), "00000001")])
    _, said, _ = grade("--compare", "1")
    assert "  s001 lesson-01: 66.7 → 100.0" in said
    assert "s000 lesson-01" not in said
    _, said, _ = grade("--compare", "2")
    assert "All came out as in run 2." in said


def test_chosen_lessons_alone_are_judged(tmp_path: Path, grade: Grade) -> None:
    class_of(tmp_path, 1)
    rename(tmp_path, "  - lesson-01", "  - lesson-01\n  - lesson-02")
    _, said, _ = grade("--lessons", "lesson-01")
    assert said.splitlines()[1].split() == ["s000", "S000", "100", "100.0"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--jobs", "0"], 2, "at least 1"),
        (["--compare", "7"], 2, "There is no run 7"),
        (["--lessons", "lesson-99"], 2, "lesson-99"),
        (["--lessons", ","], 2, "No lesson is named"),
        (["--limit", "0"], 2, "at least 1"),
        (["--on", "vm"], 2, "--replay"),
        (["--docker", "26.1"], 2, "--replay"),
        (["--i-trust-this"], 2, "--replay"),
        (["--tls", "keys"], 2, "--scheduler"),
        (["--out", "/dev/null/x"], 3, "cannot be written"),
        (["--replay", "--scheduler", "tls://a:1"], 2, "cluster"),
        (["--replay"], 3, "--i-trust-this"),
        (["--scheduler", "tcp://a:1"], 2, "TLS"),
        (["--scheduler", "tls://a:1"], 2, "--tls"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_on(
    tmp_path: Path, grade: Grade, words: list[str], status: int, told: str
) -> None:
    class_of(tmp_path, 1)
    found, said, complained = grade(*words)
    assert (found, said) == (status, "")
    assert told in complained


def test_what_strangers_write_does_nothing_to_the_terminal(tmp_path: Path, grade: Grade) -> None:
    """Names from a roster, outputs from a lab: escape codes are shown, lines stay lines."""
    write_class(tmp_path, ["ada"])
    rename(tmp_path, "name: Ada", r'name: "A\e[2Jda\nE\u202Eve"')
    evil = "\x1b]0;owned\x07\x1b[31m\u202e<script>=1+1\r\n" * 3
    lie = seen("make.there", 1, evil)
    work = replace(perfect(digest_of(tmp_path / "course", "lesson-01")), seen=(lie,))
    claimed = replace(lie, state=half().seen[0].state)
    submit(tmp_path, "ada", [replace(work, seen=(claimed,))])
    status, said, complained = grade("--no-color")
    assert status == 0
    assert "A\\x1b[2Jda E\\u202eve" in said
    assert not set(said + complained) & {"\x1b", "\x07", "\u202e", "\r"}
    assert "different verdict" in said
    assert len(said.splitlines()) == 7


def as_a_program(tmp_path: Path, *, reader_stays: bool = True) -> subprocess.CompletedProcess[str]:
    """Grade in a process whose streams take UTF-8 and nothing else."""
    command = [sys.executable, "-m", "runner.cli.main", "grade", str(tmp_path / "class.yaml")]
    reader, writer = os.pipe()
    if not reader_stays:
        os.close(reader)
    try:
        return subprocess.run(
            [*command, "--jobs", "1"],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
            stdout=subprocess.PIPE if reader_stays else writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
        if reader_stays:
            os.close(reader)


def test_a_files_name_that_is_no_utf_8_costs_nobody_the_gradebook(tmp_path: Path) -> None:
    class_of(tmp_path, 1)
    name = os.fsencode(tmp_path / "handed-in") + b"/caf\xe9.ldn"
    Path(os.fsdecode(name)).write_bytes(b"broken")
    done = as_a_program(tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "caf\\udce9.ldn" in done.stdout
    folder = tmp_path / "class-grades"
    for file in (*folder.glob("*.csv"), folder / "junit.xml", *folder.rglob("*.html")):
        assert file.read_text(encoding="utf-8")
    assert "caf" in (folder / "results.json").read_text(encoding="utf-8")
    assert "caf\\udce9.ldn" in (folder / "report" / "index.html").read_text(encoding="utf-8")


def test_whoever_stops_reading_the_table_has_the_files_all_the_same(tmp_path: Path) -> None:
    class_of(tmp_path, 2)
    done = as_a_program(tmp_path, reader_stays=False)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "class-grades" / "gradebook.csv").exists()


def test_a_broken_file_is_one_row_and_no_more(tmp_path: Path, grade: Grade) -> None:
    class_of(tmp_path, 4)
    rename(tmp_path, "{id: s001, name: S001}", "{id: s001, name: S001, submission: bad.ldn}")
    (tmp_path / "handed-in" / "s001.ldn").unlink()
    (tmp_path / "bad.ldn").write_bytes(b"PK\x03\x04 this is no submission")
    status, said, _ = grade()
    assert status == 3
    assert said.splitlines()[2].split()[:3] == ["s001", "S001", "!"]
    assert "  s001 lesson-01: errored." in said
    assert [line.split()[2] for line in said.splitlines()[1:5]] == ["100", "!", "–", "100"]


def test_every_outcome_finding_and_weight_has_a_name() -> None:
    assert set(wording.OUTCOMES) == set(Outcome)
    assert set(wording.KINDS) == set(FindingKind)
    assert set(wording.WEIGHTS) == set(Weight)
