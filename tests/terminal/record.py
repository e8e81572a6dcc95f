"""Makes the recordings anew: `python -m tests.terminal.record [NAME …]`, as root on Debian.

It needs vim, less, htop, mc, procps and tmux; for `pull` a Docker engine and a registry that it
reaches on 127.0.0.1:5000, such as Debian's docker-registry. Each program runs in namespaces of its
own, so that nothing of this machine is recorded. What it wrote goes to `recordings/NAME.gz`, what
tmux shows for those bytes, at several places, to `recordings/NAME.json.gz`; tests need only these
files.
"""

from __future__ import annotations

import gzip
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.terminal.shell import ShellProcess
from runner.terminal.terminal import Terminal

HERE = Path(__file__).parent / "recordings"
ROWS, COLUMNS = 24, 80
_QUIET = 0.6
"""Seconds without output after which a program has answered a key."""
_CLASSIC = {"DOCKER_BUILDKIT": "0"}
"""The other builder keeps the layers in a cache of its own."""
_FENCE = ["unshare", "--pid", "--fork", "--mount-proc", "--uts", "--ipc", "--net"]


@dataclass(frozen=True, slots=True)
class Script:
    """A program, and the keys that are typed one after the other."""

    command: str
    keys: Sequence[str]
    quiet: float = _QUIET


SCRIPTS = {
    "vim": Script(
        "vim -u DEFAULTS -N text.txt",
        [
            *("5j", "dd", "ihello 漢字 \x1b", "\x04", "yyp", ":split\r", "\x17jG", "/line 7\r"),
            *(":set number hlsearch\r", "gg=G", "Oabc\tdef\x1b", ":q!\r", ":q!\r"),
        ],
    ),
    "less": Script("less text.txt", [" ", " ", "b", "/line 60\r", "n", "G", "g", "-N\r", "q"]),
    "top": Script("top -d 5", ["1", "z", "x", "c", "q"]),
    "htop": Script("htop -d 100", ["\x1b[B", "t", "\x1bOR", "sl", "\x1b", "q"], 1.0),
    "mc": Script(
        "mc -x . .",
        [
            *("\x1b[B\x1b[B", "\t", "\x1b[20~", "\x1b[B", "\x1b\x1b", "\x1bOR"),
            *("\x1b[21~", "\x1b[21~\r"),
        ],
        1.5,
    ),
    "tmux": Script(
        "tmux -f /dev/null -S socket new 'sh -i'",
        [
            *("echo one\r", '\x02"', "seq 1 30\r", "\x02%", "ls\r", "\x02[\x1b[5~", "q"),
            *("\x02x", "y", "exit\r", "exit\r"),
        ],
        1.0,
    ),
    "bash": Script(
        "bash --norc -i",
        [
            *("PS1='$ '\r", "echo " + "long words " * 12, "\x01", "X", "\x05", "\x17\x17", "\r"),
            *(
                "\x12long",
                "\x07",
                "echo 漢字 é ▒\r",
                "printf '\\e[1;31mred\\e[m\\tx\\n'\r",
                "exit\r",
            ),
        ],
    ),
    "pull": Script("docker pull 127.0.0.1:5000/layers", [], 3.0),
}

LAYERS, LAYER = 4, 24 << 20
"""How many the pulled image has, and the bytes of each."""


