"""Trying the way itself, by ping or by TCP, and explaining why nothing came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, net
from checks.probes.objects import listed, network
from checks.probes.party import Party, apart
from checks.probes.path import Path

Way: TypeAlias = dict[str, object]
"""What `route` gives."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach an address; `key` goes before the names of its questions."""

    key: str
    source: Party
    target: Party | None
    """None where an address is reached, whoever has it."""
    path: Path

    def climb(self) -> Climb[End]:
        """Look at the route, then ping or connect, and explain what does not come back."""
        way = yield from self.net("route", self.source, {"to": self.path.address})
        if "error" in way:
            return self._no_route()
        if not {"via", "source"} <= way.keys():
            raise Nonsense("route: neither a way nor an error")
        if way.get("device") == "lo" and not self._at_home():
            return self._own_address()
        if self.path.port is None:
            return (yield from self._ping(way))
        return (yield from self._connect(self.path.port, way))

    def _at_home(self) -> bool:
        """Tell whether an address that is the sender's own may lead to the target all the same."""
        target = self.target
        if target is None or self.path.published:
            return True
        if self.source.on_host and target.on_host:
            return self.source.host == target.host
        return (self.source.base and self.source.base.id) == (target.base and target.base.id)

    def _own_address(self) -> Broken:
        # Two engines that do not know each other give the same address away twice.
        assert self.target is not None  # noqa: S101 - else anybody's answer is right
        what = msg(
            "{source} has the address {address} itself, so that nothing it sends there "
            "gets to {target}",
            source=self.source.name,
            target=self.target.name,
            address=self.path.address,
        )
        look = msg("`{command}` shows its addresses", command=self.source.command("ip address"))
        return Broken(what, look)

    def _no_route(self) -> Broken:
        what = msg(
            "{source} has no route to {address}",
            source=self.source.name,
            address=self.path.address,
        )
        far = None if self.target is None else apart(self.source, self.target)
        return Broken(_because(what, far), self._routes())

    def _routes(self) -> Message:
        return msg("`{command}` shows its routes", command=self.source.command("ip route"))

    def _ping(self, way: Way) -> Climb[End]:
        value = yield from self.net(
            "ping", self.source, {"address": self.path.address, "count": PINGS}
        )
        received, errors = value["received"], value["errors"]
        if not isinstance(received, int) or not isinstance(errors, list):
            raise Nonsense("ping: no counts")
        if received > 0:
            return Held()
        if errors:
            return self._told(str(errors[0]), way)
        what = msg(
            "the ping from {source} to {address} is lost without a word",
            source=self.source.name,
            address=self.path.address,
        )
        return (yield from self._silent(what))

    def _told(self, error: str, way: Way) -> Broken:
        """Explain an error that somebody reported by ICMP."""
        text, told, reporter = error.rpartition(" from ")
        if not told:
            found = msg(
                "the ping from {source} to {address} does not even leave: {error}",
                source=self.source.name,
                address=self.path.address,
                error=error,
            )
            return Broken(found, self._routes())
        if "Host Unreachable" in text and reporter in (way["source"], *self.source.addresses):
            return self._no_neighbour(way["via"])
        found = msg(
            "{reporter} says of the ping from {source} to {address}: {error}",
            reporter=reporter,
            source=self.source.name,
            address=self.path.address,
            error=text,
        )
        return Broken(found, self._routes())

    def _no_neighbour(self, via: object) -> Broken:
        """Explain that ARP found nobody: at the address itself, or at the router before it."""
        look = msg("`{command}` shows whom it found", command=self.source.command("ip neigh"))
        if via is None:
            return Broken(
                msg(
                    "{source} finds nobody at {address}: its ARP requests have no answer",
                    source=self.source.name,
                    address=self.path.address,
                ),
                look,
            )
        return Broken(
            msg(
                "on the way to {address} {source} finds nobody at its router {via}: "
                "its ARP requests have no answer",
                source=self.source.name,
                address=self.path.address,
                via=str(via),
            ),
            look,
        )

    def _connect(self, port: int, way: Way) -> Climb[End]:
        asked = {"address": self.path.address, "port": port, "protocol": "tcp"}
        value = yield from self.net("connect", self.source, asked)
        result = value["result"]
        if result not in _RESULTS:
            raise Nonsense(f"connect: {result!r}")
        if result == "open" and not (self.path.published and self.target):
            return Held()
        what = _RESULTS[str(result)](self.source.name, f"{self.path.address}:{port}")
        listener = self._listener(way)
        ears = None if listener is None else (yield from self._ears(listener))
        if result == "open":
            # docker-proxy takes every connection, whether or not anybody listens behind it.
            return Held() if ears is None else ears
        if ears is not None:
            return Broken(_because(what, ears.found), ears.look)
        if result == "unreachable":
            return self._no_neighbour(way["via"])
        if result == "timeout":
            return (yield from self._silent(what))
        if listener is None:
            heard = msg("`{command}` shows who listens where", command="ss -ltn")
            return Broken(what, heard)
        if result == "reset":
            # A rule says no before a connection is made; this one was taken.
            heard = msg("`{command}` shows who listens where", command=listener.command("ss -ltnp"))
            return Broken(msg("{what}: who listens there closes it at once", what=what), heard)
        rules = msg("`{command}` lists the rules that filter", command="iptables -S")
        return Broken(
            msg("{what}, though it listens there: a rule answers in its place", what=what), rules
        )

    def _listener(self, way: Way) -> Party | None:
        """Tell who has to listen: the target; the sender itself where the address is its own."""
        if self.target is None and way.get("device") == "lo":
            return self.source
        return self.target

    def _ears(self, target: Party) -> Climb[Broken | None]:
        """Tell whether nobody listens at the target's port, or only where it is of no use."""
        value = yield from self.net("listeners", target)
        port = self.path.inner_port
        heard = listening(value)
        look = msg("`{command}` shows who listens where", command=target.command("ss -ltn"))
        at = sorted({address for address, number in heard if number == port})
        if not at:
            others = sorted({number for address, number in heard if address in EVERYWHERE})
            return Broken(_nobody_listens(target, port, others), look)
        # A published port ends at any address of the container, not at the one that was asked.
        own = target.addresses if self.path.published else ()
        wanted = (*EVERYWHERE, *own, self.path.address)
        if any(address in wanted for address in at):
            return None
        where = listed([f"{address}:{port}" for address in at])
        return Broken(
            msg("{target} listens on {where} only", target=target.name, where=where), look
        )

    def _silent(self, what: Message) -> Climb[Broken]:
        """Explain why packets get lost: other networks, a network that forbids it, a filter."""
        far = None if self.target is None else apart(self.source, self.target)
        if far is not None:
            look = msg("`{command}` lists what is where", command=PLACES)
            return Broken(_because(what, far), look)
        quiet = None if self.target is None else (yield from self._quiet_network(self.target))
        if quiet is not None:
            why = msg("{network} keeps its containers apart (icc is false)", network=quiet)
            look = msg("`{command}` shows its options", command=f"{OPTIONS} {quiet}")
            return Broken(_because(what, why), look)
        return Broken(
            msg("{what}: something on the way drops it", what=what),
            msg("`{command}` lists the rules with their counters", command="iptables -nvL"),
        )

    def _quiet_network(self, target: Party) -> Climb[str | None]:
        """Find the shared network that keeps its containers apart, if that is what it does."""
        if self.source.on_host:
            return None
        for name in sorted(self.source.networks & target.networks):
            found = yield from network(f"{self.key}network-{name}", name, target.host)
            if found is not None and not found.lets_neighbours_talk:
                return name
        return None

    def net(self, what: str, end: Party, arguments: dict[str, object] | None = None) -> Climb[Way]:
        """Put one question at one end."""
        key = f"{self.key}{what}"
        return (yield from net(key, what, end.id, arguments, host=end.host))


