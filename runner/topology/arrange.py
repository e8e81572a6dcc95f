"""Puts a snapshot into order: from what engine and kernel say to what a map shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network

from checks.facts import Network
from runner.topology.model import Host, Nic, Topology
from runner.topology.plugged import PORT, Plugged, in_order, nic_fact, plugged, tunnel_fact
from runner.topology.scene import (
    Fact,
    HostView,
    Item,
    Join,
    Key,
    Kind,
    Place,
    Plug,
    Scene,
    Section,
)
from runner.topology.wires import HOST, End, Wires

_PREDEFINED = ("host", "null")
"""Drivers of the engine's networks that are none."""
_QUIET = ("loopback", "bridge")
_BORN_WITH = ("tunl0", "gre0", "gretap0", "erspan0", "sit0", "ip6tnl0", "ip_vti0", "ip6_vti0")
"""Interfaces that every namespace has on kernels with these modules; they say nothing."""


def arrange(topology: Topology) -> Scene:
    """Give the scene of a snapshot, nothing marked."""
    names = {
        address: host.name for host in topology.hosts for nic in host.nics for address in nic.bare
    }
    return Scene(
        tuple(_Arranging(host, names).view() for host in topology.hosts),
        tuple(_joins(topology)),
    )


class _Arranging:
    """The work on one lab host."""

    def __init__(self, host: Host, names: dict[str, str]) -> None:
        self._host = host
        self._key: Key = (host.name,)
        self._names = names
        self._wires = Wires(host)
        self._used: set[str] = set()

    def view(self) -> HostView:
        host = self._host
        sections = tuple(self._sections()) if host.lost is None else ()
        return HostView(
            key=self._key,
            name=host.name,
            address=host.address or "",
            engine=host.engine,
            trouble=host.lost or host.why,
            facts=tuple(self._facts()),
            sections=sections,
        )

    def _sections(self) -> Iterator[Section]:
        found = plugged(self._host, self._wires, self._names)
        networks = in_order(self._host)
        for network in networks:
            if network.driver not in _PREDEFINED:
                yield self._network(network, found)
        bridges = {network.bridge for network in networks}
        for nic in self._host.nics:
            if nic.kind == "bridge" and nic.name not in bridges:
                yield self._bridge(nic, found)
        for place in (Place.HOST, Place.NONE):
            key = (*self._key, place.value)
            items = self._items(key, found.loose.get(place, []))
            if items:
                yield Section(key, place, place.value, items=items)

    def _network(self, network: Network, found: Plugged) -> Section:
        key = (*self._key, network.id)
        hidden = next((i for i in self._host.hidden if network.id.startswith(i)), None)
        ports = self._ports(key, hidden) if hidden else self._ports(key, HOST, network.bridge)
        carrier = network.bridge or network.options.get("parent") or ""
        self._used.add(network.bridge or "")
        return Section(
            key,
            Place.NETWORK,
            network.name,
            network.driver,
            carrier,
            facts=tuple(_network_facts(key, network, self._carrier(network))),
            items=(*self._items(key, found.on.get(network.id, [])), *ports),
        )

    def _carrier(self, network: Network) -> Nic | None:
        return next((nic for nic in self._host.nics if nic.name == network.bridge), None)

    def _bridge(self, nic: Nic, found: Plugged) -> Section:
        key = (*self._key, "bridge", nic.name)
        subnets = [
            Fact((*key, text), Kind.SUBNET, {"subnet": text, "gateway": ""})
            for text in nic.addresses
        ]
        items = (
            *self._items(key, found.on.get(nic.name, [])),
            *self._ports(key, HOST, nic.name),
        )
        # While the engine is silent nobody knows whose bridge it is.
        driver = "bridge" if self._host.why is None else ""
        return Section(key, Place.BRIDGE, nic.name, driver, nic.name, tuple(subnets), items)

    def _items(self, key: Key, items: list[Item]) -> tuple[Item, ...]:
        """Hang items below a section."""
        self._used.update(item.outside.name for item in items if item.outside is not None)
        return tuple(
            replace(
                item,
                key=(*key, *item.key),
                facts=tuple(replace(fact, key=(*key, *item.key, *fact.key)) for fact in item.facts),
            )
            for item in items
        )

    def _ports(self, key: Key, space: str, bridge: str | None = None) -> Iterator[Item]:
        """Give the ports of a bridge that lead to no container."""
        nics = self._host.nics if space == HOST else self._host.hidden[space]
        for nic in nics:
            if nic.master is None or (space == HOST and nic.master != bridge):
                continue
            if space != HOST and nic.tunnel is None:  # what the engine plugs in for itself
                continue
            self._used.add(nic.name)
            other = self._wires.other(End(space, nic))
            if other is not None and other.space not in (HOST, *self._host.hidden):
                continue
            mine = (*key, "port", nic.name)
            facts = [tunnel_fact(mine, nic, remote, self._names) for remote in _remotes(nic)]
            yield Item(
                mine,
                nic.name,
                PORT,
                nic.bare,
                outside=Plug(nic.name, nic.index, nic.alias),
                facts=tuple(facts),
            )

    def _facts(self) -> Iterator[Fact]:
        """Tell of the host's other interfaces, its tunnels and its routes."""
        for nic in self._host.nics:
            if nic.kind in _QUIET or nic.master or nic.name in (*self._used, *_BORN_WITH):
                continue
            if self._host.address is not None and self._host.address in nic.bare:
                continue
            for remote in _remotes(nic):
                yield tunnel_fact(self._key, nic, remote, self._names)
            if nic.tunnel is None:
                yield nic_fact(self._key, nic)
        for route in self._host.routes:
            if route.to != "0.0.0.0/0":
                via = f"{route.via} ({self._names[route.via]})" if route.via in self._names else ""
                values = {"to": route.to, "via": via or route.via}
                yield Fact((*self._key, "route", route.to), Kind.ROUTE, values)


