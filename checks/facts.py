"""What the engine says of containers and networks, read from its inspect documents.

Pure readers. Addresses are read by network name, never from the top level (gone from API 1.52); a
key that must be there and is not raises `Unreadable`, so that nothing passes for want of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Unreadable(Exception):
    """A document that is not what the engine's API promises."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a container, as the engine keeps it."""

    target: str
    """Name of the linked container, as it is called now."""
    aliases: tuple[str, ...]
    """What the linking container calls it; several where they were given in one string."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One network that a container is on."""

    network: str
    network_id: str
    """Empty while the container does not run."""
    address: str | None
    """IPv4, without the prefix length; None while it has none."""
    gateway: str | None
    aliases: tuple[str, ...]
    """What was asked for with `--network-alias` (20.10 adds the container's short id)."""
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """One address and port of the lab host at which a container's port is published."""

    host_address: str
    """`0.0.0.0` or `::` for all."""
    host_port: int

    def __str__(self) -> str:
        """Give it as `docker ps` does."""
        shown = f"[{self.host_address}]" if ":" in self.host_address else self.host_address
        return f"{shown}:{self.host_port}"


@dataclass(frozen=True, slots=True)
class Container:
    """One container, as `GET /containers/NAME/json` tells it."""

    id: str
    name: str
    created: str
    image: str
    """As it was named on the command line."""
    image_id: str
    status: str
    """`created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`."""
    running: bool
    """Whether its processes exist and are not frozen."""
    exit_code: int
    started: str
    """When it last started; UTC with nine digits of a second, so that texts compare as times."""
    hostname: str
    mode: str
    """HostConfig.NetworkMode; `bridge` where the engine says `default`."""
    attachments: Mapping[str, Attachment]
    """By network name."""
    links: tuple[Link, ...]
    """On the default bridge and on networks of one's own."""
    extra_hosts: tuple[str, ...]
    """`--add-host`, as `name:address`."""
    exposed: tuple[str, ...]
    """Such as `80/tcp`, exposed by the image or at start."""
    published: Mapping[str, tuple[Binding, ...]]
    """By `80/tcp`; what is in force, so empty while it does not run and in host mode."""
    asked_ports: Mapping[str, tuple[Binding, ...]]
    """By `80/tcp`; what was asked for at start, in force or not."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All its IPv4 addresses in the engine's record."""
        return tuple(item.address for item in self.attachments.values() if item.address)

    @property
    def shares_with(self) -> str | None:
        """Id or name of the container whose network namespace it uses."""
        kind, _, other = self.mode.partition(":")
        return other if kind == "container" else None

    @property
    def on_host(self) -> bool:
        """Whether it uses the lab host's own network namespace."""
        return self.mode == "host"

    def known_as(self, alias: str) -> Link | None:
        """Give the link by which it calls another container by that name."""
        return next((link for link in self.links if alias in (*link.aliases, link.target)), None)


