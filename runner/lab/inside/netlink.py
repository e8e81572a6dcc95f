"""As much of netlink as telling interfaces, addresses, a route and listeners takes.

Message layouts are those of netlink(7) and rtnetlink(7), numbers those of linux/rtnetlink.h and
linux/if_link.h. A socket belongs to the namespace of the thread that makes it.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

SOCK_DIAG = 4
"""The protocol beside rtnetlink that `ask` can be told to use."""
RTM_NEWLINK, RTM_GETLINK = 16, 18
RTM_NEWADDR, RTM_GETADDR = 20, 22
RTM_NEWROUTE, RTM_GETROUTE = 24, 26
RTM_NEWNEIGH, RTM_GETNEIGH = 28, 30
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_NLM_F_REQUEST, _NLM_F_DUMP = 1, 0x300
_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")

Attributes = dict[int, bytes]


def ask(
    kind: int,
    payload: bytes,
    *,
    dump: bool,
    timeout: float,
    protocol: int = socket.NETLINK_ROUTE,
) -> Iterator[tuple[int, bytes]]:
    """Send one request, give each message of the answer as type and payload.

    Raises OSError with the kernel's own number where it refuses, TimeoutError after `timeout`
    seconds.
    """
    flags = _NLM_F_REQUEST | (_NLM_F_DUMP if dump else 0)
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    with netlink:
        netlink.settimeout(timeout)
        netlink.bind((0, 0))
        netlink.send(_HEADER.pack(_HEADER.size + len(payload), kind, flags, 1, 0) + payload)
        more = True
        while more:
            for found, body in _messages(netlink.recv(1 << 17)):
                if found == _NLMSG_DONE:
                    return
                if found == _NLMSG_ERROR:
                    number = -struct.unpack_from("=i", body)[0]
                    raise OSError(number, os.strerror(number))
                yield found, body
            more = dump


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _HEADER.size <= len(data):
        size, kind, _, _, _ = _HEADER.unpack_from(data, place)
        if size < _HEADER.size:
            return
        yield kind, data[place + _HEADER.size : place + size]
        place += _aligned(size)


def attributes(data: bytes) -> Attributes:
    """Read a row of attributes; the flags in their types are taken off."""
    found: Attributes = {}
    place = 0
    while place + _ATTRIBUTE.size <= len(data):
        size, kind = _ATTRIBUTE.unpack_from(data, place)
        if size < _ATTRIBUTE.size:
            break
        found[kind & 0x3FFF] = data[place + _ATTRIBUTE.size : place + size]
        place += _aligned(size)
    return found


def attribute(kind: int, value: bytes) -> bytes:
    """Write one attribute."""
    size = _ATTRIBUTE.size + len(value)
    return _ATTRIBUTE.pack(size, kind) + value + b"\0" * (_aligned(size) - size)


def number(value: bytes | None) -> int | None:
    """Read an attribute that holds 32 bits, or None where there is none."""
    return int(struct.unpack("=I", value)[0]) if value else None


def text(value: bytes | None) -> str:
    """Read an attribute that holds a word, or an empty one where there is none."""
    return value.rstrip(b"\0").decode("utf-8", "replace") if value else ""


def _aligned(size: int) -> int:
    return (size + 3) & ~3
