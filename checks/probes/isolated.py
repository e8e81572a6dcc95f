"""`isolated`: one container gets no answer from another, though both are alive and connected.

Silence alone proves nothing: a stopped container is silent too. So this probe brings its control:
both run, the sender reaches its own gateway, and the lab host reaches the other one. Where those
cannot hold (macvlan, mode none), the author names a pair that must reach each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.attempt import PINGS, listening
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe, net
from checks.probes.mistakes import Mistakes
from checks.probes.objects import network
from checks.probes.party import Party, interfaces, own_addresses, party
from checks.probes.path import is_address
from checks.probes.reaches import Reaches

SILENCE = 1.2
"""Seconds without an answer that count as silence; in a lab an answer takes a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolated(Probe):
    """A container gets no answer from another, though both run and are connected."""

    from_: Plain
    """The container that tries."""
    to: Plain
    """The container that must not answer, at any of its addresses; or one address."""
    is_: Plain | None = None
    """Whose address `to` is, where `to` is an address."""
    port: Plain | None = None
    """A TCP port that must not be reached; left out, a ping must not be answered."""
    network: Plain | None = None
    """Try only the other's address on this network."""
    control: Reaches | None = None
    """What must be reached all the same, in the form of `reaches`; left out, the sender's own
    gateway, and the other container from the lab host."""

    def expected(self) -> Message:
        """Say who does not reach whom."""
        other = self.is_ or self.to
        if self.port is None:
            return msg("{source} cannot ping {target}", source=self.from_, target=other)
        return msg(
            "{source} cannot reach TCP port {port} of {target}",
            source=self.from_,
            port=self.port,
            target=other,
        )

    def mistakes(self) -> Mistakes:
        """An address without an owner, one container at both ends."""
        yield from mistakes.port("port", self.port)
        yield from mistakes.differ("from", self.from_, "is", self.is_ or self.to)
        if self.is_ is None and is_address(self.to):
            yield msg("Beside an address in `to`, `is` must name the container that has it.")

    def climb(self) -> Climb[End]:
        """Both ends, the control, then the tries; a try that is answered ends it."""
        source = yield from party("from", self.from_)
        if isinstance(source, Broken):
            return source
        target = yield from party("is", self.is_ or self.to)
        if isinstance(target, Broken):
            return target
        addresses = yield from self._addresses(target)
        if not addresses:
            return _nothing_to_try(target)
        broken = yield from self._control(source, target, addresses)
        if broken is not None:
            return broken
        for number, address in enumerate(addresses):
            broken = yield from self._try(f"try-{number}-", source, target, address)
            if broken is not None:
                return broken
        return Held()

    def _addresses(self, target: Party) -> Climb[tuple[str, ...]]:
        if not is_address(self.to):
            return tuple(
                item.address
                for item in (target.base.attachments.values() if target.base else ())
                if item.address and self.network in (None, item.network, item.network_id)
            )
        own = target.addresses or (yield from own_addresses("is-own", target))
        return tuple(address for address in own if address == self.to)

    def _control(
        self, source: Party, target: Party, addresses: tuple[str, ...]
    ) -> Climb[Broken | None]:
        if self.control is not None:
            end = yield from self.control.climb_as("control-")
            return None if isinstance(end, Held) else end
        broken = yield from _reaches_gateway(source)
        if broken is not None:
            return broken
        return (yield from _answers_host(target, addresses))

    def _try(self, key: str, source: Party, target: Party, address: str) -> Climb[Broken | None]:
        if self.port is not None:
            return (yield from self._try_port(key, source, target, address))
        received = yield from _pinged(f"{key}ping", source, address)
        if not received:
            return None
        return Broken(
            msg(
                "{target} answers the ping from {source} at {address}",
                target=target.name,
                source=source.name,
                address=address,
            ),
            msg("`{command}` shows it", command=source.command(f"ping -c 1 {address}")),
        )

    def _try_port(
        self, key: str, source: Party, target: Party, address: str
    ) -> Climb[Broken | None]:
        port = int(self.port or 0)
        asked: dict[str, object] = {"address": address, "port": port, "protocol": "tcp"}
        value = yield from _net(f"{key}connect", "connect", source, asked)
        result = value["result"]
        if result in ("timeout", "unreachable"):
            return None
        names = {"source": source.name, "target": target.name, "where": f"{address}:{port}"}
        look = msg("`{command}` shows who listens where", command=target.command("ss -ltn"))
        if result == "open":
            return Broken(
                msg("{target} takes the connection from {source} at {where}", **names), look
            )
        heard = listening((yield from _net(f"{key}listeners", "listeners", target)))
        if result == "refused" and any(number == port for _, number in heard):
            # It listens, so the refusal is a rule's and not its own.
            return None
        return Broken(
            msg(
                "{target} answers {source} at {where}: the packets arrive, only nobody listens",
                **names,
            ),
            look,
        )


def _nothing_to_try(target: Party) -> Broken:
    return Broken(
        msg("{target} has no such address, so nothing can be tried", target=target.name),
        msg("`{command}` shows its addresses", command=target.command("ip address")),
    )


def _net(
    key: str, what: str, end: Party, asked: dict[str, object] | None = None
) -> Climb[dict[str, object]]:
    return (yield from net(key, what, end.id, asked, host=end.host, patience=SILENCE))


def _pinged(key: str, source: Party, address: str) -> Climb[bool]:
    asked: dict[str, object] = {"address": address, "count": PINGS}
    value = yield from _net(key, "ping", source, asked)
    received = value["received"]
    if not isinstance(received, int):
        raise Nonsense("ping: no count")
    return received > 0


def _reaches_gateway(source: Party) -> Climb[Broken | None]:
    """The sender's own network works: the lab host's end of one of its bridges answers."""
    # Not the configured gateway, which may lead nowhere: what the kernel has on the bridge itself.
    bridges = []
    for name in sorted(source.networks):
        found = yield from network(f"network-{name}", name)
        bridges.append(found.bridge if found is not None else None)
    host = yield from interfaces("host-interfaces", Party(None, None, source.host))
    ends = [card.addresses for card in host if card.name in bridges]
    gateways = [text.partition("/")[0] for addresses in ends for text in addresses]
    tried = [address for address in gateways if is_address(address)]
    for number, address in enumerate(tried):
        if (yield from _pinged(f"gateway-{number}", source, address)):
            return None
    look = msg("`{command}` shows its interfaces", command=source.command("ip address"))
    if not tried:
        return Broken(
            msg(
                "{source} is on no bridge of the lab host, so that it is silent proves nothing",
                source=source.name,
            ),
            look,
        )
    return Broken(
        msg(
            "{source} does not even reach its gateway {gateway}, so its silence proves nothing",
            source=source.name,
            gateway=tried[0],
        ),
        look,
    )


def _answers_host(target: Party, addresses: tuple[str, ...]) -> Climb[Broken | None]:
    """The other one is alive: it answers the lab host."""
    host = Party(None, None, target.host)
    for number, address in enumerate(addresses):
        if (yield from _pinged(f"host-{number}", host, address)):
            return None
    return Broken(
        msg(
            "{target} does not answer the lab host either, so that it is silent proves nothing",
            target=target.name,
        ),
        msg("`{command}` shows it", command=f"ping -c 1 {addresses[0]}"),
    )
