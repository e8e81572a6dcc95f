"""A lab as checks ask it, over real agents that run on this machine in place of lab hosts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checks.asking import Outcome, Run
from checks.message import msg
from runner.errors import LearnError
from runner.lab.channel import Channel
from runner.lab.handle import HostHandle, LabHandle
from runner.lab.running import RunningLab, shell_argv

HERE = Path(__file__).parents[2]


class Agents:
    """Starts agents and keeps count; a host whose container is `dead` has none."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.dead: set[str] = set()

    def __call__(self, host: HostHandle) -> Channel:
        self.opened.append(host.container)
        if host.container in self.dead:
            raise LearnError(msg("no agent"), details=f"No such container: {host.container}")
        return Channel.open([sys.executable, "-m", "runner.lab.inside"])


def handle(**containers: str) -> LabHandle:
    hosts = {name: HostHandle(name, one, "10.66.0.11") for name, one in containers.items()}
    return LabHandle(
        lab="a", owner="ann", course="c", lesson="lesson-01", docker="26.1", purpose="test",
        created="", hosts=hosts, expected=tuple(hosts),
    )  # fmt: skip


@pytest.fixture
def agents(monkeypatch: pytest.MonkeyPatch) -> Agents:
    monkeypatch.chdir(HERE)
    monkeypatch.setenv("LDN_TOOLS", "/usr/bin")
    return Agents()


@pytest.fixture
def lab(agents: Agents) -> Iterator[RunningLab]:
    with RunningLab(handle(docker1="one", docker2="two"), opens=agents) as lab:
        yield lab


def say(word: str) -> Run:
    return Run(f"echo {word}", engine=False)


def agent_of(lab: RunningLab, host: str) -> str:
    return lab.ask(host, Run("echo $PPID", engine=False)).stdout.strip()


def end_agent(lab: RunningLab, host: str) -> None:
    """Kill a host's agent, as a restart of the lab host does, and wait for the next one."""
    first = agent_of(lab, host)
    os.kill(int(first), signal.SIGKILL)
    until = time.monotonic() + 10
    while agent_of(lab, host) in ("", first):
        assert time.monotonic() < until


def test_nothing_is_opened_before_the_first_question(agents: Agents, lab: RunningLab) -> None:
    assert agents.opened == []
    assert lab.hosts == ("docker1", "docker2")
    answer = lab.ask("docker2", say("hello"))
    assert (answer.host, answer.stdout) == ("docker2", "hello\n")
    assert agents.opened == ["two"]


def test_threads_share_one_channel_a_host(agents: Agents, lab: RunningLab) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda word: lab.ask("docker1", say(word)), "abcdefgh"))
    assert [answer.stdout for answer in answers] == [f"{word}\n" for word in "abcdefgh"]
    assert agents.opened == ["one"]


def test_an_unknown_host_is_lost_and_said(lab: RunningLab) -> None:
    answer = lab.ask("docker3", say("x"))
    assert answer.outcome is Outcome.LOST
    assert "docker3" in str(answer.why)


def test_a_host_that_is_gone_is_lost_and_tried_again_only_later(
    agents: Agents, lab: RunningLab
) -> None:
    agents.dead.add("one")
    answers = [lab.ask("docker1", say("x")) for _ in range(20)]
    assert {answer.outcome for answer in answers} == {Outcome.LOST}
    assert str(answers[-1].why) == "The lab host docker1 is gone."
    assert agents.opened == ["one"]
    agents.dead.clear()
    lab.refresh()
    assert lab.ask("docker1", say("x")).ended


def test_the_channel_is_opened_anew_after_it_broke(agents: Agents, lab: RunningLab) -> None:
    assert lab.ask("docker1", say("x")).ended
    end_agent(lab, "docker1")
    assert lab.ask("docker1", say("again")).stdout == "again\n"
    assert agents.opened == ["one", "one"]


def test_closing_ends_a_question_that_is_still_open(lab: RunningLab, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with ThreadPoolExecutor(1) as pool:
        slow = Run(f"touch {begun}; sleep 60", timeout=60, engine=False)
        asked = pool.submit(lab.ask, "docker1", slow)
        until = time.monotonic() + 10
        while not begun.exists():
            assert time.monotonic() < until
        lab.close()
        assert asked.result(5).outcome is Outcome.LOST


def test_a_new_handle_takes_over_what_is_the_same(agents: Agents, lab: RunningLab) -> None:
    for host in lab.hosts:
        lab.ask(host, say("x"))
    lab.refresh(handle(docker1="one", docker2="other"))
    for host in lab.hosts:
        assert lab.ask(host, say("x")).ended
    assert agents.opened == ["one", "two", "other"]


def test_a_file_is_written_with_its_folders(lab: RunningLab, tmp_path: Path) -> None:
    lab.write("docker1", str(tmp_path / "a" / "b.json"), '{"é": 1}\n')
    assert (tmp_path / "a" / "b.json").read_text(encoding="utf-8") == '{"é": 1}\n'


def test_writing_into_a_host_that_is_gone_is_an_error(agents: Agents, lab: RunningLab) -> None:
    agents.dead.add("one")
    with pytest.raises(LearnError, match="docker1 is gone"):
        lab.write("docker1", "/tmp/x", "")
    with pytest.raises(LearnError, match="docker3"):
        lab.write("docker3", "/tmp/x", "")


def test_shells_go_to_containers_by_id() -> None:
    docker = subprocess.run(["which", "docker"], capture_output=True, text=True, check=True)
    sh, _, script = shell_argv(handle(docker1="one", docker2="two"), "docker2")
    assert sh == "sh"
    opened = script.split("; ")[3]
    assert opened.startswith(f"{docker.stdout.strip()} exec -it -e TERM ")
    assert opened.endswith(" two bash --rcfile /ldn/etc/bashrc -i")
    _, _, script = shell_argv(handle(docker1="one"), command="exit 3")
    opened = script.split("; ")[3]
    assert opened.startswith(f"{docker.stdout.strip()} exec -i -e LDN_SHELL=")
    assert opened.endswith(" one bash -lc 'exit 3'")
    with pytest.raises(LearnError, match="docker9"):
        shell_argv(handle(docker1="one"), "docker9")
