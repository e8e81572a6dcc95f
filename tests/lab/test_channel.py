"""The channel's side of the conversation: asked from many threads, lost in every way."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checks.asking import Net, Outcome
from runner.errors import LearnError
from runner.lab import channel as module
from runner.lab.channel import Channel
from tests.lab.agents import agent_argv, gone, open_descriptors, shell, until
from tests.lab.memory import low_memory

HELLO = '{"hello": 1, "lab": "l", "host": "h", "engine": "", "kernel": []}'


def impostor(*steps: str) -> list[str]:
    """Make a command that greets and then does this, in bash."""
    return ["bash", "-c", "; ".join([f"echo '{HELLO}'", *steps])]


@pytest.fixture
def agent() -> Iterator[Channel]:
    with Channel.open(agent_argv()) as channel:
        yield channel


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a missed answer be noticed sooner than in life."""
    monkeypatch.setattr(module, "MARGIN", 0.2)


def test_keeps_the_greeting(agent: Channel) -> None:
    assert (agent.hello["lab"], agent.hello["host"], agent.hello["engine"]) == ("l1", "docker", "")
    assert not agent.closed


def test_the_answer_names_host_and_question(agent: Channel) -> None:
    request = shell("echo 中")
    answer = agent.ask("docker2", request)
    assert (answer.host, answer.request, answer.stdout) == ("docker2", request, "中\n")


def test_many_threads_each_get_their_own_answer(agent: Channel) -> None:
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda n: agent.ask("docker", shell(f"echo {n}")), range(200)))
    assert [answer.stdout for answer in answers] == [f"{n}\n" for n in range(200)]


def test_answers_come_as_they_are_ready(agent: Channel) -> None:
    slow = agent.submit("docker", shell("sleep 1000", timeout=60))
    assert agent.ask("docker", shell("echo fast")).stdout == "fast\n"
    assert not slow.done()
    agent.close()
    assert slow.result(5).outcome is Outcome.LOST


def test_time_begins_when_a_place_is_free(agent: Channel, hasty: None) -> None:
    # The seventeenth waits longer than its own time and margin, and is answered all the same.
    held = [agent.submit("docker", shell("sleep 1", timeout=30)) for _ in range(module.AT_ONCE)]
    late = agent.submit("docker", shell("echo in time", timeout=0.3))
    assert late.result().stdout == "in time\n"
    assert all(future.result().ended for future in held)


def test_writes_a_file(agent: Channel, tmp_path: Path) -> None:
    agent.write_file(str(tmp_path / "a" / "b"), "text\n")
    assert (tmp_path / "a" / "b").read_text() == "text\n"
    with pytest.raises(LearnError) as caught:
        agent.write_file(str(tmp_path / "a" / "b" / "c"), "text\n")
    assert caught.value.remedy is not None
    assert "b/c" in str(caught.value)


def test_an_agent_that_dies_loses_everything_at_once(agent: Channel) -> None:
    asked = [agent.submit("docker", shell("sleep 1000", timeout=600)) for _ in range(20)]
    begun = time.monotonic()
    os.kill(agent._process.pid, signal.SIGKILL)
    for future in asked:
        answer = future.result(10)
        assert answer.outcome is Outcome.LOST and answer.why is not None
    assert time.monotonic() - begun < 5
    assert agent.closed
    assert agent.ask("docker", shell("true")).outcome is Outcome.LOST


def test_a_closed_channel_gives_lost_and_closes_again(agent: Channel) -> None:
    agent.close()
    agent.close()
    assert agent.closed
    assert agent.ask("docker", Net("interfaces")).outcome is Outcome.LOST
    with pytest.raises(LearnError):
        agent.write_file("/tmp/x", "")
    with pytest.raises(LearnError):
        agent.events()


