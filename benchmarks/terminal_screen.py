"""The embedded terminal as a learner meets it, beside bash in tmux, each on a real pty.

    python -m benchmarks.terminal_screen [--trials 200] [--flood 100] [--json FILE]

Needs tmux. Times run from the key that goes in to the picture that comes out. Goals: echo 15 ms
(p95), `seq 1 200000` within three times tmux, Ctrl-C during `yes` 200 ms, memory that does not grow
with the output.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from random import random
from statistics import median, quantiles
from time import monotonic, perf_counter

from runner.terminal.shell import ShellProcess

ROWS, COLUMNS = 36, 120
LETTERS = "αβγδεζηθικλμνξοπρστυφχψ"
"""Typed one by one: none of them is part of any escape sequence, so seeing one means an echo."""
PROMPT = "ω"
DONE = "Ω"
PATIENCE = 120.0
"""Seconds after which a contender counts as stuck."""
OURS, TMUX = "our terminal", "bash in tmux"
GAP = 0.06
"""Seconds between keys, as of somebody who types fast; none are in step with a screen's frames."""
_BASH = ("bash", "--norc", "--noprofile", "-i")
_APP = """
from textual.app import App
from runner.tui.shell_pane import ShellPane

class Bench(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield ShellPane(lambda host: {argv!r}, ["bench"])
    def on_mount(self):
        self.query_one(ShellPane).focus()

Bench().run()
"""


class Contender:
    """A bash behind some terminal, on a pty of its own."""

    def __init__(self, name: str, argv: Sequence[str]) -> None:
        self.name = name
        environment = {"PS1": f"{PROMPT}$ ", "HISTFILE": "/dev/null", "LC_ALL": "C.UTF-8"}
        self._pty = ShellProcess(argv, rows=ROWS, columns=COLUMNS, environment=environment)
        self.wait_for(PROMPT)
        self.rest()

    @property
    def pid(self) -> int:
        """The process that draws."""
        return self._pty.pid

    def type(self, text: str) -> None:
        """Type into it."""
        self._pty.write(text.encode())

    def wait_for(self, text: str) -> float:
        """Give the seconds until this text is drawn."""
        begun, wanted, seen = perf_counter(), text.encode(), b""
        while wanted not in seen:
            if perf_counter() - begun > PATIENCE or self._pty.ended:
                raise TimeoutError(f"{self.name} has not drawn {text}: {seen[-300:]!r}")
            select.select([self._pty.descriptor], [], [], 0.05)
            seen = seen[-64:] + self._pty.read()
            self._pty.flush()
        return perf_counter() - begun

    def rest(self, seconds: float = 0.15) -> None:
        """Read until nothing has come for a while."""
        last = monotonic()
        while monotonic() - last < seconds:
            if select.select([self._pty.descriptor], [], [], 0.02)[0] and self._pty.read():
                last = monotonic()

    def read_for(self, seconds: float) -> None:
        """Take whatever comes."""
        end = monotonic() + seconds
        while monotonic() < end:
            select.select([self._pty.descriptor], [], [], 0.02)
            self._pty.read()

    def close(self) -> None:
        """End it."""
        self._pty.close()


def main() -> int:
    """Measure and print; exit status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--trials", type=int, default=200, metavar="N", help="keys")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="floods and Ctrl-Cs")
    parser.add_argument("--flood", type=int, default=100, metavar="MB", help="for memory")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    options = parser.parse_args()
    socket = f"bench-{uuid.uuid4().hex[:8]}"
    app = [sys.executable, "-c", _APP.format(argv=list(_BASH))]
    tmux = ["tmux", "-L", socket, "-f", "/dev/null", "new-session", *_BASH]
    contenders = [Contender(OURS, app), Contender(TMUX, tmux)]
    try:
        figures = {
            "echo": _sampled(contenders, _echo, options.trials),
            "seq": _sampled(contenders, _seq, options.repeat),
            "interrupt": _sampled(contenders, _interrupt, options.repeat),
        }
        memory = _memory(contenders[0], options.flood)
        idle = _idle(contenders[0])
    finally:
        for contender in contenders:
            contender.close()
    if options.json:
        options.json.write_text(json.dumps(figures | {"memory": memory, "idle": idle}, indent=1))
    return _report(figures, memory, idle, options.flood)


def _sampled(
    contenders: Sequence[Contender], measure: Callable[[Contender, int], float], count: int
) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(count):
        for contender in contenders:
            times[contender.name].append(measure(contender, number))
    return times


def _echo(contender: Contender, number: int) -> float:
    letter = LETTERS[number % len(LETTERS)]
    if number % len(LETTERS) == 0:
        contender.type("\x15")
        contender.rest(0.05)
    contender.read_for(GAP * (0.5 + random()))
    contender.type(letter)
    return contender.wait_for(letter)


def _seq(contender: Contender, _: int) -> float:
    contender.type("\x15")
    contender.rest()
    contender.type(f"seq 1 200000; printf '\\u{ord(DONE):04x}\\n'\r")
    return contender.wait_for(DONE)


def _interrupt(contender: Contender, _: int) -> float:
    contender.rest()
    contender.type("yes\r")
    contender.read_for(0.7)
    contender.type("\x03")
    return contender.wait_for(PROMPT)


def _memory(contender: Contender, megabytes: int) -> tuple[float, float]:
    """Give the memory in MB before and after so much output."""
    contender.rest()
    before = _resident(contender.pid)
    contender.type(
        f"yes 0123456789abcdefghijklmnop | head -c {megabytes}000000; printf '\\u03a9'\r"
    )
    contender.wait_for(DONE)
    contender.type("\r")
    contender.rest()
    return before, _resident(contender.pid)


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _idle(contender: Contender, seconds: float = 10.0) -> float:
    """Give the part of one core that is used at rest."""
    before = _processor(contender.pid)
    contender.read_for(seconds)
    return (_processor(contender.pid) - before) / seconds


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _report(
    figures: dict[str, dict[str, list[float]]],
    memory: tuple[float, float],
    idle: float,
    megabytes: int,
) -> int:
    echo, seq, stop = figures["echo"], figures["seq"], figures["interrupt"]
    rows = [
        ("echo, median ms", median(echo[OURS]) * 1e3, median(echo[TMUX]) * 1e3, None),
        ("echo, p95 ms", _p95(echo[OURS]) * 1e3, _p95(echo[TMUX]) * 1e3, 15.0),
        ("seq 1 200000, median s", median(seq[OURS]), median(seq[TMUX]), 3 * median(seq[TMUX])),
        ("Ctrl-C in yes, worst ms", max(stop[OURS]) * 1e3, max(stop[TMUX]) * 1e3, 200.0),
        (f"MB more after {megabytes} MB", memory[1] - memory[0], None, 20.0),
        ("MB in all", memory[1], None, None),
        ("idle, % of a core", idle * 100, None, 1.0),
    ]
    print(f"{'':26}{OURS:>14}{TMUX:>14}{'goal':>10}")
    for name, ours, tmux, goal in rows:
        print(f"{name:26}{ours:14.2f}{_shown(tmux):>14}{_shown(goal):>10}{_missed(ours, goal)}")
    return int(any(_missed(ours, goal) for _, ours, _, goal in rows))


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


def _missed(ours: float, goal: float | None) -> str:
    return "  missed" if goal is not None and ours > goal else ""


if __name__ == "__main__":
    sys.exit(main())
