"""A Dask cluster of processes on this machine, that tests may kill one by one."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Started:
    """A scheduler and its workers."""

    address: str
    keys: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self) -> None:
        """Start one more worker of one thread."""
        self.workers.append(
            _start(
                "distributed.cli.dask_worker", self.address, *_tls(self.keys), "--nthreads", "1",
                "--no-nanny", "--no-dashboard",
            )
        )  # fmt: skip

    def kill(self, index: int) -> None:
        """End a worker without a word."""
        os.killpg(self.workers[index].pid, signal.SIGKILL)


@contextlib.contextmanager
def cluster(keys: Path, workers: int) -> Iterator[Started]:
    """Start a scheduler and workers; end them with the context."""
    scheduler = _start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", "tls",
        *_tls(keys), "--no-dashboard", "--no-show",
        stderr=subprocess.PIPE,
    )  # fmt: skip
    started = Started("", keys)
    try:
        started.address = _address(scheduler)
        for _ in range(workers):
            started.add()
        yield started
    finally:
        for process in (scheduler, *started.workers):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _start(module: str, *args: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *args],
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )


def _tls(keys: Path) -> list[str]:
    names = (("ca-file", "ca"), ("cert", "cert"), ("key", "key"))
    return [word for option, name in names for word in (f"--tls-{option}", f"{keys}/{name}.pem")]


def _address(scheduler: subprocess.Popen[bytes]) -> str:
    """Read where the scheduler listens from what it says."""
    assert scheduler.stderr is not None
    said = b""
    for line in scheduler.stderr:
        said += line
        found = re.search(rb"Scheduler at:\s+(tls://[\d.]+:\d+)", line)
        if found:
            return found[1].decode()
    raise AssertionError(said.decode())
