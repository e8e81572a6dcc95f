"""The address ranges that this machine itself uses: its routes, VPNs included, and resolvers.

Policy tables count too, because a WireGuard tunnel keeps its routes in one. The default route
says nothing about a range and is left out.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Used:
    """A range in use."""

    range: IPv4Network
    by: str
    """The route's device, or `resolver`."""


def machine_ranges() -> list[Used]:
    """Give the ranges in use on this machine; what cannot be read is left out."""
    if sys.platform == "darwin":
        routes = from_netstat(_output("netstat", "-rn", "-f", "inet"))
    else:
        routes = from_ip(_output("ip", "-4", "-j", "route", "show", "table", "all"))
        routes = routes or from_proc(_text(Path("/proc/net/route")))
    return [*routes, *from_resolv_conf(_text(Path("/etc/resolv.conf")))]


def from_ip(text: str) -> list[Used]:
    """Read `ip -j route show table all`; local and broadcast entries are no routes to elsewhere."""
    try:
        entries = json.loads(text or "[]")
    except ValueError:
        return []
    found: list[Used] = []
    for entry in entries:
        if entry.get("type", "unicast") != "unicast" or entry.get("dst") == "default":
            continue
        found += _used(str(entry.get("dst", "")), str(entry.get("dev", "route")))
    return found


def from_proc(text: str) -> list[Used]:
    """Read /proc/net/route, where addresses are hexadecimal with the lowest byte first."""
    found: list[Used] = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or int(fields[7], 16) == 0:
            continue
        address, mask = (_dotted(field) for field in (fields[1], fields[7]))
        found += _used(f"{address}/{mask}", fields[0])
    return found


def from_netstat(text: str) -> list[Used]:
    """Read macOS's `netstat -rn`, which shortens `10.8.0.0/16` to `10.8/16`."""
    found: list[Used] = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 4 or not re.fullmatch(r"[\d.]+(/\d+)?", fields[0]):
            continue
        address, _, length = fields[0].partition("/")
        numbers = address.split(".")
        bits = length or str(8 * len(numbers))
        dotted = ".".join(numbers + ["0"] * (4 - len(numbers)))
        found += _used(f"{dotted}/{bits}", fields[3])
    return found


def from_resolv_conf(text: str) -> list[Used]:
    """Read the name servers, which a lab's network must not hide."""
    servers = re.findall(r"^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$", text, re.MULTILINE)
    return [used for server in servers for used in _used(server, "resolver")]


def _used(text: str, by: str) -> Iterable[Used]:
    try:
        parsed = IPv4Network(text, strict=False)
    except ValueError:
        return []
    return [] if parsed.prefixlen == 0 else [Used(parsed, by)]


def _dotted(field: str) -> str:
    return ".".join(str(byte) for byte in reversed(bytes.fromhex(field)))


def _output(*argv: str) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