PLACES = (
    "docker network inspect -f '{{.Name}}: {{range .Containers}}{{.Name}} {{end}}' "
    "$(docker network ls -q)"
)
OPTIONS = "docker network inspect -f '{{json .Options}}'"
PINGS = 2
"""Echo requests of one try; one answer suffices."""


def listening(value: dict[str, object]) -> list[tuple[str, int]]:
    """Read the TCP part of what `listeners` gives."""
    found = value["tcp"]
    if not isinstance(found, list):
        raise Nonsense("listeners: no list")
    return [(str(item["address"]), int(item["port"])) for item in found]


def _nobody_listens(target: Party, port: int | None, others: list[int]) -> Message:
    if not others:
        return msg(
            "nothing in {target} listens on a TCP port that others reach", target=target.name
        )
    return msg(
        "nothing listens on TCP port {port} in {target}, only on {others}",
        port=port,
        target=target.name,
        others=listed(others),
    )


def _because(what: Message, why: Message | None) -> Message:
    return what if why is None else msg("{what}: {why}", what=what, why=why)


def _open(source: Message | str, where: str) -> Message:
    return msg("{where} takes the connection from {source}", source=source, where=where)


def _refused(source: Message | str, where: str) -> Message:
    return msg("{where} refuses the connection from {source}", source=source, where=where)


def _reset(source: Message | str, where: str) -> Message:
    return msg("{where} breaks off the connection from {source}", source=source, where=where)


def _timeout(source: Message | str, where: str) -> Message:
    return msg("{where} does not answer {source} at all", source=source, where=where)


def _unreachable(source: Message | str, where: str) -> Message:
    return msg("{where} cannot be reached from {source}", source=source, where=where)


_RESULTS = {
    "open": _open,
    "refused": _refused,
    "reset": _reset,
    "timeout": _timeout,
    "unreachable": _unreachable,
}
"""How a connection can end, each with its sentence."""
