"""Asks a lab for its network: one question a lab host, all hosts side by side."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from checks import facts
from checks.asking import Answer, Lab, Net
from checks.message import Message, msg
from runner.topology.model import Box, Host, Nic, Route, Topology, Tunnel

TIMEOUT = 4.0
"""Seconds for a lab host; one with ten containers takes about 0.02 (`benchmarks/topology.py`)."""

Data = Mapping[str, Any]


def take(lab: Lab, timeout: float = TIMEOUT) -> Topology:
    """Give the lab's network as it is now; never raises.

    A host that is out of reach, or an engine that does not answer, is part of what is given.
    """
    with ThreadPoolExecutor(len(lab.hosts) or 1) as pool:
        question = Net("topology", timeout=timeout)
        answers = pool.map(lambda host: lab.ask(host, question), lab.hosts)
        return Topology(tuple(host_of(answer) for answer in answers))


def host_of(answer: Answer) -> Host:
    """Read what one lab host answered."""
    if not answer.ended:
        return Host(answer.host, lost=answer.why or msg("The lab host does not answer."))
    try:
        return _host(answer.host, answer.value)
    except (facts.Unreadable, KeyError, TypeError, ValueError) as error:
        words = msg("The lab's answer cannot be read: {words}.", words=str(error))
        return Host(answer.host, lost=words)


def _host(name: str, value: Data) -> Host:
    spaces = value["inside"]
    why = value["why"]
    boxes = tuple(_box(item, spaces.get(item["Id"])) for item in value["containers"])
    # The engine calls a container running for some milliseconds after its end.
    whole = all(box.netns is not None for box in boxes if box.facts.running)
    return Host(
        name=name,
        engine=str(value["engine"]),
        why=None if why is None else Message.from_json(why),
        networks=tuple(facts.network(item) for item in value["networks"]),
        boxes=boxes,
        nics=_nics(value["interfaces"]),
        routes=tuple(Route(item["to"], item["via"], item["device"]) for item in value["routes"]),
        hidden={identity: _nics(items) for identity, items in value["hidden"].items()},
        settled=whole and value["settled"] is True,
    )


def _box(document: Any, space: Data | None) -> Box:
    found = facts.container(document)
    if space is None:
        return Box(found)
    return Box(found, int(space["netns"]), _nics(space["interfaces"]))


def _nics(items: Any) -> tuple[Nic, ...]:
    return tuple(_nic(item) for item in items)


def _nic(item: Data) -> Nic:
    tunnel = item["tunnel"]
    return Nic(
        name=str(item["name"]),
        index=int(item["index"]),
        kind=str(item["kind"]),
        peer=item["peer"],
        abroad=item["abroad"] is True,
        master=item["master"],
        addresses=tuple(item["addresses"]),
        up=item["up"] is True,
        mtu=item["mtu"],
        alias=str(item["alias"]),
        tunnel=tunnel and Tunnel(tunnel["id"], tunnel["local"], tuple(tunnel["remotes"])),
    )
