"""A run over a class: every learner gets a row, whatever happens, and nothing counts twice."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.grade.class_ import Class, Where
from runner.grade.class_file import load_class
from runner.grade.finding import FindingKind
from runner.grade.folder import Busy, alone
from runner.grade.keys import Registry, read_registry, write_registry
from runner.grade.planning import make_plan
from runner.grade.pool import Judge, Pool
from runner.grade.result import LearnerResult, Outcome, Run
from runner.grade.run import Grading, Judged, exit_of
from runner.grade.signing import public_of
from runner.grade.store import Results
from runner.grade.task import Emit, Judges, Part, Piece, Task, Whole
from tests.grade import judges
from tests.grade.learners import MADE, class_of, perfect, private_of, submit, write_class
from tests.grade.making import digest_of, members, pack

ROOT = Path(__file__).parents[2]


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Results]:
    with Results(tmp_path / "results.sqlite") as found:
        yield found


def grade(class_: Class, results: Results, judging: Judges | None = None, **more: bool) -> Run:
    plan = make_plan(class_)
    run = Grading(plan, results, {Where.SUBMISSION: judging or Pool(2)}).run(**more)
    results.written(run)
    return run


def book(class_: Class, results: Results, run: Run) -> dict[str, LearnerResult]:
    return {one.learner.id: one for one in results.learners(run, class_.lessons)}


def scores(class_: Class, results: Results, run: Run) -> dict[str, tuple[str, float]]:
    return {
        name: (one.lessons[0].outcome.value, round(one.total, 2))
        for name, one in book(class_, results, run).items()
    }


def test_every_learner_has_a_row(tmp_path: Path, results: Results) -> None:
    class_ = class_of(tmp_path, 6)
    run = grade(class_, results)
    assert scores(class_, results, run) == {
        "s000": ("graded", 100),
        "s001": ("graded", 66.67),
        "s002": ("absent", 0),
        "s003": ("graded", 100),
        "s004": ("graded", 66.67),
        "s005": ("absent", 0),
    }
    assert run.ended
    assert not results.findings(run)


@pytest.mark.parametrize("bad", [judges.dying, judges.hanging])
def test_one_bad_learner_costs_nobody_else_anything(
    tmp_path: Path, results: Results, bad: Judge
) -> None:
    class_ = class_of(tmp_path, 6)
    judged: list[Judged] = []

    def clock() -> float:
        """Stand still until all the others are judged, however slow this machine is."""
        return time.monotonic() * 1000 if len(judged) >= 5 else 0.0

    pool = Pool(2, judge=bad, clock=clock)
    run = Grading(make_plan(class_), results, {Where.SUBMISSION: pool}, judged.append).run()
    told = book(class_, results, run)["s001"]
    assert told.handed_in == MADE, "whose file it is was learnt all the same"
    found = scores(class_, results, run)
    assert found.pop("s001") == ("errored", 0)
    assert found == {
        name: row
        for name, row in scores(class_, results, grade(class_, results)).items()
        if name != "s001"
    }
    [row] = results.lessons(run, "s001", ["lesson-01"])
    assert "died of signal 9" in str(row.reason) or "longer than" in str(row.reason)


def test_a_writer_that_takes_its_time_costs_nobody_their_grade(tmp_path: Path) -> None:
    """A slow disk, a Ctrl-Z: more time than a lesson has goes by while nobody looks."""
    plan = make_plan(class_of(tmp_path, 9))
    now = [0.0]
    pieces: list[Piece] = []

    def emit(piece: Piece) -> None:
        pieces.append(piece)
        now[0] += 1000.0

    grading = Grading(plan, Results(tmp_path / "x.sqlite"), {})
    tasks = [grading._task(learner, plan.rules) for learner in plan.class_.learners]
    Pool(2, judge=judges.slow, clock=lambda: now[0]).work(tasks, emit, threading.Event())
    outcomes = [one.result.outcome for one in pieces if isinstance(one, Part)]
    assert sorted(one.value for one in outcomes) == ["absent"] * 3 + ["graded"] * 6
    assert sum(isinstance(one, Whole) for one in pieces) == 9


def test_a_key_that_was_sent_meanwhile_is_seen(tmp_path: Path, results: Results) -> None:
    class_ = class_of(tmp_path, 3)
    path = tmp_path / "class.yaml"
    registry = read_registry(path)
    write_registry(path, Registry())

    def stop(one: Judged) -> None:
        if one.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judging = {Where.SUBMISSION: Pool(1)}
        Grading(make_plan(load_class(path)), results, judging, stop).run()
    write_registry(path, registry)
    run = grade(load_class(path), results)
    found = book(class_, results, run)["s000"]
    assert [one.kind for one in found.findings] == []


def test_copied_work_is_told_of_both(tmp_path: Path, results: Results) -> None:
    class_ = write_class(tmp_path, ["ada", "ben", "cid"])
    digest = digest_of(tmp_path / "course", "lesson-01")
    submit(tmp_path, "ada", [perfect(digest, "aaaaaaaa")])
    submit(tmp_path, "ben", [perfect(digest, "aaaaaaaa")], private_of("ada"))
    submit(tmp_path, "cid", [perfect(digest, "cccccccc")])
    run = grade(class_, results)
    told = {(one.learner, one.kind, one.others) for one in results.findings(run)}
    assert told == {
        ("ada", FindingKind.SHARED_KEY, ("ben",)),
        ("ben", FindingKind.SHARED_KEY, ("ada",)),
    }
    barred = book(class_, results, run)["ben"]
    assert barred.lessons[0].outcome is Outcome.ERRORED
    assert FindingKind.ANOTHERS_KEY in {one.kind for one in barred.findings}


def test_a_key_that_is_named_and_not_held_casts_no_doubt(tmp_path: Path, results: Results) -> None:
    """Ben puts Ada's public key, which anybody may know, into his head."""
    class_ = write_class(tmp_path, ["ada", "ben"])
    digest = digest_of(tmp_path / "course", "lesson-01")
    submit(tmp_path, "ada", [perfect(digest, "aaaaaaaa")])
    file = submit(tmp_path, "ben", [perfect(digest, "bbbbbbbb")])
    parts = members(file.read_bytes())
    del parts["signature"]
    own, hers = (public_of(private_of(one)).encode() for one in ("ben", "ada"))
    parts["head.json"] = parts["head.json"].replace(own, hers)
    file.write_bytes(pack(parts))
    run = grade(class_, results)
    assert results.findings(run) == ()
    found = book(class_, results, run)
    assert found["ada"].findings == ()
    assert [one.kind for one in found["ben"].findings] == [FindingKind.BAD_SIGNATURE]


