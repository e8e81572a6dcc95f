"""Doctor where there is no engine, a dead one, or one that does not speak with the client."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.message import msg
from runner.lab.doctor import Health, examine
from runner.lab.doctor_engine import unreachable
from runner.lab.finding import Finding, ok, warn
from runner.lab.outer import Docker, EngineState, Reach


def by_name(found: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in found}


def test_without_a_docker_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = by_name(examine("test-doctor"))
    assert found["engine"].state is Health.BAD
    assert "setup" in str(found["engine"].remedy)
    assert "range" in found, "the machine itself is still looked at"


def test_with_a_dead_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    host = f"unix://{tmp_path}/none.sock"
    monkeypatch.setenv("DOCKER_HOST", host)
    found = by_name(examine("test-doctor", Docker(_program(tmp_path, f"cannot reach {host}"))))
    assert found["engine"].state is Health.BAD
    assert host in str(found["engine"].remedy)
    assert host in found["engine"].details


def test_an_ssh_that_is_turned_away_is_told_in_its_own_words(tmp_path: Path) -> None:
    said = "command [ssh -T -- u@far docker]: stderr=u@far: Permission denied (publickey)."
    found = by_name(examine("test-doctor", Docker(_program(tmp_path, said))))
    assert "does not answer" in str(found["engine"].message)
    assert "usermod" not in str(found["engine"].remedy)
    assert "publickey" in found["engine"].details


def test_every_finding_is_plain_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    data = [finding.to_json() for finding in examine("test-doctor")]
    assert json.loads(json.dumps(data)) == data
    assert {"name", "state", "message"} <= data[0].keys()


def test_whatever_is_not_well_has_a_remedy() -> None:
    data = warn("x", msg("Something."), msg("Do this."), amount=3).to_json()
    assert data == {
        "name": "x",
        "state": "warn",
        "message": "Something.",
        "remedy": "Do this.",
        "values": {"amount": 3},
    }
    assert "remedy" not in ok("x", msg("Fine.")).to_json()


TOO_NEW = (
    "Error response from daemon: client version 1.52 is too new."
    " Maximum supported API version is 1.41"
)
TOO_OLD = (
    "Error response from daemon: client version 1.41 is too old."
    " Minimum supported API version is 1.44, please upgrade your client to a newer version"
)


@pytest.mark.parametrize(
    ("state", "name", "remedy"),
    [
        (EngineState(Reach.FORBIDDEN), "engine", "usermod"),
        (EngineState(Reach.SILENT, client="29.1.0", details=TOO_NEW), "api", "API_VERSION=1.41"),
        (EngineState(Reach.SILENT, client="20.10.24", details=TOO_OLD), "api", "Update"),
    ],
)
def test_why_an_engine_is_out_of_reach(state: EngineState, name: str, remedy: str) -> None:
    finding = unreachable(state)
    assert (finding.name, finding.state) == (name, Health.BAD)
    assert remedy in str(finding.remedy)


def test_a_context_that_the_environment_names_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "far-away")
    assert "far-away" in str(unreachable(EngineState(Reach.SILENT)).remedy)


def _program(folder: Path, words: str) -> str:
    """Make a docker program that fails as the real one does where nothing answers."""
    program = folder / "docker"
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)
