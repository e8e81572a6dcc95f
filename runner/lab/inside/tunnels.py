"""Where the interfaces that wrap packets in others send them: vxlan, gre, ipip.

Attribute numbers are those of linux/if_link.h, linux/if_tunnel.h and linux/neighbour.h.
"""

from __future__ import annotations

import socket
import struct

from . import netlink
from .answer import Json

_NEIGHBOUR = struct.Struct("=BxxxiHBB")
_NDA_DST = 1
_VXLAN = {"id": 1, "remote": 2, "local": 4, "remote6": 16, "local6": 17}
_GRE = {"local": 6, "remote": 7}
_IPIP = {"local": 2, "remote": 3}
_FIELDS = {"vxlan": _VXLAN, "gre": _GRE, "gretap": _GRE, "ipip": _IPIP, "sit": _IPIP}


def tunnel(kind: str, data: bytes) -> Json | None:
    """Read what the kernel tells of a tunnel: id (None where it has none), local, remotes.

    None for a kind that is no tunnel. `remotes` may be empty: a vxlan interface learns them, or is
    told (see `add_remotes`).
    """
    fields = _FIELDS.get(kind)
    if fields is None:
        return None
    have = netlink.attributes(data)
    address = {name: _address(have.get(number)) for name, number in fields.items() if name != "id"}
    remote = address.get("remote") or address.get("remote6")
    return {
        "id": netlink.number(have.get(fields.get("id", 0))),
        "local": address.get("local") or address.get("local6"),
        "remotes": [remote] if remote else [],
    }


def add_remotes(found: list[Json], timeout: float) -> None:
    """Add to vxlan interfaces the remotes of the namespace's forwarding table."""
    wrapping = {item["index"]: item for item in found if item["kind"] == "vxlan"}
    if not wrapping:
        return
    request = _NEIGHBOUR.pack(socket.AF_BRIDGE, 0, 0, 0, 0)
    for kind, body in netlink.ask(netlink.RTM_GETNEIGH, request, dump=True, timeout=timeout):
        if kind != netlink.RTM_NEWNEIGH:
            continue
        index = _NEIGHBOUR.unpack_from(body)[1]
        remote = _address(netlink.attributes(body[_NEIGHBOUR.size :]).get(_NDA_DST))
        remotes = wrapping[index]["tunnel"]["remotes"] if index in wrapping else None
        if remote and remotes is not None and remote not in remotes:
            remotes.append(remote)
    for item in wrapping.values():
        item["tunnel"]["remotes"].sort()


def _address(raw: bytes | None) -> str | None:
    """Read an address; one of zeros only is none."""
    if not raw or not any(raw):
        return None
    family = {4: socket.AF_INET, 16: socket.AF_INET6}.get(len(raw))
    return socket.inet_ntop(family, raw) if family else None
