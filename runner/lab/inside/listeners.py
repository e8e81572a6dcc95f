"""Who listens in a network namespace.

The kernel is asked over sock_diag(7), which looks at listening sockets only (0.2 ms). Where it
cannot do that, /proc/net tells the same, but walks every bucket of the kernel's table (10 ms).
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from pathlib import Path

from . import netlink
from .answer import Json

_BY_FAMILY = 20
_REQUEST = struct.Struct("=BBBBI48x")
_FOUND = struct.Struct("=BBBB2s2s16s16s")
_LISTEN, _UNCONNECTED = 0x0A, 0x07
_PROTOCOLS = (("tcp", socket.IPPROTO_TCP, _LISTEN), ("udp", socket.IPPROTO_UDP, _UNCONNECTED))
_FAMILIES = ((socket.AF_INET, ""), (socket.AF_INET6, "6"))


def listeners(timeout: float) -> Json:
    """List what listens in the calling thread's namespace, as `tcp` and `udp`.

    UDP sockets count while they have no peer. A container on a network of its own also has the
    engine's resolver, on 127.0.0.11.
    """
    return {
        name: [
            item
            for family, suffix in _FAMILIES
            for item in _asked(family, protocol, state, timeout, f"{name}{suffix}")
        ]
        for name, protocol, state in _PROTOCOLS
    }


def _asked(family: int, protocol: int, state: int, timeout: float, table: str) -> list[Json]:
    request = _REQUEST.pack(family, protocol, 0, 0, 1 << state)
    try:
        return [
            _endpoint(family, body)
            for kind, body in netlink.ask(
                _BY_FAMILY,
                request,
                dump=True,
                timeout=timeout,
                protocol=netlink.SOCK_DIAG,
            )
            if kind == _BY_FAMILY
        ]
    except TimeoutError:
        raise
    except OSError:  # a kernel without the diag module for this protocol
        return _from_proc(table, state)


def _endpoint(family: int, body: bytes) -> Json:
    _, _, _, _, port, _, source, _ = _FOUND.unpack_from(body)
    raw = source[:4] if family == socket.AF_INET else source
    return _told(raw, int.from_bytes(port, "big"))


def _from_proc(table: str, state: int) -> list[Json]:
    rows: list[list[str]] = []
    with contextlib.suppress(FileNotFoundError):  # a kernel without IPv6
        text = Path(f"/proc/thread-self/net/{table}").read_text(encoding="ascii")
        rows = [line.split() for line in text.splitlines()[1:]]
    return [_read(row[1]) for row in rows if len(row) > 3 and int(row[3], 16) == state]


def _read(text: str) -> Json:
    """Read `0100007F:1F90`: each word of four bytes in the machine's own order."""
    address, _, port = text.partition(":")
    raw = bytes.fromhex(address)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return _told(raw, int(port, 16))


def _told(raw: bytes, port: int) -> Json:
    family = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    return {"address": socket.inet_ntop(family, raw), "port": port}
