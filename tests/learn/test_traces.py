"""What a lab knows of its learner: the shells' log read, changed files found, all of it bounded."""

from __future__ import annotations

import base64
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.asking import Answer, Outcome, Request, Run
from runner.learn import inside_traces, traces
from runner.learn.shell_log import read_log, unquoted
from tests.directory_lab import RC

PROGRAM = Path(inside_traces.__file__).read_text(encoding="utf-8")


class Host:
    """A lab whose own Python is the machine's, and whose root is a folder."""

    hosts = ("docker",)
    engine = "26.1.5"
    kernel: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, host: str, request: Request) -> Answer:
        assert isinstance(request, Run)
        self.asked += 1
        command = request.command.replace("/ldn/bin/python3", sys.executable)
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        return Answer(host, request, Outcome.ENDED, done.returncode, done.stdout, done.stderr)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab host's files, and a program that looks there."""
    for name in ("etc/docker", "root", "dpkg", "log"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "etc/old").write_text("as it was")
    (tmp_path / "etc/gone").write_text("from a package")
    (tmp_path / "dpkg/nano.list").write_text(f"/.\n{tmp_path}/etc\n{tmp_path}/etc/gone\n")
    (tmp_path / "begun").touch()
    changed = (
        PROGRAM.replace('"/var/lib/misc/begun"', f'"{tmp_path}/begun"')
        .replace('("/etc", "/root")', f'("{tmp_path}/etc", "{tmp_path}/root")')
        .replace('"/var/log/learn-docker-net/shell.log"', f'"{tmp_path}/log/shell.log"')
        .replace('"/var/lib/dpkg/info"', f'"{tmp_path}/dpkg"')
        .replace("SLICE = 180_000", "SLICE = 1_000")
    )
    monkeypatch.setattr(traces, "_program", lambda: changed)
    return tmp_path


def later(path: Path, root: Path) -> None:
    """Wait for a file to be younger than the lab: clocks of file systems tick coarsely."""
    path.chmod(0o640)
    while path.lstat().st_ctime_ns <= (root / "begun").stat().st_ctime_ns:
        path.chmod(0o640)


def files(taken: dict[str, Any], root: Path) -> dict[str, dict[str, Any]]:
    found = taken["hosts"]["docker"]["files"]
    return {file["path"].removeprefix(str(root)): file for file in found}


def test_what_is_as_in_a_clean_lab_is_not_told(root: Path) -> None:
    taken = traces.take_traces(Host(), "0a1b", "2026-11-20T10:00:00Z")
    assert taken["hosts"]["docker"] == {"log": [], "files": []}
    assert (taken["lab"], taken["engine"], taken["cut"]) == ("0a1b", "26.1.5", False)


def test_written_linked_and_removed_files_are_found(root: Path) -> None:
    (root / "etc/docker/daemon.json").write_text("{}")
    later(root / "etc/docker/daemon.json", root)
    (root / "root/link").symlink_to("/etc/shadow")
    while (root / "root/link").lstat().st_ctime_ns <= (root / "begun").stat().st_ctime_ns:
        (root / "root/link").unlink()
        (root / "root/link").symlink_to("/etc/shadow")
    (root / "etc/gone").unlink()
    later(root / "etc", root)
    found = files(traces.take_traces(Host(), "0a1b"), root)
    assert set(found) == {"/etc/docker/daemon.json", "/root/link", "/etc/gone"}
    daemon = found["/etc/docker/daemon.json"]
    assert base64.b64decode(daemon["content"]) == b"{}"
    assert (daemon["change"], daemon["mode"], daemon["size"]) == ("written", 0o640, 2)
    assert (found["/root/link"]["change"], found["/root/link"]["target"]) == ("link", "/etc/shadow")
    assert found["/etc/gone"]["change"] == "removed"


def test_large_and_odd_files_are_named_only(root: Path) -> None:
    (root / "root/large").write_bytes(b"x" * 300_000)
    os.mkfifo(root / "root/pipe")
    for name in ("large", "pipe"):
        later(root / "root" / name, root)
    taken = traces.take_traces(Host(), "0a1b")
    found = files(taken, root)
    assert {name: file["change"] for name, file in found.items()} == {
        "/root/large": "left out",
        "/root/pipe": "left out",
    }
    assert taken["cut"]


