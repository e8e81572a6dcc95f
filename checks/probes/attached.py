"""`on_network`, `mode` and `address`: how a container is connected, in the engine's own record."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from checks.facts import Attachment, Container
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import (
    container,
    existing_network,
    inspect_command,
    listed,
    network,
    networks_of,
    running,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNetwork(Probe):
    """A running container is connected to a network."""

    container: Plain
    """The container."""
    network: Plain
    """The network, by its name."""
    alias: Plain | None = None
    """A name of its own on that network, given with `--network-alias`."""
    address: Plain | None = None
    """The address that it has there."""
    only: bool = False
    """Whether it must be on no other network."""

    def expected(self) -> Message:
        """Say on which network it is, and how."""
        said = msg("{name} is on the network {network}", name=self.container, network=self.network)
        if self.only:
            said = msg("{name} is on the network {network} only", **said.values)
        if self.address is not None:
            said = msg("{what} with the address {address}", what=said, address=self.address)
        if self.alias is not None:
            said = msg("{what} under the alias {alias}", what=said, alias=self.alias)
        return said

    def climb(self) -> Climb[End]:
        """It runs, the network is there, and the record of the one names the other."""
        found = yield from running("container", self.container)
        if isinstance(found, Broken):
            return found
        wanted = yield from existing_network("network", self.network)
        if isinstance(wanted, Broken):
            return wanted
        item = found.attachments.get(wanted.name)
        if item is None or item.network_id != wanted.id:
            return Broken(_elsewhere(found), _inspect(found))
        return self._details(found, item)

    def _details(self, found: Container, item: Attachment) -> End:
        if self.only and len(found.attachments) > 1:
            nets = networks_of(found)
            return Broken(
                msg("{name} is on {networks}", name=found.name, networks=nets), _inspect(found)
            )
        if self.address not in (None, item.address):
            said = msg("its address there is {address}", address=item.address or "–")
            return Broken(said, _inspect(found))
        if self.alias not in (None, *item.aliases):
            said = msg("its aliases there are: {aliases}", aliases=listed(item.aliases))
            command = f"docker inspect -f '{{{{json .NetworkSettings.Networks}}}}' {found.name}"
            return Broken(said, msg("`{command}` shows them", command=command))
        return Held()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode(Probe):
    """A running container was started in a network mode."""

    container: Plain
    """The container."""
    is_: Plain
    """`bridge`, `host`, `none`, `container:NAME`, or the name of a network."""

    def expected(self) -> Message:
        """Say which mode."""
        return msg("the network mode of {name} is {mode}", name=self.container, mode=self.is_)

    def climb(self) -> Climb[End]:
        """It runs, and the mode in its record is the wanted one, by whatever name."""
        found = yield from running("container", self.container)
        if isinstance(found, Broken):
            return found
        mode = yield from self._name(found.mode)
        if mode == self.is_:
            return Held()
        command = f"docker inspect -f '{{{{.HostConfig.NetworkMode}}}}' {found.name}"
        return Broken(
            msg("its mode is {mode}", mode=mode), msg("`{command}` shows it", command=command)
        )

    def _name(self, mode: str) -> Climb[str]:
        """Put names where the engine keeps ids."""
        kind, _, other = mode.partition(":")
        if kind == "container":
            base = yield from container("base", other)
            return f"container:{base.name}" if base is not None else f"container:{other[:12]}"
        if mode in ("bridge", "host", "none"):
            return mode
        known = yield from network("network", mode)
        return known.name if known is not None else mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Probe):
    """A running container has an address, or has another one than it had."""

    container: Plain
    """The container."""
    network: Plain | None = None
    """The network on which the address counts; left out, each one that it is on."""
    is_: Plain | None = None
    """The address that it must have."""
    within: Plain | None = None
    """The subnet in which it must have an address, such as `172.17.0.0/16`."""
    not_: Plain | None = None
    """An address that it must not have; it must have another."""

    def expected(self) -> Message:
        """Say which address."""
        values = {"name": self.container, "address": self.is_, "subnet": self.within}
        if self.is_ is not None:
            said = msg("{name} has the address {address}", **values)
        elif self.within is not None:
            said = msg("{name} has an address in {subnet}", **values)
        elif self.not_ is not None:
            said = msg(
                "{name} has another address than {address}", **values | {"address": self.not_}
            )
        else:
            said = msg("{name} has an address", **values)
        return (
            said
            if self.network is None
            else msg("{what} on {network}", what=said, network=self.network)
        )

    def mistakes(self) -> Mistakes:
        """A subnet that is none."""
        return mistakes.subnet("within", self.within)

    def climb(self) -> Climb[End]:
        """It runs, and the addresses in its record are as wanted."""
        found = yield from running("container", self.container)
        if isinstance(found, Broken):
            return found
        identity = None
        if self.network is not None:
            wanted = yield from existing_network("network", self.network)
            if isinstance(wanted, Broken):
                return wanted
            identity = wanted.id
        have = [
            item.address
            for item in found.attachments.values()
            if item.address and identity in (None, item.network_id)
        ]
        if not have:
            return Broken(_elsewhere(found), _inspect(found))
        if self._fits(have):
            return Held()
        return Broken(
            msg("{name} has {addresses}", name=found.name, addresses=listed(have)), _inspect(found)
        )

    def _fits(self, have: list[str]) -> bool:
        if self.not_ is not None and self.not_ in have:
            return False
        if self.is_ is not None and self.is_ not in have:
            return False
        if self.within is None:
            return True
        subnet = ipaddress.ip_network(self.within, strict=False)
        return any(ipaddress.ip_address(address) in subnet for address in have)


def _elsewhere(found: Container) -> Message:
    if found.shares_with is not None:
        return msg("{name} uses the network of another container", name=found.name)
    if found.on_host:
        return msg("{name} uses the lab host's own network", name=found.name)
    if not found.attachments:
        return msg("{name} is on no network", name=found.name)
    return msg("{name} is on {networks}", name=found.name, networks=networks_of(found))


def _inspect(found: Container) -> Message:
    return msg("`{command}` shows its networks", command=inspect_command(found.name))