def test_closing_ends_the_commands(agent: Channel, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    agent.submit("docker", shell(f"echo $$ >{pid}; sleep 1000", timeout=600))
    until(lambda: pid.exists() and pid.read_text())
    agent.close()
    until(lambda: gone(int(pid.read_text())))


def test_an_agent_that_hangs_is_lost_after_its_time(hasty: None) -> None:
    with Channel.open(impostor("exec sleep 1000")) as silent:
        begun = time.monotonic()
        first = [silent.submit("h", shell("true", timeout=0.3)) for _ in range(40)]
        assert {future.result(10).outcome for future in first} == {Outcome.LOST}
        assert 0.4 < time.monotonic() - begun < 5
        assert not silent.closed
        assert silent.ask("h", shell("true", timeout=0.1)).outcome is Outcome.LOST


def test_a_stopped_agent_is_lost_and_comes_back(agent: Channel, hasty: None) -> None:
    os.kill(agent._process.pid, signal.SIGSTOP)
    assert agent.ask("docker", shell("true", timeout=0.2)).outcome is Outcome.LOST
    os.kill(agent._process.pid, signal.SIGCONT)
    assert agent.ask("docker", shell("echo back")).stdout == "back\n"


def test_an_agent_that_does_not_even_read_is_lost(hasty: None) -> None:
    with Channel.open(impostor("exec sleep 1000")) as deaf:
        answer = deaf.ask("h", shell("x" * 1_000_000, timeout=60))
        assert answer.outcome is Outcome.LOST
        assert deaf.closed


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"n": [1]}', '{"x": 1}'])
def test_an_agent_that_talks_nonsense_is_lost(line: str) -> None:
    with Channel.open(impostor("read x", f"echo '{line}'", "exec sleep 1000")) as mad:
        assert mad.ask("h", shell("true", timeout=60)).outcome is Outcome.LOST


@pytest.mark.parametrize(
    "line",
    [
        '{"n": 1}',
        '{"n": 1, "outcome": "splendid"}',
        '{"n": 1, "outcome": ["ended"]}',
        '{"n": 1, "outcome": "ended", "stdout": [1]}',
        '{"n": 1, "outcome": "ended", "stderr": null}',
        '{"n": 1, "outcome": "ended", "status": "0"}',
        '{"n": 1, "outcome": "ended", "seconds": {}}',
        '{"n": 1, "outcome": "lost", "why": {"text": 1}}',
        '{"n": 1, "outcome": "lost", "why": {"text": "x", "values": [1]}}',
    ],
)
def test_an_answer_that_makes_no_sense_is_lost_and_no_other(line: str) -> None:
    again = json.dumps({"n": 2, "outcome": "ended", "status": 4})
    steps = ["read x", f"echo '{line}'", "read x", f"echo '{again}'", "exec sleep 1000"]
    with Channel.open(impostor(*steps)) as liar:
        answer = liar.submit("h", shell("true", timeout=600)).result(10)
        assert answer.outcome is Outcome.LOST
        assert "no sense" in str(answer.why)
        assert liar.submit("h", shell("true", timeout=600)).result(10).status == 4


def test_an_answer_to_a_file_that_makes_no_sense_is_told() -> None:
    with (
        Channel.open(impostor("read x", "echo '{\"n\": 1}'", "exec sleep 1000")) as liar,
        pytest.raises(LearnError, match="cannot be written"),
    ):
        liar.write_file("/tmp/x", "")


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("printf '[%.0s' {1..200000}; echo", "brackets in brackets"),
        ("exec tr '\\0' a </dev/zero", "a line that never ends"),
    ],
)
def test_an_agent_whose_line_cannot_be_read_is_lost(output: str, what: str) -> None:
    with low_memory(), Channel.open(impostor("read x", output, "exec sleep 1000")) as mad:
        asked = [mad.submit("h", shell("true", timeout=600)) for _ in range(20)]
        assert {one.result(30).outcome for one in asked} == {Outcome.LOST}, what
        assert mad.closed