def test_one_lab_at_two_learners_is_told(tmp_path: Path, results: Results) -> None:
    class_ = write_class(tmp_path, ["ada", "ben"])
    digest = digest_of(tmp_path / "course", "lesson-01")
    for name in ("ada", "ben"):
        submit(tmp_path, name, [perfect(digest, "aaaaaaaa")])
    run = grade(class_, results)
    assert [one.kind for one in results.findings(run)] == [FindingKind.SHARED_IDS] * 2
    assert {one.total for one in book(class_, results, run).values()} == {100}, "a person decides"


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, results: Results) -> None:
    class_ = class_of(tmp_path, 12)
    plan = make_plan(class_)
    seen: list[Judged] = []

    def count(one: Judged) -> None:
        seen.append(one)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Grading(plan, results, {Where.SUBMISSION: Pool(1, judge=judges.slow)}, count).run()
    kept = len(results.done(results.runs()[0]))
    assert 4 <= kept < 12
    rest: list[Judged] = []
    again = Grading(plan, results, {Where.SUBMISSION: Pool(1)}, rest.append)
    cut_off = again.cut_off()
    run = again.run()
    assert cut_off is not None
    assert run.id == cut_off.id
    assert len(rest) == 12 - kept, "what was judged is not judged again"
    assert [one.done for one in rest] == list(range(kept + 1, 13))
    whole = grade(class_, results, again=True)
    assert whole.id != run.id
    assert scores(class_, results, run) == scores(class_, results, whole)
    assert not list(results.compare(run, whole))


def test_a_submission_that_came_anew_meanwhile_is_judged_anew(
    tmp_path: Path, results: Results
) -> None:
    class_ = class_of(tmp_path, 6)
    plan = make_plan(class_)

    def stop(one: Judged) -> None:
        if one.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Grading(plan, results, {Where.SUBMISSION: Pool(1)}, stop).run()
    submit(tmp_path, "s001", [perfect(digest_of(tmp_path / "course", "lesson-01"), "00000001")])
    run = grade(class_, results)
    assert scores(class_, results, run)["s001"] == ("graded", 100)
    assert len(results.done(run)) == 6


def test_a_second_file_that_came_meanwhile_is_told(tmp_path: Path, results: Results) -> None:
    """It does not count, so that nothing is judged anew for it."""
    class_ = class_of(tmp_path, 3)

    def stop(one: Judged) -> None:
        if one.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Grading(make_plan(class_), results, {Where.SUBMISSION: Pool(1)}, stop).run()
    own = tmp_path / "handed-in" / "s000.ldn"
    aside = own.rename(tmp_path / "aside")
    other = submit(tmp_path, "s000", [perfect()], private_of("somebody"))
    other.rename(own.with_name("other.ldn"))
    aside.rename(own)
    again: list[Judged] = []
    run = Grading(make_plan(class_), results, {Where.SUBMISSION: Pool(1)}, again.append).run()
    found = book(class_, results, run)["s000"]
    assert [one.kind for one in found.findings] == [FindingKind.SEVERAL_FILES]
    assert again == []


def test_other_rules_begin_a_run_of_their_own(tmp_path: Path, results: Results) -> None:
    class_of(tmp_path, 3)
    path = tmp_path / "class.yaml"
    before = grade(load_class(path), results)
    path.write_text(path.read_text().replace("  - lesson-01", "  - {id: lesson-01, weight: 2}"))
    after = grade(load_class(path), results)
    assert before.id != after.id
    assert [one.id for one in results.runs()] == [before.id, after.id]


