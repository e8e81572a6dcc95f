"""What an owner has in the outer engine: labs, and what interrupted programs left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from runner.errors import LearnError
from runner.lab.handle import LabHandle, handles
from runner.lab.names import LAB, OURS, OWNER, ROLE, Role, filter_options, host_name
from runner.lab.outer import Docker

_OVER = ("created", "exited", "dead")


@dataclass(frozen=True, slots=True)
class Inventory:
    """One look at an owner's containers."""

    labs: tuple[LabHandle, ...]
    """Those that are whole, oldest first."""
    rests: tuple[str, ...]
    """Ids of containers that nothing needs: parts of labs, and of templates, never finished."""

    @property
    def lab(self) -> LabHandle | None:
        """The owner's lab."""
        return self.labs[-1] if self.labs else None


def look(docker: Docker, owner: str) -> Inventory:
    """Look at all containers of an owner; true for as long as the owner's lock is held.

    Raises `LearnError` where the engine does not answer.
    """
    containers = containers_of(docker, owner)
    found = handles([item for item in containers if _role(item) == Role.HOST.value])
    half = [host.container for lab in found if not lab.whole for host in lab.hosts.values()]
    template = f"/{host_name(owner, 'template')}"
    builds = [
        item["Id"]
        for item in containers
        if _role(item) == Role.BUILD.value
        and (item["State"]["Status"] in _OVER or item["Name"] == template)
    ]
    return Inventory(tuple(lab for lab in found if lab.whole), (*half, *builds))


def containers_of(docker: Docker, owner: str, lab: str | None = None) -> list[dict[str, Any]]:
    """Give an owner's containers, or those of one lab, as the engine describes them.

    Raises `LearnError` where the engine does not answer, with the remedy for that.
    """
    wanted = {OURS: "1", OWNER: owner} | ({LAB: lab} if lab else {})
    try:
        ids = docker.check("ps", "--all", "--quiet", "--no-trunc", *filter_options(wanted)).split()
    except LearnError:
        docker.need_engine()
        raise
    return docker.inspect(*ids)


def ids_of(labs: Sequence[LabHandle]) -> list[str]:
    """Give the ids of some labs' containers."""
    return [host.container for lab in labs for host in lab.hosts.values()]


def _role(container: dict[str, Any]) -> str:
    return str((container["Config"].get("Labels") or {}).get(ROLE, ""))
