"""How far an address is within reach: TCP connections and pings, told apart by how they end.

All in the calling thread's network namespace.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time

from .answer import Json, left
from .links import family_of

SETTLE = 0.1
"""Seconds in which a proxy that found nobody behind it closes the connection it had taken."""
_UNREACHABLE = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM, errno.EADDRNOTAVAIL}
)
_ECHO, _ECHO_REPLY = 8, 0
_ICMP = struct.Struct(">BBHHH")
_SAID = {
    (3, 0): "Destination Net Unreachable",
    (3, 1): "Destination Host Unreachable",
    (3, 2): "Destination Protocol Unreachable",
    (3, 3): "Destination Port Unreachable",
    (3, 4): "Frag needed and DF set",
    (3, 9): "Destination Net Prohibited",
    (3, 10): "Destination Host Prohibited",
    (3, 13): "Packet filtered",
    (11, 0): "Time to live exceeded",
}
"""What ICMP errors are called, in the words that learners know from `ping`."""
_PACE = 0.2
"""Seconds between two pings while the first has not come back."""


def connect(address: str, port: int, deadline: float, settle: float) -> Json:
    """Try a TCP connection; `result` is open, refused, reset, timeout or unreachable.

    `reset` is a connection that was taken and, within `settle` seconds, closed without a word.
    Raises ValueError where `address` is no address.
    """
    begun = time.monotonic()
    with socket.socket(family_of(address), socket.SOCK_STREAM) as sock:
        result = _connect(sock, address, port, deadline)
        if result == "open" and settle > 0:
            result = _settle(sock, settle)
    return {"result": result, "seconds": round(time.monotonic() - begun, 4)}


def open_socket(address: str, port: int, deadline: float) -> tuple[socket.socket, str]:
    """Give a connected socket and `open`, or an unusable one and what `connect` would say."""
    sock = socket.socket(family_of(address), socket.SOCK_STREAM)
    try:
        return sock, _connect(sock, address, port, deadline)
    except BaseException:
        sock.close()
        raise


def _connect(sock: socket.socket, address: str, port: int, deadline: float) -> str:
    seconds = left(deadline)
    if seconds <= 0:
        return "timeout"
    sock.settimeout(seconds)
    try:
        sock.connect((address, port))
    except (TimeoutError, BlockingIOError):
        return "timeout"
    except ConnectionRefusedError:
        return "refused"
    except ConnectionResetError:
        return "reset"
    except OSError as error:
        if error.errno in _UNREACHABLE:
            return "unreachable"
        raise
    return "open"


def _settle(sock: socket.socket, seconds: float) -> str:
    sock.settimeout(seconds)
    try:
        return "open" if sock.recv(1, socket.MSG_PEEK) else "reset"
    except TimeoutError:
        return "open"
    except OSError:
        return "reset"


def is_local(address: str) -> bool:
    """Tell whether an address is one of the namespace's own."""
    with socket.socket(family_of(address), socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((address, 0))
        except OSError:
            return False
    return True


class _Pings:
    """One row of pings: what was sent, and what came of each."""

    def __init__(self, sock: socket.socket, address: str) -> None:
        self.sock = sock
        self.address = address
        self.id = int.from_bytes(os.urandom(2), "big")
        self.sent: dict[int, float] = {}
        self.settled: set[int] = set()
        self.rtt_ms: list[float] = []
        self.errors: list[str] = []

    def send(self) -> None:
        """Send the next one."""
        place = len(self.sent) + 1
        head = _ICMP.pack(_ECHO, 0, 0, self.id, place)
        body = b"learn-docker-net" * 3 + b"12345678"
        packet = _ICMP.pack(_ECHO, 0, _checksum(head + body), self.id, place) + body
        self.sent[place] = time.monotonic()
        try:
            self.sock.sendto(packet, (self.address, 0))
        except OSError as error:
            self._failed(place, os.strerror(error.errno or 0))

    def receive(self) -> None:
        """Take one packet; every ICMP packet of the namespace comes by here."""
        try:
            data, (sender, _) = self.sock.recvfrom(2048)
        except BlockingIOError:
            return
        except OSError as error:
            self._failed(len(self.sent), os.strerror(error.errno or 0))
            return
        icmp = data[(data[0] & 15) * 4 :]
        if len(icmp) < _ICMP.size:
            return
        kind, code, _, number, place = _ICMP.unpack_from(icmp)
        if kind == _ECHO_REPLY and number == self.id:
            self._answered(place)
        elif (kind, code) in _SAID:
            place = self._place_of(icmp[_ICMP.size :])
            if place is not None:
                self._failed(place, f"{_SAID[kind, code]} from {sender}")

    def _answered(self, place: int) -> None:
        if place in self.sent and place not in self.settled:
            self.settled.add(place)
            self.rtt_ms.append(round(1000 * (time.monotonic() - self.sent[place]), 3))

    def _failed(self, place: int, words: str) -> None:
        self.settled.add(place)
        if words not in self.errors:
            self.errors.append(words)

    def _place_of(self, packet: bytes) -> int | None:
        """Tell which of our pings an ICMP error quotes, if any."""
        if len(packet) < 20 or packet[9] != socket.IPPROTO_ICMP:
            return None
        quoted = packet[(packet[0] & 15) * 4 :]
        if len(quoted) < _ICMP.size:
            return None
        kind, _, _, number, place = _ICMP.unpack_from(quoted)
        return int(place) if kind == _ECHO and number == self.id else None


def ping(address: str, count: int, deadline: float) -> Json:
    """Ping an IPv4 address `count` times, the next as soon as one has come back.

    Waits for what is still out until the deadline; the sender of an ICMP error is named. Raises
    OSError or ValueError where `address` is no IPv4 address.
    """
    if family_of(address) != socket.AF_INET:
        raise ValueError(f"not an IPv4 address: {address!r}")
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.setblocking(False)
        pings = _Pings(sock, address)
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        due = 0.0
        while left(deadline) > 0 and len(pings.settled) < count:
            now = time.monotonic()
            if len(pings.sent) < count and (now >= due or len(pings.settled) == len(pings.sent)):
                pings.send()
                due = now + _PACE
            waiting = left(deadline, _PACE if len(pings.sent) < count else None)
            if len(pings.settled) < len(pings.sent) and poll.poll(1000 * waiting):
                pings.receive()
    return {
        "sent": len(pings.sent),
        "received": len(pings.rtt_ms),
        "rtt_ms": pings.rtt_ms,
        "errors": pings.errors,
    }


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
