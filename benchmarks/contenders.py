"""The same assertions for other tools, each as the program that its users would write."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from benchmarks.assertions import ASSERTIONS


def bash_script(folder: Path, container: str) -> list[str]:
    """Give a script that runs `docker exec` once an assertion, one after another."""
    lines = [
        f"docker exec {container} bash -c {shlex.quote(one.command)} 2>&1"
        f" | grep -qE -e {shlex.quote(one.pattern)} || {{ echo {one.id}; failed=1; }}"
        for one in ASSERTIONS
    ]
    script = folder / "sequential.sh"
    script.write_text("\n".join(["#!/bin/bash", "failed=0", *lines, "exit $failed"]) + "\n")
    return ["bash", str(script)]


def bats_file(folder: Path, container: str) -> list[str]:
    """Give the assertions as tests of bats."""
    lines = []
    for one in ASSERTIONS:
        lines += [
            f'@test "{one.id}" {{',
            f"  run docker exec {container} bash -c {shlex.quote(one.command)}",
            '  [ "$status" -eq 0 ]',
            f'  grep -qE -e {shlex.quote(one.pattern)} <<<"$output"',
            "}",
        ]
    file = folder / "assertions.bats"
    file.write_text("\n".join(lines) + "\n")
    return ["bats", str(file)]


def testinfra_file(folder: Path, container: str) -> list[str]:
    """Give the assertions as pytest tests on testinfra's docker backend.

    It is installed into a virtual environment of its own; RuntimeError where that fails.
    """
    python = _testinfra(folder / "testinfra")
    table = [(one.id, one.command, one.pattern) for one in ASSERTIONS]
    file = folder / "test_assertions.py"
    file.write_text(
        "import re\nimport pytest\nimport testinfra\n\n"
        f"HOST = testinfra.get_host('docker://{container}')\n\n"
        f"@pytest.mark.parametrize(('name', 'command', 'pattern'), {table!r})\n"
        "def test_it(name, command, pattern):\n"
        "    done = HOST.run(command)\n"
        "    assert done.rc == 0\n"
        "    assert re.search(pattern, done.stdout, re.MULTILINE)\n"
    )
    return [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        str(file),
    ]


def _testinfra(folder: Path) -> Path:
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "pytest-testinfra"],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "no words")
    return python
