"""The way from one end to the other, names and addresses: what is aimed at, and whose it is."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, Nonsense, net
from checks.probes.objects import DEFAULT_BRIDGE, holders, inspect_command, listed
from checks.probes.party import Party, apart, own_addresses


@dataclass(frozen=True, slots=True)
class Named:
    """What a name leads to, in one container."""

    name: str
    addresses: tuple[str, ...]
    source: str
    """`hosts` or `dns`."""
    server: str | None
    """The DNS server that was asked."""


@dataclass(frozen=True, slots=True)
class Path:
    """Where to send what is sent."""

    address: str
    port: int | None
    """As the sender sees it."""
    inner_port: int | None
    """As the receiver sees it; another one where the port is published."""
    published: bool = False
    """Whether the way leads through the lab host's published port."""


def is_address(text: str) -> bool:
    """Tell an IPv4 address from a name."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def resolve(key: str, source: Party, name: str) -> Climb[Named | str]:
    """Ask what a name leads to; a text is the resolver's error: `not found`, `timeout`, …"""
    value = yield from net(key, "resolve", source.id, {"name": name}, host=source.host)
    addresses, error = value["addresses"], value["error"]
    if not isinstance(addresses, list):
        raise Nonsense("resolve: the addresses are no list")
    if error is not None:
        return str(error)
    if not addresses or value["from"] not in ("hosts", "dns"):
        raise Nonsense("resolve: neither an address nor an error")
    server = value["server"]
    found = tuple(str(address) for address in addresses)
    return Named(name, found, str(value["from"]), None if server is None else str(server))


def unknown(source: Party, target: Party | None, name: str, error: str) -> Broken:
    """Tell that a name is not known at the source, and why it may be so."""
    said = _unknown(source.name, name, error)
    look = msg(
        "compare `{hosts}` and `{dns}`",
        hosts=source.command("cat /etc/hosts"),
        dns=source.command("cat /etc/resolv.conf"),
    )
    why = None if target is None else _why_unknown(source, target)
    return Broken(said if why is None else msg("{what}; {why}", what=said, why=why), look)


def _unknown(source: Message | str, name: str, error: str) -> Message:
    if error == "timeout":
        return msg(
            "the name {name} is not in the /etc/hosts of {source}, and no DNS server answers",
            name=name,
            source=source,
        )
    if error == "no server":
        return msg(
            "the name {name} is not in the /etc/hosts of {source}, which has no DNS server to ask",
            name=name,
            source=source,
        )
    return msg(
        "the name {name} is not known in {source}: "
        "neither its /etc/hosts nor a DNS server knows it",
        name=name,
        source=source,
    )


def _why_unknown(source: Party, target: Party) -> Message | None:
    far = apart(source, target)
    if far is not None:
        return far
    links = source.base.links if source.base is not None else ()
    aliases = [alias for link in links if link.target == target.name for alias in link.aliases]
    if aliases:
        return msg(
            "the engine's link calls {target} {aliases}",
            target=target.name,
            aliases=listed(aliases),
        )
    if source.networks & target.networks == {DEFAULT_BRIDGE}:
        return msg("on the default bridge containers have no names without a link")
    return None


def owned(key: str, path: Path, source: Party, target: Party) -> Climb[Path | None]:
    """Give the path, completed where it leads through a published port, if the address is the
    target's; None where it is not.
    """
    if path.address in target.addresses:
        return path
    # A loopback address is everybody's own: it leads elsewhere only inside one namespace.
    shared = (
        source.base is not None and target.base is not None and source.base.id == target.base.id
    )
    if not _is_loopback(path.address) or shared or (source.on_host and target.on_host):
        own = yield from own_addresses(f"{key}-own", target)
        if path.address in own:
            return path
    if _is_loopback(path.address) and not source.on_host:
        return None
    return (yield from _published(key, path, target))


def _published(key: str, path: Path, target: Party) -> Climb[Path | None]:
    if target.container is None or path.port is None:
        return None
    host = Party(None, None, target.host)
    if path.address not in (yield from own_addresses(f"{key}-host", host)):
        return None
    for port, bindings in target.container.published.items():
        number, _, protocol = port.partition("/")
        for binding in bindings:
            anywhere = binding.host_address in ("0.0.0.0", path.address)  # noqa: S104
            if protocol == "tcp" and binding.host_port == path.port and anywhere:
                return Path(path.address, path.port, int(number), published=True)
    return None


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def wrong_owner(source: Party, target: Party, address: str, named: Named | None) -> Climb[Broken]:
    """Tell whose address it is instead, and by what the name leads there."""
    whose = yield from _whose(address, source, target)
    if named is None:
        return Broken(
            msg("{address} is {whose}", address=address, whose=whose),
            msg("`{command}` shows its addresses", command=_inspect(target)),
        )
    found = msg(
        "the name {name} leads to {address}, which is {whose}; {origin}",
        name=named.name,
        address=address,
        whose=whose,
        origin=origin(source, named),
    )
    hosts = source.command("cat /etc/hosts")
    return Broken(found, msg("compare `{hosts}` with `{real}`", hosts=hosts, real=_inspect(target)))


def _inspect(target: Party) -> str:
    return inspect_command(*((target.container.name,) if target.container else ()))


def _whose(address: str, source: Party, target: Party) -> Climb[Message]:
    if _is_loopback(address):
        return msg("{source} itself, not {target}", source=source.name, target=target.name)
    everyone = yield from holders("holders", target.host)
    owners = [item.name for item in everyone if address in item.addresses.values()]
    if target.container is not None and target.container.name in owners:
        return msg("{target} on another network", target=target.name)
    if owners:
        return msg("{owner}, not {target}", owner=listed(owners), target=target.name)
    host = yield from own_addresses("host-own", Party(None, None, target.host))
    if address in host:
        return _host_instead(target)
    if not target.addresses:
        return msg("no address of {target}", target=target.name)
    return msg(
        "an address that no container has; {target} is at {addresses}",
        target=target.name,
        addresses=listed(target.addresses),
    )


def _host_instead(target: Party) -> Message:
    """Tell what the target publishes, where the lab host was reached and that did not lead on."""
    published = target.container.published if target.container is not None else {}
    if not published:
        return msg("the lab host, where {target} publishes no port", target=target.name)
    ports = [f"{where}->{port}" for port, bindings in published.items() for where in bindings]
    return msg(
        "the lab host, where {target} publishes only {ports}",
        target=target.name,
        ports=listed(ports),
    )


def origin(source: Party, named: Named) -> Message:
    """Tell where a name comes from: which line, whose record, which server."""
    if named.source == "dns":
        return msg("the DNS server {server} says so", server=named.server or "–")
    base = source.base
    if base is None:
        return msg("its /etc/hosts says so")
    if base.known_as(named.name) is not None:
        return msg("its /etc/hosts says so, for the engine keeps a link of that name")
    if any(entry.partition(":")[0] == named.name for entry in base.extra_hosts):
        return msg("its /etc/hosts says so, by --add-host")
    if named.name in (base.hostname, base.name):
        return msg("its /etc/hosts says so, for the name is its own")
    return msg(
        "its /etc/hosts says so, and the engine has no record of it: it was written by hand, or is"
        " the host name of a linked container"
    )
