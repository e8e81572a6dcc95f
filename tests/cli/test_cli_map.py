"""`map`, in its four forms, on a lab in writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.asking import Answer, Net, Outcome
from checks.message import msg
from runner.topology.model import Topology
from runner.topology.snapshot import host_of
from tests.cli.terminal import Terminal
from tests.topology.towns import lesson_02, topology

Put = Callable[[Topology], None]


@pytest.fixture
def put(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Give what sets the network that the lab is said to have."""
    terminal.ok("up", "1")
    return lambda found: monkeypatch.setattr("runner.topology.snapshot.take", lambda _: found)


def test_without_a_lab_it_says_so(terminal: Terminal) -> None:
    assert terminal.run("map") == 2
    assert "You have no lab at the moment." in terminal.err


def test_drawn_to_the_width_of_the_terminal(
    terminal: Terminal, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(topology(lesson_02()))
    monkeypatch.setenv("COLUMNS", "50")
    narrow = terminal.ok("map")
    assert "├─● centos01" in narrow and max(map(len, narrow.splitlines())) <= 50
    monkeypatch.setenv("COLUMNS", "120")
    assert "│ ● centos01" in terminal.ok("map")
    assert "\x1b" not in terminal.out


def test_in_sentences(terminal: Terminal, put: Put) -> None:
    put(topology(lesson_02()))
    out = terminal.ok("map", "--text")
    assert "centos01 runs. Its address is 172.17.0.2." in out
    assert "─" not in out


def test_as_json(terminal: Terminal, put: Put) -> None:
    put(topology(lesson_02()))
    data = json.loads(terminal.ok("map", "--json"))
    assert [box["facts"]["name"] for box in data["hosts"][0]["boxes"]] == ["centos01", "centos02"]


def test_as_a_picture(terminal: Terminal, put: Put, tmp_path: Path) -> None:
    put(topology(lesson_02()))
    file = tmp_path / "map.svg"
    assert terminal.ok("map", "--svg", str(file)) == ""
    assert file.read_text().startswith("<svg ")
    assert terminal.ok("map", "--svg", "-").startswith("<svg ")
    assert terminal.run("map", "--svg", str(tmp_path / "no" / "map.svg")) == 3
    assert "cannot be written" in terminal.err


def test_one_form_at_a_time(terminal: Terminal) -> None:
    assert terminal.run("map", "--text", "--json") == 2


def test_a_lab_out_of_reach_is_3(terminal: Terminal, put: Put) -> None:
    why = msg("The lab host {name} does not run.", name="docker")
    lost = host_of(Answer("docker", Net("topology"), Outcome.LOST, why=why))
    put(Topology((lost,)))
    assert terminal.run("map") == 3
    assert "The lab host docker does not run." in terminal.out
