"""Which container is plugged in where: the engine's record and the kernel's cables put together.

The engine says on which networks a container is; the kernel knows the cables, also those that a
person has made by hand. What only the kernel knows is shown all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from checks.facts import Attachment, Container, Network
from runner.topology.model import Box, Host, Nic
from runner.topology.scene import Fact, Item, Key, Kind, Place, Plug
from runner.topology.wires import HOST, End, Wires

PORT = "port"
"""The status of an item that is no container."""
_NO_NETWORK = ("none", "host")
_OF_SWARMS = ("ingress", "docker_gwbridge")
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  (what the engine calls all addresses)


@dataclass(frozen=True, slots=True)
class Plugged:
    """Items by where they belong; their keys and their facts' keys still lack the section's."""

    on: dict[str, list[Item]] = field(default_factory=dict)
    """By a network's id, or the name of a bridge without a network."""
    loose: dict[Place, list[Item]] = field(default_factory=dict)
    """Those in host mode, and those on no network."""


def plugged(host: Host, wires: Wires, names: dict[str, str]) -> Plugged:
    """Find the place of every container of a lab host, in the order in which they were made."""
    found = Plugged()
    for box in sorted(host.boxes, key=lambda box: box.facts.created):
        base = _base(host, box)
        if base is None:
            _Placing(host, wires, box, names).into(found)
    return found


def in_order(host: Host) -> list[Network]:
    """Give the networks as they are shown: the default bridge, those that a person has made, in
    that order, then the ones that a swarm brings along."""
    return sorted(
        host.networks,
        key=lambda network: (network.name != "bridge") + (network.name in _OF_SWARMS),
    )


def _base(host: Host, box: Box) -> Box | None:
    """Give the container whose network another uses; None where it has its own."""
    wanted = box.facts.shares_with
    if wanted is None:
        return None
    for other in host.boxes:
        if wanted in (other.facts.id, other.facts.name):
            return other
    return None


@dataclass(frozen=True, slots=True)
class _Placed:
    where: str
    """A key of `Plugged.on`."""
    network: str
    """What people call that."""
    item: Item


