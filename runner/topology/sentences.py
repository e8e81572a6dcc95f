"""The map in full sentences, grouped by network: for screen readers, and for reading aloud."""

from __future__ import annotations

from collections.abc import Iterator

from checks.message import Message, Translate, msg
from runner.topology.canvas import safe
from runner.topology.scene import (
    Fact,
    HostView,
    Item,
    Join,
    Kind,
    Mark,
    Place,
    Plug,
    Scene,
    Section,
)
from runner.topology.wording import STATES


def sentences(scene: Scene, speak: Translate = str) -> list[str]:
    """Give the lines: a host, its networks two blanks in, what is plugged in four."""
    return [*_scene(scene, speak)]


def _scene(scene: Scene, speak: Translate) -> Iterator[str]:
    for host in scene.hosts:
        yield _told(_host(host), speak)
        for section in host.sections:
            yield "  " + _told(_section(section), speak)
            for item in section.items:
                yield "    " + _told(_item(item), speak)
    for join in scene.joins:
        yield _told(_join(join), speak)
    troubled = any(host.trouble is not None for host in scene.hosts)
    if scene.empty and not troubled:
        yield msg("There are no containers yet.").render(speak)


def _told(said: Iterator[Message], speak: Translate) -> str:
    return " ".join(message.render(speak) for message in said)


def _host(host: HostView) -> Iterator[Message]:
    name = safe(host.name)
    yield msg("Lab host {name}.", name=name)
    if host.address:
        yield msg("Its address is {address}.", address=host.address)
    if host.engine:
        yield msg("It runs Docker {version}.", version=host.engine.partition("+")[0])
    if host.trouble is not None:
        yield host.trouble
    yield from _facts(host.facts)
    yield from _marks(host.mark)


def _section(section: Section) -> Iterator[Message]:
    name, count = safe(section.name), sum(item.wired for item in section.items)
    match section.place:
        case Place.NETWORK if section.mark is Mark.WANTED:
            yield msg("Network {name}: the lesson aims at it; it is not there yet.", name=name)
        case Place.NETWORK if section.bridge and section.driver == "bridge":
            yield msg(
                "Network {name}, carried by the bridge {bridge}.", name=name, bridge=section.bridge
            )
        case Place.NETWORK if section.bridge:
            yield msg(
                "Network {name}, driver {driver}, on the interface {parent}.",
                name=name,
                driver=section.driver,
                parent=safe(section.bridge),
            )
        case Place.NETWORK:
            yield msg("Network {name}, driver {driver}.", name=name, driver=section.driver)
        case Place.BRIDGE if section.driver:
            yield msg("The bridge {name} belongs to no Docker network.", name=name)
        case Place.BRIDGE:
            yield msg("The bridge {name}.", name=name)
        case Place.HOST:
            yield msg("The lab host's own network is used by these:")
        case Place.NONE:
            yield msg("These are on no network:")
        case Place.UNPLACED:
            yield msg("The lesson also aims at these; they are not there yet:")
    yield from _facts(section.facts)
    if section.place in (Place.NETWORK, Place.BRIDGE) and section.mark is not Mark.WANTED:
        yield msg("Plugged in: {count}.", count=count) if count else msg("Nothing is plugged in.")
    yield from _marks(section.mark)


def _item(item: Item) -> Iterator[Message]:
    name = safe(item.name)
    if item.mark is Mark.WANTED:
        yield msg("{name}: the lesson aims at it; it is not there yet.", name=name)
    elif not item.is_container:
        yield msg("The interface {name} is a port of it.", name=name)
    elif item.status in STATES:
        yield msg("{name} does not run: {state}.", name=name, state=STATES[item.status])
    else:
        yield msg("{name} runs.", name=name)
    addresses = ", ".join(item.addresses)
    if addresses and item.mark is Mark.WANTED:
        yield msg("It is to have the address {address}.", address=addresses)
    elif addresses:
        yield msg("Its address is {address}.", address=addresses)
    if item.inside is not None and item.outside is not None:
        yield msg(
            "A cable leads from its interface {inside} to {outside} on the lab host.",
            inside=_plug(item.inside),
            outside=_plug(item.outside),
        )
    elif item.inside is not None:
        yield msg("Its interface is {inside}.", inside=_plug(item.inside))
    yield from _facts(item.facts)
    yield from _marks(item.mark)


