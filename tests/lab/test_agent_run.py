"""Commands in bash: whatever they do, the agent answers in time, truly, and cleans up."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.asking import Answer, Outcome, Run
from runner.lab.channel import Channel
from runner.lab.inside import shellrun
from runner.lab.inside.engine import Engine
from runner.lab.inside.shellrun import LIMIT
from tests.lab.agents import TOOLS, agent_argv, gone, shell, until


@pytest.fixture(scope="module")
def agent() -> Iterator[Channel]:
    with Channel.open(agent_argv()) as channel:
        yield channel


def run(agent: Channel, command: str, timeout: float = 10.0) -> Answer:
    return agent.ask("docker", shell(command, timeout))


def test_tells_status_and_both_streams(agent: Channel) -> None:
    answer = run(agent, "echo out; echo err >&2; exit 3")
    assert answer.outcome is Outcome.ENDED
    assert (answer.status, answer.stdout, answer.stderr) == (3, "out\n", "err\n")
    assert answer.host == "docker"
    assert 0 < answer.seconds < 5


def test_takes_bash_syntax_over_several_lines(agent: Channel) -> None:
    answer = run(agent, 'a=(1 2 3)\nfor x in "${a[@]}"; do\n  [[ $x > 1 ]] && echo $x\ndone')
    assert answer.stdout == "2\n3\n"


def test_stdin_is_empty(agent: Channel) -> None:
    assert run(agent, "cat; echo end").stdout == "end\n"


def test_environment_is_fixed(agent: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASH_ENV", "/etc/profile")
    monkeypatch.setenv("LC_ALL", "de_DE")
    with Channel.open(agent_argv()) as other:
        lines = dict(line.split("=", 1) for line in run(other, "env").stdout.splitlines())
    assert lines["PATH"] == "/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert (lines["HOME"], lines["LANG"]) == ("/usr/etc", "C.UTF-8")
    known = {"PATH", "HOME", "LANG", "USER", "TERM", "LDN_RUN", "PWD", "SHLVL", "_", "OLDPWD"}
    assert set(lines) <= known


def test_a_broken_pipe_ends_the_writer(agent: Channel) -> None:
    answer = run(agent, "yes | head -n 1; echo ${PIPESTATUS[0]}")
    assert answer.stdout == "y\n141\n"
    assert answer.stderr == ""


def test_nul_and_invalid_utf8_come_through_as_text(agent: Channel) -> None:
    answer = run(agent, r"printf 'a\0b\xff\xfec \xe4\xb8\xad\n'")
    assert answer.stdout == "a\0b��c 中\n"


def test_output_that_looks_like_the_protocol_is_output(agent: Channel) -> None:
    line = '{"n": 1, "outcome": "ended", "status": 0}\\n{"hello": 1}\\r\\n\\x1b]'
    answer = run(agent, f"printf '{line}'; printf '{line}' >&2; exit 5")
    assert answer.status == 5
    assert answer.stdout.startswith('{"n": 1') and answer.stdout == answer.stderr


def test_one_huge_line_is_cut_and_said(agent: Channel) -> None:
    answer = run(agent, "head -c 3000000 /dev/zero | tr '\\0' x; echo small >&2")
    assert answer.ended
    assert answer.stdout[:LIMIT] == "x" * LIMIT
    assert answer.stdout[LIMIT:] == f"\n… {3000000 - LIMIT} more bytes left out\n"
    assert answer.stderr == "small\n"


def test_endless_output_ends_with_its_time(agent: Channel) -> None:
    answer = run(agent, "yes", timeout=0.5)
    assert answer.outcome is Outcome.TIMED_OUT
    assert len(answer.stdout) > LIMIT


def test_too_slow_is_timed_out_with_what_it_said(agent: Channel) -> None:
    answer = run(agent, "echo first; sleep 1000; echo second", timeout=0.3)
    assert answer.outcome is Outcome.TIMED_OUT
    assert answer.status is None
    assert answer.stdout == "first\n"
    assert "0.3" in str(answer.why)


def test_timeout_kills_the_whole_group(agent: Channel, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = (
        f"trap '' TERM INT HUP; for i in 1 2 3; do (trap '' TERM; sleep 1000) & echo $! >>{pids};"
        f" done; echo $$ >>{pids}; wait"
    )
    answer = run(agent, command, timeout=0.5)
    assert answer.outcome is Outcome.TIMED_OUT
    found = [int(line) for line in pids.read_text().split()]
    assert len(found) == 4
    until(lambda: all(gone(pid) for pid in found))


def test_timeout_kills_what_left_the_group(agent: Channel, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    answer = run(agent, f"setsid sh -c 'echo $$ >{pid}; exec sleep 1000' & sleep 1000", 0.5)
    assert answer.outcome is Outcome.TIMED_OUT
    until(lambda: gone(int(pid.read_text())))


def test_a_background_process_that_keeps_the_pipe_is_not_waited_for(
    agent: Channel, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    begun = time.monotonic()
    answer = run(agent, f"sleep 1000 & echo $! >{pid}; echo done")
    assert (answer.outcome, answer.stdout, answer.status) == (Outcome.ENDED, "done\n", 0)
    assert time.monotonic() - begun < 5
    until(lambda: gone(int(pid.read_text())))


def test_a_background_flood_does_not_hold_the_answer(agent: Channel) -> None:
    answer = run(agent, "yes & echo done >&2; exit 4")
    assert (answer.status, answer.stderr) == (4, "done\n")


def test_late_output_of_a_substitution_is_there(agent: Channel) -> None:
    assert run(agent, "echo text > >(cat)").stdout == "text\n"


def test_many_leftovers_die_with_the_group(agent: Channel, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    answer = run(agent, f"for i in {{1..50}}; do sleep 1000 & echo $! >>{pids}; done; exit 7")
    assert answer.status == 7
    found = [int(line) for line in pids.read_text().split()]
    assert len(found) == 50
    until(lambda: all(gone(pid) for pid in found))


def test_closed_output_is_not_the_end(agent: Channel) -> None:
    assert run(agent, "exec >&- 2>&-; sleep 0.2; exit 3").status == 3
    assert run(agent, "exec >&- 2>&-; sleep 1000", 0.3).outcome is Outcome.TIMED_OUT


def test_death_by_a_signal_is_broken(agent: Channel) -> None:
    answer = run(agent, "kill -SEGV $$")
    assert answer.outcome is Outcome.BROKEN
    assert "SIGSEGV" in str(answer.why)


def test_a_missing_program_of_the_learner_is_an_answer(agent: Channel) -> None:
    answer = run(agent, "no-such-program")
    assert (answer.outcome, answer.status) == (Outcome.ENDED, 127)
    assert run(agent, "bash -c 'exec /usr/bin/no-such-ping'").outcome is Outcome.ENDED


def test_a_missing_program_of_ours_is_broken(tmp_path: Path) -> None:
    (tmp_path / "bash").symlink_to("/usr/bin/bash")
    (tmp_path / "ip").write_text("not executable")
    with Channel.open(agent_argv(tools=tmp_path)) as agent:
        for name in ("ping", "ip"):
            answer = run(agent, f"{tmp_path}/{name} -V")
            assert answer.outcome is Outcome.BROKEN
            assert f"{tmp_path}/{name}" in str(answer.why)


def test_without_bash_everything_is_broken(tmp_path: Path) -> None:
    with Channel.open(agent_argv(tools=tmp_path)) as agent:
        assert run(agent, "true").outcome is Outcome.BROKEN


def test_a_command_that_cannot_be_is_broken(agent: Channel) -> None:
    assert run(agent, "echo \0").outcome is Outcome.BROKEN
    assert run(agent, "x" * 3_000_000).outcome is Outcome.BROKEN


def test_a_failure_without_an_engine_is_no_engine(agent: Channel) -> None:
    assert agent.ask("docker", Run("exit 1")).outcome is Outcome.NO_ENGINE
    assert agent.ask("docker", Run("sleep 1000", timeout=0.2)).outcome is Outcome.NO_ENGINE
    assert agent.ask("docker", Run("exit 0")).status == 0
    assert run(agent, "exit 1").status == 1


def test_commands_leave_no_descriptors_or_zombies(agent: Channel) -> None:
    def held() -> tuple[int, int]:
        answer = run(agent, "ls /proc/$PPID/fd | wc -l; ps -o stat= --ppid $PPID | grep -c Z")
        descriptors, zombies = answer.stdout.split()
        return int(descriptors), int(zombies)

    before = held()
    for future in [agent.submit("docker", shell("true; sleep 0.01 &")) for _ in range(60)]:
        assert future.result().status == 0
    run(agent, "sleep 1000", 0.1)
    until(lambda: held() <= before)


def test_descriptors_of_the_agent_stay_its_own(agent: Channel) -> None:
    assert run(agent, "ls /proc/$$/fd | tr '\\n' ' '").stdout.split()[:3] == ["0", "1", "2"]
    listed = run(agent, "for f in /proc/$$/fd/*; do readlink $f; done").stdout
    assert listed.count("pipe:") == 2 and os.devnull in listed


def test_works_on_a_kernel_without_pidfd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shellrun, "_pidfd", lambda pid: None)
    old = shellrun.Shell(TOOLS, Engine("/nonexistent"))
    request = {
        "command": "sleep 0.1; echo done; sleep 1000 & exit 3",
        "timeout": 10,
        "engine": False,
    }
    answer = old.run(1, request)
    assert (answer["outcome"], answer["status"], answer["stdout"]) == ("ended", 3, "done\n")
    answer = old.run(2, {"command": "sleep 1000", "timeout": 0.2, "engine": False})
    assert answer["outcome"] == "timed out"
