"""Doctor where there is no engine, a dead one, or one that does not speak with the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path
from types import SimpleNamespace

import pytest

from checks.message import msg
from runner.lab import recipe
from runner.lab.doctor import Health, examine
from runner.lab.doctor_engine import unreachable
from runner.lab.finding import Finding, ok, warn
from runner.lab.outer import Docker, EngineState, Reach
from runner.lab.routes import Used


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


HOST = recipe.server(recipe.DEFAULT).tag


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Docker]:
    """An engine on this machine, with little memory; images and the trial as a test has them."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    state = {"Client": {"Version": "28.0"}, "Server": {"Version": "28.0", "ApiVersion": "1.48"}}
    info = {"MemTotal": 1 << 30, "DockerRootDir": str(tmp_path)}

    def answers(images: str = "", run: str = "exit 1") -> Docker:
        made = json.dumps([{"RepoTags": [images], "Size": 1, "Created": "2026"}])
        program = tmp_path / "docker"
        program.write_text(
            '#!/bin/sh\ncase "$*" in\n'
            f"  'version --format {{{{json .}}}}') echo '{json.dumps(state)}' ;;\n"
            f"  info*) echo '{json.dumps(info)}' ;;\n"
            f"  'image ls'*) echo {images} ;;\n"
            f"  'image inspect {recipe.DEBIAN}') exit 1 ;;\n"
            f"  'image inspect {HOST}') echo '{made}' ;;\n"
            f"  run*) {run} ;;\nesac\n"
        )
        program.chmod(0o755)
        return Docker(str(program))

    return answers


def test_memory_and_disk_are_told_before_there_is_an_image(
    engine: Callable[..., Docker], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = by_name(examine("test-doctor", engine()))
    assert found["memory"].state is Health.WARN
    assert "1.0 GiB" in str(found["memory"].message)
    assert "disk" in found
    monkeypatch.setenv("DOCKER_HOST", "tcp://far:2375")
    found = by_name(examine("test-doctor", engine()))
    assert "memory" in found and "disk" not in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Error: unable to apply caps: operation not permitted", "engine of its own"),
        ("Error: no space left on device", "could not be started"),
    ],
)
def test_want_of_rights_is_told_from_other_failures(
    engine: Callable[..., Docker], words: str, said: str
) -> None:
    docker = engine(HOST, f"echo '{words}' >&2; exit 125")
    privileges = by_name(examine("test-doctor", docker))["privileges"]
    assert said in str(privileges.message)
    assert privileges.details == words


def test_the_record_is_looked_for_where_it_is(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    asked: list[Path] = []

    def usage(folder: Path) -> SimpleNamespace:
        asked.append(folder)
        return SimpleNamespace(free=1)

    monkeypatch.setattr("runner.lab.doctor.shutil.disk_usage", usage)
    assert str(own_home) in str(by_name(examine("test-doctor"))["record"].message)
    assert asked == [own_home]


@pytest.mark.parametrize(
    ("range_", "name", "state"),
    [
        ("172.17.5.0/24", "bridge", Health.WARN),
        ("172.18.0.0/16", "networks", Health.WARN),
        ("172.31.0.0/20", "networks", Health.WARN),
        ("192.168.1.0/24", "networks", Health.OK),
        ("172.32.0.0/16", "networks", None),
        ("10.1.0.0/16", "networks", None),
    ],
)
def test_what_networks_in_a_lab_may_hide_is_told(
    engine: Callable[..., Docker],
    monkeypatch: pytest.MonkeyPatch,
    range_: str,
    name: str,
    state: Health | None,
) -> None:
    around = [Used(IPv4Network(range_), "tun0")]
    monkeypatch.setattr("runner.lab.doctor_ranges.machine_ranges", lambda: around)
    found = by_name(examine("test-doctor", engine()))
    assert (found[name].state if name in found else None) is state


def _program(folder: Path, words: str) -> str:
    """Make a docker program that fails as the real one does where nothing answers."""
    program = folder / "docker"
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)
