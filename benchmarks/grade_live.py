"""Labs graded where they stand, beside a shell loop of `docker exec` over the same assertions.

    python -m benchmarks.grade_live [--live 8] [--repeat 3]

Needs a Docker engine and room for so many labs. Each lab holds the twenty assertions of
`benchmarks.assertions`; the loop asks one after the other, lab after lab.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.assertions import ASSERTIONS
from benchmarks.contenders import bash_script
from benchmarks.course import COURSE, LESSON, write_course
from runner.course.course import open_course
from runner.grade.class_file import load_class
from runner.grade.store import Results
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from runner.learn.stage import Stage

OWNER = "bench-live"


def main() -> int:
    """Measure and print; exit status 1 where a lab is not judged rightly."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--live", type=int, default=8, metavar="N", help="so many labs")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-live-") as name, ExitStack() as after:
        folder = Path(name)
        os.environ["LEARN_DOCKER_NET_HOME"] = f"{name}/home"
        course = write_course(_made(folder / "course"))
        handles = [_up(course, f"{OWNER}-{number}", after) for number in range(options.live)]
        path = _class(folder, options.live)
        scripts = [_script(folder / f"loop-{n}", one) for n, one in enumerate(handles)]
        loop = _measured(options.repeat, lambda: _ran_all(scripts))
        ours = _measured(options.repeat, lambda: _ran(_grade(path)))
        right = _all_right(path, options.live)
    per = loop / options.live
    print(f"\n{options.live} labs, {len(ASSERTIONS)} assertions as shell and as probes each")
    print(f"  docker exec, one by one, lab after lab   {loop:7.2f} s  ({per:.2f} s a lab)")
    print(
        f"  grade, labs side by side                 {ours:7.2f} s  {loop / ours:.1f} times as fast"
    )
    print("  (grade asks twice as much: each assertion as a command and as a probe)")
    print(f"every lab judged rightly: {'yes' if right else 'NO'}")
    return 0 if right else 1


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _up(course: Path, owner: str, after: ExitStack) -> LabHandle:
    """Bring up one learner's lab and set the lesson up in it."""
    print(f"Bringing up {owner}", file=sys.stderr)
    lesson = open_course(course).lesson(LESSON)
    after.callback(labs.down_all, owner)
    handle = labs.up(
        LabRequest(COURSE, LESSON, owner, dict(lesson.hosts), lesson.images, purpose="learn")
    )
    with labs.attach(handle) as lab:
        Stage(lesson, lab, lambda _: []).set_up()
    return handle


def _class(folder: Path, count: int) -> Path:
    lines = [
        f"  - {{id: s{number}, engine: {{context: default, owner: {OWNER}-{number}}}}}"
        for number in range(count)
    ]
    path = folder / "class.yaml"
    path.write_text(
        f"format: 1\nid: live\ntitle: Live\ncourse: course\nlessons: [{LESSON}]\nlearners:\n"
        + "\n".join(lines)
        + "\n"
    )
    return path


def _script(folder: Path, handle: LabHandle) -> list[str]:
    return bash_script(_made(folder), handle.host().container)


def _grade(path: Path) -> list[str]:
    return [sys.executable, "-m", "runner.cli.main", "grade", str(path), "--again"]


def _ran(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def _ran_all(commands: list[list[str]]) -> None:
    for command in commands:
        _ran(command)


def _measured(repeat: int, work: Callable[[], None]) -> float:
    """Give the median time in seconds, after one round that is not counted."""
    times = []
    for number in range(repeat + 1):
        began = time.perf_counter()
        work()
        if number:
            times.append(time.perf_counter() - began)
    return median(times)


def _all_right(path: Path, count: int) -> bool:
    class_ = load_class(path)
    with Results(path.with_name("class-grades") / "results.sqlite") as results:
        found = list(results.learners(results.runs()[-1], class_.lessons))
    return [one.total for one in found] == [100.0] * count


if __name__ == "__main__":
    sys.exit(main())
