"""What doctor says about ranges of addresses: the outer network's, and what a lab hides."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from checks.message import Message, msg
from runner.lab.finding import Finding, bad, ok, warn
from runner.lab.names import network_name
from runner.lab.network import (
    SUBNET_VARIABLE,
    Taken,
    all_networks,
    collisions,
    docker_ranges,
    free_ranges,
    wanted_range,
)
from runner.lab.outer import Docker
from runner.lab.routes import machine_ranges

INSIDE = IPv4Network("172.17.0.0/16")
"""The default bridge of every engine, in labs too."""
SOON = tuple(IPv4Network(f"172.{number}.0.0/16") for number in range(18, 32))
"""What an engine gives to networks that name no range, in this order: its default pools."""
LATE = IPv4Network("192.168.0.0/16")
"""What it gives after those, in pieces of /20: seldom, and most homes are in it."""


def examine_ranges(docker: Docker, owner: str) -> Iterator[Finding]:
    """Say where lab hosts talk, what is in the way there, and what labs hide."""
    networks = all_networks(docker)
    ours = next((item for item in networks if item["Name"] == network_name(owner)), None)
    machine = [Taken(item.range, item.by) for item in machine_ranges()]
    others = docker_ranges(item for item in networks if item is not ours)
    yield from _hidden(machine)
    if ours is None:
        yield _free_range([*others, *machine])
        return
    own_bridge = f"br-{ours['Id'][:12]}"
    taken = [*others, *(item for item in machine if item.by != own_bridge)]
    for mine in docker_ranges([ours]):
        clash = collisions(mine.range, taken)
        if not clash:
            yield ok("range", msg("Lab hosts talk on {range}.", range=str(mine.range)))
            continue
        yield warn(
            "range",
            msg(
                "Lab hosts talk on {range}, which {other} uses too ({by}).",
                range=str(mine.range),
                other=str(clash[0].range),
                by=clash[0].by,
            ),
            msg("Run `learn-docker-net down --all`: the next lab takes a free range."),
        )


def machine_range() -> Iterator[Finding]:
    """Say whether this machine's own tables leave a range free; for when no engine answers."""
    yield _free_range([Taken(item.range, item.by) for item in machine_ranges()])


def _free_range(taken: list[Taken]) -> Finding:
    range_ = wanted_range() or next(free_ranges(taken), None)
    if range_ is None:
        return bad(
            "range",
            msg("No range for the network between lab hosts is free."),
            msg(
                "End the VPN that uses 10.66.0.0/16, or name a free private range:"
                " {variable}=10.99.0.0/24.",
                variable=SUBNET_VARIABLE,
            ),
        )
    return ok("range", msg("{range} is free for lab hosts.", range=str(range_)))


def _hidden(machine: list[Taken]) -> Iterator[Finding]:
    """Say what around this machine a lab cannot reach, for the engine inside has the range."""
    around = [item for item in machine if not item.by.startswith(("docker", "br-"))]
    for item in collisions(INSIDE, around)[:1]:
        yield warn(
            "bridge",
            msg(
                "{other} ({by}) lies in {range}, which Docker's bridge has inside a lab.",
                other=str(item.range),
                by=item.by,
                range=str(INSIDE),
            ),
            msg("Nothing, unless a lab must reach what is there: it cannot."),
        )
    soon = [item for range_ in SOON for item in collisions(range_, around)]
    for item in soon[:1]:
        yield warn("networks", _given(item), _NAMED)
    for item in [] if soon else collisions(LATE, around)[:1]:
        yield ok("networks", _given(item))


_NAMED = msg("Nothing, unless a lab must reach what is there: name its networks' ranges then.")


def _given(item: Taken) -> Message:
    return msg(
        "{other} ({by}) lies where Docker takes ranges from for networks inside a lab.",
        other=str(item.range),
        by=item.by,
    )
