"""`namespace`: whether a container sees the network through the same eyes as another, or the host.

What the engine was asked for (`mode`) and what is so are two things: a container in container mode
keeps its record when the other one is started anew, and has lost the namespace all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts import Container
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe, net
from checks.probes.mistakes import Mistakes
from checks.probes.objects import running


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(Probe):
    """A running container has the network namespace of another, or of the lab host; or has not."""

    of: Plain
    """The container."""
    as_: Plain | None = None
    """The other container; left out, the lab host itself."""
    apart: bool = False
    """Whether they must have two different ones."""

    def expected(self) -> Message:
        """Say whose namespaces are one, or two."""
        values = {"name": self.of, "other": msg("the lab host") if self.as_ is None else self.as_}
        if self.apart:
            return msg("{name} and {other} have two different network namespaces", **values)
        return msg("{name} and {other} are in one network namespace", **values)

    def mistakes(self) -> Mistakes:
        """One container twice."""
        yield from mistakes.differ("of", self.of, "as", self.as_)

    def climb(self) -> Climb[End]:
        """Both run; then the kernel's numbers of their namespaces are compared."""
        found = yield from running("of", self.of)
        if isinstance(found, Broken):
            return found
        other: Container | None = None
        if self.as_ is not None:
            wanted = yield from running("as", self.as_)
            if isinstance(wanted, Broken):
                return wanted
            other = wanted
        mine = yield from _number("of-namespace", found)
        theirs = yield from _number("as-namespace", other)
        if (mine != theirs) is self.apart:
            return Held()
        return Broken(self._instead(mine, theirs), _look(found, other))

    def _instead(self, mine: int, theirs: int) -> Message:
        values = {"name": self.of, "other": msg("the lab host") if self.as_ is None else self.as_}
        if mine == theirs:
            return msg(
                "both are in one network namespace, {number}: {name} and {other}",
                **values,
                number=mine,
            )
        return msg(
            "{name} is in the network namespace {mine}, {other} in {theirs}",
            **values,
            mine=mine,
            theirs=theirs,
        )


def _number(key: str, found: Container | None) -> Climb[int]:
    value = yield from net(key, "interfaces", None if found is None else found.id)
    number = value["netns"]
    if not isinstance(number, int):
        raise Nonsense("interfaces: no number of the namespace")
    return number


def _look(found: Container, other: Container | None) -> Message:
    where = "readlink /proc/self/ns/net"
    return msg(
        "compare `{one}` with `{other}`",
        one=f"docker exec {found.name} {where}",
        other=where if other is None else f"docker exec {other.name} {where}",
    )
