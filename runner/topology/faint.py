"""Puts what a lesson aims at into a scene, as far as it is not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runner.topology.scene import (
    Fact,
    HostView,
    Item,
    Key,
    Kind,
    Mark,
    Place,
    Scene,
    Section,
)
from runner.topology.wanted import Wanted, WantedContainer, WantedNetwork

_MISSING = "missing"
"""The status of a container that is not there."""


def with_wanted(scene: Scene, wanted: Wanted) -> Scene:
    """Give the scene with everything wanted that it lacks, marked so.

    A host of which nothing is known, or whose engine is silent, gets nothing: it cannot be told
    what is missing there.
    """
    return replace(
        scene,
        hosts=tuple(
            host if host.trouble is not None and not host.engine else _Adding(host, wanted).host()
            for host in scene.hosts
        ),
    )


class _Adding:
    """The work on one lab host."""

    def __init__(self, host: HostView, wanted: Wanted) -> None:
        self._host = host
        self._sections = list(host.sections)
        self._containers = [one for (at, _), one in wanted.containers.items() if at == host.name]
        self._networks = [one for (at, _), one in wanted.networks.items() if at == host.name]

    def host(self) -> HostView:
        for network in self._networks:
            self._add_network(network)
        for container in self._containers:
            self._add_container(container)
        return replace(self._host, sections=tuple(self._sections))

    def _add_network(self, network: WantedNetwork) -> None:
        number = self._section(network.name)
        section = self._sections[number]
        facts = list(section.facts)
        have = {fact.values.get("subnet") for fact in facts}
        if network.subnet and network.subnet not in have:
            values = {"subnet": network.subnet, "gateway": network.gateway}
            facts.append(_fact(section.key, Kind.SUBNET, values))
        driver = section.driver or network.driver
        self._sections[number] = replace(section, facts=tuple(facts), driver=driver)

    def _add_container(self, wanted: WantedContainer) -> None:
        first = self._first(wanted.name)
        if first is None and self._shares(wanted.name):
            return
        networks = [*wanted.networks] or ([] if first else [self._guess(wanted)])
        for network in networks:
            self._plug(wanted, network, first)
        if first is not None:
            number, place = first
            item = self._sections[number].items[place]
            missing = tuple(self._missing(wanted, item))
            self._replace(number, place, replace(item, facts=(*item.facts, *missing)))

    def _plug(self, wanted: WantedContainer, network: str, first: tuple[int, int] | None) -> None:
        """See that a container is on a network."""
        number = self._section(network)
        section = self._sections[number]
        aliases = wanted.networks.get(network, set())
        for place, item in enumerate(section.items):
            if item.name == wanted.name and item.mark is not Mark.GONE:
                more = (*_aliases(item, aliases), *_address(item, wanted.addresses.get(network)))
                self._replace(number, place, replace(item, facts=(*item.facts, *more)))
                return
        key = (*section.key, _MISSING, wanted.name)
        address = wanted.addresses.get(network)
        ghost = Item(
            key=key,
            name=wanted.name,
            status=_MISSING,
            addresses=(address,) if address else (),
            mark=Mark.WANTED,
        )
        told = tuple(_aliases(ghost, aliases))
        if first is None and network == next(iter(wanted.networks), network):
            told = (*told, *_wishes(key, wanted))
        ghost = replace(ghost, facts=told)
        self._sections[number] = replace(section, items=(*section.items, ghost))

    def _missing(self, wanted: WantedContainer, item: Item) -> Iterator[Fact]:
        """Tell what a container that is there still lacks."""
        have = [fact for fact in item.facts if fact.mark not in (Mark.GONE, Mark.WANTED)]
        for fact in _wishes(item.key, wanted):
            if not any(_satisfies(one, fact) for one in have):
                yield fact
        if wanted.runs is True and item.status != "running":
            yield _fact(item.key, Kind.START, {})
        if wanted.runs is False and item.status == "running":
            yield _fact(item.key, Kind.STOP, {})

    def _guess(self, wanted: WantedContainer) -> str:
        """Choose a network for what names none: that of whom it must reach."""
        if wanted.mode:
            return wanted.mode
        for name in wanted.near:
            found = self._first(name)
            if found is not None and self._sections[found[0]].place is Place.NETWORK:
                return self._sections[found[0]].name
        return ""

    def _section(self, name: str) -> int:
        """Find a section by the network's name, made where it is not there."""
        for number, section in enumerate(self._sections):
            if section.name == name and section.mark is not Mark.GONE:
                return number
        place = {"host": Place.HOST, "none": Place.NONE, "": Place.UNPLACED}.get(name)
        if name.startswith("container:"):
            place = Place.UNPLACED
        key: Key = (*self._host.key, _MISSING, name)
        mark = Mark.WANTED if place is None else Mark.NONE
        self._sections.append(Section(key, place or Place.NETWORK, name, mark=mark))
        return len(self._sections) - 1

    def _first(self, name: str) -> tuple[int, int] | None:
        """Find where a container is shown in full."""
        for number, section in enumerate(self._sections):
            for place, item in enumerate(section.items):
                there = item.mark not in (Mark.GONE, Mark.WANTED)
                if there and item.is_container and item.name == name:
                    return number, place
        return None

    def _shares(self, name: str) -> bool:
        """Tell whether a container is there as one that shares another's network."""
        return any(
            fact.kind is Kind.SHARER and fact.values["name"] == name
            for section in self._sections
            for item in section.items
            for fact in item.facts
        )

    def _replace(self, number: int, place: int, item: Item) -> None:
        section = self._sections[number]
        items = (*section.items[:place], item, *section.items[place + 1 :])
        self._sections[number] = replace(section, items=items)


def _wishes(key: Key, wanted: WantedContainer) -> Iterator[Fact]:
    for target, alias in sorted(wanted.links):
        shown = "" if alias == target else alias
        yield _fact(key, Kind.LINK, {"target": target, "alias": shown, "any": "" if alias else "1"})
    for where, port in sorted(wanted.ports):
        yield _fact(key, Kind.PORT, {"where": where, "port": port})


def _satisfies(have: Fact, wish: Fact) -> bool:
    if have.kind is not wish.kind:
        return False
    if wish.kind is Kind.LINK:
        same = have.values["target"] == wish.values["target"]
        return same and (bool(wish.values["any"]) or have.values["alias"] == wish.values["alias"])
    same = have.values["port"] == wish.values["port"]
    return same and have.values["where"].endswith(wish.values["where"])


def _aliases(item: Item, aliases: set[str]) -> Iterator[Fact]:
    have = {fact.values.get("name") for fact in item.facts if fact.kind is Kind.ALIAS}
    for alias in sorted(aliases - have):
        yield _fact(item.key, Kind.ALIAS, {"name": alias})


def _address(item: Item, address: str | None) -> Iterator[Fact]:
    if address is not None and address not in item.addresses:
        yield _fact(item.key, Kind.ASKED, {"address": address})


def _fact(key: Key, kind: Kind, values: dict[str, str]) -> Fact:
    return Fact((*key, _MISSING, kind.value, *values.values()), kind, values, Mark.WANTED)
