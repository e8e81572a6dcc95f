"""The two ends of a path: which container, whose network it uses, what the two share."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.facts import Container
from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, Nonsense, net
from checks.probes.objects import container, networks_of, no_container, running


@dataclass(frozen=True, slots=True)
class Party:
    """One end: a container, or a lab host itself."""

    container: Container | None
    """None for the lab host."""
    base: Container | None
    """Whose attachments it uses: its own, or in container mode the other's."""
    host: str | None = None
    """The lab host that it is on; None for the one that the check names."""

    @property
    def name(self) -> Message | str:
        """What sentences call it."""
        return msg("the lab host") if self.container is None else self.container.name

    @property
    def id(self) -> str | None:
        """What the network tool is asked by; None for the lab host."""
        return None if self.container is None else self.container.id

    @property
    def on_host(self) -> bool:
        """Whether it uses the lab host's own network namespace."""
        return self.base is None or self.base.on_host

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its IPv4 addresses in the engine's record."""
        return () if self.base is None else self.base.addresses

    @property
    def networks(self) -> frozenset[str]:
        """Names of the Docker networks on which it has an address."""
        if self.base is None:
            return frozenset()
        return frozenset(name for name, item in self.base.attachments.items() if item.address)

    def command(self, text: str) -> str:
        """Give a command to be typed at the lab host that runs in this end."""
        return text if self.container is None else f"docker exec {self.container.name} {text}"


@dataclass(frozen=True, slots=True)
class Card:
    """One interface."""

    name: str
    index: int
    peer: int | None
    """Index of the other end of a veth pair, in its own namespace."""
    mtu: int
    up: bool
    master: str | None
    addresses: tuple[str, ...]
    """With prefix length."""
    kind: str

    def within(self, subnet: str) -> bool:
        """Tell whether it has an address in a subnet."""
        wanted = ipaddress.ip_network(subnet, strict=False)
        return any(ipaddress.ip_interface(text).ip in wanted for text in self.addresses)

    def has(self, address: str) -> bool:
        """Tell whether it has an address, given with or without a prefix length."""
        bare = [text.partition("/")[0] for text in self.addresses]
        return address in (self.addresses if "/" in address else bare)


def party(key: str, name: str | None, host: str | None = None) -> Climb[Party | Broken]:
    """Find an end that runs and has the network that it was given."""
    if name is None:
        return Party(None, None, host)
    found = yield from running(key, name, host)
    if isinstance(found, Broken):
        return found
    if found.shares_with is None:
        return Party(found, found, host)
    base = yield from container(f"{key}-base", found.shares_with, host)
    broken = _lost_base(found, base)
    return broken or Party(found, base, host)


def _lost_base(found: Container, base: Container | None) -> Broken | None:
    """In container mode, tell what became of the container whose network is used."""
    if base is None:
        return Broken(
            msg("{name} uses the network of a container that is gone", name=found.name),
            no_container(found.name).look,
        )
    if not base.running:
        return Broken(
            msg(
                "{name} uses the network of {base}, which does not run",
                name=found.name,
                base=base.name,
            ),
            msg("`{command}` shows its state", command=f"docker ps -a --filter name={base.name}"),
        )
    if base.started > found.started:
        return Broken(
            msg(
                "{name} has only lo left: {base}, whose network it uses, was started after it",
                name=found.name,
                base=base.name,
            ),
            msg("`{command}` gives it the new network", command=f"docker restart {found.name}"),
        )
    return None


def interfaces(key: str, end: Party) -> Climb[list[Card]]:
    """Ask the kernel for an end's interfaces."""
    value = yield from net(key, "interfaces", end.id, host=end.host)
    items = value["interfaces"]
    if not isinstance(items, list):
        raise Nonsense("interfaces: no list")
    return [_card(item) for item in items]


def own_addresses(key: str, end: Party) -> Climb[frozenset[str]]:
    """Ask the kernel which addresses an end has, also those that the engine did not give."""
    found = yield from interfaces(key, end)
    return frozenset(text.partition("/")[0] for card in found for text in card.addresses)


def _card(item: Mapping[str, Any]) -> Card:
    return Card(
        name=str(item["name"]),
        index=int(item["index"]),
        peer=item["peer"],
        mtu=int(item["mtu"]),
        up=item["up"] is True,
        master=item["master"],
        addresses=tuple(item["addresses"]),
        kind=str(item["kind"]),
    )


def apart(source: Party, target: Party) -> Message | None:
    """Tell why two ends are no neighbours; None where they share a network or are one host's."""
    for end in (source, target):
        if end.base is not None and not end.networks and not end.on_host:
            return _without_network(end)
    if source.on_host:
        return None
    if target.on_host:
        return msg("{target} uses the lab host's own network", target=target.name)
    if source.networks & target.networks or source.host != target.host:
        return None
    assert source.base is not None and target.base is not None  # noqa: S101
    return msg(
        "{source} is on {mine}, {target} on {other}, "
        "and Docker lets nothing through between networks",
        source=source.name,
        mine=networks_of(source.base),
        target=target.name,
        other=networks_of(target.base),
    )


def _without_network(end: Party) -> Message:
    if end.base is not None and end.base.mode == "none":
        return msg("{name} has no network: its mode is none", name=end.name)
    return msg("{name} is on no network", name=end.name)