class _Placing:
    """The work on one container."""

    def __init__(self, host: Host, wires: Wires, box: Box, names: dict[str, str]) -> None:
        self._host = host
        self._wires = wires
        self._box = box
        self._names = names
        self._left = [nic for nic in box.nics if nic.kind != "loopback"]

    def into(self, found: Plugged) -> None:
        container = self._box.facts
        placed = [*self._recorded(), *self._by_hand()]
        facts = (*self._common(), *self._rest())
        if not placed:
            place = Place.HOST if container.on_host else Place.NONE
            found.loose.setdefault(place, []).append(_told(self._item(None, None), facts))
            return
        again = Fact(("again",), Kind.AGAIN, {"network": placed[0].network})
        for number, one in enumerate(placed):
            told = _told(one.item, (again,) if number else facts)
            found.on.setdefault(one.where, []).append(told)

    def _recorded(self) -> list[_Placed]:
        """Give what the engine's record says."""
        placed = []
        found = [
            (attachment, network)
            for name, attachment in self._box.facts.attachments.items()
            if (network := self._network(attachment)) is not None and name not in _NO_NETWORK
        ]
        order = {network.id: number for number, network in enumerate(in_order(self._host))}
        for attachment, network in sorted(found, key=lambda pair: order[pair[1].id]):
            nic = self._take(attachment, network)
            placed.append(_Placed(network.id, network.name, self._item(attachment, nic)))
        return placed

    def _by_hand(self) -> list[_Placed]:
        """Give the cables that lead to a bridge and of which the engine knows nothing."""
        placed = []
        for nic in list(self._left):
            bridge = self._bridge(nic)
            if bridge is None:
                continue
            self._left.remove(nic)
            network = next((item for item in self._host.networks if item.bridge == bridge), None)
            where, name = (bridge, bridge) if network is None else (network.id, network.name)
            placed.append(_Placed(where, name, self._item(None, nic)))
        return placed

    def _network(self, attachment: Attachment) -> Network | None:
        for network in self._host.networks:
            same = network.name == attachment.network
            if network.id == attachment.network_id or (same and not attachment.network_id):
                return network
        return None

    def _take(self, attachment: Attachment, network: Network) -> Nic | None:
        """Find the interface that belongs to an attachment, and keep it from being told twice."""
        by_address = [nic for nic in self._left if attachment.address in nic.bare]
        by_bridge = [
            nic for nic in self._left if network.bridge and network.bridge == self._bridge(nic)
        ]
        found = next(iter((*by_address, *by_bridge)), None)
        if found is not None:
            self._left.remove(found)
        return found

    def _other(self, nic: Nic) -> End | None:
        return self._wires.other(End(self._space, nic))

    @property
    def _space(self) -> str:
        """Whose id stands for its namespace: the first that uses it."""
        for box in self._host.boxes:
            if box.netns is not None and box.netns == self._box.netns:
                return box.facts.id
        return self._box.facts.id

    def _bridge(self, nic: Nic) -> str | None:
        other = self._other(nic)
        return other.nic.master if other is not None and other.space == HOST else None

    def _item(self, attachment: Attachment | None, nic: Nic | None) -> Item:
        container = self._box.facts
        recorded = attachment.address if attachment is not None else None
        other = None if nic is None else self._other(nic)
        facts = list(_own_facts(container, attachment))
        addresses: tuple[str, ...] = (recorded,) if recorded else ()
        if nic is not None:
            addresses = _v4_first(nic.bare)
            if recorded and recorded not in addresses:
                facts.append(Fact(("recorded",), Kind.ADDRESS, {"address": recorded}))
        return Item(
            key=(container.id, nic.name if nic is not None and attachment is None else ""),
            name=container.name,
            status=container.status,
            addresses=addresses,
            inside=None if nic is None else Plug(nic.name, nic.index, nic.alias),
            outside=None
            if other is None
            else Plug(other.nic.name, other.nic.index, other.nic.alias),
            facts=tuple(facts),
        )

    def _common(self) -> Iterator[Fact]:
        """Tell what is the container's own, whatever network it is looked at from."""
        container = self._box.facts
        if container.shares_with is not None:
            yield Fact(("orphan",), Kind.ORPHAN)
        yield from _ports(container)
        for link in dict.fromkeys(container.links):
            for alias in link.aliases or (link.target,):
                shown = "" if alias == link.target else alias
                values = {"target": link.target, "alias": shown}
                yield Fact(("link", link.target, alias), Kind.LINK, values)
        for box in self._host.boxes:
            if _base(self._host, box) is self._box:
                values = {"name": box.facts.name, "status": box.facts.status}
                yield Fact(("sharer", box.facts.id), Kind.SHARER, values)

    def _rest(self) -> Iterator[Fact]:
        """Tell of interfaces that belong nowhere else, as those made by hand."""
        if self._box.facts.on_host:
            return
        for nic in self._left:
            if nic.tunnel is not None:
                if nic.up:
                    for remote in nic.tunnel.remotes or ("",):
                        yield tunnel_fact((), nic, remote, self._names)
                continue
            yield nic_fact((), nic)


def tunnel_fact(key: Key, nic: Nic, remote: str, names: dict[str, str]) -> Fact:
    """Tell where a tunnel leads."""
    identity = "" if nic.tunnel is None or nic.tunnel.id is None else str(nic.tunnel.id)
    shown = f"{remote} ({names[remote]})" if remote in names else remote
    values = {"name": nic.name, "kind": nic.kind, "id": identity, "remote": shown}
    return Fact((*key, "tunnel", nic.name, remote), Kind.TUNNEL, values)


def nic_fact(key: Key, nic: Nic) -> Fact:
    """Tell of an interface that belongs to no network."""
    values = {"name": nic.name, "kind": nic.kind, "addresses": ", ".join(nic.addresses)}
    return Fact((*key, "nic", nic.name), Kind.NIC, values)


def _told(item: Item, facts: tuple[Fact, ...]) -> Item:
    return replace(item, facts=(*item.facts, *facts))


def _own_facts(container: Container, attachment: Attachment | None) -> Iterator[Fact]:
    for alias in attachment.aliases if attachment is not None else ():
        if alias != container.name and not container.id.startswith(alias):
            yield Fact(("alias", alias), Kind.ALIAS, {"name": alias})


def _ports(container: Container) -> Iterator[Fact]:
    """Tell the published ports in force; IPv6 only where it does not repeat IPv4."""
    for port, bindings in container.published.items():
        open_to_all = {item.host_port for item in bindings if item.host_address == _ANYWHERE[0]}
        for binding in bindings:
            everywhere = binding.host_address in _ANYWHERE
            if binding.host_address == _ANYWHERE[1] and binding.host_port in open_to_all:
                continue
            where = f":{binding.host_port}" if everywhere else str(binding)
            yield Fact(("port", port, where), Kind.PORT, {"where": where, "port": port})


def _v4_first(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(addresses, key=lambda text: ":" in text))
