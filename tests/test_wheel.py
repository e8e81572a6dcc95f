"""What is installed from the wheel is everything that the program reads, with its rights."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = (
    "checks/suite.py",
    "runner/cli/main.py",
    "runner/lessons/course.yaml",
    "runner/lessons/lesson-01-",
    "runner/lessons/challenge-01-",
    "runner/lessons/zh/lesson-01-",
    "runner/lessons/schema/",
    "runner/locale/zh_CN/LC_MESSAGES/learn_docker_net.mo",
    "runner/lab/inside/",
    "runner/lab/image/base/Dockerfile",
    "runner/lab/image/host/Dockerfile",
    "runner/lab/image/host/tools/agent",
    "runner/tui/theme.tcss",
    "runner/web/page.html",
    "runner/web/static/page.js",
    "runner/grade/schemas/class.schema.json",
    "runner/grade/report/pages/templates/index.html",
    "runner/grade/demo/recorded.json.gz",
)
"""What stands for each kind of thing; paths or how they begin."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """Build the wheel; skipped where what builds it is neither installed nor within reach."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_RETRIES": "0"},
    )
    if "hatchling" in done.stderr and "No matching distribution" in done.stderr:
        pytest.skip("hatchling is out of reach")
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    with ZipFile(path) as opened:
        yield opened


@pytest.mark.parametrize("place", NEEDED)
def test_each_kind_of_thing_is_there(wheel: ZipFile, place: str) -> None:
    assert any(name.startswith(place) for name in wheel.namelist())


def test_every_file_is_there_with_its_rights(wheel: ZipFile) -> None:
    modes = {info.filename: info.external_attr >> 16 & 0o111 for info in wheel.infolist()}
    for path, name in _sources():
        assert name in modes, name
        assert bool(modes[name]) == bool(path.stat().st_mode & 0o100), name


def test_the_program_and_the_licence_come_with_it(wheel: ZipFile) -> None:
    (about,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    entries = wheel.read(f"{about}/entry_points.txt").decode()
    assert "learn-docker-net = runner.cli.main:entry" in entries
    assert b"Apache License" in wheel.read(f"{about}/licenses/LICENSE")
    assert not [name for name in wheel.namelist() if name.startswith("tests/")]


def _sources() -> Iterator[tuple[Path, str]]:
    """Give every file that belongs into the wheel, with its place there."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "checks", "runner", "lessons"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for place in filter(None, done.stdout.split("\0")):
        inside = f"runner/{place}" if place.startswith("lessons/") else place
        if (ROOT / place).exists():
            yield ROOT / place, inside
