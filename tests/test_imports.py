"""What the start of the program must not import, each asked in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("textual", "rich", "pexpect")


def imported(statement: str) -> set[str]:
    """Give the names of all modules that a statement brings in."""
    program = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split("\n"))


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import checks.suite, checks.probes", (*HEAVY, "yaml", "runner")),
        ("import runner.course.course", (*HEAVY, "yaml", "runner.lab", "runner.cli")),
        ("import runner.course.lesson_file", (*HEAVY, "runner.lab", "runner.cli")),
        ("import runner.cli.main", (*HEAVY, "yaml", "argparse", "dataclasses", "runner.lab")),
        ("import runner.cli.list, runner.cli.running", (*HEAVY, "yaml", "dataclasses")),
        ("import runner.cli.check", HEAVY),
        ("import runner.learn.session", HEAVY),
        ("import runner.cli.grade, runner.grade.run, runner.grade.report", (*HEAVY, "jinja2")),
    ],
)
def test_only_what_is_needed_is_imported(statement: str, forbidden: tuple[str, ...]) -> None:
    assert imported(statement) & set(forbidden) == set()


def test_no_command_imports_a_screen_before_it_runs() -> None:
    names = sorted(path.stem for path in (ROOT / "runner/cli").glob("*.py") if path.stem[0] != "_")
    loaded = imported("\n".join(f"import runner.cli.{name}" for name in names))
    assert loaded & {"textual", "rich"} == set()
