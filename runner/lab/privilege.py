"""How a lab host gets the rights that a Docker engine needs, and which way worked last.

`--privileged` comes first. An engine whose machine keeps a capability from it cannot give them
all ("unable to apply caps"); the list below then gives every one but that. Both make whoever is
inside root on the machine that runs the engine.
"""

from __future__ import annotations

import contextlib
import json
import os
from enum import Enum
from pathlib import Path

from runner.lab.contexts import current_context
from runner.places import cache_folder


class Privilege(Enum):
    """The two ways."""

    FULL = "privileged"
    """`--privileged`."""
    LISTED = "listed"
    """Every capability but SYS_RESOURCE, nothing confined."""

    @property
    def options(self) -> list[str]:
        """Options of `docker run`."""
        return list(_OPTIONS[self])


_OPTIONS = {
    Privilege.FULL: ("--privileged",),
    Privilege.LISTED: (
        "--cap-add=ALL",
        "--cap-drop=SYS_RESOURCE",
        "--security-opt=seccomp=unconfined",
        "--security-opt=apparmor=unconfined",
        "--security-opt=systempaths=unconfined",
        "--device-cgroup-rule=a *:* rwm",
    ),
}
_DENIED = ("unable to apply caps", "operation not permitted", "permission denied")


def denied(stderr: str) -> bool:
    """Tell whether `docker run` failed for want of rights, so that the other way may work."""
    said = stderr.lower()
    return any(words in said for words in _DENIED)


def ways() -> list[Privilege]:
    """Give the ways to try, the one that worked last on this engine first."""
    last = _read().get(_engine())
    return sorted(Privilege, key=lambda way: way.value != last)


def remember(way: Privilege) -> None:
    """Keep which way worked on this engine; where it cannot be written, it is tried anew."""
    known = _read()
    if known.get(_engine()) == way.value:
        return
    path = _path()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(json.dumps({**known, _engine(): way.value}), encoding="utf-8")
        draft.replace(path)


def _path() -> Path:
    return cache_folder() / "privilege.json"


def _read() -> dict[str, str]:
    try:
        known = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _engine() -> str:
    """Name the engine as the command line picks it: by DOCKER_HOST, else by context."""
    host = os.environ.get("DOCKER_HOST")
    if host:
        return f"host {host}"
    return f"context {current_context()}"
