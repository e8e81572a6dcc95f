"""The lab host's whole network at one moment: what the engine says and what the kernel has.

Asked in one question, so that the parts belong together: where containers or networks changed while
they were read, all is read again. Ten containers take about ten milliseconds.
"""

from __future__ import annotations

import os
from typing import Any

from . import links, tunnels
from .answer import Json, NoEngine, NotThere, left, msg
from .engine import Engine
from .netns import inode, inside

TRIES = 3
"""Readings at most; a lab that never rests is shown as it was last seen."""
_KEPT: dict[str, tuple[str, ...]] = {
    "": ("Id", "Name", "Created", "Image"),
    "State": ("Status", "Running", "ExitCode", "StartedAt", "Pid"),
    "Config": ("Hostname", "Image", "ExposedPorts"),
    "HostConfig": ("NetworkMode", "Links", "ExtraHosts", "PortBindings"),
    "NetworkSettings": ("Networks", "Ports"),
}
"""What is kept of a container's document; the rest is ten times as long and of no use here."""
_HIDDEN = "/run/docker/netns"
"""Where the engine keeps namespaces; those of overlay networks are called `1-` and an id."""


def topology(engine: Engine, deadline: float) -> Json:
    """Give engine, containers, networks, interfaces, inside, hidden, routes, netns.

    `engine` is its version, empty where it does not answer: then `why` says so, containers and
    networks are empty, and the kernel's part is there all the same. `inside` holds interfaces and
    netns by the id of each running container, `hidden` the interfaces of overlay networks by the
    beginning of the network's id; `settled` is False where the lab changed all the while.
    """
    said = _engine(engine, deadline)
    for attempt in range(TRIES):
        found = said | _kernel(said["containers"], deadline)
        if said["why"] is not None or attempt == TRIES - 1:
            break
        again = _engine(engine, deadline)
        if again == said:
            return found | {"settled": True}
        said = again
    return found | {"settled": said["why"] is not None}


def _engine(engine: Engine, deadline: float) -> Json:
    # A hung engine shall leave time for the kernel's part.
    patience = left(deadline) / 2
    try:
        version = engine.version(patience)
        networks = _get(engine, "/networks", patience)
        listed = _get(engine, "/containers/json?all=true", patience)
        documents = [_container(engine, item["Id"], patience) for item in listed]
    except NoEngine as error:
        return {"engine": "", "why": error.why, "containers": [], "networks": []}
    return {
        "engine": version,
        "why": None,
        "containers": [item for item in documents if item is not None],
        "networks": sorted(networks, key=lambda item: str(item["Created"])),
    }


def _get(engine: Engine, path: str, timeout: float) -> Any:
    answer = engine.ask(path, timeout)
    if answer["status"] != 200 or answer["value"] is None:
        raise NoEngine(msg("The lab's Docker engine gave an answer that makes no sense."))
    return answer["value"]


def _container(engine: Engine, identity: str, timeout: float) -> Json | None:
    """Give a container's document; None where it has gone since it was listed."""
    answer = engine.ask(f"/containers/{identity}/json", timeout)
    document = answer["value"]
    if answer["status"] != 200 or not isinstance(document, dict):
        return None
    kept: Json = {}
    for part, keys in _KEPT.items():
        source = document.get(part, {}) if part else document
        chosen = {key: source[key] for key in keys if key in source}
        kept.update({part: chosen} if part else chosen)
    return kept


def _kernel(containers: list[Json], deadline: float) -> Json:
    own = inode(None)
    spaces: Json = {}
    for item in containers:
        pid = item["State"].get("Pid") or 0
        if pid > 0:
            space = _space(pid, own, deadline)
            if space is not None:
                spaces[item["Id"]] = space
    return {
        "netns": own,
        "interfaces": _interfaces(deadline),
        "routes": links.gateways(left(deadline)),
        "inside": spaces,
        "hidden": _overlays(deadline),
    }


def _space(pid: int, own: int, deadline: float) -> Json | None:
    try:
        number = inode(pid)
        found = [] if number == own else inside(pid, lambda: _interfaces(deadline))
    except (NotThere, OSError):  # it ended meanwhile
        return None
    return {"netns": number, "interfaces": found}


def _overlays(deadline: float) -> Json:
    found: Json = {}
    try:
        names = sorted(os.listdir(_HIDDEN))  # noqa: PTH208  (pathlib is not loaded for this)
    except OSError:
        return found
    for name in names:
        kind, dash, identity = name.partition("-")
        if dash and kind.isdigit():
            try:
                found[identity] = inside(f"{_HIDDEN}/{name}", lambda: _interfaces(deadline))
            except (NotThere, OSError):
                continue
    return found


def _interfaces(deadline: float) -> list[Json]:
    found = links.interfaces(left(deadline))
    tunnels.add_remotes(found, left(deadline))
    return found