def test_whoever_breaks_says_so_and_keeps_what_came(tmp_path: Path, results: Results) -> None:
    class Broken:
        def work(self, tasks: object, emit: Emit, stop: threading.Event) -> None:
            raise ValueError("out of order")

    with pytest.raises(ValueError, match="out of order"):
        grade(class_of(tmp_path, 3), results, Broken())
    assert results.runs()[0].ended is None


def test_a_run_says_that_it_waits_before_anything_has_come(
    tmp_path: Path, results: Results
) -> None:
    """The first lab may be a slow one: whoever looks on must not think that all hangs."""
    told: list[tuple[int, int]] = []
    heard = threading.Event()

    class Slow:
        def work(self, tasks: object, emit: Emit, stop: threading.Event) -> None:
            heard.wait(30.0)

    def waiting(done: int, of: int) -> None:
        told.append((done, of))
        heard.set()

    plan = make_plan(class_of(tmp_path, 3))
    Grading(plan, results, {Where.SUBMISSION: Slow()}, on_waiting=waiting).run()
    assert told[0] == (0, 3)


def test_tasks_are_taken_as_workers_are_free(tmp_path: Path) -> None:
    """The source is not read ahead: that keeps memory flat."""
    plan = make_plan(class_of(tmp_path, 9))
    taken: list[str] = []
    most = 0

    def source() -> Iterator[Task]:
        grading = Grading(plan, Results(tmp_path / "x.sqlite"), {})
        for learner in plan.class_.learners:
            taken.append(learner.id)
            yield grading._task(learner, plan.rules)

    done: list[object] = []

    def emit(piece: object) -> None:
        nonlocal most
        done.append(piece)
        ended = sum(type(one).__name__ == "Whole" for one in done)
        most = max(most, len(taken) - ended)

    Pool(2).work(source(), emit, threading.Event())
    assert len(taken) == 9
    assert most <= 3


def test_kill_minus_nine_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    class_ = class_of(tmp_path, 30)
    command = [sys.executable, "-m", "tests.grade.slow_run", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    store = tmp_path / "results.sqlite"
    _until(lambda: _rows(store) >= 5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = _rows(store)
    assert 5 <= kept < 30
    rest: list[Judged] = []
    with Results(store) as results:
        run = Grading(make_plan(class_), results, {Where.SUBMISSION: Pool(2)}, rest.append).run()
        assert len(rest) == 30 - kept
        whole = grade(class_, results, again=True)
        assert scores(class_, results, run) == scores(class_, results, whole)


def test_ctrl_c_ends_all_and_keeps_what_came(tmp_path: Path) -> None:
    class_of(tmp_path, 30)
    command = [sys.executable, "-m", "runner.cli.main", "grade", str(tmp_path / "class.yaml")]
    process = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    store = tmp_path / "class-grades" / "results.sqlite"
    _until(lambda: _rows(store) >= 1)
    workers = _children(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)[1].decode()
    if process.returncode == 130:  # it was not done already
        assert "the same command goes on from here" in said
    assert "Traceback" not in said
    _until(lambda: not any(Path(f"/proc/{one}/exe").exists() for one in workers))


def test_ctrl_c_spares_workers_that_are_hardly_started(tmp_path: Path) -> None:
    """The first of all too; what they are to do at a Ctrl-C, their coordinator decides."""
    class_of(tmp_path, 6)
    command = [sys.executable, "-m", "runner.cli.main", "grade", str(tmp_path / "class.yaml")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    met: set[int] = set()
    while process.poll() is None:
        for one in set(_workers(process.pid)) - met:
            os.kill(one, signal.SIGINT)
            met.add(one)
    said = process.communicate()[1].decode()
    assert met
    assert "Traceback" not in said
    assert process.returncode == 0


def test_workers_end_with_a_coordinator_that_was_killed(tmp_path: Path) -> None:
    class_of(tmp_path, 30)
    command = [sys.executable, "-m", "tests.grade.slow_run", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    _until(lambda: _rows(tmp_path / "results.sqlite") >= 2)
    workers = _children(process.pid)
    assert workers
    process.kill()
    process.wait()
    _until(lambda: not any(Path(f"/proc/{one}/exe").exists() for one in workers))


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Busy), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LearnError, match="cannot be written"), alone(tmp_path / "file" / "x"):
        pass


def test_failed_work_is_a_result_and_no_lab_is_not() -> None:
    assert exit_of([Outcome.GRADED, Outcome.ABSENT]) == 0
    assert exit_of([Outcome.GRADED, Outcome.UNREACHABLE]) == 3


def _rows(store: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended
            found += map(int, task.read_text(encoding="ascii").split())
    return found


def _workers(pid: int) -> list[int]:
    """Give the children that have become workers; a child begins as its parent's likeness."""
    found = []
    for one in _children(pid):
        with contextlib.suppress(OSError):  # it has ended
            if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(one)
    return found


def _until(holds: object, patience: float = 30.0) -> None:
    assert callable(holds)
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        threading.Event().wait(0.02)
