"""What live tests do inside a lab host: run something there as root, and wait until it holds."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from runner.lab import lab as labs
from runner.lab.handle import LabHandle
from runner.lab.outer import Docker, Done
from runner.lab.running import RunningLab


def inside(handle: LabHandle, command: str) -> Done:
    """Run a command on the first lab host, whatever its end."""
    return Docker().run("exec", handle.host().container, "bash", "-c", command, timeout=120)


def said(handle: LabHandle, command: str) -> str:
    """Run a command that must work, and give what it printed."""
    done = inside(handle, command)
    assert done.ok, done.stderr
    return done.stdout.strip()


def until(holds: Callable[[], object], seconds: float = 90.0) -> None:
    """Wait until something holds; asking is slow enough not to be hasty."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"


def ends_politely(handle: LabHandle, name: str) -> None:
    """Stop a container that must heed SIGTERM: one that does not is killed, which is status 137."""
    said(handle, f"docker stop {name}")
    assert said(handle, f"docker inspect -f '{{{{.State.ExitCode}}}}' {name}") == "0"


def typed(lab: RunningLab, text: str, host: str = "docker1") -> str:
    """Run a script on a lab host, as root, failing with its words."""
    argv = labs.shell_argv(lab.handle, host, f"set -e\n{text}", docker=lab.docker)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
