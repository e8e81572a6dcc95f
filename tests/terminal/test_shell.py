"""A real bash on a real pty: size, job control, floods, pastes and hanging up."""

import os
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.terminal.shell import BUDGET, ShellProcess

WAIT = 10.0
BASH = ["bash", "--norc", "--noprofile", "-i"]

Start = Callable[..., ShellProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    opened: list[ShellProcess] = []

    def starter(*argv: str, rows: int = 24, columns: int = 80) -> ShellProcess:
        environment = {"PS1": "> ", "HISTFILE": "/dev/null"}
        shell = ShellProcess(argv or BASH, rows=rows, columns=columns, environment=environment)
        opened.append(shell)
        return shell

    yield starter
    for shell in opened:
        shell.close()


def read_until(shell: ShellProcess, wanted: bytes) -> bytes:
    """Read until `wanted` came or nothing more can come."""
    seen = b""
    end = time.monotonic() + WAIT
    while wanted not in seen and not shell.ended and time.monotonic() < end:
        select.select([shell.descriptor], [], [], 0.05)
        seen += shell.read()
        shell.flush()
    assert wanted in seen, seen[-500:]
    return seen


def ended(shell: ShellProcess) -> int | None:
    end = time.monotonic() + WAIT
    while (not shell.ended or shell.status is None) and time.monotonic() < end:
        select.select([], [], [], 0.01)
        shell.read()
    return shell.status


def test_what_is_typed_is_run_on_a_terminal_of_the_given_size(start: Start) -> None:
    shell = start(rows=33, columns=77)
    shell.write(b'stty size; echo $TERM; test -t 0 && echo a-""terminal\r')
    seen = read_until(shell, b"a-terminal")
    assert b"33 77" in seen
    assert b"xterm-256color" in seen


def test_a_new_size_is_told(start: Start) -> None:
    shell = start(
        "sh", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done"
    )
    read_until(shell, b"ready")
    shell.resize(10, 40)
    read_until(shell, b"10 40")


def test_ctrl_c_interrupts_the_job_and_not_the_shell(start: Start) -> None:
    shell = start()
    shell.write(b"sh -c 'echo ru\"\"ns; exec sleep 100'\r")
    read_until(shell, b"runs\r\n")
    shell.write(b"\x03")
    read_until(shell, b"^C")
    shell.write(b"echo still $((1 + 1)) here\r")
    read_until(shell, b"still 2 here")


def test_ctrl_z_stops_a_job(start: Start) -> None:
    shell = start()
    shell.write(b"sh -c 'echo ru\"\"ns; exec cat'\r")
    read_until(shell, b"runs\r\n")
    shell.write(b"\x1a")
    read_until(shell, b"Stopped")


def test_one_read_of_a_flood_is_bounded(start: Start) -> None:
    shell = start("yes", "0123456789" * 7)
    select.select([shell.descriptor], [], [], WAIT)
    sizes = [len(shell.read()) for _ in range(50)]
    assert max(sizes) < BUDGET + 65536


def test_ten_thousand_bytes_of_paste_arrive_whole(start: Start) -> None:
    text = b"".join(b"%04d %s\n" % (line, b"x" * 44) for line in range(200))
    shell = start("sh", "-c", f"stty raw -echo; echo ready; exec head -c {len(text)}")
    read_until(shell, b"ready")
    shell.write(text)
    seen = read_until(shell, text[-50:])
    assert text in seen


def test_a_writer_is_not_held_up_by_a_program_that_does_not_read(start: Start) -> None:
    shell = start("sh", "-c", "stty raw -echo; echo ready; exec sleep 100")
    read_until(shell, b"ready")
    begun = time.monotonic()
    shell.write(b"x" * 1_000_000)
    assert shell.unsent
    assert time.monotonic() - begun < 20


def test_exit_status(start: Start) -> None:
    shell = start("sh", "-c", "exit 7")
    assert ended(shell) == 7
    shell.write(b"into the void")
    assert shell.read() == b""


def test_a_program_that_is_not_there_says_so(start: Start) -> None:
    shell = start("no-such-program")
    read_until(shell, b"no-such-program")
    assert ended(shell) == 127


def test_closing_is_quick_and_leaves_no_process(start: Start, tmp_path: Path) -> None:
    shell = start()
    shell.write(b"sleep 300 & echo $$ $! >%s; cat\r" % os.fsencode(tmp_path / "pids"))
    end = time.monotonic() + WAIT
    while len(_content(tmp_path / "pids").split()) < 2 and time.monotonic() < end:
        select.select([shell.descriptor], [], [], 0.05)
        shell.read()
    pids = [int(word) for word in _content(tmp_path / "pids").split()]
    begun = time.monotonic()
    shell.close()
    assert time.monotonic() - begun < 20
    assert len(pids) == 2
    end = time.monotonic() + WAIT
    while (alive := [pid for pid in pids if _alive(pid)]) and time.monotonic() < end:
        select.select([], [], [], 0.01)
    assert not alive


def test_a_program_that_ignores_the_hangup_is_killed(start: Start) -> None:
    shell = start("sh", "-c", "trap '' HUP; echo $$; sleep 300")
    pid = int(read_until(shell, b"\r\n"))
    shell.close()
    end = time.monotonic() + WAIT
    while _alive(pid) and time.monotonic() < end:
        select.select([], [], [], 0.01)
    assert not _alive(pid)


def _content(path: Path) -> str:
    end = time.monotonic() + WAIT
    while (not path.exists() or not path.read_text().endswith("\n")) and time.monotonic() < end:
        select.select([], [], [], 0.01)
    return path.read_text()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_standard_input_can_be_written_to_as_on_a_real_terminal(start: Start) -> None:
    shell = start("sh", "-c", "echo drawn on input >&0")
    read_until(shell, b"drawn on input")
