"""`published`: a container's port on the lab host's addresses, as the engine has it in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.facts import Binding, Container
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import listed, running


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Probe):
    """A port of a running container is published on the lab host; or is not."""

    container: Plain
    """The container."""
    port: Plain
    """The port inside the container."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Its protocol."""
    host_port: Plain | None = None
    """The lab host's port; left out, any."""
    on: Plain | None = None
    """The lab host's address: `0.0.0.0` for all of them, `127.0.0.1` for itself only."""
    absent: bool = False
    """Whether it must not be published; that it is exposed does not count as published."""

    def expected(self) -> Message:
        """Say which port, and where."""
        values = {"name": self.container, "port": f"{self.port}/{self.protocol}"}
        if self.absent:
            return msg("port {port} of {name} is not published", **values)
        where = f"{self.on or '*'}:{self.host_port or '*'}"
        if self.on is None and self.host_port is None:
            return msg("port {port} of {name} is published", **values)
        return msg("port {port} of {name} is published at {where}", **values, where=where)

    def mistakes(self) -> Mistakes:
        """Ports that are none."""
        yield from mistakes.port("port", self.port)
        yield from mistakes.port("host_port", self.host_port)

    def climb(self) -> Climb[End]:
        """It runs, and the engine's record has the port with these bindings in force."""
        found = yield from running("container", self.container)
        if isinstance(found, Broken):
            return found
        bindings = found.published.get(f"{self.port}/{self.protocol}", ())
        fits = [binding for binding in bindings if self._fits(binding)]
        if bool(fits) != self.absent:
            return Held()
        look = msg("`{command}` shows its ports", command=f"docker port {found.name}")
        return Broken(self._instead(found, bindings), look)

    def _fits(self, binding: Binding) -> bool:
        if self.host_port is not None and binding.host_port != int(self.host_port):
            return False
        return self.on in (None, binding.host_address)

    def _instead(self, found: Container, bindings: tuple[Binding, ...]) -> Message:
        port = f"{self.port}/{self.protocol}"
        if bindings:
            return msg("port {port} is published at {where}", port=port, where=listed(bindings))
        if found.on_host:
            return msg(
                "{name} uses the lab host's own network: nothing is published", name=found.name
            )
        if found.published:
            others = listed(sorted(found.published))
            return msg("{name} publishes only {ports}", name=found.name, ports=others)
        if port in found.exposed:
            return msg("port {port} is exposed, but not published", port=port)
        return msg("{name} publishes no port", name=found.name)
