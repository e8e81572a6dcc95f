"""Names, looked up as a program in the container would: hosts file first, then its DNS servers.

Message layout after RFC 1035, the meaning of resolv.conf after resolv.conf(5). Only IPv4 addresses
are asked for. The queries leave from the thread's own namespace, so that the engine's resolver at
127.0.0.11 is the container's.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterator
from typing import NamedTuple

from .answer import Json, left
from .links import family_of

PORT = 53
"""Where DNS servers listen."""
_FILE = 256 * 1024
"""Bytes read of a hosts file or resolv.conf."""
_AGAIN = 1.0
"""Seconds after which a query is sent once more, should the first have got lost."""
_HEADER = struct.Struct(">HHHHHH")
_RECURSION = 0x0100
_A, _CNAME, _IN = 1, 5, 1
_NOERROR, _NXDOMAIN = 0, 3


class Config(NamedTuple):
    """What resolv.conf says."""

    servers: tuple[str, ...]
    search: tuple[str, ...]
    ndots: int
    timeout: float
    """Seconds for one server."""


class Reply(NamedTuple):
    """What a server said to one query."""

    code: int
    addresses: tuple[str, ...]
    alias: str | None
    """The name it stands for, where the answer ends in a CNAME."""


def resolve(name: str, root: str, deadline: float) -> Json:
    """Look a name up with the files under `root`, such as `/proc/4711/root`.

    `from` is `hosts`, `dns`, or None for what is an address already or was not found.
    """
    if _is_address(name):
        return _found([name], None)
    known = _in_hosts(_read(f"{root}/etc/hosts"), name)
    if known:
        return _found(known, "hosts")
    config = read_config(_read(f"{root}/etc/resolv.conf"))
    if not config.servers:
        return _missing("no server")
    worst = "not found"
    for candidate in _candidates(name, config):
        result = _ask_all(candidate, config, deadline)
        if result["addresses"]:
            return result
        if result["error"] != "not found":
            worst = result["error"]
    return _missing(worst)


def read_config(text: str) -> Config:
    """Read a resolv.conf; what it does not say is as the C library has it."""
    servers: list[str] = []
    search: list[str] = []
    options = {"ndots": 1, "timeout": 5}
    for line in text.splitlines():
        words = line.split("#")[0].split(";")[0].split()
        if words[:1] == ["nameserver"] and len(words) > 1 and _is_address(words[1]):
            servers.append(words[1])
        elif words[:1] in (["search"], ["domain"]):
            search = [word for word in words[1:] if word != "."]
        elif words[:1] == ["options"]:
            for key, _, value in (word.partition(":") for word in words[1:]):
                if key in options and value.isdigit():
                    options[key] = int(value)
    return Config(tuple(servers[:3]), tuple(search), options["ndots"], float(options["timeout"]))


def _in_hosts(text: str, name: str) -> list[str]:
    """Give a name's addresses in a hosts file: IPv6 ones only if there are no others."""
    wanted = name.rstrip(".").lower()
    rows = [line.split("#")[0].split() for line in text.splitlines()]
    found = [row[0] for row in rows if wanted in (word.lower() for word in row[1:])]
    return [item for item in found if ":" not in item] or found


def _candidates(name: str, config: Config) -> Iterator[str]:
    if name.endswith("."):
        yield name.rstrip(".")
        return
    first = name.count(".") >= config.ndots
    if first:
        yield name
    for domain in config.search:
        yield f"{name}.{domain.strip('.')}"
    if not first:
        yield name


def _ask_all(name: str, config: Config, deadline: float) -> Json:
    """Ask one server after the other until one knows; a silent one must not use up all the time."""
    error = "no server"
    for place, server in enumerate(config.servers):
        share = left(deadline) / (len(config.servers) - place)
        try:
            reply = _follow(name, server, min(share, max(1.0, config.timeout)))
        except TimeoutError:
            error = "timeout"
            continue
        except OSError:  # nobody there: refused, unreachable
            continue
        if reply.addresses:
            return _found(list(reply.addresses), "dns", server)
        error = "not found"
        if reply.code in (_NOERROR, _NXDOMAIN):
            break
    return _missing(error)


def _follow(name: str, server: str, seconds: float) -> Reply:
    """Ask for a name and, where the server leaves that to us, for what it is an alias of."""
    for _ in range(8):
        reply = _query(name, server, seconds)
        if reply.addresses or not reply.alias:
            break
        name = reply.alias
    return reply


def _query(name: str, server: str, seconds: float) -> Reply:
    query = _write_query(name)
    if query is None:
        return Reply(_NXDOMAIN, (), None)
    with socket.socket(family_of(server), socket.SOCK_DGRAM) as sock:
        sock.connect((server, PORT))  # connected, so that a closed port is told
        waited = 0.0
        while waited < seconds:
            sock.send(query)
            sock.settimeout(min(_AGAIN, seconds - waited))
            waited += _AGAIN
            try:
                while True:
                    data = sock.recv(4096)
                    if data[:2] == query[:2] and len(data) >= _HEADER.size:
                        return _read_reply(data)
            except TimeoutError:
                continue
    raise TimeoutError


def _write_query(name: str) -> bytes | None:
    """Write a question for A records; None for what cannot be a name."""
    try:
        labels = [label.encode("ascii") for label in name.split(".")]
    except UnicodeEncodeError:
        return None
    if any(not 0 < len(label) < 64 for label in labels) or len(name) > 253:
        return None
    head = _HEADER.pack(int.from_bytes(os.urandom(2), "big"), _RECURSION, 1, 0, 0, 0)
    question = b"".join(bytes([len(label)]) + label for label in labels)
    return head + question + b"\0" + struct.pack(">HH", _A, _IN)


def _read_reply(data: bytes) -> Reply:
    _, flags, questions, answers, _, _ = _HEADER.unpack_from(data)
    addresses: list[str] = []
    alias = None
    try:
        place = _HEADER.size
        for _ in range(questions):
            place = _read_name(data, place)[1] + 4
        for _ in range(answers):
            _, place = _read_name(data, place)
            kind, _, _, size = struct.unpack_from(">HHIH", data, place)
            place += 10
            if kind == _A and size == 4:
                addresses.append(socket.inet_ntoa(data[place : place + 4]))
            elif kind == _CNAME:
                alias = _read_name(data, place)[0]
            place += size
    except (struct.error, IndexError, OSError):
        pass  # cut short: what was read still holds
    return Reply(flags & 15, tuple(addresses), alias)


def _read_name(data: bytes, place: int) -> tuple[str, int]:
    """Read a name, following its compression; give it and the place after it."""
    labels: list[str] = []
    after: int | None = None
    for _ in range(128):  # a loop of pointers ends here
        size = data[place]
        if size == 0:
            break
        if size >= 0xC0:
            after = after or place + 2
            place = (size & 0x3F) << 8 | data[place + 1]
            continue
        labels.append(data[place + 1 : place + 1 + size].decode("ascii", "replace"))
        place += 1 + size
    return ".".join(labels), after or place + 1


def _read(path: str) -> str:
    """Read a file of the container, which may be missing, huge or a trap such as a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        return os.read(handle, _FILE).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(handle)


def _is_address(text: str) -> bool:
    try:
        family_of(text)
    except ValueError:
        return False
    return True


def _found(addresses: list[str], source: str | None, server: str | None = None) -> Json:
    return {"addresses": addresses, "from": source, "server": server, "error": None}


def _missing(error: str) -> Json:
    return {"addresses": [], "from": None, "server": None, "error": error}
