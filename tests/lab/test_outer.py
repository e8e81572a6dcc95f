"""The outer engine's command line; other programs stand in where the engine would be in the way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.lab.outer import Docker, Reach
from tests.lab.memory import low_memory


def program(folder: Path, text: str) -> Docker:
    """Make a command line of a few lines of shell."""
    path = folder / "docker"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return Docker(str(path))


def test_a_command_gives_status_and_both_outputs() -> None:
    done = Docker("/bin/sh").run("-c", "cat; echo bad >&2; exit 3", input="given")
    assert (done.status, done.stdout, done.stderr) == (3, "given", "bad\n")
    assert not done.ok


def test_a_failure_carries_the_programs_own_words() -> None:
    with pytest.raises(LearnError) as caught:
        Docker("/bin/sh").check("-c", "echo first >&2; echo no such thing >&2; exit 1")
    assert str(caught.value).endswith("no such thing")
    assert caught.value.details == "first\nno such thing"
    assert caught.value.remedy is not None


def test_a_command_that_hangs_is_ended() -> None:
    with pytest.raises(LearnError, match=r"did not end within 0\.2 seconds"):
        Docker("/bin/sleep").run("30", timeout=0.2)


def test_a_command_that_says_too_much_is_ended() -> None:
    with low_memory(), pytest.raises(LearnError, match="more than 16 MiB"):
        Docker("/bin/cat").run("/dev/zero")
    with low_memory(), pytest.raises(LearnError, match="more than 16 MiB"):
        Docker("/bin/sh").run("-c", "cat /dev/zero >&2")


def test_a_command_that_is_given_much_reads_what_it_likes() -> None:
    much = b"x" * 3_000_000
    assert Docker("/bin/cat").run(input=much).stdout == much.decode()
    assert Docker("/bin/true").run(input=much).ok


def test_lines_come_as_they_are_written() -> None:
    heard: list[str] = []
    done = Docker("/bin/sh").follow(
        "-c", 'cat; echo one; echo "$X" >&2; exit 4',
        on_line=heard.append, input=b"zero\n", environment={"X": "two"},
    )  # fmt: skip
    assert heard == ["zero", "one", "two"]
    assert (done.status, done.stdout) == (4, "zero\none\ntwo\n")


def test_an_interrupt_ends_the_command(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Docker("/bin/sh").follow("-c", f"echo $$ >{pid}; echo go; exec sleep 60", on_line=interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_lists_come_as_json_or_as_json_lines() -> None:
    docker = Docker("/bin/echo")
    assert docker.items('[{"a": 1}, {"a": 2}]') == [{"a": 1}, {"a": 2}]
    assert docker.items('{"a": 1}\n{"a": 2}') == [{"a": 1}, {"a": 2}]


def test_no_program_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    docker = Docker()
    assert docker.engine_state().reach is Reach.NO_CLIENT
    with pytest.raises(LearnError, match="no docker program") as caught:
        docker.need_engine()
    assert "setup" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("said", "reach"),
    [
        ("permission denied while trying to connect to the Docker daemon socket", Reach.FORBIDDEN),
        (
            "permission denied while trying to connect to the docker API at unix:///run/docker.sock",
            Reach.FORBIDDEN,
        ),
        ("dial unix /var/run/docker.sock: connect: permission denied", Reach.FORBIDDEN),
        (
            "command [ssh -T -- u@far docker system dial-stdio] has exited with exit status 255:"
            " stderr=u@far: Permission denied (publickey).",
            Reach.SILENT,
        ),
        (
            "command [ssh -T -- u@far docker system dial-stdio]: stderr=permission denied while"
            " trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
            Reach.SILENT,
        ),
        ("Cannot connect to the Docker daemon. Is it running?", Reach.SILENT),
        ('context "gone" not found', Reach.SILENT),
    ],
)
def test_an_engine_out_of_reach(tmp_path: Path, said: str, reach: Reach) -> None:
    docker = program(
        tmp_path, f'echo \'{{"Client":{{"Version":"28.2.2"}}}}\'; echo \'{said}\' >&2; exit 1'
    )
    state = docker.engine_state()
    assert (state.reach, state.client, state.details) == (reach, "28.2.2", said)
    with pytest.raises(LearnError) as caught:
        docker.need_engine()
    assert caught.value.remedy is not None


def test_an_engine_that_hangs_is_silent(tmp_path: Path) -> None:
    assert program(tmp_path, "exec sleep 60").engine_state(timeout=0.2).reach is Reach.SILENT


def test_an_engine_that_answers(tmp_path: Path) -> None:
    server = {"Version": "20.10.24", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64"}
    words = json.dumps({"Client": {"Version": "28.2.2"}, "Server": server})
    state = program(tmp_path, f"echo '{words}'; echo DEPRECATED >&2").engine_state()
    assert state.answers
    assert (state.version, state.api, state.platform) == ("20.10.24", "1.41", "linux/amd64")


def test_what_does_not_exist_is_left_out(tmp_path: Path) -> None:
    docker = program(
        tmp_path, """echo '[{"Id": "1"}]'; echo 'Error: No such container: x' >&2; exit 1"""
    )
    assert docker.inspect("a", "x") == [{"Id": "1"}]
    assert Docker("/bin/false").inspect() == []
