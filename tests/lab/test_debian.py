"""Where Debian comes from: what is there, else a registry, which must not keep us waiting."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from checks.message import Message
from runner.errors import LearnError
from runner.lab import debian
from runner.lab.outer import Docker
from runner.lab.recipe import DEBIAN

PULLS = "echo 'trixie-slim: Pulling from library/debian'; echo 'Status: Downloaded'"


def engine(folder: Path, pull: str, there: str = "nothing") -> Docker:
    """Make a command line that keeps a list of what it was asked, and pulls as it is told."""
    path = folder / "docker"
    path.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >>{folder}/asked\n'
        'case "$*" in\n'
        f'  "image inspect {there}") echo "[]" ;;\n'
        "  image*) exit 1 ;;\n"
        f"  pull*) {pull} ;;\n"
        "esac\n"
    )
    path.chmod(0o755)
    return Docker(str(path))


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().splitlines()


def test_what_is_there_is_taken(tmp_path: Path) -> None:
    debian.ensure_debian(engine(tmp_path, "exit 1", DEBIAN), ignore, never)
    assert asked(tmp_path) == [f"image inspect {DEBIAN}"]


def test_an_image_of_the_users_own_keeps_its_name(tmp_path: Path) -> None:
    debian.ensure_debian(engine(tmp_path, "exit 1", debian.PUBLIC), ignore, never)
    assert asked(tmp_path)[-1] == f"tag {debian.PUBLIC} {DEBIAN}"


def test_a_pulled_image_is_ours_alone(tmp_path: Path) -> None:
    debian.ensure_debian(engine(tmp_path, PULLS), ignore, never)
    assert asked(tmp_path)[-3:] == [
        f"pull {debian.PUBLIC}",
        f"tag {debian.PUBLIC} {DEBIAN}",
        f"rmi {debian.PUBLIC}",
    ]


@pytest.mark.parametrize("pull", ["exec sleep 60", "exit 1"], ids=["silent", "refused"])
def test_without_registry_and_maker_nothing_is_installed_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pull: str
) -> None:
    docker = engine(tmp_path, pull)
    monkeypatch.setattr(debian, "REGISTRY_PATIENCE", 0.3)
    monkeypatch.setattr(debian, "MAKER", "no-such-maker")
    began = time.monotonic()
    with pytest.raises(LearnError, match="mmdebstrap") as caught:
        debian.ensure_debian(docker, ignore, never)
    assert time.monotonic() - began < 10
    assert "images load" in str(caught.value.remedy)


def test_a_silent_registry_is_told_while_it_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "REGISTRY_PATIENCE", 0.5)
    monkeypatch.setattr(debian, "WORTH_SAYING", 0.05)
    monkeypatch.setattr(debian, "MAKER", "no-such-maker")
    told: list[str] = []
    with pytest.raises(LearnError):
        debian.ensure_debian(
            engine(tmp_path, "exec sleep 60"), lambda one: told.append(str(one)), never
        )
    assert "No answer yet; after 0.5 seconds we do without a registry." in told


def test_an_interrupted_installation_is_mended_and_another_one_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, status in (("apt-get", 0), ("dpkg", 2)):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >>{tmp_path}/asked\nexit {status}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    debian.install(["some"], ignore)
    wait = "-o DPkg::Lock::Timeout=120"
    assert asked(tmp_path) == [
        f"apt-get --quiet {wait} update",
        "dpkg --configure -a",
        f"apt-get --quiet {wait} install --yes --no-install-recommends some",
    ]


def test_what_the_maker_says_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = tmp_path / "maker"
    maker.write_text("#!/bin/sh\necho 'E: no mirror answers' >&2\nexit 1\n")
    maker.chmod(0o755)
    monkeypatch.setattr(debian, "MAKER", str(maker))
    with pytest.raises(LearnError, match="could not be made") as caught:
        debian.ensure_debian(engine(tmp_path, "exit 1"), ignore, never)
    assert "no mirror answers" in caught.value.details
    assert not [line for line in asked(tmp_path) if line.startswith("tag")]


def ignore(_: Message) -> None:
    pass


def never(_: Message) -> bool:
    return False