def _remotes(nic: Nic) -> tuple[str, ...]:
    """Give where a tunnel leads; one empty text where it does not say."""
    return () if nic.tunnel is None else nic.tunnel.remotes or ("",)


def _network_facts(key: Key, network: Network, carrier: Nic | None) -> Iterator[Fact]:
    for item in network.subnets:
        # Where a subnet was given, older engines do not write down the gateway they chose.
        gateway = (item.gateway or _within(item.subnet, carrier)).partition("/")[0]
        values = {"subnet": item.subnet, "gateway": gateway}
        yield Fact((*key, "subnet", item.subnet), Kind.SUBNET, values)
    if network.internal:
        yield Fact((*key, "internal"), Kind.INTERNAL)
    if not network.lets_neighbours_talk:
        yield Fact((*key, "alone"), Kind.ALONE)


def _within(subnet: str, nic: Nic | None) -> str:
    """Give the address that an interface has in a subnet."""
    wanted = ip_network(subnet, strict=False)
    found = nic.bare if nic is not None else ()
    return next((text for text in found if ip_address(text) in wanted), "")


def _joins(topology: Topology) -> Iterator[Join]:
    """Find the tunnels of which both ends know: same number, each other's address."""
    ends = [end for host in topology.hosts for end in _tunnels(host)]
    for number, (host, nic, network) in enumerate(ends):
        for other, end, _ in ends[number + 1 :]:
            if host.name == other.name or nic.tunnel is None or end.tunnel is None:
                continue
            mine, its = host.address or "", other.address or ""
            knows = its in nic.tunnel.remotes and mine in end.tunnel.remotes
            if knows and nic.tunnel.id == end.tunnel.id and nic.kind == end.kind:
                identity = "" if nic.tunnel.id is None else str(nic.tunnel.id)
                key = ("join", host.name, other.name, nic.kind, identity)
                said = f"{nic.kind} {identity}".strip()
                yield Join(key, (host.name, other.name), (mine, its), said, network)


def _tunnels(host: Host) -> Iterator[tuple[Host, Nic, str]]:
    """Give a host's tunnels, each with the name of the overlay network that it carries."""
    yield from ((host, nic, "") for nic in host.nics if nic.tunnel is not None)
    for identity, nics in host.hidden.items():
        names = (network.name for network in host.networks if network.id.startswith(identity))
        name = next(names, "")
        yield from ((host, nic, name) for nic in nics if nic.tunnel is not None)
