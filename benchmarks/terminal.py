"""The terminal engine alone: parsing, scrollback, memory; tmux beside it where it is installed.

    python -m benchmarks.terminal [--megabytes 100] [--json FILE] [--screen]

Figures of parsing are CPU seconds of one process; tmux's are its server's. Goal: 3 MB/s of plain
text and no growth with the output. With `--screen` the whole embedded terminal follows, as
`benchmarks.terminal_screen` measures it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from runner.terminal.terminal import Terminal

ROWS, COLUMNS = 40, 120
GOAL = 3.0
"""MB/s of plain text."""
_PIECE = 48 * 1024
_SIZE = 2_000_000


def _repeated(line: str) -> bytes:
    data = line.encode()
    return data * (_SIZE // len(data))


def _moves() -> bytes:
    rng = random.Random(1)
    steps = [
        f"\x1b[{rng.randint(1, ROWS)};{rng.randint(1, COLUMNS)}H\x1b[3{rng.randint(1, 7)}mabc\x1b[K"
        for _ in range(_SIZE // 40)
    ]
    return "".join(steps).encode()


STREAMS: dict[str, Callable[[], bytes]] = {
    "plain lines of 78": lambda: _repeated("x" * 78 + "\r\n"),
    "short lines (seq)": lambda: b"".join(b"%d\r\n" % n for n in range(200_000)),
    "one endless line": lambda: b"y" * _SIZE,
    "colours (ls)": lambda: _repeated("\x1b[01;34mfolder\x1b[0m  file.txt  \x1b[32mrun\x1b[m\r\n"),
    "Chinese": lambda: _repeated("容器通过自定义别名互联，Docker 网络。\r\n"),
    "line feeds alone": lambda: _repeated("text of a line\n"),
    "cursor moves (top)": _moves,
}


def parsing(data: bytes) -> float:
    """Give the MB/s of our engine, in CPU time."""
    terminal = Terminal(ROWS, COLUMNS)
    begun = time.process_time()
    for at in range(0, len(data), _PIECE):
        terminal.feed(data[at : at + _PIECE])
        terminal.take_changes()
    return len(data) / (time.process_time() - begun) / 1e6


def parsing_by_tmux(data: bytes) -> float | None:
    """Give the MB/s of a tmux server, in its CPU time; None where there is no tmux."""
    if shutil.which("tmux") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        played = Path(folder) / "played"
        played.write_bytes(data)
        tmux = ["tmux", "-S", f"{folder}/socket", "-f", "/dev/null"]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        play = f"stty raw; read x; cat {played}; tmux -S {folder}/socket wait-for -S end; sleep 60"
        subprocess.run([*tmux, "new-session", "-d", *size, play], check=True)
        try:
            shown = subprocess.run(
                [*tmux, "display", "-p", "#{pid}"], check=True, capture_output=True, text=True
            )
            before = _processor(int(shown.stdout))
            subprocess.run([*tmux, "send-keys", "x", "C-j"], check=True)
            subprocess.run([*tmux, "wait-for", "end"], check=True)
            took = _processor(int(shown.stdout)) - before
        finally:
            subprocess.run([*tmux, "kill-server"], check=True)
    return len(data) / max(took, 0.01) / 1e6


def scrollback() -> dict[str, float]:
    """Give milliseconds for what a user does with 10,000 coloured lines above the screen."""
    terminal = Terminal(ROWS, COLUMNS)
    for n in range(10_100):
        terminal.feed(f"{n} \x1b[31mred\x1b[m {'word ' * (n % 30)}\r\n".encode())
    return {
        "narrow to 80 columns": _milliseconds(lambda: terminal.resize(ROWS, 80)),
        "widen again": _milliseconds(lambda: terminal.resize(ROWS, COLUMNS)),
        "search": _milliseconds(lambda: terminal.search("no such text")),
    }


def memory(megabytes: int) -> tuple[float, float]:
    """Give the MB of this process before and after so much output of every kind."""
    terminal = Terminal(ROWS, COLUMNS)
    pieces = [make()[:1_000_000] for make in STREAMS.values()]
    for piece in pieces:
        terminal.feed(piece)
    before = _resident()
    for n in range(megabytes):
        terminal.feed(pieces[n % len(pieces)])
    return before, _resident()


def _milliseconds(doing: Callable[[], object]) -> float:
    begun = time.process_time()
    doing()
    return (time.process_time() - begun) * 1e3


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure and print; exit status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=int, default=100, metavar="MB", help="for memory")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    parser.add_argument("--screen", action="store_true", help="the embedded terminal as well")
    options = parser.parse_args()
    speeds = {name: _compared(make()) for name, make in STREAMS.items()}
    print(f"{'MB/s':26}{'ours':>10}{'tmux':>10}{'goal':>8}")
    for name, (ours, tmux) in speeds.items():
        goal = f"{GOAL:.1f}" if name.startswith("plain") else ""
        print(f"{name:26}{ours:10.1f}{'' if tmux is None else f'{tmux:.1f}':>10}{goal:>8}")
    times = scrollback()
    for name, milliseconds in times.items():
        print(f"{'10,000 lines: ' + name:36}{milliseconds:10.0f} ms")
    before, after = memory(options.megabytes)
    print(f"memory after {options.megabytes} MB: {after:.0f} MB, {after - before:+.1f} MB")
    if options.json:
        figures = {"speeds": speeds, "scrollback": times, "memory": [before, after]}
        options.json.write_text(json.dumps(figures, indent=1))
    missed = speeds["plain lines of 78"][0] < GOAL or after - before > 10
    if options.screen:
        done = subprocess.run([sys.executable, "-m", "benchmarks.terminal_screen"], check=False)
        missed = missed or done.returncode != 0
    return int(missed)


def _compared(data: bytes) -> tuple[float, float | None]:
    return parsing(data), parsing_by_tmux(data)


if __name__ == "__main__":
    sys.exit(main())
