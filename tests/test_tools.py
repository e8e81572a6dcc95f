"""What set-up rests on before there is a program: the scripts of `tools` and the Makefile."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose `.venv` is complete, of programs that note what they are asked."""
    folder = (tmp_path / "checkout").resolve()
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    note(folder / ".venv" / "bin" / "python", tmp_path)
    (folder / ".venv" / "bin" / "pip").write_text(f"#!{folder}/.venv/bin/python3\n")
    (folder / ".venv" / "stamp").write_text(f"{folder}\n")
    return folder


def note(program: Path, folder: Path, status: int = 0) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "{program.name} $*" >>{folder}/asked\nexit {status}\n')
    program.chmod(0o755)


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().splitlines()


def test_a_checkout_that_stays_has_nothing_to_do(checkout: Path, tmp_path: Path) -> None:
    assert not (tmp_path / "asked").exists()
    assert "tools/venv" not in _make(checkout)


def test_a_checkout_that_was_moved_makes_its_programs_anew(checkout: Path, tmp_path: Path) -> None:
    moved = checkout.rename(tmp_path / "moved")
    assert "tools/venv" in _make(moved)
    note(tmp_path / "python3", tmp_path)
    subprocess.run([moved / "tools" / "venv", tmp_path / "python3"], check=True)
    assert "python3 -m venv --clear .venv" in asked(tmp_path)


def test_a_venv_in_its_place_goes_on_where_it_was(checkout: Path, tmp_path: Path) -> None:
    note(tmp_path / "python3", tmp_path)
    subprocess.run([checkout / "tools" / "venv", tmp_path / "python3"], check=True)
    assert not [line for line in asked(tmp_path) if "-m venv" in line]
    assert asked(tmp_path)[-1].startswith("python -m pip install")


def test_an_interrupted_installation_is_mended_before_another(tmp_path: Path) -> None:
    note(tmp_path / "apt-get", tmp_path)
    note(tmp_path / "dpkg", tmp_path, status=2)
    subprocess.run(
        [ROOT / "tools" / "apt-install", "some"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
    )
    wait = "-o DPkg::Lock::Timeout=120"
    assert asked(tmp_path) == [
        f"apt-get {wait} --quiet update",
        "dpkg --configure -a",
        f"apt-get {wait} install --yes --quiet --no-install-recommends some",
    ]


def _make(folder: Path) -> str:
    done = subprocess.run(
        ["make", "--dry-run", "venv"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout
