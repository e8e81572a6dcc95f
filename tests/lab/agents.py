"""Agents on this machine, for tests that need no lab host."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from checks.asking import Run

INSIDE = Path(__file__).resolve().parents[2] / "runner" / "lab" / "inside"
TOOLS = "/usr/bin"
"""Where this machine has bash."""


def agent_argv(
    engine: Path = Path("/nonexistent/docker.sock"),
    tools: str | Path = TOOLS,
    inside: Path = INSIDE,
) -> list[str]:
    """Give the command that starts an agent here; by default it has no engine."""
    environment = [f"LDN_TOOLS={tools}", f"LDN_ENGINE={engine}", "LDN_LAB=l1", "LDN_HOST=docker"]
    return ["env", *environment, sys.executable, "-I", "-S", "-B", str(inside)]


def shell(command: str, timeout: float = 10.0) -> Run:
    """Make a command that does not care about the engine."""
    return Run(command, timeout=timeout, engine=False)


class Raw:
    """An agent spoken to line by line, without the channel's manners."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.hello = self.line()

    def line(self) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(cast(Any, self.process.stdout).readline()))

    def say(self, text: str) -> None:
        stdin = cast(Any, self.process.stdin)
        stdin.write(text + "\n")
        stdin.flush()

    def ask(self, number: int, **request: Any) -> None:
        self.say(json.dumps({"n": number, "request": request}))

    def hang_up(self) -> int:
        """Close stdin and give the exit status."""
        cast(Any, self.process.stdin).close()
        return self.process.wait(10)


@contextmanager
def raw_agent() -> Iterator[Raw]:
    process = subprocess.Popen(
        agent_argv(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield Raw(process)
        finally:
            process.kill()


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds; fail if it does not within its time."""
    pause = threading.Event()
    for _ in range(int(seconds * 100)):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError(f"did not come to hold within {seconds} s")


def gone(pid: int) -> bool:
    """Tell whether a process has ended (it may still wait to be reaped by whoever inherits it)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rsplit(")", 1)[1].split()[0] in "ZX"


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
