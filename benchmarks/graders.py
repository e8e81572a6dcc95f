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
        environment = ready or folder / "nbgrader"
        if ready is None:
            _run([sys.executable, "-m", "venv", str(environment)])
            _run([str(environment / "bin/pip"), "install", "--quiet", "nbgrader"])
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
        # It calls programs of its own environment by name.
        path = f"{self._program.parent}{os.pathsep}{os.environ['PATH']}"
        _run([program, *words, "--course-dir", str(self._folder)], cwd=self._folder, path=path)


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


def _run(command: list[str], cwd: Path | None = None, path: str | None = None) -> None:
    environment = os.environ if path is None else {**os.environ, "PATH": path}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {(done.stderr or done.stdout)[-800:]}")
