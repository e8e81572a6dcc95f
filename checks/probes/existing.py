"""`running`, `stopped` and `network`: that a thing is there, and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from checks.facts import Network as Facts
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Probe
from checks.probes.mistakes import Mistakes
from checks.probes.objects import (
    container,
    document,
    existing_network,
    listed,
    no_container,
    running,
    traits,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running(Probe):
    """A container runs."""

    container: Plain
    """The container."""
    image: Plain | None = None
    """The image that it must be made of, by any of its names."""

    def expected(self) -> Message:
        """Say what runs."""
        if self.image is None:
            return msg("{name} runs", name=self.container)
        return msg("{name} runs, made of {image}", name=self.container, image=self.image)

    def climb(self) -> Climb[End]:
        """It is there, it runs, and its image is the one that the name stands for."""
        found = yield from running("container", self.container)
        if isinstance(found, Broken):
            return found
        if self.image is None:
            return Held()
        look = msg("`{command}` shows it", command=f"docker ps --filter name={found.name}")
        image = yield from document("image", f"/images/{quote(self.image, safe='/:@')}/json")
        if image is None:
            return Broken(msg("there is no image {image}", image=self.image), look)
        if isinstance(image, dict) and image["Id"] == found.image_id:
            return Held()
        return Broken(msg("it is made of {image}", image=found.image), look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Probe):
    """A container is there, has run, and does not run any more."""

    container: Plain
    """The container."""

    def expected(self) -> Message:
        """Say what has stopped."""
        return msg("{name} is stopped, and still there", name=self.container)

    def climb(self) -> Climb[End]:
        """It is there, and the engine says that it has ended."""
        found = yield from container("container", self.container)
        if found is None:
            return no_container(self.container)
        if found.status == "exited":
            return Held()
        look = msg("`{command}` shows it", command=f"docker ps -a --filter name={found.name}")
        return Broken(msg("{name} is {state}", name=found.name, state=found.status), look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Probe):
    """A network exists, and is made as it should be."""

    name: Plain
    """The network."""
    driver: Plain | None = None
    """Its driver, such as `bridge`."""
    subnet: Plain | None = None
    """One of its subnets, as it was given."""
    gateway: Plain | None = None
    """The gateway of a subnet."""
    range: Plain | None = None
    """The range that its addresses are handed out from."""
    internal: bool | None = None
    """Whether it has no way out."""
    options: Mapping[Plain, Plain] | None = None
    """Options of its driver, such as `com.docker.network.bridge.enable_icc: false`."""

    def expected(self) -> Message:
        """Say which network, and how it is made."""
        names = ("driver", "subnet", "gateway", "range", "internal")
        given = {name: getattr(self, name) for name in names} | dict(self.options or {})
        wanted = traits(given)
        if all(value is None for value in given.values()):
            return msg("there is a network {name}", name=self.name)
        return msg("there is a network {name} with {traits}", name=self.name, traits=wanted)

    def mistakes(self) -> Mistakes:
        """Subnets that are none."""
        yield from mistakes.subnet("subnet", self.subnet)
        yield from mistakes.subnet("range", self.range)

    def climb(self) -> Climb[End]:
        """It is there, and its record says what is wanted."""
        found = yield from existing_network("network", self.name)
        if isinstance(found, Broken):
            return found
        for said in self._unlike(found):
            command = f"docker network inspect {found.name}"
            return Broken(said, msg("`{command}` shows how it is made", command=command))
        return Held()

    def _unlike(self, found: Facts) -> Iterator[Message]:
        if self.driver not in (None, found.driver):
            yield msg("its driver is {driver}", driver=found.driver)
        subnets = [item.subnet for item in found.subnets]
        if self.subnet not in (None, *subnets):
            yield msg("its subnet is {subnets}", subnets=listed(subnets))
        gateways = [item.gateway.partition("/")[0] for item in found.subnets if item.gateway]
        if self.gateway not in (None, *gateways):
            yield msg("its gateway is {gateways}", gateways=listed(gateways))
        ranges = [item.range for item in found.subnets if item.range]
        if self.range not in (None, *ranges):
            yield msg("its address range is {ranges}", ranges=listed(ranges))
        if self.internal is not None and self.internal != found.internal:
            yield msg("it is internal") if found.internal else msg("it is not internal")
        for name, value in (self.options or {}).items():
            if found.options.get(name) != value:
                yield msg("{option} is {value}", option=name, value=found.options.get(name, "–"))
