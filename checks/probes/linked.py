"""`linked`: the engine's own record of a link, not only a name that works."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts import Container, Link
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import listed, running


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Probe):
    """The engine keeps a link from one container to another."""

    from_: Plain
    """The container that was started with `--link`."""
    to: Plain
    """The container that it links to, by its present name."""
    alias: Plain | None = None
    """The name that the link gives it; left out, any."""

    def expected(self) -> Message:
        """Say which link."""
        if self.alias is None:
            return msg(
                "the engine keeps a link from {source} to {target}",
                source=self.from_,
                target=self.to,
            )
        return msg(
            "the engine keeps a link from {source} to {target} as {alias}",
            source=self.from_,
            target=self.to,
            alias=self.alias,
        )

    def mistakes(self) -> Mistakes:
        """A container linked to itself."""
        return mistakes.differ("from", self.from_, "to", self.to)

    def climb(self) -> Climb[End]:
        """Both run, and the first one's record has the link."""
        source = yield from running("from", self.from_)
        if isinstance(source, Broken):
            return source
        target = yield from running("to", self.to)
        if isinstance(target, Broken):
            return target
        links = [link for link in source.links if link.target == target.name]
        if any(self.alias in (None, *link.aliases) for link in links):
            return Held()
        command = f"docker inspect -f '{{{{json .HostConfig.Links}}}}' {source.name}"
        return Broken(
            _instead(source, target, links), msg("`{command}` shows its links", command=command)
        )


def _instead(source: Container, target: Container, links: list[Link]) -> Message:
    if links:
        aliases = listed([alias for link in links for alias in link.aliases])
        return msg("the link to {target} is called {aliases}", target=target.name, aliases=aliases)
    if source.links:
        others = listed([link.target for link in source.links])
        return msg("{source} is linked to {others} only", source=source.name, others=others)
    return msg("{source} has no links", source=source.name)