@dataclass(frozen=True, slots=True)
class Subnet:
    """One address range of a network."""

    subnet: str
    gateway: str | None
    range: str | None
    """The part that addresses are handed out from."""
    reserved: Mapping[str, str]
    """Addresses that are never handed out, by the name given to each."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network, as `GET /networks/NAME` tells it."""

    id: str
    name: str
    driver: str
    internal: bool
    subnets: tuple[Subnet, ...]
    options: Mapping[str, str]

    @property
    def bridge(self) -> str | None:
        """Name of the lab host's interface that carries it; None for what is no bridge."""
        if self.driver != "bridge":
            return None
        return self.options.get("com.docker.network.bridge.name") or f"br-{self.id[:12]}"

    @property
    def lets_neighbours_talk(self) -> bool:
        """Whether its containers may reach each other; the engine's default is that they may."""
        return self.options.get("com.docker.network.bridge.enable_icc", "true") != "false"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an address, for telling a wrong one: from `GET /containers/json`."""

    name: str
    state: str
    addresses: Mapping[str, str]
    """By network name."""


def container(data: Any) -> Container:
    """Read the document of one container."""
    state = _part(data, "State")
    config = _part(data, "Config")
    host = _part(data, "HostConfig")
    settings = _part(data, "NetworkSettings")
    networks = _part(settings, "Networks", empty=True)
    attachments = {name: _attachment(name, item) for name, item in networks.items()}
    links = [_link(text) for text in host.get("Links") or ()]
    return Container(
        id=_text(data, "Id"),
        name=_text(data, "Name").removeprefix("/"),
        created=_text(data, "Created"),
        image=_text(config, "Image"),
        image_id=_text(data, "Image"),
        status=_text(state, "Status"),
        running=_text(state, "Status") == "running" and state.get("Running") is True,
        exit_code=int(state.get("ExitCode", 0)),
        started=_moment(_text(state, "StartedAt")),
        hostname=config.get("Hostname") or "",
        mode=_mode(_text(host, "NetworkMode")),
        attachments=attachments,
        links=(*links, *(link for item in attachments.values() for link in item.links)),
        extra_hosts=tuple(host.get("ExtraHosts") or ()),
        exposed=tuple(config.get("ExposedPorts") or ()),
        published=_ports(settings.get("Ports")),
        asked_ports=_ports(host.get("PortBindings")),
    )


def network(data: Any) -> Network:
    """Read the document of one network."""
    ipam = _part(data, "IPAM")
    return Network(
        id=_text(data, "Id"),
        name=_text(data, "Name"),
        driver=_text(data, "Driver"),
        internal=data.get("Internal") is True,
        subnets=tuple(_subnet(item) for item in ipam.get("Config") or ()),
        options=dict(data.get("Options") or {}),
    )


def holders(data: Any) -> tuple[Holder, ...]:
    """Read the list of all containers."""
    if not isinstance(data, list):
        raise Unreadable("the list of containers is no list")
    return tuple(_holder(item) for item in data)


def _holder(data: Any) -> Holder:
    # A linked container is also listed as /linking/alias; its own name has no second slash.
    names = [name.removeprefix("/") for name in data.get("Names") or ()]
    own = next((name for name in names if "/" not in name), None)
    networks = _part(_part(data, "NetworkSettings"), "Networks", empty=True)
    found = {name: item.get("IPAddress") or "" for name, item in networks.items()}
    return Holder(
        name=own or _text(data, "Id")[:12],
        state=_text(data, "State"),
        addresses={name: address for name, address in found.items() if address},
    )


def _attachment(name: str, data: Any) -> Attachment:
    if not isinstance(data, dict):
        raise Unreadable(f"network {name} of a container is no object")
    return Attachment(
        network=name,
        network_id=data.get("NetworkID") or "",
        address=data.get("IPAddress") or None,
        gateway=data.get("Gateway") or None,
        aliases=tuple(data.get("Aliases") or ()),
        links=tuple(_link(text) for text in data.get("Links") or ()),
    )


def _link(text: str) -> Link:
    """Read `/target:/linking/alias` (default bridge) or `target:alias` (other networks)."""
    target, _, alias = text.partition(":")
    return Link(target.removeprefix("/"), tuple(alias.rpartition("/")[2].split()))


def _subnet(data: Any) -> Subnet:
    return Subnet(
        subnet=_text(data, "Subnet"),
        gateway=data.get("Gateway") or None,
        range=data.get("IPRange") or None,
        reserved=dict(data.get("AuxiliaryAddresses") or {}),
    )


def _ports(data: Any) -> Mapping[str, tuple[Binding, ...]]:
    return {
        port: tuple(_binding(item) for item in bindings)
        for port, bindings in (data or {}).items()
        if bindings
    }


def _binding(data: Any) -> Binding:
    port = data.get("HostPort") or "0"
    return Binding(data.get("HostIp") or "0.0.0.0", int(port) if port.isdigit() else 0)  # noqa: S104


def _moment(text: str) -> str:
    """Fill up the digits of a second, of which the engine leaves final zeros out."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<9}"


def _mode(text: str) -> str:
    return "bridge" if text == "default" else text


def _part(data: Any, key: str, *, empty: bool = False) -> dict[str, Any]:
    found = data.get(key) if isinstance(data, dict) else None
    if found is None and empty and isinstance(data, dict) and key in data:
        return {}
    if not isinstance(found, dict):
        raise Unreadable(f"{key} is missing")
    return found


def _text(data: Any, key: str) -> str:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, str) or not found:
        raise Unreadable(f"{key} is missing")
    return found
