"""The interfaces of a network namespace, and its routes."""

from __future__ import annotations

import errno
import socket
import struct

from . import netlink, tunnels
from .answer import Json

_LINK = struct.Struct("=BxHiII")
_ADDRESS = struct.Struct("=BBBBI")
_ROUTE = struct.Struct("=BBBBBBBBI")
_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_MTU, _IFLA_LINK, _IFLA_MASTER = 1, 3, 4, 5, 10
_IFLA_OPERSTATE, _IFLA_LINKINFO, _IFLA_INFO_KIND, _IFLA_INFO_DATA = 16, 18, 1, 2
_IFLA_IFALIAS, _IFLA_LINK_NETNSID = 20, 37
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_RTA_DST, _RTA_OIF, _RTA_GATEWAY, _RTA_PREFSRC = 1, 4, 5, 7
_IFF_UP, _IFF_LOOPBACK = 1, 8
_SCOPE_LINK = 253
_MAIN = 254
_STATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
_NO_WAY = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EINVAL, errno.ENONET}
)  # what an unreachable, prohibit or blackhole route says as well


def interfaces(timeout: float) -> list[Json]:
    """List the interfaces of the calling thread's namespace, by index.

    `master` is a name or None; `peer` the index of the other end or lower device, in whatever
    namespace that is, `abroad` whether in another one than this; `kind` as `ip -d link` says it,
    `loopback` for lo, empty for hardware; `alias` the label that a person gave it; `tunnel` is told
    in `tunnels`. Addresses of the link's own scope (fe80::) are left out.
    """
    found: dict[int, Json] = {}
    request = _LINK.pack(0, 0, 0, 0, 0)
    for kind, body in netlink.ask(netlink.RTM_GETLINK, request, dump=True, timeout=timeout):
        if kind == netlink.RTM_NEWLINK:
            item = _interface(body)
            found[item["index"]] = item
    for item in found.values():
        master = found.get(item["master"] or 0)
        item["master"] = master["name"] if master else None
    _add_addresses(found, timeout)
    return [found[index] for index in sorted(found)]


def _interface(body: bytes) -> Json:
    _, _, index, flags, _ = _LINK.unpack_from(body)
    have = netlink.attributes(body[_LINK.size :])
    info = netlink.attributes(have.get(_IFLA_LINKINFO, b""))
    state = have.get(_IFLA_OPERSTATE, b"\0")[0]
    kind = netlink.text(info.get(_IFLA_INFO_KIND))
    return {
        "name": netlink.text(have.get(_IFLA_IFNAME)),
        "index": index,
        "peer": netlink.number(have.get(_IFLA_LINK)),
        "abroad": _IFLA_LINK_NETNSID in have,
        "mac": have.get(_IFLA_ADDRESS, b"").hex(":"),
        "mtu": netlink.number(have.get(_IFLA_MTU)),
        "up": bool(flags & _IFF_UP),
        "state": _STATES[state] if state < len(_STATES) else "unknown",
        "master": netlink.number(have.get(_IFLA_MASTER)),
        "addresses": [],
        "kind": kind or ("loopback" if flags & _IFF_LOOPBACK else ""),
        "alias": netlink.text(have.get(_IFLA_IFALIAS)),
        "tunnel": tunnels.tunnel(kind, info.get(_IFLA_INFO_DATA, b"")),
    }


def _add_addresses(found: dict[int, Json], timeout: float) -> None:
    request = _ADDRESS.pack(0, 0, 0, 0, 0)
    for kind, body in netlink.ask(netlink.RTM_GETADDR, request, dump=True, timeout=timeout):
        if kind != netlink.RTM_NEWADDR:
            continue
        family, prefix, _, scope, index = _ADDRESS.unpack_from(body)
        have = netlink.attributes(body[_ADDRESS.size :])
        raw = have.get(_IFA_LOCAL) or have.get(_IFA_ADDRESS)
        if raw and index in found and not (family == socket.AF_INET6 and scope == _SCOPE_LINK):
            found[index]["addresses"].append(f"{socket.inet_ntop(family, raw)}/{prefix}")


def route(to: str, timeout: float) -> Json:
    """Tell by which device, next hop and source address the namespace reaches an address.

    Raises ValueError where `to` is no address.
    """
    family = family_of(to)
    raw = socket.inet_pton(family, to)
    request = _ROUTE.pack(family, 8 * len(raw), 0, 0, 0, 0, 0, 0, 0)
    request += netlink.attribute(_RTA_DST, raw)
    try:
        messages = list(netlink.ask(netlink.RTM_GETROUTE, request, dump=False, timeout=timeout))
    except OSError as error:
        if error.errno in _NO_WAY:
            return {"error": "unreachable"}
        raise
    have = netlink.attributes(messages[0][1][_ROUTE.size :])
    device = netlink.number(have.get(_RTA_OIF))
    if device is None:
        return {"error": "unreachable"}
    return {
        "via": _address(family, have.get(_RTA_GATEWAY)),
        "device": socket.if_indextoname(device),
        "source": _address(family, have.get(_RTA_PREFSRC)),
    }


def gateways(timeout: float) -> list[Json]:
    """List the routes by way of another machine: to, via, device; IPv4, the main table."""
    found = []
    request = _ROUTE.pack(socket.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0)
    for kind, body in netlink.ask(netlink.RTM_GETROUTE, request, dump=True, timeout=timeout):
        if kind != netlink.RTM_NEWROUTE:
            continue
        _, prefix, _, _, table, _, _, _, _ = _ROUTE.unpack_from(body)
        have = netlink.attributes(body[_ROUTE.size :])
        via, device = have.get(_RTA_GATEWAY), netlink.number(have.get(_RTA_OIF))
        if table == _MAIN and via and device is not None:
            to = socket.inet_ntop(socket.AF_INET, have.get(_RTA_DST, bytes(4)))
            name = _name(device)
            found.append(
                {"to": f"{to}/{prefix}", "via": _address(socket.AF_INET, via), "device": name}
            )
    return found


def _name(index: int) -> str:
    """Give an interface's name; its number where it has gone meanwhile."""
    try:
        return socket.if_indextoname(index)
    except OSError:
        return str(index)


def family_of(address: str) -> socket.AddressFamily:
    """Tell IPv4 from IPv6; ValueError for what is neither."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, address)
        except (OSError, UnicodeEncodeError):
            continue
        return family
    raise ValueError(f"not an address: {address!r}")


def _address(family: socket.AddressFamily, raw: bytes | None) -> str | None:
    return socket.inet_ntop(family, raw) if raw else None