def test_what_is_long_comes_in_slices(root: Path) -> None:
    content = os.urandom(5_000)
    (root / "root/noise").write_bytes(content)
    later(root / "root/noise", root)
    host = Host()
    found = files(traces.take_traces(host, "0a1b"), root)
    assert base64.b64decode(found["/root/noise"]["content"]) == content
    assert host.asked > 5


@pytest.mark.parametrize(
    "said",
    [
        "",
        "hello",
        "5 abc\n!!!!!",
        "99999999999999 abc\nAAAA",
        "4 abc\nAAAA",
        "-1 x\n",
        "12 x\neJw=",
    ],
)
def test_a_lab_that_lies_gives_nothing_and_breaks_nothing(said: str) -> None:
    class Liar(Host):
        def ask(self, host: str, request: Request) -> Answer:
            return Answer(host, request, Outcome.ENDED, 0, said)

    taken = traces.take_traces(Liar(), "0a1b")
    assert taken["hosts"] == {} and taken["cut"]


def test_a_lab_that_is_gone_gives_nothing() -> None:
    class Gone(Host):
        def ask(self, host: str, request: Request) -> Answer:
            return Answer(host, request, Outcome.LOST)

    assert traces.take_traces(Gone(), "0a1b")["hosts"] == {}


def test_the_shells_log_is_read_as_the_shell_wrote_it(tmp_path: Path) -> None:
    """The lab's own rcfile writes the log; only its place is another."""
    log = tmp_path / "shell.log"
    rc = RC.read_text().replace("/var/log/learn-docker-net/shell.log", str(log))
    (tmp_path / "rc").write_text(rc)
    folder = tmp_path / "a b'ü"
    folder.mkdir()
    typed = [f"cd {shlex.quote(str(folder))}", "false", "echo 'a  b' \"$HOME\" # ü 🐳", "true"]
    subprocess.run(
        ["bash", "--rcfile", str(tmp_path / "rc"), "-i"],
        input="\n".join(typed) + "\nexit\n",
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(tmp_path), "LDN_BY": "x"},
        text=True,
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    rows, cut = read_log(log.read_text())
    assert not cut
    assert all(re.fullmatch(r"[-\d]{10}T[:\d]{8}\.\d{3}Z", row[0]) for row in rows)
    assert [row[4] for row in rows] == typed
    assert [row[2] for row in rows] == [0, 1, 0, 0]
    assert {row[1] for row in rows} == {str(folder)}
    assert {row[3] for row in rows} == {"x"}


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "two words",
        "it's",
        'a "b"',
        "a\tb\nc",
        "ü\x1b[0m",
        "$(x)`y`",
        "\\",
        "",
        "é\a",
        "*?[",
    ],
)
def test_what_bash_quotes_is_unquoted(text: str) -> None:
    done = subprocess.run(
        ["bash", "-c", 'printf %q "$1"', "bash", text],
        capture_output=True,
        text=True,
        check=True,
        env={"LANG": "C.UTF-8"},
    )
    assert unquoted(done.stdout) == text


def test_lines_that_no_shell_wrote_are_left_out() -> None:
    good = "2026-11-20T10:00:00Z\tdocker\t/root\t0\tlearner\tdocker\\ ps"
    raw = "\n".join(["nonsense", good.replace("T10", " 10"), good, good.replace("\t0\t", "\tx\t")])
    assert read_log(raw) == ([["2026-11-20T10:00:00Z", "/root", 0, "", "docker ps"]], False)


def test_a_long_log_keeps_its_end() -> None:
    lines = [f"2026-11-20T10:00:00Z\td\t/\t0\tlearner\t{number}" for number in range(50)]
    rows, cut = read_log("\n".join(lines), most=10)
    assert [row[4] for row in rows] == [str(number) for number in range(40, 50)] and cut
