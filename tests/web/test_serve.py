"""`serve` and `served` as commands: what they print, what they refuse, how they end."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.cli.main import main
from tests.directory_lab import write_course

ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+)/)\?token=([\w-]{43})\n")


@contextmanager
def program(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program beside the test."""
    course = folder / "course"
    process = subprocess.Popen(
        [sys.executable, "-m", "runner.cli.main", "--yes", "--course", str(course), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "LEARN_DOCKER_NET_HOME": str(folder / "home"),
            "TEXTUAL_DRIVER": "runner.tui.served:ServedDriver",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_course(tmp_path / "course")
    return tmp_path


def refuse(folder: Path, capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """Run `serve` in this process, which must refuse; give what it says."""
    assert main(["--yes", "--course", str(folder / "course"), "serve", *words]) != 0
    out, said = capfd.readouterr()
    assert out == ""
    return " ".join(said.split())


def test_the_address_is_printed_and_ctrl_c_ends_it(folder: Path) -> None:
    with program(folder, "serve") as served:
        assert served.stdout is not None
        found = ADDRESS.fullmatch(served.stdout.readline().decode())
        assert found is not None
        with urllib.request.urlopen(found[0].strip()) as page:
            assert b"textual-terminal" in page.read()
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(found[1])
        served.send_signal(signal.SIGINT)
        out, said = served.communicate(timeout=20)
        assert served.returncode == 0
        assert found[3].encode() not in out + said


def test_nobody_from_elsewhere_can_connect(folder: Path) -> None:
    with program(folder, "serve") as served:
        assert served.stdout is not None
        found = ADDRESS.fullmatch(served.stdout.readline().decode())
        assert found is not None
        sockets = Path(f"/proc/{served.pid}/net/tcp").read_text(encoding="ascii")
        port = f":{int(found[2]):04X} "
        listening = [line for line in sockets.splitlines() if port in line and " 0A " in line]
        assert [line.split()[1].split(":")[0] for line in listening] == ["0100007F"]


def test_a_port_that_is_taken_is_told(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with program(folder, "serve") as served:
        assert served.stdout is not None
        found = ADDRESS.fullmatch(served.stdout.readline().decode())
        assert found is not None
        said = refuse(folder, capfd, "--port", found[2])
    assert f"Port {found[2]} of 127.0.0.1 cannot be had" in said
    assert "Leave --port out" in said


def test_a_port_that_there_is_not_is_told(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "cannot be had" in refuse(folder, capfd, "--port", "70000")


def test_a_lesson_that_there_is_not_is_told(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "no lesson “lesson-99”" in refuse(folder, capfd, "lesson-99")
    assert "lesson-01/make" in refuse(folder, capfd, "lesson-01/mak")


def test_without_the_extra_it_says_what_to_install(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pipx inject learn-docker-net 'textual-serve==1.1.*'" in refuse(folder, capfd)


def test_a_screen_ends_when_its_server_has_gone(folder: Path) -> None:
    with program(folder, "served") as screen:
        assert screen.stdin is not None
        assert screen.stdout is not None
        seen = b""
        while b"Files and names" not in seen:
            some = os.read(screen.stdout.fileno(), 65536)
            assert some, screen.communicate()
            seen += some
        screen.stdin.close()
        screen.stdin = None
        screen.communicate(timeout=20)
        assert screen.returncode == 0
