"""What a lab puts in place of its own programs, as far as that shows without an engine."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from runner.grade.lies import lies
from runner.lab.channel import Channel
from runner.lab.handle import HostHandle, LabHandle
from runner.lab.outer import Docker
from runner.lab.running import RunningLab

SILENT = """echo '{"hello": 1}'; exec sleep 1000"""


def lab_of(folder: Path, docker: str, agent: str) -> RunningLab:
    """Give a lab of one host whose engine outside and agent inside are lines of shell."""
    program = folder / "docker"
    program.write_text(f"#!/bin/bash\n{docker}\n", encoding="utf-8")
    program.chmod(0o755)
    handle = LabHandle(
        lab="0a1b2c3d",
        owner="x",
        course="small",
        lesson="lesson-01",
        docker="26.1",
        purpose="learn",
        created="",
        hosts={"docker": HostHandle("docker", "0" * 64, "10.66.0.2")},
        expected=("docker",),
    )
    opens = lambda _: Channel.open(["bash", "-c", agent])  # noqa: E731
    return RunningLab(handle, Docker(str(program)), opens)


@pytest.mark.parametrize("docker", ["exec sleep 1000", "true"])
def test_a_lab_that_says_nothing_of_itself_takes_no_more_time_than_is_left(
    tmp_path: Path, docker: str
) -> None:
    begun = time.monotonic()
    with lab_of(tmp_path, docker, SILENT) as lab:
        assert list(lies(lab, "ada", "lesson-01", begun + 0.5)) == []
    assert time.monotonic() - begun < 8


def test_what_the_engine_outside_knows_is_told(tmp_path: Path) -> None:
    changes = "A /etc/ld.so.preload\\nC /etc/hosts\\nA /usr/local/bin/docker\\nC /usr/bin/ip"
    with lab_of(tmp_path, f"printf '{changes}'", "exit 0") as lab:
        found = list(lies(lab, "ada", "lesson-01", time.monotonic() + 60))
    told = {line for one in found for line in one.evidence.splitlines()[1:]}
    assert told == {"A /etc/ld.so.preload", "A /usr/local/bin/docker", "C /usr/bin/ip"}
    assert len(found) == 3
