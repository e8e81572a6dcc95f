"""Other ways to grade a class, each as its users would do it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from runner.course.course import Course
from runner.learn.stage import checks_of

_NOTEBOOK = {
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


def shell_loop(folder: Path, submissions: list[Path], course: Course) -> list[str]:
    """Give a script that takes each submission apart and looks at each check, one after another.

    It believes the learner's own verdicts, which is less work than to judge. Needs unzip and jq;
    RuntimeError where one is missing.
    """
    for program in ("unzip", "jq"):
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is not installed")
    lines = ["#!/bin/bash", f"record={shlex.quote(str(folder / 'record.json'))}"]
    for submission in submissions:
        for lesson in course.lessons:
            member = f"lessons/{lesson}.json"
            lines.append(f'unzip -p {shlex.quote(str(submission))} {member} >"$record"')
            for check in checks_of(course.lesson(lesson)):
                query = f'any(.observations[]; .check == "{check}" and .state == "passed")'
                lines.append(
                    f'jq -e {shlex.quote(query)} "$record" >/dev/null && points=$((points+1))'
                )
    lines.append('echo "$points"')
    script = folder / "sequential-grade.sh"
    script.write_text("\n".join(lines) + "\n")
    return ["bash", str(script)]


class Nbgrader:
    """nbgrader in a virtual environment of its own, with one question of one point."""

    def __init__(self, folder: Path, learners: int, ready: Path | None) -> None:
        """Install it, unless `ready` is an environment that has it; RuntimeError where it fails."""
        environment = ready or _installed(folder / "nbgrader", "nbgrader")
        self._program = environment / "bin/nbgrader"
        self._folder = folder / "nbgrader-class"
        source = self._folder / "source/ps1"
        source.mkdir(parents=True)
        (source / "one.ipynb").write_text(json.dumps(_assignment()))
        (self._folder / "nbgrader_config.py").write_text("c = get_config()\n")
        self._nbgrader("generate_assignment", "ps1")
        for number in range(learners):
            handed_in = self._folder / f"submitted/s{number:03}/ps1"
            handed_in.mkdir(parents=True)
            shutil.copy(self._folder / "release/ps1/one.ipynb", handed_in)

    def grade(self) -> None:
        """Grade all submissions."""
        self._nbgrader("autograde", "ps1")

    def _nbgrader(self, *words: str) -> None:
        program = str(self._program)
        course = ("--course-dir", str(self._folder))
        _run([program, *words, *course], cwd=self._folder, path=_path(self._program.parent))


class Otter:
    """otter-grader in a virtual environment of its own, with one question of one point.

    Its batch, `otter grade`, wants a container image that it builds from an Ubuntu image, packages
    and a conda from the net. Measured is what it runs without: the same grading by its own API, one
    submission after the other in one process, so without any container's cost.
    """

    def __init__(self, folder: Path, learners: int, ready: Path | None) -> None:
        """Install it, unless `ready` is an environment that has it; RuntimeError where it fails."""
        # The kernel that runs the notebooks its package leaves to whoever installs it.
        environment = ready or _installed(folder / "otter", "otter-grader", "ipykernel")
        self._programs = environment / "bin"
        self._folder = folder / "otter-class"
        (self._folder / "tests").mkdir(parents=True)
        (self._folder / "handed-in").mkdir()
        (self._folder / "tests/q1.py").write_text(_OTTER_TEST)
        (self._folder / "grade.py").write_text(_OTTER_LOOP)
        self._run("otter", "generate", "-t", "tests")
        answer = {"cell_type": "code", "id": "answer", "source": "x = 1"}
        cell: dict[str, object] = {**answer, "execution_count": None, "metadata": {}, "outputs": []}
        for number in range(learners):
            path = self._folder / f"handed-in/s{number:03}.ipynb"
            path.write_text(json.dumps({**_NOTEBOOK, "cells": [cell]}))

    def grade(self) -> None:
        """Grade all submissions."""
        self._run("python", "grade.py")

    def _run(self, program: str, *words: str) -> None:
        _run([str(self._programs / program), *words], self._folder, _path(self._programs))


_OTTER_TEST = """\
OK_FORMAT = True
case = {"code": ">>> x == 1\\nTrue", "hidden": False, "locked": False}
suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
test = {"name": "q1", "points": 1, "suites": [suite]}
"""
_OTTER_LOOP = """\
from pathlib import Path
from otter.api import grade_submission
for path in sorted(Path("handed-in").iterdir()):
    assert grade_submission(str(path), "autograder.zip", quiet=True).total == 1
"""


def _assignment() -> dict[str, object]:
    def cell(identity: str, source: str, **facts: object) -> dict[str, object]:
        marks = {"schema_version": 3, "grade_id": identity, "locked": False, "task": False, **facts}
        return {
            "cell_type": "code",
            "id": identity,
            "execution_count": None,
            "metadata": {"nbgrader": marks},
            "outputs": [],
            "source": source,
        }

    return {
        **_NOTEBOOK,
        "cells": [
            cell(
                "answer", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", grade=False, solution=True
            ),
            cell("test", "assert 1 == 1", grade=True, solution=False, points=1, locked=True),
        ],
    }


def _installed(environment: Path, *packages: str) -> Path:
    _run([sys.executable, "-m", "venv", str(environment)])
    _run([str(environment / "bin/pip"), "install", "--quiet", *packages])
    return environment


def _path(programs: Path) -> str:
    """Give a PATH for programs that call others of their own environment by name."""
    return f"{programs}{os.pathsep}{os.environ['PATH']}"


def _run(command: list[str], cwd: Path | None = None, path: str | None = None) -> None:
    environment = os.environ if path is None else {**os.environ, "PATH": path}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {(done.stderr or done.stdout)[-800:]}")
