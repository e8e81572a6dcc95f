"""Which interface is at the other end of which cable."""

from __future__ import annotations

from dataclasses import dataclass

from runner.topology.model import Host, Nic

HOST = ""
"""The lab host's own namespace among the spaces."""


@dataclass(frozen=True, slots=True)
class End:
    """An interface, and the namespace in which it is."""

    space: str
    """`HOST`, a container's id, or the beginning of an overlay network's id."""
    nic: Nic


class Wires:
    """All interfaces of one lab host and of what is in it, and how they are paired."""

    def __init__(self, host: Host) -> None:
        """Read the host's spaces; those that several containers share count once."""
        self._ends = [End(HOST, nic) for nic in host.nics]
        seen: set[int] = set()
        for box in host.boxes:
            if box.netns is not None and box.netns not in seen:
                seen.add(box.netns)
                self._ends += [End(box.facts.id, nic) for nic in box.nics]
        for identity, nics in host.hidden.items():
            self._ends += [End(identity, nic) for nic in nics]

    def other(self, end: End) -> End | None:
        """Give the other end of a veth pair, or the device that a macvlan or ipvlan rides on.

        None where there is none in this lab host, or where it cannot be told from others.
        """
        if end.nic.peer is None:
            return None
        if end.nic.kind in ("macvlan", "ipvlan", "vlan"):
            return self._lower(end)
        if end.nic.kind != "veth":
            return None
        found = [other for other in self._ends if _paired(end, other)]
        return found[0] if len(found) == 1 else None

    def _lower(self, end: End) -> End | None:
        space = HOST if end.nic.abroad else end.space
        return next(
            (item for item in self._ends if (item.space, item.nic.index) == (space, end.nic.peer)),
            None,
        )


def _paired(one: End, other: End) -> bool:
    """Tell the two ends of a pair: each names the other's index, in the other's namespace."""
    return (
        other.nic.kind == "veth"
        and one.nic.peer == other.nic.index
        and other.nic.peer == one.nic.index
        and one.nic.abroad == other.nic.abroad == (one.space != other.space)
    )
