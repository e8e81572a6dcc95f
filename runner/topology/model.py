"""A lab's network at one moment, as the engine and the kernel tell it: plain data.

Containers and networks are those of `checks.facts`, so that the map and the probes never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from checks.facts import Container, Network
from checks.message import Message

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """Where an interface sends what it wraps."""

    id: int | None
    """The VNI of a vxlan interface."""
    local: str | None
    remotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nic:
    """One network interface."""

    name: str
    index: int
    kind: str
    """As `ip -d link` calls it; `loopback` for lo, empty for hardware."""
    peer: int | None = None
    """Index of the other end of a veth pair or of the lower device, in its own namespace."""
    abroad: bool = False
    """Whether that is another namespace than this interface's."""
    master: str | None = None
    """The bridge that it is a port of."""
    addresses: tuple[str, ...] = ()
    """With prefix length."""
    up: bool = True
    mtu: int | None = None
    alias: str = ""
    """The label that a person gave it with `ip link set … alias`."""
    tunnel: Tunnel | None = None

    @property
    def bare(self) -> tuple[str, ...]:
        """Its addresses without prefix length."""
        return tuple(text.partition("/")[0] for text in self.addresses)


@dataclass(frozen=True, slots=True)
class Box:
    """One container and the network namespace that it uses."""

    facts: Container
    netns: int | None = None
    """The number of its namespace; None while it does not run."""
    nics: tuple[Nic, ...] = ()
    """Empty too where it uses the lab host's own."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route by way of another machine."""

    to: str
    via: str
    device: str


@dataclass(frozen=True, slots=True)
class Host:
    """One lab host."""

    name: str
    lost: Message | None = None
    """Why nothing at all is known of it."""
    engine: str = ""
    """Version of its engine; empty where it does not answer."""
    why: Message | None = None
    """Why the engine does not answer; then networks and boxes are not known."""
    networks: tuple[Network, ...] = ()
    boxes: tuple[Box, ...] = ()
    nics: tuple[Nic, ...] = ()
    routes: tuple[Route, ...] = ()
    hidden: Mapping[str, tuple[Nic, ...]] = field(default_factory=dict)
    """The interfaces of an overlay network's namespace, by the beginning of the network's id."""
    settled: bool = True
    """Whether nothing changed while all this was read, so that its parts belong together."""

    @property
    def address(self) -> str | None:
        """Its first address on hardware, by which other hosts know it."""
        found = [nic.bare[0] for nic in self.nics if nic.bare and _outward(nic)]
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Topology:
    """All lab hosts, in the lesson's order."""

    hosts: tuple[Host, ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain data, for `map --json` and whoever reads that."""
        return {"version": VERSION, **asdict(self)}


def _outward(nic: Nic) -> bool:
    """Tell the host's own connection: a cable of the outer engine, or hardware."""
    return nic.master is None and (nic.kind == "" or (nic.kind == "veth" and nic.abroad))
