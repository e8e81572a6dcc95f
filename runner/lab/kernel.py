"""The kernel features that lessons may need: their names, what they are for, how they are found.

The trying itself is in `runner/lab/inside/features.py`, which runs in a lab host.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from checks.message import Message, msg

PROBE = "/ldn/bin/python3 -I -S /ldn/lib/agent/inside/features.py"
"""The command that tries them, as root in a lab host."""

NEEDED: Mapping[str, Message] = {
    "bridge": msg("every Docker network on one host"),
    "veth": msg("every container with a network"),
    "nf_tables": msg("the engine's own firewall rules"),
    "br_netfilter": msg("firewall rules between containers of one bridge"),
}
"""Without these no lesson works, by name with what they are for."""
WANTED: Mapping[str, Message] = {
    "macvlan": msg("macvlan networks"),
    "vxlan": msg("overlay networks and links between hosts"),
    "ip_vs": msg("Swarm's virtual addresses and published services"),
    "esp": msg("encrypted overlay networks"),
    "ipvlan": msg("ipvlan networks"),
    "vlan": msg("802.1Q subinterfaces"),
    "dummy": msg("interfaces without a wire"),
    "netem": msg("slow and lossy links made on purpose"),
    "ip_tables": msg("the older kind of iptables rules"),
}
"""Without one of these some checks are `unsupported`, by name with what they are for."""


def read(text: str) -> frozenset[str] | None:
    """Read what the probe printed; None where that is no list of names."""
    try:
        names = json.loads(text)
    except ValueError:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return frozenset(names)
