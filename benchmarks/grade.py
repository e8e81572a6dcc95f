"""A class graded from submissions, beside a sequential shell loop, nbgrader and otter-grader.

    python -m benchmarks.grade [--learners 200] [--lessons 24] [--others N] [--nbgrader VENV]
        [--otter VENV] [--without cluster|others]

Shown: seconds and learners a second with one and two workers, of which judging, the rest being the
start, and the gradebook and its pages, which one process writes; the memory of all processes as the
class grows, and that the gradebook is the same in every mode and order, also after kill -9. The
others grade only `--others` learners, which are counted up. Live labs: `benchmarks.grade_live`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grade_class import reversed_class, write_class
from benchmarks.graders import Nbgrader, Otter, shell_loop
from runner.course.course import open_course
from runner.grade.class_file import load_class
from runner.grade.moments import moment
from runner.grade.store import Results

GROWTH = 1.25
"""How much more memory the whole class may take than a quarter of it."""


@dataclass(frozen=True)
class Graded:
    """One run of the command."""

    seconds: float
    judging: float
    """Seconds of them between the run's beginning and its end, as the store has them."""
    peak: float
    """Megabytes that coordinator and workers had at most, all together."""
    gradebook: str
    """Digest of all that came out, whatever the order."""


def main() -> int:
    """Measure and print; exit status 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=200, metavar="N")
    parser.add_argument("--lessons", type=int, default=24, metavar="N")
    parser.add_argument("--others", type=int, default=10, metavar="N")
    parser.add_argument(
        "--nbgrader", type=Path, metavar="VENV", help="where it is installed already"
    )
    parser.add_argument("--otter", type=Path, metavar="VENV", help="where it is installed already")
    parser.add_argument("--without", action="append", default=[], choices=["cluster", "others"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-grade-") as name:
        os.environ["LEARN_DOCKER_NET_HOME"] = f"{name}/home"
        return _measure(Path(name), options)


def _measure(folder: Path, options: argparse.Namespace) -> int:
    said = f"{options.learners} learners x {options.lessons} lessons"
    print(f"Writing submissions: {said}", file=sys.stderr)
    quarter = write_class(folder / "quarter", max(1, options.learners // 4), options.lessons)
    whole = write_class(folder / "whole", options.learners, options.lessons)
    small = _graded(quarter, "--jobs", "2")
    one = _graded(whole, "--jobs", "1")
    two = _graded(whole, "--jobs", "2")
    books = {"one worker": one.gradebook, "two workers": two.gradebook}
    books["killed and gone on with"] = _killed(whole)
    if "cluster" not in options.without:
        books["cluster of two"] = _clustered(whole, folder)
    reversed_class(whole)
    books["in reversed order"] = _graded(whole, "--jobs", "2").gradebook
    print(f"\n{said}, {options.learners * options.lessons} results")
    for name, run in (("one worker", one), ("two workers", two)):
        _row(name, run.seconds, options.learners)
        _row(f"{name}, judging alone", run.judging, options.learners)
    print(f"  two workers beside one: {one.seconds / two.seconds:.2f} times as fast,", end="")
    print(
        f" judging alone {one.judging / two.judging:.2f}; this machine has {os.cpu_count()} cores"
    )
    print(f"  memory, a quarter of the class: {small.peak:6.0f} MB in all processes")
    print(f"  memory, the whole class:        {two.peak:6.0f} MB")
    if "others" not in options.without:
        _others(folder, whole, options)
    same = len(set(books.values())) == 1
    for mode, digest in books.items():
        print(f"  gradebook {digest[:12]} {mode}")
    flat = two.peak <= GROWTH * small.peak
    print(f"same gradebook in every mode: {_yes(same)}; memory flat: {_yes(flat)}")
    return 0 if same and flat else 1


def _row(name: str, seconds: float, learners: int, note: str = "") -> None:
    print(f"  {name:<44} {seconds:8.1f} s {learners / seconds:8.2f} learners/s {note}")


def _yes(held: bool) -> str:
    return "yes" if held else "NO"


def _others(folder: Path, whole: Path, options: argparse.Namespace) -> None:
    count = min(options.others, options.learners)
    scale = options.learners / count
    note = f"(measured on {count}, counted up)"
    submissions = sorted((whole.parent / "handed-in").glob("*.ldn"))[:count]
    with contextlib.suppress(RuntimeError):
        script = shell_loop(folder, submissions, open_course(whole.parent / "course"))
        seconds = _timed(script)
        _row("sequential shell loop, unzip and jq", seconds * scale, options.learners, note)
    others = (
        (Nbgrader, options.nbgrader, "nbgrader autograde, one trivial notebook each"),
        (Otter, options.otter, "otter-grader's API, one trivial notebook each"),
    )
    for other, ready, name in others:
        try:
            grader = other(folder, count, ready)
            began = time.perf_counter()
            grader.grade()
            _row(name, (time.perf_counter() - began) * scale, options.learners, note)
        except RuntimeError as error:
            print(f"{other.__name__} is left out: {error}", file=sys.stderr)


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _command(path: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "runner.cli.main", "grade", str(path), *words]


def _graded(path: Path, *words: str) -> Graded:
    """Grade anew in a process of its own."""
    print(f"Grading {path.parent.name}: {' '.join(words)}", file=sys.stderr)
    _forget(path)
    began = time.perf_counter()
    process = subprocess.Popen(_command(path, *words), stdout=subprocess.DEVNULL)
    with _watched(process.pid) as peak:
        status = process.wait()
    seconds = time.perf_counter() - began
    if status != 0:
        raise RuntimeError(f"grade ended with status {status}")
    return Graded(seconds, _judging(path), peak[0], _gradebook(path))


def _judging(path: Path) -> float:
    with Results(path.with_name("class-grades") / "results.sqlite") as results:
        run = results.runs()[-1]
    return (moment(run.ended) or 0.0) - (moment(run.began) or 0.0)


def _killed(path: Path) -> str:
    """Grade, kill it with all its workers in the middle, and go on."""
    print("Grading, killed in the middle", file=sys.stderr)
    _forget(path)
    process = subprocess.Popen(
        _command(path, "--jobs", "2"), stdout=subprocess.DEVNULL, start_new_session=True
    )
    wanted = len(load_class(path).learners) // 3
    store = path.with_name("class-grades") / "results.sqlite"
    while process.poll() is None and _learners_done(store) < wanted:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run(_command(path, "--jobs", "2"), stdout=subprocess.DEVNULL, check=True)
    return _gradebook(path)


def _clustered(path: Path, folder: Path) -> str:
    from tests.grade.authority import write_keys
    from tests.grade.cluster import cluster

    print("Grading on a cluster of two", file=sys.stderr)
    _forget(path)
    keys = write_keys(folder / "keys")
    with cluster(keys, 2) as started:
        words = ("--scheduler", started.address, "--tls", str(keys))
        subprocess.run(_command(path, *words), stdout=subprocess.DEVNULL, check=True)
    return _gradebook(path)


def _forget(path: Path) -> None:
    shutil.rmtree(path.with_name("class-grades"), ignore_errors=True)


def _learners_done(store: Path) -> int:
    if not store.exists():
        return 0
    import sqlite3

    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(store)) as opened:
        row = opened.execute("SELECT count(DISTINCT learner) FROM results").fetchone()
        return int(row[0])
    return 0


def _gradebook(path: Path) -> str:
    """Digest what came out for everybody: outcome, points and every check's verdict."""
    class_ = load_class(path)
    found: list[list[object]] = []
    with Results(path.with_name("class-grades") / "results.sqlite") as results:
        run = results.runs()[-1]
        for learner in results.learners(run, class_.lessons):
            for one in learner.lessons:
                checks = [
                    (c.id, c.verdict.state.value, c.earned) for s in one.steps for c in s.checks
                ]
                findings = [str(finding.message) for finding in (*one.findings, *learner.findings)]
                who = [learner.learner.id, one.lesson, one.outcome.value, one.score]
                found.append([*who, checks, findings])
        common = sorted((one.learner, str(one.message)) for one in results.findings(run))
    return hashlib.sha256(json.dumps([sorted(found, key=str), common]).encode()).hexdigest()


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """Look at the memory of a process and its children until the context ends."""
    peak = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], sum(map(_megabytes, [pid, *_children(pid)])))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield peak
    over.set()
    thread.join()


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(word) for task in tasks for word in task.read_text().split()]
    return []


def _megabytes(pid: int) -> float:
    """Give what a process has in memory now; pages shared with others count in each."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
