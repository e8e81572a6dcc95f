"""The short words of a map: what stands on cards and in rows."""

from __future__ import annotations

from collections.abc import Sequence

from checks.message import Message, Translate, msg
from runner.topology.canvas import Role, Run, length, safe
from runner.topology.scene import Fact, Item, Kind, Mark, Place, Section

ROLES = {
    Kind.PORT: Role.PORT,
    Kind.LINK: Role.LINK,
    Kind.ALIAS: Role.LINK,
    Kind.TUNNEL: Role.LINK,
    Kind.ROUTE: Role.LINK,
    Kind.ADDRESS: Role.ADDRESS,
    Kind.ASKED: Role.ADDRESS,
    Kind.NIC: Role.CABLE,
    Kind.SHARER: Role.LINK,
}
SIGNS = {
    "running": "●",
    "restarting": "●",
    "paused": "◍",
    "missing": "◌",
    "port": "▪",
}
"""Before a name; `○` for every other state."""


def role_of(mark: Mark, role: Role) -> Role:
    """Give what a part looks like that has a mark."""
    if mark is Mark.WANTED:
        return Role.FAINT
    return role if mark is Mark.NONE else Role.CHANGED


def sign(item: Item) -> str:
    """Give the sign before an item's name."""
    return "○" if item.mark is Mark.GONE else SIGNS.get(item.status, "○")


def state(item: Item, speak: Translate) -> str:
    """Say in what state an item is; nothing where it simply runs."""
    if item.mark is Mark.WANTED:
        return msg("…wanted").render(speak)
    if item.mark is Mark.GONE:
        return msg("gone").render(speak)
    return STATES[item.status].render(speak) if item.status in STATES else ""


STATES = {
    "paused": msg("paused"),
    "restarting": msg("restarting"),
    "created": msg("never started"),
    "exited": msg("stopped"),
    "removing": msg("being removed"),
    "dead": msg("dead"),
}
"""Every state but running."""


def short(fact: Fact) -> Message:
    """Say a fact in a few words."""
    values = {name: safe(value) for name, value in fact.values.items()}
    said = _short(fact.kind, values)
    if fact.mark is Mark.WANTED:
        return msg("{what} …wanted", what=said)
    return msg("{what}, gone", what=said) if fact.mark is Mark.GONE else said


def _short(kind: Kind, values: dict[str, str]) -> Message:
    match kind:
        case Kind.PORT if not values["where"]:
            return msg("port {port} published", **values)
        case Kind.PORT:
            return msg("{where} → {port}", **values)
        case Kind.LINK if values["alias"]:
            return msg("link to {target} as {alias}", **values)
        case Kind.LINK:
            return msg("link to {target}", **values)
        case Kind.ALIAS:
            return msg("alias {name}", **values)
        case Kind.SHARER if values["status"] in STATES:
            return msg("shared by {name} ({state})", **values, state=STATES[values["status"]])
        case Kind.SHARER:
            return msg("shared by {name}", **values)
        case Kind.AGAIN:
            return msg("the same as on {network}", **values)
        case Kind.ASKED:
            return msg("address {address}", **values)
        case Kind.ADDRESS:
            return msg("recorded as {address}", **values)
        case _:
            return _rarely(kind, values)


def _rarely(kind: Kind, values: dict[str, str]) -> Message:
    match kind:
        case Kind.NIC:
            shown = " ".join(filter(None, (values["name"], values["kind"], values["addresses"])))
            return msg("interface {what}", what=shown)
        case Kind.TUNNEL:
            shown = " ".join(filter(None, (values["kind"], values["id"])))
            if not values["remote"]:
                return msg("tunnel {what}, to nobody yet", what=shown)
            return msg("tunnel {what} to {remote}", what=shown, remote=values["remote"])
        case Kind.ROUTE:
            return msg("route to {to} by way of {via}", **values)
        case Kind.SUBNET if values["gateway"]:
            return msg("{subnet}, gateway {gateway}", **values)
        case Kind.SUBNET:
            return Message("{subnet}", values)
        case Kind.INTERNAL:
            return msg("no way out")
        case Kind.ALONE:
            return msg("neighbours kept apart")
        case Kind.ORPHAN:
            return msg("uses the network of a container that is gone")
        case Kind.START:
            return msg("to be started")
        case _:
            return msg("to be stopped")


def heading(section: Section, speak: Translate) -> list[Run]:
    """Give a section's heading in parts: its name, then what it is like."""
    name = _named(section).render(speak)
    if section.mark in (Mark.WANTED, Mark.GONE):
        word = msg("…wanted") if section.mark is Mark.WANTED else msg("gone")
        name = f"{name} {word.render(speak)}"
    runs = [Run(name, role_of(section.mark, Role.BRIDGE))]
    carrier = _carrier(section)
    if carrier:
        runs.append(Run(safe(carrier), role_of(section.mark, Role.CABLE)))
    for fact in section.facts:
        text = _marked(fact) + short(fact).render(speak)
        runs.append(Run(text, role_of(fact.mark, Role.ADDRESS)))
    if not section.items:
        runs.append(Run(msg("nothing plugged in").render(speak), Role.NOTE))
    return runs


def _named(section: Section) -> Message:
    match section.place:
        case Place.BRIDGE if section.driver:
            return msg("{name}, no Docker network", name=safe(section.name))
        case Place.NETWORK | Place.BRIDGE:
            return Message("{name}", {"name": safe(section.name)})
        case Place.HOST:
            return msg("the lab host's own network (host)")
        case Place.NONE:
            return msg("on no network (none)")
        case Place.UNPLACED:
            return msg("not there yet")


def _carrier(section: Section) -> str:
    """Give the bridge's name, or driver and parent where there is none."""
    if section.place is not Place.NETWORK:
        return ""
    if section.driver == "bridge":
        return section.bridge
    return f"{section.driver} {section.bridge}".strip()


def _marked(fact: Fact) -> str:
    return f"{fact.mark.value} " if fact.mark in (Mark.NEW, Mark.CHANGED, Mark.GONE) else ""


def joined(runs: Sequence[Run]) -> list[Run]:
    """Put dots between short texts that stand in one line."""
    found: list[Run] = []
    for run in runs:
        found += [Run(" · ", Role.FRAME), run] if found else [run]
    return found


def filled(runs: Sequence[Run], columns: int) -> list[list[Run]]:
    """Spread short texts over lines; one that is alone on its line may be too long for it."""
    lines: list[list[Run]] = []
    line: list[Run] = []
    for run in runs:
        if line and length(joined([*line, run])) > columns:
            lines.append(joined(line))
            line = []
        line.append(run)
    return [*lines, joined(line)] if line else lines


def fact_run(fact: Fact, speak: Translate) -> Run:
    """Give a fact for a line of its own, its mark before it."""
    role = role_of(fact.mark, ROLES.get(fact.kind, Role.NOTE))
    return Run(_marked(fact) + short(fact).render(speak), role)