def _plug(plug: Plug) -> Message:
    values = {"name": safe(plug.name), "index": plug.index, "label": safe(plug.label)}
    if plug.label:
        return msg("{name} (index {index}, labelled {label})", **values)
    return msg("{name} (index {index})", **values)


def _facts(facts: tuple[Fact, ...]) -> Iterator[Message]:
    for fact in facts:
        values = {name: safe(value) for name, value in fact.values.items()}
        said = _fact(fact.kind, values) or _rarely(fact.kind, values)
        if fact.mark is Mark.WANTED:
            yield msg("The lesson aims at this: “{what}”", what=said)
        else:
            yield said
            yield from _marks(fact.mark)


def _fact(kind: Kind, values: dict[str, str]) -> Message | None:
    match kind:
        case Kind.PORT if not values["where"]:
            return msg("Its port {port} is published.", **values)
        case Kind.PORT:
            where = values["where"].removeprefix(":")
            return msg("Its port {port} is published at {where}.", port=values["port"], where=where)
        case Kind.LINK if values["alias"]:
            return msg("It has a link to {target}, which it calls {alias}.", **values)
        case Kind.LINK:
            return msg("It has a link to {target}.", **values)
        case Kind.ALIAS:
            return msg("It is also known as {name} here.", **values)
        case Kind.SHARER if values["status"] in STATES:
            return msg("{name} uses its network, but does not run.", **values)
        case Kind.SHARER:
            return msg("{name} uses its network, too.", **values)
        case Kind.AGAIN:
            return msg("It is the same container as on {network}.", **values)
        case Kind.ASKED:
            return msg("It is to have the address {address}.", **values)
        case Kind.ADDRESS:
            return msg("The engine's record says {address}.", **values)
    return None


def _rarely(kind: Kind, values: dict[str, str]) -> Message:
    match kind:
        case Kind.NIC if values["addresses"]:
            return msg("It has an interface {name} with {addresses}.", **values)
        case Kind.NIC:
            return msg("It has an interface {name}.", **values)
        case Kind.TUNNEL if values["remote"]:
            return msg("The tunnel {name}, {kind} {id}, leads to {remote}.", **values)
        case Kind.TUNNEL:
            return msg("The tunnel {name}, {kind} {id}, leads to nobody yet.", **values)
        case Kind.ROUTE:
            return msg("A route leads to {to} by way of {via}.", **values)
        case Kind.SUBNET if values["gateway"]:
            return msg("Its subnet is {subnet}, the gateway {gateway}.", **values)
        case Kind.SUBNET:
            return msg("Its subnet is {subnet}.", **values)
        case Kind.INTERNAL:
            return msg("It has no way out.")
        case Kind.ALONE:
            return msg("Its containers are kept from reaching each other.")
        case Kind.ORPHAN:
            return msg("It uses the network of a container that is gone.")
        case Kind.START:
            return msg("It is to be started.")
        case _:
            return msg("It is to be stopped.")


def _marks(mark: Mark) -> Iterator[Message]:
    if mark is Mark.NEW:
        yield msg("This is new.")
    elif mark is Mark.CHANGED:
        yield msg("This has just changed.")
    elif mark is Mark.GONE:
        yield msg("This is gone now.")


def _join(join: Join) -> Iterator[Message]:
    yield msg(
        "A tunnel, {id}, joins {one} ({a}) and {other} ({b}).",
        id=join.id,
        one=join.hosts[0],
        a=join.addresses[0],
        other=join.hosts[1],
        b=join.addresses[1],
    )
    if join.network:
        yield msg("It carries the network {name}.", name=safe(join.network))
    yield from _marks(join.mark)
