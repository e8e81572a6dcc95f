"""How long the command line takes to start, beside a bare interpreter.

`python benchmarks/cli.py [--rounds N]`: runs each in turn, interleaved, so that whatever else the
machine does falls on all alike, and gives medians, lowest times and the ratio to the bare start.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 3.0
"""Times a bare interpreter's start."""
ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
PROGRAM = str(Path(PYTHON).parent / "learn-docker-net")
COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "learn-docker-net --help": [PROGRAM, "--help"],
    "learn-docker-net --help, zh": [PROGRAM, "--lang", "zh", "--help"],
    "learn-docker-net list": [PROGRAM, "list"],
    "learn-docker-net list, zh": [PROGRAM, "list", "--lang", "zh"],
}
MEASURED = ("learn-docker-net --help", "learn-docker-net list")
"""What the goal is set for."""


def main() -> int:
    """Measure, print the table, end with 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        _record(Path(home))
        times = _measure(rounds, {**os.environ, "LEARN_DOCKER_NET_HOME": home})
    bare = statistics.median(times["python -c pass"])
    print(f"{'command':<30} {'median ms':>10} {'lowest ms':>10} {'ratio':>6}")
    for name, taken in times.items():
        median = statistics.median(taken)
        low = f"{min(taken) * 1000:10.1f}"
        print(f"{name:<30} {median * 1000:10.1f} {low} {median / bare:6.2f}")
    return int(any(statistics.median(times[name]) > GOAL * bare for name in MEASURED))


def _record(home: Path) -> None:
    """Make a record as a learner has it, so that `list` has something to read."""
    program = (
        "from runner.course.index import index_of\n"
        "from runner.places import built_in_course\n"
        "from runner.record.files import record_file\n"
        "from runner.record.store import Store\n"
        "index = index_of(built_in_course())\n"
        "store = Store(record_file(index['id']))\n"
        "for lesson in index['lessons']:\n"
        "    store.begin_lesson(lesson['id'], None, 9)\n"
    )
    environment = {**os.environ, "LEARN_DOCKER_NET_HOME": str(home)}
    subprocess.run([PYTHON, "-c", program], cwd=ROOT, env=environment, check=True)


def _measure(rounds: int, environment: dict[str, str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 2):
        for name, command in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
            if number >= 2:  # the first rounds fill caches
                times[name].append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    sys.exit(main())
