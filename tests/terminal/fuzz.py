"""Tries the terminal with endless made-up streams: `python -m tests.terminal.fuzz --minutes 60`.

A failure names its seed, which alone makes it again (`--seed N --once`); it belongs into
`test_fuzz.py` then. Memory is asked of the operating system at the end of each minute.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import traceback

from runner.terminal.terminal import Terminal
from tests.terminal import grammar, invariants

_SLOWEST = 0.25
"""Seconds of CPU for a KB, when the machine is busy with other things; a hang is far beyond."""
_MEMORY = 700_000
"""KB that the whole run may reach."""


def one(seed: int) -> None:
    """Try one stream, made from `seed`. Raises AssertionError, or whatever went wrong."""
    rng = random.Random(seed)
    rows, columns = rng.choice(((24, 80), (24, 80), (1, 2), (2, 3), (5, 11), (50, 200)))
    terminal = Terminal(rows, columns)
    twin = Terminal(rows, columns)
    for _ in range(rng.randint(1, 6)):
        data = grammar.stream(rng, rng.choice((5, 60, 60, 300)))
        _feed(terminal, data)
        for piece in grammar.cut(rng, data):
            twin.feed(piece)
            if rng.random() < 0.02:
                invariants.check(twin)
        invariants.check(terminal)
        invariants.check_lines(terminal)
        assert invariants.state(terminal) == invariants.state(twin), "pieces make a difference"
        _use(rng, terminal, twin)


def _feed(terminal: Terminal, data: bytes) -> None:
    start = time.process_time()
    terminal.feed(data)
    took = time.process_time() - start
    assert took < _SLOWEST * (1 + len(data) / 1024), f"{took:.2f} s for {len(data)} bytes"


def _use(rng: random.Random, *terminals: Terminal) -> None:
    """Do what a user does meanwhile, to all of them alike."""
    size = rng.choice((None, (24, 80), (10, 40), (1, 2), (60, 33), (7, 200)))
    word = rng.choice(("a", "AB", "漢", " ", "0123"))
    first = rng.random()
    for terminal in terminals:
        if size is not None:
            terminal.resize(*size)
        invariants.check(terminal)
        invariants.check_lines(terminal)
        for places in terminal.search(word, limit=50).places:
            for place in places:
                assert 0 <= place.start < place.end <= terminal.columns, place
        line = terminal.first_line + int(first * (terminal.top_line - terminal.first_line))
        terminal.text(line, 0, line + 10, terminal.columns)
        terminal.take_changes()
        terminal.take_replies()


def _memory() -> int:
    """Give the most memory that was ever used, in KB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "linux" else used // 1024


def main() -> int:
    """Run for some minutes; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; they count up")
    parser.add_argument("--once", action="store_true", help="this seed alone")
    wanted = parser.parse_args()
    start = told = time.monotonic()
    seed, found = wanted.seed, 0
    while True:
        try:
            one(seed)
            assert _memory() < _MEMORY, f"{_memory()} KB"
        except Exception:
            found += 1
            print(f"seed {seed}:\n{traceback.format_exc(limit=-3)}", flush=True)
        now = time.monotonic()
        seed += 1
        if now - told > 60:
            told = now
            tried = seed - wanted.seed
            print(f"{tried} streams, {found} failures, {_memory() // 1024} MB at most", flush=True)
        if wanted.once or now - start > wanted.minutes * 60 or found >= 20:
            break
    print(f"done: {seed - wanted.seed} streams, {found} failures", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