def test_an_agent_that_greets_twice_is_heard_all_the_same() -> None:
    reply = json.dumps({"n": 1, "outcome": "ended", "status": 4})
    steps = ["read x", f"echo '{HELLO}'", f"echo '{reply}'", "exec sleep 1000"]
    with Channel.open(impostor(*steps)) as odd:
        assert odd.submit("h", shell("true", timeout=600)).result(10).status == 4
        assert odd.hello["lab"] == "l"


def test_an_answer_nobody_waits_for_is_passed_over() -> None:
    reply = json.dumps({"n": 1, "outcome": "ended", "status": 4})
    late = json.dumps({"n": 77, "outcome": "ended"})
    steps = ["read x", f"echo '{late}'", f"echo '{reply}'", f"echo '{reply}'", "exec sleep 1000"]
    with Channel.open(impostor(*steps)) as odd:
        assert odd.ask("h", shell("true", timeout=60)).status == 4


def test_no_greeting_is_told_with_the_reason() -> None:
    with pytest.raises(LearnError) as caught:
        Channel.open(["sh", "-c", "echo 'Error: No such container: x' >&2; exit 1"])
    assert caught.value.details == "Error: No such container: x"
    assert caught.value.remedy is not None


def test_a_late_greeting_is_not_waited_for() -> None:
    begun = time.monotonic()
    with pytest.raises(LearnError):
        Channel.open(["sleep", "1000"], patience=0.2)
    assert time.monotonic() - begun < 5


def test_a_command_that_does_not_exist_is_told() -> None:
    with pytest.raises(LearnError) as caught:
        Channel.open(["/nonexistent/docker", "exec"])
    assert "nonexistent" in caught.value.details


def test_another_version_is_told() -> None:
    with pytest.raises(LearnError) as caught:
        Channel.open(["sh", "-c", """echo '{"hello": 2}'; exec sleep 1000"""])
    assert "version" in str(caught.value)


def test_events_of_an_engine_that_is_not_there(agent: Channel) -> None:
    with pytest.raises(LearnError):
        agent.events()


def test_events_come_in_turn_and_end_with_the_engine() -> None:
    lines = ['{"n":1,"event":null}', '{"n":1,"event":{"Action":"start"}}']
    lines += ['{"n":1,"event":{"Action":"die"}}', '{"n":1,"outcome":"no engine"}']
    steps = ["read x", *(f"echo '{line}'" for line in lines), "exec sleep 1000"]
    with Channel.open(impostor(*steps)) as told:
        events = told.events()
        assert [event["Action"] for event in events] == ["start", "die"]
        assert list(events) == []


def test_events_end_when_closed_from_another_thread() -> None:
    steps = ["read x", """echo '{"n":1,"event":null}'""", "exec sleep 1000"]
    with Channel.open(impostor(*steps)) as told:
        events = told.events()
        threading.Timer(0.05, events.close).start()
        assert list(events) == []
        again = told  # the channel itself goes on
        assert not again.closed


def children() -> set[int]:
    """Give the processes that this one has begun; other tests may have left helpers running."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


def test_leaves_no_process_descriptor_or_thread() -> None:
    def once() -> None:
        with Channel.open(agent_argv()) as channel:
            channel.ask("docker", shell("true"))
        with pytest.raises(LearnError):
            Channel.open(["false"])

    once()
    before = open_descriptors(), threading.active_count(), children()
    for _ in range(5):
        once()
    until(lambda: (open_descriptors(), threading.active_count()) <= before[:2])
    until(lambda: children() <= before[2])


def test_a_killed_program_takes_its_agent_with_it(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        "import sys; from runner.lab.channel import Channel; from checks.asking import Run;"
        f"Channel.open({agent_argv()!r}).ask('h', Run('echo $$ >{pid}; sleep 1000', 600, False))"
    )
    program = subprocess.Popen([sys.executable, "-c", code])
    until(lambda: pid.exists() and pid.read_text())
    program.kill()
    program.wait()
    until(lambda: gone(int(pid.read_text())))
