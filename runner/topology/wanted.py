"""What a lesson's step aims at, read from its probes: what a map shows faintly until it is there.

Only what must be there is wanted. What must not be (`absent`, `unknown`) cannot be drawn.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks import probes
from checks.probes.attached import Address, Mode, OnNetwork
from checks.probes.existing import Network, Running, Stopped
from checks.probes.http import Http
from checks.probes.interface import Interface
from checks.probes.isolated import Isolated
from checks.probes.linked import Linked
from checks.probes.published import Published
from checks.probes.reaches import Reaches
from checks.probes.resolves import Resolves
from checks.spec import Check
from runner.course.lesson import Lesson, Step


@dataclass(slots=True)
class WantedContainer:
    """A container that a step's probes speak of."""

    name: str
    host: str
    networks: dict[str, set[str]] = field(default_factory=dict)
    """The networks that it is to be on, with the aliases there."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Those that are to be asked for, by network."""
    links: set[tuple[str, str]] = field(default_factory=set)
    """Target and alias; the alias empty where any will do."""
    ports: set[tuple[str, str]] = field(default_factory=set)
    """Where on the lab host (as `:8080`, or empty), and the container's port (`80/tcp`)."""
    mode: str = ""
    """`host`, `none` or `container:NAME`."""
    near: list[str] = field(default_factory=list)
    """Containers with which it must share a network, by name."""
    runs: bool | None = None
    """Whether it is to run; None where that is not said."""


@dataclass(slots=True)
class WantedNetwork:
    """A network that a step's probes speak of."""

    name: str
    host: str
    driver: str = ""
    subnet: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a step aims at, by lab host and name."""

    containers: Mapping[tuple[str, str], WantedContainer] = field(default_factory=dict)
    networks: Mapping[tuple[str, str], WantedNetwork] = field(default_factory=dict)


def wanted(lesson: Lesson, step: Step) -> Wanted:
    """Read a step's probes; those of earlier steps have become true, or were undone."""
    work = _Reading()
    first = next(iter(lesson.hosts), "")
    for check in step.checks:
        work.read(check, check.host or step.host or first)
    return Wanted(work.containers, work.networks)


class _Reading:
    """The work on one step."""

    def __init__(self) -> None:
        self.containers: dict[tuple[str, str], WantedContainer] = {}
        self.networks: dict[tuple[str, str], WantedNetwork] = {}

    def read(self, check: Check, host: str) -> None:
        """Add what a check aims at; commands say nothing that could be drawn."""
        if isinstance(check.assertion, probes.Probe):
            self._probe(check.assertion, host)

    def _probe(self, probe: probes.Probe, host: str) -> None:
        match probe:
            case OnNetwork() | Mode() | Address() | Running() | Stopped():
                self._placed(probe, host)
            case Network():
                self._made(probe, host)
            case Linked():
                source = self._container(host, probe.from_)
                source.links.add((str(probe.to), str(probe.alias or "")))
                self._container(host, probe.to)
                source.near.append(str(probe.to))
            case Published() if not probe.absent:
                where = f":{probe.host_port}" if probe.host_port else ""
                container = self._container(host, probe.container)
                container.ports.add((where, f"{probe.port}/{probe.protocol}"))
            case Reaches() | Http():
                self._reached(probe, host)
            case Resolves() if not probe.unknown:
                self._named(probe, host)
            case Isolated():
                self._container(host, probe.from_)
                self._container(host, probe.is_ or probe.to)
            case Interface() if not probe.absent:
                self._wired(probe, host)

    def _placed(self, probe: OnNetwork | Mode | Address | Running | Stopped, host: str) -> None:
        found = self._container(host, probe.container)
        match probe:
            case Running() | Stopped():
                found.runs = isinstance(probe, Running)
            case OnNetwork():
                aliases = found.networks.setdefault(str(probe.network), set())
                aliases.update([str(probe.alias)] if probe.alias else [])
                if probe.address:
                    found.addresses[str(probe.network)] = str(probe.address)
            case Mode():
                if probe.is_ in ("host", "none") or probe.is_.startswith("container:"):
                    found.mode = str(probe.is_)
                else:
                    found.networks.setdefault(str(probe.is_), set())
            case Address():
                # Its value is what the engine gives: learners are asked to foretell it.
                if probe.network:
                    found.networks.setdefault(str(probe.network), set())

    def _made(self, probe: Network, host: str) -> None:
        self.networks[host, str(probe.name)] = WantedNetwork(
            str(probe.name),
            host,
            str(probe.driver or ""),
            str(probe.subnet or ""),
            str(probe.gateway or ""),
        )

    def _reached(self, probe: Reaches | Http, host: str) -> None:
        to = probe.to if isinstance(probe, Reaches) else None
        target = probe.is_ or (None if to is None or _is_address(to) else to)
        network = probe.network if isinstance(probe, Reaches) else None
        ends = [(host, probe.from_), (probe.is_on or host, target)]
        for where, name in ends:
            if name is None:
                continue
            found = self._container(where, name)
            if network:
                found.networks.setdefault(str(network), set())
        if probe.from_ and target and probe.is_on in (None, host):
            self._container(host, probe.from_).near.append(str(target))

    def _named(self, probe: Resolves, host: str) -> None:
        names = [name for name in probe.to if not _is_address(name)]
        if probe.from_:
            self._container(host, probe.from_).near.extend(map(str, names))
        for name in names:
            self._container(host, name)

    def _wired(self, probe: Interface, host: str) -> None:
        names = [name for name in (probe.in_, probe.peer) if name]
        for name in names:
            self._container(host, name)
        network = probe.network if probe.in_ else probe.on_network
        if network and len(names) == 1:
            self._container(host, names[0]).networks.setdefault(str(network), set())

    def _container(self, host: str, name: str) -> WantedContainer:
        return self.containers.setdefault((host, str(name)), WantedContainer(str(name), host))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
