"""`interface`: a network interface of a container or of the lab host, as the kernel has it.

Interfaces are picked by what they are for (a network, a subnet, a container at the other end)
rather than by name: `eth1` is another one after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from checks.facts import Network
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import existing_network, listed, traits
from checks.probes.party import Card, Party, interfaces, party


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface(Probe):
    """A network interface exists, and is as it should be; or does not exist."""

    in_: Plain | None = None
    """The container that has it; left out, the lab host."""
    name: Plain | None = None
    """Its name; better pick it by `network`, `within` or `peer`."""
    network: Plain | None = None
    """The Docker network that it belongs to: in a container its interface there, on the lab host
    the network's bridge."""
    within: Plain | None = None
    """A subnet in which it has an address; what it is picked by where there is no `name`."""
    peer: Plain | None = None
    """The container that holds the other end of the veth pair."""
    on: Plain | None = None
    """The bridge that it is a port of (`ip link show master`)."""
    on_network: Plain | None = None
    """The Docker network whose bridge it is a port of."""
    address: Plain | None = None
    """An address that it must have, with or without prefix length."""
    mtu: Plain | None = None
    """Its MTU."""
    up: bool | None = None
    """Whether it is up."""
    kind: Literal["veth", "bridge", "macvlan", "ipvlan", "vxlan", "vlan", "loopback"] | None = None
    """Its kind, as `ip -d link` calls it."""
    absent: bool = False
    """Whether there must be none such."""

    def expected(self) -> Message:
        """Say which interface, where, and how it should be."""
        where = msg("the lab host") if self.in_ is None else self.in_
        wanted = self._traits()
        if self.absent:
            return msg("{where} has no interface with {traits}", where=where, traits=wanted)
        return msg("{where} has an interface with {traits}", where=where, traits=wanted)

    def _traits(self) -> str:
        return traits({name: getattr(self, name) for name in _TRAITS})

    def mistakes(self) -> Mistakes:
        """Nothing to know it by, an MTU that is no number, a subnet that is none."""
        yield from mistakes.number("mtu", self.mtu)
        yield from mistakes.subnet("within", self.within)
        if all(getattr(self, name) is None for name in _TRAITS):
            yield msg("An interface needs something to know it by, such as `name` or `network`.")

    def climb(self) -> Climb[End]:
        """The place, its interfaces, those picked, and what they are like."""
        place = yield from party("in", self.in_)
        if isinstance(place, Broken):
            return place
        picks = yield from self._picks(place)
        if isinstance(picks, Broken):
            return picks
        cards = yield from interfaces("interfaces", place)
        if not cards:
            raise Nonsense("a network namespace without any interface")
        picked = [card for card in cards if all(pick(card) for pick in picks)]
        look = msg("`{command}` shows them", command=place.command("ip -d address"))
        if self.absent:
            return self._gone([card for card in picked if not any(self._unlike(card))], look)
        misses = [list(self._unlike(card)) for card in picked]
        if picked and not all(misses):
            return Held()
        # Where nothing picks, the first card is none that the author had in mind.
        if not picked or not picks:
            names = listed([card.name for card in cards])
            return Broken(
                msg(
                    "{where} has none such; its interfaces: {names}", where=place.name, names=names
                ),
                look,
            )
        return Broken(misses[0][0], look)

    def _gone(self, left: list[Card], look: Message) -> End:
        if not left:
            return Held()
        return Broken(msg("there is {names}", names=listed([card.name for card in left])), look)

    def _picks(self, place: Party) -> Climb[list[Callable[[Card], bool]] | Broken]:
        picks: list[Callable[[Card], bool]] = []
        if self.name is not None:
            picks.append(lambda card: card.name == self.name)
        if self.within is not None and self.name is None:
            subnet = self.within
            picks.append(lambda card: card.within(subnet))
        if self.network is not None:
            found = yield from existing_network("network", self.network)
            if isinstance(found, Broken):
                return found
            picks.append(_of_network(found, place))
        if self.on_network is not None:
            carrier = yield from existing_network("on-network", self.on_network)
            if isinstance(carrier, Broken):
                return carrier
            bridge = carrier.bridge
            picks.append(lambda card: bridge is not None and card.master == bridge)
        if self.peer is not None:
            other = yield from party("peer", self.peer)
            if isinstance(other, Broken):
                return other
            ends = yield from interfaces("peer-interfaces", other)
            veths = [card for card in ends if card.kind == "veth"]
            picks.append(lambda card: any(_paired(card, end) for end in veths))
        return picks

    def _unlike(self, card: Card) -> Iterator[Message]:
        """Tell in what an interface differs from what is wanted."""
        if self.on is not None and card.master != self.on:
            if card.master is None:
                yield msg("{name} is a port of no bridge", name=card.name)
            else:
                yield msg("{name} is a port of {bridge}", name=card.name, bridge=card.master)
        outside = self.within is not None and not card.within(self.within)
        if outside or (self.address is not None and not card.has(self.address)):
            yield msg("{name} has {addresses}", name=card.name, addresses=listed(card.addresses))
        if self.mtu is not None and card.mtu != int(self.mtu):
            yield msg("the MTU of {name} is {mtu}", name=card.name, mtu=card.mtu)
        if self.up is not None and card.up != self.up:
            yield (
                msg("{name} is up", name=card.name)
                if card.up
                else msg("{name} is down", name=card.name)
            )
        if self.kind is not None and card.kind != self.kind:
            yield msg("{name} is of the kind {kind}", name=card.name, kind=card.kind or "–")


_TRAITS = (
    "name",
    "network",
    "within",
    "peer",
    "on",
    "on_network",
    "address",
    "mtu",
    "up",
    "kind",
)
"""The fields that tell one interface from another."""


def _paired(one: Card, other: Card) -> bool:
    """Tell the two ends of one veth pair: each names the other's index, in its own namespace."""
    # From 28.0 every container's end has index 2, so that one direction alone proves nothing.
    return one.kind == "veth" and one.peer == other.index and other.peer == one.index


def _of_network(found: Network, place: Party) -> Callable[[Card], bool]:
    if place.on_host:
        return lambda card: card.name == found.bridge
    item = place.base.attachments.get(found.name) if place.base is not None else None
    address = None if item is None else item.address
    return lambda card: address is not None and card.has(address)