def main(names: Sequence[str]) -> None:
    """Make some recordings, or all."""
    HERE.mkdir(exist_ok=True)
    for name in names or SCRIPTS:
        if name == "pull":
            _push()
        with tempfile.TemporaryDirectory() as folder:
            data, marks = _recorded(SCRIPTS[name], Path(folder))
            shots = [_shown(Path(folder), data[:mark]) | {"bytes": mark} for mark in marks]
        (HERE / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))
        told = {"rows": ROWS, "columns": COLUMNS, "shown": shots}
        text = json.dumps(told, ensure_ascii=False)
        (HERE / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        print(f"{name}: {len(data)} bytes, {len(shots)} pictures")


def _recorded(script: Script, folder: Path) -> tuple[bytes, list[int]]:
    """Run a program and type; give what it wrote, and how much that was after each key."""
    _fill(folder)
    command = f"hostname box; {script.command}"
    shell = ShellProcess(
        [
            *_FENCE,
            "env",
            "-i",
            *_environment(folder),
            "sh",
            "-c",
            command,
        ],
        rows=ROWS,
        columns=COLUMNS,
    )
    terminal = Terminal(ROWS, COLUMNS)
    data = _until_quiet(shell, terminal, script.quiet)
    marks = [len(data)]
    for keys in script.keys:
        shell.write(keys.encode())
        data += _until_quiet(shell, terminal, script.quiet)
        marks.append(len(data))
    shell.close()
    if not script.keys:
        marks = [len(data) * part // 7 for part in range(1, 8)]
    return data, sorted(set(marks))


def _fill(folder: Path) -> None:
    lines = [f"line {n} of the text, with\ttabs and some 漢字 {'-' * (n % 90)}" for n in range(120)]
    (folder / "text.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "folder").mkdir()


def _push() -> None:
    """Have the registry hold an image of several layers, none of which the engine has itself."""
    image = SCRIPTS["pull"].command.split()[-1]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(LAYERS):
            (Path(folder) / f"layer{number}").write_bytes(os.urandom(LAYER))
        copies = "\n".join(f"COPY layer{number} /" for number in range(LAYERS))
        (Path(folder) / "Dockerfile").write_text(f"FROM scratch\n{copies}\n", encoding="utf-8")
        for command in (
            ["build", "-q", "-t", image, folder],
            ["push", "-q", image],
            ["rmi", image],
        ):
            subprocess.run(["docker", *command], check=True, env=os.environ | _CLASSIC)


def _environment(folder: Path) -> list[str]:
    wanted = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/nonexistent", "USER": "root"}
    wanted |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "PWD": str(folder), "SHELL": "/bin/sh"}
    return ["-C", str(folder), *(f"{name}={value}" for name, value in wanted.items())]


def _until_quiet(shell: ShellProcess, terminal: Terminal, quiet: float) -> bytes:
    seen = b""
    last = time.monotonic()
    while time.monotonic() - last < quiet and not shell.ended:
        select.select([shell.descriptor], [], [], 0.05)
        if piece := shell.read():
            seen += piece
            last = time.monotonic()
            terminal.feed(piece)
            shell.write(terminal.take_replies())
    return seen


def _shown(folder: Path, data: bytes) -> dict[str, object]:
    """Play bytes to tmux and give what it shows."""
    played = folder / "played"
    played.write_bytes(data)
    config = folder / "tmux.conf"
    config.write_text("set -g status off\nset -g history-limit 1000\n")

    server = str(folder / uuid.uuid4().hex)  # one that goes is still there for a moment

    def tmux(*arguments: str) -> str:
        whole = ["tmux", "-u", "-f", str(config), "-S", server, *arguments]
        return subprocess.run(whole, capture_output=True, text=True, check=True).stdout

    play = f"stty raw -echo; cat {played}; tmux -S {server} wait-for -S played; sleep 60"
    tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), play)
    try:
        tmux("wait-for", "played")
        return _settled(tmux)
    finally:
        tmux("kill-server")


def _settled(tmux: object) -> dict[str, object]:
    assert callable(tmux)
    before: dict[str, object] = {}
    while True:  # the bytes are in the pty; tmux may still be at them
        now = {
            "text": tmux("capture-pane", "-p").split("\n")[:ROWS],
            "styled": tmux("capture-pane", "-p", "-e").split("\n")[:ROWS],
            "cursor": tmux("display", "-p", "#{cursor_y},#{cursor_x}").strip(),
        }
        if now == before:
            return now
        before = now
        time.sleep(0.3)


if __name__ == "__main__":
    main(sys.argv[1:])
