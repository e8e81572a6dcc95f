"""What a map shows, in order: hosts, in each the networks, in each what is plugged in.

A scene has no size and no language: cards, rows, sentences and pictures are all made of it. Every
part has a key that stays the same from one snapshot to the next, by which changes are found. A
part's key begins with its parent's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from checks.message import Message

Key = tuple[str, ...]


class Mark(Enum):
    """How a part differs from what was, or is: the character that says so beside any colour."""

    NONE = " "
    NEW = "+"
    CHANGED = "~"
    GONE = "-"
    WANTED = "…"
    """Not there: the lesson aims at it."""


class Kind(Enum):
    """What a fact tells."""

    PORT = "port"
    """where, port: a published port."""
    LINK = "link"
    """target, alias (empty where it is the target's name)."""
    ALIAS = "alias"
    """name: known by it on this network."""
    SHARER = "sharer"
    """name, status: another container that uses this one's network namespace."""
    AGAIN = "again"
    """network: the same container is shown there in full."""
    ADDRESS = "address"
    """address: in the engine's record, and not on the interface."""
    ASKED = "asked"
    """address: to be asked for on this network."""
    NIC = "nic"
    """name, addresses, kind: an interface that belongs nowhere else."""
    TUNNEL = "tunnel"
    """name, id, remote: an interface that wraps packets for another host."""
    ROUTE = "route"
    """to, via: a route by way of another machine."""
    SUBNET = "subnet"
    """subnet, gateway."""
    INTERNAL = "internal"
    """The network has no way out."""
    ALONE = "alone"
    """The network's containers may not reach each other."""
    ORPHAN = "orphan"
    """It uses the network of a container that is gone."""
    START = "start"
    """It is to run."""
    STOP = "stop"
    """It is to be stopped."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to tell about a host, a network or a container."""

    key: Key
    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict)
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Plug:
    """One end of a cable."""

    name: str
    index: int
    label: str = ""
    """What a person wrote on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A container's place on a network, or another port of a bridge."""

    key: Key
    name: str
    status: str
    """A container's, as the engine calls it; `port` for an interface that is no container's."""
    addresses: tuple[str, ...] = ()
    """Without prefix length."""
    inside: Plug | None = None
    """The container's end of its cable."""
    outside: Plug | None = None
    """The other end, on the lab host."""
    facts: tuple[Fact, ...] = ()
    mark: Mark = Mark.NONE

    @property
    def is_container(self) -> bool:
        """Whether it is one; else it is a bare port of a bridge."""
        return self.status != "port"

    @property
    def wired(self) -> bool:
        """Whether a cable leads to it now."""
        there = self.mark not in (Mark.WANTED, Mark.GONE)
        return there and (self.inside is not None or not self.is_container)


class Place(Enum):
    """What a section stands for."""

    NETWORK = "network"
    BRIDGE = "bridge"
    """A bridge of the lab host that belongs to no Docker network."""
    HOST = "host"
    """The lab host's own network, used by containers in host mode."""
    NONE = "none"
    """Containers without any network."""
    UNPLACED = "unplaced"
    """What the lesson aims at, without saying on which network."""


@dataclass(frozen=True, slots=True)
class Section:
    """A network and what is plugged in."""

    key: Key
    place: Place
    name: str
    driver: str = ""
    bridge: str = ""
    """The lab host's interface that carries it; the parent of a macvlan network."""
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class HostView:
    """One lab host."""

    key: Key
    name: str
    address: str = ""
    engine: str = ""
    trouble: Message | None = None
    """Why less is known of it than there is."""
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    mark: Mark = Mark.NONE

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything plugged in, network by network."""
        return tuple(item for section in self.sections for item in section.items)


@dataclass(frozen=True, slots=True)
class Join:
    """A tunnel between two lab hosts, of which both know."""

    key: Key
    hosts: tuple[str, str]
    addresses: tuple[str, str]
    id: str
    """Its kind and number."""
    network: str = ""
    """The overlay network that it carries."""
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a map shows."""

    hosts: tuple[HostView, ...] = ()
    joins: tuple[Join, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no container, and none is wanted."""
        return not any(item.is_container for host in self.hosts for item in host.items)
