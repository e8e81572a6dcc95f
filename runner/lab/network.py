"""The outer network that an owner's lab hosts share.

It lies outside the ranges that Docker gives out inside a lab, so that a lab host looks like a
fresh server: the first /24 of 10.66.0.0/16 that touches no route, resolver or Docker network.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab.names import OURS, OWNER, Role, label_options, labels, network_name
from runner.lab.outer import Docker
from runner.lab.routes import machine_ranges

POOL = IPv4Network("10.66.0.0/16")
"""Where the outer network is looked for; lessons keep off it."""
SUBNET_VARIABLE = "LEARN_DOCKER_NET_SUBNET"
"""Environment variable that names the outer network's range, for machines where POOL is taken."""
FIRST_HOST = 11
"""Last number of the first lab host's address; 1 is the gateway."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A range of addresses that is in use, and by what."""

    range: IPv4Network
    by: str
    """A route's device, `docker network NAME` or `resolver`."""


@dataclass(frozen=True, slots=True)
class OuterNetwork:
    """The network as it exists in the outer engine."""

    name: str
    id: str
    subnet: IPv4Network

    def address(self, index: int) -> str:
        """Give the fixed address of the lab host with this index, counted from 0."""
        return str(self.subnet[FIRST_HOST + index])


def ensure_network(docker: Docker, owner: str) -> OuterNetwork:
    """Give the owner's outer network, made where it is missing.

    Raises `LearnError` where the name belongs to somebody else or no range is free.
    """
    for existing in docker.inspect(network_name(owner), kind="network"):
        return _ours(existing, owner)
    wanted = wanted_range()
    if wanted is not None:
        return _create(docker, owner, [wanted])
    taken = [*docker_ranges(all_networks(docker)), *_machine()]
    return _create(docker, owner, free_ranges(taken))


def all_networks(docker: Docker) -> list[dict[str, Any]]:
    """Give every network of the outer engine, as it describes them itself."""
    ids = docker.check("network", "ls", "--quiet").split()
    return docker.inspect(*ids, kind="network")


def docker_ranges(networks: Iterable[dict[str, Any]]) -> list[Taken]:
    """Give the IPv4 ranges of Docker networks."""
    found = []
    for network in networks:
        for config in (network.get("IPAM") or {}).get("Config") or []:
            parsed = _range(config.get("Subnet", ""))
            if parsed is not None:
                found.append(Taken(parsed, f"docker network {network['Name']}"))
    return found


def free_ranges(taken: Iterable[Taken], pool: IPv4Network = POOL) -> Iterator[IPv4Network]:
    """Give the pool's /24 ranges that overlap nothing, in order."""
    used = [item.range for item in taken if item.range.overlaps(pool)]
    for candidate in pool.subnets(new_prefix=24):
        if not any(candidate.overlaps(other) for other in used):
            yield candidate


def collisions(subnet: IPv4Network, taken: Iterable[Taken]) -> list[Taken]:
    """Give what overlaps a range."""
    return [item for item in taken if item.range.overlaps(subnet)]


def wanted_range() -> IPv4Network | None:
    """Give the range that the environment asks for, if it does.

    Raises `LearnError` where it asks for something that is no range of at least 32 addresses.
    """
    text = os.environ.get(SUBNET_VARIABLE)
    if not text:
        return None
    parsed = _range(text)
    if parsed is None or parsed.prefixlen > 27:
        raise LearnError(
            msg(
                "{variable} is {text}, which is no usable range.",
                variable=SUBNET_VARIABLE,
                text=repr(text),
            ),
            remedy=msg("Write a free private range such as 10.99.0.0/24, or unset it."),
        )
    return parsed


def _create(docker: Docker, owner: str, ranges: Iterable[IPv4Network]) -> OuterNetwork:
    name = network_name(owner)
    options = label_options(labels(owner, Role.NETWORK))
    for subnet in ranges:
        gateway = ("--subnet", str(subnet), "--gateway", str(subnet[1]))
        done = docker.run("network", "create", *options, *gateway, name)
        if done.ok:
            return OuterNetwork(name, done.stdout.strip(), subnet)
        # Ranges that only the engine knows of, such as a bridge it lost the network of.
        if "overlap" not in done.stderr.lower():
            raise LearnError(
                msg("The network between the lab hosts could not be made."),
                remedy=msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
                details=done.stderr.strip(),
            )
    raise LearnError(
        msg("No range for the network between the lab hosts is free in {pool}.", pool=str(POOL)),
        remedy=msg(
            "End the VPN or the network that uses it, or name a free private range:"
            " {variable}=10.99.0.0/24.",
            variable=SUBNET_VARIABLE,
        ),
    )


def _ours(network: dict[str, Any], owner: str) -> OuterNetwork:
    name = network["Name"]
    marks = network.get("Labels") or {}
    if marks.get(OURS) != "1" or marks.get(OWNER) != owner:
        raise not_ours(msg("network"), name, f"docker network rm {name}")
    ranges = docker_ranges([network])
    if not ranges:
        raise LearnError(
            msg("The network {name} has no IPv4 range.", name=name),
            remedy=msg("Run `learn-docker-net down --all`, then start again."),
        )
    return OuterNetwork(name, network["Id"], ranges[0].range)


def not_ours(kind: Message, name: str, removal: str) -> LearnError:
    """Make the refusal to touch something that carries a name of ours and not our label."""
    return LearnError(
        msg(
            "There is a {kind} named {name} that is not ours; it is left alone.",
            kind=kind,
            name=name,
        ),
        remedy=msg(
            "If you do not need it, remove it yourself with `{removal}`; or use other names with"
            " {variable}=NAME.",
            removal=removal,
            variable="LEARN_DOCKER_NET_OWNER",
        ),
    )


def _machine() -> list[Taken]:
    return [Taken(item.range, item.by) for item in machine_ranges()]


def _range(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None
