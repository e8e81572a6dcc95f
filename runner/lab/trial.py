"""A throwaway container that tells what a lab host would meet on the engine.

One start answers three things: which way of getting rights works, which kernel features there
are, how much memory and disk is left where the engine runs (which may be another machine).
"""

from __future__ import annotations

from dataclasses import dataclass

from runner.lab import kernel, privilege
from runner.lab.names import Role, label_options, labels
from runner.lab.outer import Docker
from runner.lab.privilege import Privilege

NOT_STARTED = 125
"""From here on `docker run` tells by its status that the container never ran."""
_SCRIPT = f"""
free=$(df -P -k / | {{ read -r; read -r _ _ _ free _; echo "$free"; }})
while read -r name value _; do [ "$name" = MemAvailable: ] && break; done </proc/meminfo
kind=1; [ -e /sys/fs/cgroup/cgroup.controllers ] && kind=2
echo "$free $value $kind"
{kernel.PROBE} || true
"""
"""First free KiB of disk, available KiB of memory and the version of cgroups; then the features."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What the throwaway container found."""

    way: Privilege | None
    """The way of getting rights that worked; None where none did."""
    features: frozenset[str] | None = None
    """Kernel features; None where they could not be tried."""
    disk: int = 0
    """Free bytes where the engine keeps its data."""
    memory: int = 0
    """Available bytes."""
    cgroups: int = 0
    """Version of control groups."""
    denied: bool = False
    """Whether the engine keeps the rights back; else what did not work is something else."""
    details: str = ""
    """The engine's words where nothing worked."""


def hold_trial(docker: Docker, owner: str, image: str) -> Trial:
    """Start the throwaway container from a lab host's image, `--privileged` first, and read it.

    Raises `LearnError` where the engine does not answer.
    """
    words = ""
    for way in Privilege:
        done = docker.run(*_arguments(owner, image, way), timeout=60.0)
        if done.status < NOT_STARTED:
            privilege.remember(way)
            return _read(way, done.stdout)
        words = done.stderr.strip()
        if not privilege.denied(words):
            break
    return Trial(None, denied=privilege.denied(words), details=words)


def _arguments(owner: str, image: str, way: Privilege) -> list[str]:
    marks = label_options(labels(owner, Role.BUILD))
    shell = ("--entrypoint=/ldn/bin/bash", image, "-c", _SCRIPT)
    return [
        "run",
        "--rm",
        "--pull=never",
        "--userns=host",
        "--network=none",
        *marks,
        *way.options,
        *shell,
    ]


def _read(way: Privilege, text: str) -> Trial:
    first, _, rest = text.partition("\n")
    try:
        disk, memory, cgroups = (int(field) for field in first.split())
    except ValueError:
        return Trial(way, kernel.read(rest), details=text)
    return Trial(way, kernel.read(rest), disk * 1024, memory * 1024, cgroups)
