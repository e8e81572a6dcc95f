"""`reaches`: one container answers another, explained by the first rung that is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.attempt import Attempt
from checks.probes.climb import Broken, Climb, End, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import existing_network, inspect_command, networks_of
from checks.probes.party import Party, party
from checks.probes.path import Path, is_address, owned, resolve, unknown, wrong_owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches(Probe):
    """A container gets an answer from another, by ping or on a TCP port."""

    from_: Plain | None = None
    """The container that sends; left out, the lab host itself."""
    to: Plain
    """A container's name, any other name that `from` knows it by, or an address."""
    is_: Plain | None = None
    """The container that must answer; `to` itself where that is a name. The address that `to`
    leads to must be its own, or one at which it publishes the port. Left out beside an address:
    whoever has that."""
    is_on: Plain | None = None
    """The lab host on which the answering container runs, where it is another one."""
    port: Plain | None = None
    """A TCP port that must take the connection; left out, a ping must be answered."""
    protocol: Literal["icmp", "tcp"] | None = None
    """`tcp` with a port and `icmp` without one, which is what is meant where it is left out."""
    network: Plain | None = None
    """The Docker network by which it must be reached: both are on it, and `to` leads there."""

    def expected(self) -> Message:
        """Say who reaches whom, by what name, at which port."""
        source = msg("the lab host") if self.from_ is None else self.from_
        values = {"source": source, "target": self.is_ or self.to, "to": self.to}
        if self.is_ is None or self.is_ == self.to:
            said = msg("{source} reaches {target}", **values)
        elif is_address(self.to):
            said = msg("{source} reaches {target} at {to}", **values)
        else:
            said = msg("{source} reaches {target} by the name {to}", **values)
        if self.network is not None:
            said = msg("{what} over {network}", what=said, network=self.network)
        if self.port is not None:
            said = msg("{what} on TCP port {port}", what=said, port=self.port)
        return said

    def mistakes(self) -> Mistakes:
        """Port and protocol that do not go together, one container at both ends."""
        yield from mistakes.port("port", self.port)
        yield from mistakes.differ("from", self.from_, "is", self.is_ or self.to)
        if self.protocol == "tcp" and self.port is None:
            yield msg("`protocol: tcp` needs a `port`.")
        if self.protocol == "icmp" and self.port is not None:
            yield msg("`protocol: icmp` has no `port`.")

    def climb(self) -> Climb[End]:
        """Ends, network, name, owner of the address, route, answer: up to the first broken rung."""
        return (yield from self.climb_as(""))

    def climb_as(self, key: str) -> Climb[End]:
        """Climb as part of another probe: `key` goes before the names of all questions."""
        source = yield from party(f"{key}from", self.from_)
        if isinstance(source, Broken):
            return source
        target = yield from self._target(key)
        if isinstance(target, Broken):
            return target
        broken = yield from self._over(key, source, target)
        if broken is not None:
            return broken
        path = yield from self._path(key, source, target)
        if isinstance(path, Broken):
            return path
        return (yield from Attempt(key, source, target, path).climb())

    def _target(self, key: str) -> Climb[Party | Broken | None]:
        name = self.is_ or (None if is_address(self.to) else self.to)
        if name is None:
            return None
        return (yield from party(f"{key}is", name, self.is_on))

    def _over(self, key: str, source: Party, target: Party | None) -> Climb[Broken | None]:
        """Where a network is named, tell which end is not on it."""
        if self.network is None:
            return None
        found = yield from existing_network(f"{key}network", self.network, self.is_on)
        if isinstance(found, Broken):
            return found
        for end in (source, target):
            if end is not None and end.base is not None and found.name not in end.networks:
                said = msg(
                    "{name} is not on {network}, but on {networks}",
                    name=end.name,
                    network=found.name,
                    networks=networks_of(end.base),
                )
                look = msg("`{command}` shows its networks", command=inspect_command(str(end.name)))
                return Broken(said, look)
        return None

    def _path(self, key: str, source: Party, target: Party | None) -> Climb[Path | Broken]:
        """Find the address that `to` leads to and make sure whose it is."""
        named = None
        addresses: tuple[str, ...] = (self.to,)
        if not is_address(self.to):
            answer = yield from resolve(f"{key}resolve", source, self.to)
            if isinstance(answer, str):
                return unknown(source, target, self.to, answer)
            named, addresses = answer, answer.addresses
        port = None if self.port is None else int(self.port)
        paths = [Path(address, port, port) for address in addresses]
        if target is None:
            return paths[0]
        # Every address counts: with two, a program may take either.
        for number, path in enumerate(paths):
            complete = yield from owned(f"{key}owner-{number}", path, source, target)
            if complete is None or not self._on_network(complete, target):
                return (yield from wrong_owner(source, target, path.address, named))
            paths[number] = complete
        return paths[0]

    def _on_network(self, path: Path, target: Party) -> bool:
        if self.network is None or path.published or target.base is None:
            return True
        item = next(
            (a for a in target.base.attachments.values() if a.address == path.address), None
        )
        return item is not None and self.network in (item.network, item.network_id)
