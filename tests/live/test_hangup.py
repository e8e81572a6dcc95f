"""A shell in a lab host goes with its terminal, whatever ran in it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from runner.lab.outer import Docker
from runner.terminal.shell import ShellProcess

pytestmark = pytest.mark.live

OWNER = "test-hangup"
PATIENCE = 20.0


@pytest.fixture(scope="module")
def lab() -> Iterator[LabHandle]:
    docker = Docker()
    hosts = {"docker": HostSpec()}
    yield labs.reset(LabRequest("test", "lesson-01", OWNER, hosts, (), purpose="test"))
    labs.down_all(OWNER, docker=docker)


def read_until(shell: ShellProcess, wanted: bytes) -> bytes:
    seen, end = b"", time.monotonic() + PATIENCE
    while wanted not in seen and time.monotonic() < end and not shell.ended:
        select.select([shell.descriptor], [], [], 0.05)
        seen += shell.read()
    assert wanted in seen, seen[-500:]
    return seen


def running(lab: LabHandle, pattern: str) -> str:
    argv = labs.shell_argv(lab, command=f"pgrep -fa {pattern} | grep -v pgrep || true")
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def await_gone(lab: LabHandle, pattern: str) -> None:
    end = time.monotonic() + PATIENCE
    while (left := running(lab, pattern)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left


@pytest.mark.parametrize("job", ["sleep 7117", "vim -c 'echo 7117'", "docker events #7117"])
def test_a_closed_terminal_ends_the_shell_and_its_job(lab: LabHandle, job: str) -> None:
    shell = ShellProcess(labs.shell_argv(lab), rows=24, columns=80)
    read_until(shell, b"133;B")
    shell.write(f"nohup sleep 8118 >/dev/null 2>&1 &\r{job}\r".encode())
    read_until(shell, b"7117")
    assert running(lab, "[r]cfile")
    shell.close()
    await_gone(lab, "[r]cfile")
    await_gone(lab, "7117")
    assert running(lab, "8118")  # as asked for with nohup


def test_other_shells_stay_and_an_exit_status_is_passed_on(lab: LabHandle) -> None:
    one = ShellProcess(labs.shell_argv(lab), rows=24, columns=80)
    other = ShellProcess(labs.shell_argv(lab), rows=24, columns=80)
    for shell in one, other:
        read_until(shell, b"133;B")
    one.close()
    end = time.monotonic() + PATIENCE
    while running(lab, "[r]cfile").count("\n") > 1 and time.monotonic() < end:
        time.sleep(0.1)
    other.write(b"echo sti''ll; exit 5\r")
    read_until(other, b"still")
    while (not other.ended or other.status is None) and time.monotonic() < end:
        select.select([other.descriptor], [], [], 0.05)
        other.read()
    assert other.status == 5


def test_a_program_that_is_killed_leaves_no_shell(lab: LabHandle) -> None:
    code = (
        "import sys; from runner.terminal.shell import ShellProcess\n"
        "shell = ShellProcess(sys.argv[1:], rows=9, columns=60)\n"
        "while True: print(repr(shell.read()), flush=True)\n"
    )
    argv = labs.shell_argv(lab)
    with subprocess.Popen([sys.executable, "-c", code, *argv], stdout=subprocess.PIPE) as around:
        assert around.stdout is not None
        for line in around.stdout:
            if b"133;B" in line:
                break
        os.kill(around.pid, signal.SIGKILL)
    await_gone(lab, "[r]cfile")


@pytest.mark.parametrize("command", ["sleep 9119", "sleep 9119; echo more", "sleep 9119 | cat"])
def test_ctrl_c_ends_a_command_in_the_lab(lab: LabHandle, command: str) -> None:
    argv = labs.shell_argv(lab, command=f"echo there; {command}")
    code = "import sys; from runner.cli.shell import run_there\nsys.exit(run_there(sys.argv[1:]))"
    around = subprocess.Popen(
        [sys.executable, "-c", code, *argv], stdout=subprocess.PIPE, start_new_session=True
    )
    with around:
        assert around.stdout is not None
        assert around.stdout.readline() == b"there\n"
        os.killpg(around.pid, signal.SIGINT)  # as a terminal sends it: to all that stand in front
    assert around.returncode == 128 + signal.SIGINT
    await_gone(lab, "9119")
