"""Removing images: asked before, never from under somebody else, and what stays is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.lab.names import owner
from tests.cli.terminal import Terminal

BOX, BASE = "localhost/learn-docker-net/box:1", "localhost/learn-docker-net/base:1"
OURS = {"learn-docker-net": "1", "learn-docker-net.role": "build"}
IN_USE = "conflict: unable to remove repository reference (must force) - container c0ffee uses it"


class Engine:
    """A `docker` that has two images of ours, and remains; it notes what it removes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.holders = ""
        self.remains: dict[str, dict[str, str]] = {}
        self.keeps = "-"
        program = folder / "docker"
        program.write_text(f"#!/bin/sh\n. {folder}/answers\n")
        program.chmod(0o755)

    def ready(self) -> None:
        images = [{"RepoTags": [tag], "Size": 1, "Created": "2026"} for tag in (BOX, BASE)]
        remains = [{"Id": one, "Config": {"Labels": has}} for one, has in self.remains.items()]
        (self._folder / "answers").write_text(
            'case "$*" in\n'
            f'  *dangling*) echo "{" ".join(self.remains)}" ;;\n'
            f'  "image ls"*) echo {BOX} {BASE} ;;\n'
            f"  \"image inspect\"*{BOX}*) echo '{json.dumps(images)}' ;;\n"
            f"  \"image inspect sha\"*) echo '{json.dumps(remains)}' ;;\n"
            '  "image inspect"*) echo "No such image" >&2; exit 1 ;;\n'
            f'  "rmi {self.keeps}") echo "{IN_USE}" >&2; exit 1 ;;\n'
            f'  rmi*) echo "$2" >>{self._folder}/removed ;;\n'
            f'  "volume ls"*) printf "{self.holders}" ;;\n'
            "esac\n"
        )

    @property
    def removed(self) -> list[str]:
        path = self._folder / "removed"
        return path.read_text().split() if path.exists() else []


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    return Engine(tmp_path / "bin")


def remove(terminal: Terminal, engine: Engine, *, yes: bool = True) -> int:
    engine.ready()
    return terminal.run("images", "remove", own=False, yes=yes)


def test_what_can_go_goes_uppermost_first(terminal: Terminal, engine: Engine) -> None:
    engine.holders = f"{owner()} store store"
    assert remove(terminal, engine) == 0
    assert engine.removed == [BOX, BASE]


def test_nothing_goes_unasked(terminal: Terminal, engine: Engine) -> None:
    assert remove(terminal, engine, yes=False) == 2
    assert "agreed to" in terminal.err
    assert engine.removed == []


def test_images_of_somebody_elses_labs_stay(terminal: Terminal, engine: Engine) -> None:
    engine.holders = "somebody store store"
    assert remove(terminal, engine) == 3
    assert "somebody else has labs" in terminal.err
    assert engine.removed == []


def test_what_stays_is_told_in_the_engines_words(terminal: Terminal, engine: Engine) -> None:
    engine.keeps = BOX
    assert remove(terminal, engine) == 1
    assert engine.removed == [BASE]
    assert "container c0ffee uses it" in " ".join(terminal.err.split())


def test_remains_go_and_what_was_built_on_ours_stays(terminal: Terminal, engine: Engine) -> None:
    engine.remains = {
        "sha256:half": {"learn-docker-net": "1"},
        "sha256:done": OURS,
        "sha256:theirs": {**OURS, "maintainer": "somebody"},
    }
    remove(terminal, engine)
    assert engine.removed == [BOX, BASE, "sha256:half", "sha256:done"]
