"""Which kernel features lessons can rely on, found by really trying them.

Run as a program by the tools' own Python, as root in a lab host or a throwaway container; prints
a JSON list of names. Everything is tried in a network namespace of its own, which goes away with
the process; trying also makes the kernel load what it has as a module.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

CLONE_NEWNET = 0x40000000

LINKS = {
    "veth": "link add v0 type veth peer name v1",
    "bridge": "link add b0 type bridge",
    "vxlan": "link add x0 type vxlan id 42 local 127.0.0.1 dstport 4789",
    "macvlan": "link add link v0 name m0 type macvlan mode bridge",
    "ipvlan": "link add link v1 name i0 type ipvlan mode l2",
    "vlan": "link add link v0 name v0.5 type vlan id 5",
    "dummy": "link add d0 type dummy",
    "esp": "xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp spi 1 reqid 1 mode transport"
    " aead rfc4106(gcm(aes)) 0x0123456789abcdef0123456789abcdef01234567 128",
}
"""By feature, what `ip` is asked; in this order, for later lines stand on earlier ones."""
COMMANDS = {
    "netem": ("tc", "qdisc", "add", "dev", "v0", "root", "netem", "delay", "1ms"),
    "nf_tables": ("iptables-nft", "-t", "nat", "-S"),
    "ip_tables": ("iptables-legacy", "-t", "nat", "-S"),
}
PATH = "/ldn/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def found() -> list[str]:
    """Give the names of the features that work; the process is in another namespace then."""
    unshare: Callable[[int], None] = getattr(os, "unshare")  # noqa: B009  (new in Python 3.12)
    unshare(CLONE_NEWNET)
    names = [*_links(), *(name for name, argv in COMMANDS.items() if _works(*argv))]
    if _br_netfilter():
        names.append("br_netfilter")
    if _netlink_family("IPVS"):
        names.append("ip_vs")
    return sorted(names)


def _links() -> list[str]:
    """Ask `ip` everything in one go: it says by number which lines failed."""
    lines = "\n".join(LINKS.values()) + "\n"
    try:
        done = _run(("ip", "-force", "-batch", "-"), lines)
    except OSError:
        return []
    failed = {
        int(line.rpartition(":")[2])
        for line in done.stderr.splitlines()
        if line.startswith("Command failed -:")
    }
    return [name for number, name in enumerate(LINKS, 1) if number not in failed]


def _br_netfilter() -> bool:
    """Tell whether bridged frames can pass iptables; the rule makes the kernel load it."""
    _works("iptables-nft", "-A", "FORWARD", "-m", "physdev", "--physdev-is-bridged")
    return Path("/proc/sys/net/bridge/bridge-nf-call-iptables").exists()


def _netlink_family(name: str) -> bool:
    """Tell whether the kernel knows a generic netlink family, or can load it."""
    value = name.encode() + b"\0"
    attribute = struct.pack("HH", 4 + len(value), 2) + value  # CTRL_ATTR_FAMILY_NAME
    attribute += b"\0" * (-len(attribute) % 4)
    payload = struct.pack("BBH", 3, 1, 0) + attribute  # CTRL_CMD_GETFAMILY
    # The family GENL_ID_CTRL, and NLM_F_REQUEST.
    message = struct.pack("IHHII", 16 + len(payload), 16, 1, 1, 0) + payload
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as netlink:
            netlink.settimeout(2)
            netlink.send(message)
            answer = netlink.recv(65536)
    except OSError:
        return False
    kind = struct.unpack_from("H", answer, 4)[0]
    return bool(kind != 2)  # NLMSG_ERROR


def _works(*argv: str) -> bool:
    try:
        return _run(argv).returncode == 0
    except OSError:
        return False


def _run(argv: tuple[str, ...], given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": PATH, "LANG": "C.UTF-8"},
    )


if __name__ == "__main__":
    print(json.dumps(found()))
