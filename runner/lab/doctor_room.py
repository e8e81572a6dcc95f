"""What doctor says about memory and disk: what is free by a trial, else what the engine tells."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checks.message import Message, msg
from runner.lab.contexts import DEFAULT, current_context
from runner.lab.finding import Finding, bad, ok, warn

GIB = 1 << 30
ENOUGH_MEMORY = 2 * GIB
"""A lab of two hosts with the larger course images takes about 1 GiB."""
ENOUGH_DISK = 6 * GIB
"""One engine's image, the course's images and what learners pull."""


def memory(free: int) -> Finding:
    """Say how much memory is free, in bytes."""
    said = msg("{amount:.1f} GiB of {what} are free.", amount=free / GIB, what=msg("memory"))
    return _judged("memory", said, free, ENOUGH_MEMORY, msg("Close other programs."))


def disk(free: int) -> Finding:
    """Say how much disk is free where the engine keeps its data, in bytes."""
    what = msg("disk for the engine")
    said = msg("{amount:.1f} GiB of {what} are free.", amount=free / GIB, what=what)
    spare = msg("Make room, for example with `docker system df` and `docker image prune`.")
    return _judged("disk", said, free, ENOUGH_DISK, spare)


def untried(info: Mapping[str, Any]) -> Iterator[Finding]:
    """Say what can be told without a trial, from what `docker info` gives."""
    total = info.get("MemTotal")
    if isinstance(total, int) and total:
        said = msg("The engine has {amount:.1f} GiB of memory in all.", amount=total / GIB)
        more = msg("Give it more, or use an engine on another machine.")
        yield _judged("memory", said, total, ENOUGH_MEMORY, more)
    root = Path(str(info.get("DockerRootDir") or ""))
    if _is_here() and root.is_absolute() and root.is_dir():
        yield disk(shutil.disk_usage(root).free)


def _is_here() -> bool:
    """Tell whether the engine's folders are this machine's, as far as the environment tells."""
    host = os.environ.get("DOCKER_HOST", "")
    return host.startswith("unix:") if host else current_context() == DEFAULT


def _judged(name: str, said: Message, amount: int, enough: int, remedy: Message) -> Finding:
    if amount < enough // 4:
        return bad(name, said, remedy, free=amount)
    return warn(name, said, remedy, free=amount) if amount < enough else ok(name, said, free=amount)
