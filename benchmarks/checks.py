"""Twenty assertions, asked in every way on the same lab, interleaved in one run.

    python -m benchmarks.checks [--repeat 9] [--docker 26.1] [--json FILE]

Needs a Docker engine. Beside a sequential `docker exec` the goals are a fifth of its time as plain
shell and a tenth as probes; `check` as a process may take 150 ms more than its assertions.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import contenders
from benchmarks.course import LESSON, PROBES, SHELL, write_course
from checks.asking import Lab
from checks.suite import Suite
from runner.course.course import open_course
from runner.lab import lab as labs

OWNER = "benchmark-checks"
BASE = "docker exec, one by one"
OURS_SHELL, OURS_PROBES = "ours, plain shell", "ours, probes"
OPENED = "ours, plain shell, channel opened first"
PROCESS, PROCESS_PROBES = "`check` as a process, shell", "`check` as a process, probes"
GOALS = {OURS_SHELL: 0.2, OURS_PROBES: 0.1}
"""As a part of `BASE`."""
OVERHEAD = 0.150
"""Seconds that the process may take beyond its assertions."""

Once = Callable[[], None]
"""Asks all assertions once; RuntimeError where one does not hold."""
Asker = Callable[[Lab], None]


def main() -> int:
    """Measure and print; exit status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeat", type=int, default=9, metavar="N")
    parser.add_argument("--docker", default="26.1", help="the engine in the lab")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the times too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-checks-") as name:
        folder = Path(name)
        os.environ["LEARN_DOCKER_NET_HOME"] = str(folder / "home")
        os.environ["LEARN_DOCKER_NET_OWNER"] = OWNER
        (folder / "course").mkdir()
        course = write_course(folder / "course")
        with _lab(course, options.docker) as (container, ours):
            ways = _others(folder, container) | ours
            times = _measure(ways, options.repeat)
    if options.json:
        options.json.write_text(json.dumps(times, indent=1))
    return _report(times)


@contextmanager
def _lab(course: Path, docker: str) -> Iterator[tuple[str, dict[str, Once]]]:
    """Bring up the course's lab; give its container and our own ways to ask it."""
    command = [sys.executable, "-m", "runner.cli.main", "--course", str(course), "--yes"]
    try:
        _run([*command, "up", LESSON, "--docker", docker], echo=True)
        handle = labs.current(OWNER)
        if handle is None:
            raise RuntimeError("the lab did not come up")
        with labs.attach(handle) as lab:
            shell, probes = _suites(course)
            yield (
                handle.host().container,
                {
                    OURS_SHELL: lambda: shell(lab),
                    OURS_PROBES: lambda: probes(lab),
                    OPENED: lambda: _opened(shell, handle),
                    PROCESS: lambda: _run([*command, "check", f"{LESSON}/{SHELL}"]),
                    PROCESS_PROBES: lambda: _run([*command, "check", f"{LESSON}/{PROBES}"]),
                },
            )
    finally:
        labs.down_all(OWNER)


def _suites(course: Path) -> tuple[Asker, Asker]:
    lesson = open_course(course).lesson(LESSON)
    by_step = {
        str(step.id): [(f"{step.id}.{one.id}", one) for one in step.checks] for step in lesson.steps
    }

    def asker(step: str) -> Asker:
        def ask(lab: Lab) -> None:
            results = Suite(by_step[step], lab, default_hosts={}).run()
            for result in results.values():
                if not result.verdict.passed:
                    raise RuntimeError(f"{result.check_id}: {result.verdict}")

        return ask

    return asker(SHELL), asker(PROBES)


def _opened(shell: Asker, handle: labs.LabHandle) -> None:
    with labs.attach(handle) as lab:
        shell(lab)


def _others(folder: Path, container: str) -> dict[str, Once]:
    ways: dict[str, Once] = {}
    script = contenders.bash_script(folder, container)
    ways[BASE] = lambda: _run(script)
    if shutil.which("bats"):
        bats = contenders.bats_file(folder, container)
        ways["bats"] = lambda: _run(bats)
    else:
        print("bats is left out: it is not installed (apt install bats)", file=sys.stderr)
    try:
        testinfra = contenders.testinfra_file(folder, container)
        ways["pytest-testinfra"] = lambda: _run(testinfra)
    except RuntimeError as error:
        print(f"pytest-testinfra is left out: {error}", file=sys.stderr)
    return ways


def _measure(ways: dict[str, Once], repeat: int) -> dict[str, list[float]]:
    """Time each way once a round, after one round that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(repeat + 1):
        print(f"\rround {number} of {repeat}", end="", file=sys.stderr, flush=True)
        names = list(ways)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            began = perf_counter()
            ways[name]()
            if number:
                times[name].append(perf_counter() - began)
    print(file=sys.stderr)
    return times


def _report(times: dict[str, list[float]]) -> int:
    base = median(times[BASE])
    missed = []
    print(f"{'20 assertions':42}{'median':>9}{'best':>8}{'worst':>8}{'ratio':>8}{'goal':>8}")
    for name, seconds in times.items():
        middle, goal = median(seconds), GOALS.get(name)
        shown = "" if goal is None else f"{goal:.2f}"
        print(
            f"{name:42}{middle * 1000:6.0f} ms{min(seconds) * 1000:8.0f}{max(seconds) * 1000:8.0f}"
            f"{middle / base:8.3f}{shown:>8}"
        )
        if goal is not None and middle / base > goal:
            missed.append(name)
    for process, asked in ((PROCESS, OURS_SHELL), (PROCESS_PROBES, OURS_PROBES)):
        over = median(a - b for a, b in zip(times[process], times[asked], strict=True))
        print(f"{process}: {over * 1000:.0f} ms beyond its assertions (goal {OVERHEAD * 1000:.0f})")
        if over > OVERHEAD:
            missed.append(process)
    # On a busy machine all that runs side by side loses most: read the ratios with this.
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"missed: {', '.join(missed)}" if missed else "all goals hold")
    return 1 if missed else 0


def _run(command: list[str], *, echo: bool = False) -> None:
    # An installed program has its modules compiled; a container's usual setting must not undo that.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=not echo, text=True, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{command[:2]} failed: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
