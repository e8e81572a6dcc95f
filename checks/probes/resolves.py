"""`resolves`: what a name leads to inside a container, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, End, Held, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import inspect_command, listed
from checks.probes.party import Party, party
from checks.probes.path import Named, is_address, origin, resolve, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolves(Probe):
    """A name is known in a container and leads where it should; or is not known there."""

    from_: Plain | None = None
    """The container that asks; left out, the lab host itself."""
    name: Plain
    """The name."""
    to: tuple[Plain, ...] = ()
    """Containers or addresses: the name must lead to each of them and to nothing else."""
    by: Literal["hosts", "dns"] | None = None
    """Who must know it: the container's hosts file, or a DNS server."""
    unknown: bool = False
    """Whether nobody must know it, as an answer and not for want of one."""

    def expected(self) -> Message:
        """Say what the name leads to, or that it is not known."""
        values = {"source": _name(self.from_), "name": self.name, "targets": listed(self.to)}
        if self.unknown:
            return msg("the name {name} is not known in {source}", **values)
        if not self.to:
            said = msg("the name {name} is known in {source}", **values)
        else:
            said = msg("in {source} the name {name} leads to {targets}", **values)
        if self.by == "hosts":
            return msg("{what}, by its /etc/hosts", what=said)
        return msg("{what}, by DNS", what=said) if self.by == "dns" else said

    def mistakes(self) -> Mistakes:
        """A name that nobody knows leads nowhere."""
        if self.unknown and (self.to or self.by):
            yield msg("`unknown` goes with neither `to` nor `by`: such a name leads nowhere.")

    def climb(self) -> Climb[End]:
        """It runs, the name is looked up, and every address has the right owner."""
        source = yield from party("from", self.from_)
        if isinstance(source, Broken):
            return source
        targets = yield from self._targets()
        if isinstance(targets, Broken):
            return targets
        found = yield from resolve("resolve", source, self.name)
        if self.unknown:
            return self._unknown(source, found)
        if isinstance(found, str):
            only = next(iter(targets.values())) if len(targets) == 1 else None
            return unknown(source, only, self.name, found)
        return self._leads(source, targets, found)

    def _targets(self) -> Climb[dict[str, Party | None] | Broken]:
        """Find the wanted containers; None stands for a bare address."""
        found: dict[str, Party | None] = {}
        for name in self.to:
            if is_address(name):
                found[name] = None
                continue
            end = yield from party(f"to-{name}", name)
            if isinstance(end, Broken):
                return end
            found[name] = end
        return found

    def _unknown(self, source: Party, found: Named | str) -> End:
        if found in ("not found", "no server"):
            return Held()
        if isinstance(found, str):
            return unknown(source, None, self.name, found)
        return Broken(_leads_to(found, source), _look(source, {}))

    def _leads(self, source: Party, targets: dict[str, Party | None], found: Named) -> End:
        wanted = {name: (name,) if end is None else end.addresses for name, end in targets.items()}
        known = {address for addresses in wanted.values() for address in addresses}
        strange = [address for address in found.addresses if address not in known]
        missed = [name for name, have in wanted.items() if not set(have) & set(found.addresses)]
        if wanted and (strange or missed):
            real = [f"{name}: {listed(have)}" for name, have in wanted.items()]
            said = msg("{leads}; {real}", leads=_leads_to(found, source), real="; ".join(real))
            return Broken(said, _look(source, targets))
        if self.by not in (None, found.source):
            return Broken(_leads_to(found, source), _look(source, targets))
        return Held()


def _name(name: str | None) -> Message | str:
    return msg("the lab host") if name is None else name


def _leads_to(found: Named, source: Party) -> Message:
    return msg(
        "the name {name} leads to {addresses}; {origin}",
        name=found.name,
        addresses=listed(found.addresses),
        origin=origin(source, found),
    )


def _look(source: Party, targets: dict[str, Party | None]) -> Message:
    hosts = source.command("cat /etc/hosts")
    names = [end.container.name for end in targets.values() if end and end.container]
    if not names:
        return msg("`{hosts}` shows what it knows itself", hosts=hosts)
    return msg("compare `{hosts}` with `{real}`", hosts=hosts, real=inspect_command(*names))
