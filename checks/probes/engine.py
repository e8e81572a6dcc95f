"""`engine_option`: a setting of the lab's Docker engine, by what is in force, and where it is set.

In force is what the engine's API tells: the default bridge's options, its addresses, and `/info`.
Where it is set is read from daemon.json and from the running engine's own arguments.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from checks.asking import Run
from checks.facts import Network
from checks.kinds import Plain
from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe, ask
from checks.probes.objects import DEFAULT_BRIDGE, document, listed, network
from checks.probes.party import Party, interfaces

FILE = "printf '%s' \"$(</etc/docker/daemon.json)\""
"""Read with the shell alone: no tool of the lab host has a say."""
FLAGS = (
    "while IFS= read -r -d '' word; do printf '%s\\n' \"$word\"; "
    "done < /proc/$(</run/docker.pid)/cmdline"
)

Setting = Literal[
    "bip",
    "bridge",
    "default-gateway",
    "fixed-cidr",
    "icc",
    "ip",
    "ip-forward",
    "ip-masq",
    "live-restore",
    "mtu",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOption(Probe):
    """A setting of the engine is in force."""

    name: Setting
    """The setting, as daemon.json calls it."""
    is_: Plain
    """Its value, as it would be written: `false`, `1450`, `192.168.100.1/24`."""
    set_in: Literal["file", "flags"] | None = None
    """Where it must be set: in daemon.json, or as a flag of the running engine."""

    def expected(self) -> Message:
        """Say which setting, which value, and where."""
        said = msg("the engine's {name} is {value}", name=self.name, value=self.is_)
        if self.set_in == "file":
            return msg("{what}, set in /etc/docker/daemon.json", what=said)
        return msg("{what}, set by a flag", what=said) if self.set_in == "flags" else said

    def climb(self) -> Climb[End]:
        """What is in force, then where it is set."""
        value = yield from self._in_force()
        if value != self.is_:
            return Broken(
                msg("in force is: {name} {value}", name=self.name, value=value or "–"),
                msg(
                    "`{options}` shows the default bridge, `{log}` what the engine says",
                    options=f"docker network inspect {DEFAULT_BRIDGE}",
                    log="journalctl -u docker -n 20",
                ),
            )
        if self.set_in is None:
            return Held()
        return (yield from (self._in_file() if self.set_in == "file" else self._in_flags()))

    def _in_force(self) -> Climb[str | None]:
        if self.name in _INFO:
            info = yield from document("info", "/info")
            if not isinstance(info, dict) or not isinstance(info.get(_INFO[self.name]), bool):
                raise Nonsense(f"/info does not tell {self.name}")
            return "true" if info[_INFO[self.name]] else "false"
        bridge = yield from network("bridge", DEFAULT_BRIDGE)
        if bridge is None:
            return None
        if self.name == "bip":
            return (yield from _bip(bridge))
        return _BRIDGE[self.name](bridge)

    def _in_file(self) -> Climb[End]:
        answer = yield from ask("file", Run(FILE, engine=False))
        look = msg("`{command}` shows the file", command="cat /etc/docker/daemon.json")
        if answer.status != 0 or not answer.stdout.strip():
            return Broken(msg("there is no /etc/docker/daemon.json, or nothing in it"), look)
        try:
            settings: Any = json.loads(answer.stdout)
        except ValueError:
            return Broken(msg("/etc/docker/daemon.json is not JSON"), look)
        value = settings.get(self.name) if isinstance(settings, dict) else None
        if value is None:
            return Broken(msg("the file does not set {name}", name=self.name), look)
        return self._same(value if isinstance(value, str) else json.dumps(value), look)

    def _in_flags(self) -> Climb[End]:
        answer = yield from ask("flags", Run(FLAGS, engine=False))
        look = msg("`{command}` shows the flags", command="ps -o args= -C dockerd")
        if answer.status != 0:
            return Broken(msg("no running engine has left its process id"), look)
        words = answer.stdout.splitlines()
        found = _flag(words, self.name)
        if found is None:
            flags = listed(words[1:])
            return Broken(
                msg("its flags do not set {name}: {flags}", name=self.name, flags=flags), look
            )
        return self._same(found, look)

    def _same(self, value: str, look: Message) -> End:
        if value == self.is_:
            return Held()
        return Broken(msg("there it is {value}", value=value), look)


def _flag(words: list[str], name: str) -> str | None:
    """Read `--name=value`, `--name value`, or a bare `--name`, which means true."""
    names = (f"--{name}", "-b") if name == "bridge" else (f"--{name}",)
    for place, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag not in names:
            continue
        if equals:
            return value
        following = words[place + 1 : place + 2]
        bare = name in ("icc", "ip-forward", "ip-masq", "live-restore")
        return "true" if bare or not following else following[0]
    return None


def _option(key: str) -> Callable[[Network], str | None]:
    return lambda found: found.options.get(key)


def _bip(found: Network) -> Climb[str | None]:
    """The bridge's own address, from the kernel: 20.10 has it in no record unless it is set."""
    cards = yield from interfaces("interfaces", Party(None, None))
    own = (text for card in cards if card.name == found.bridge for text in card.addresses)
    return next((text for text in own if ":" not in text), None)


def _range(found: Network) -> str | None:
    return next((item.range for item in found.subnets if item.range), None)


def _gateway(found: Network) -> str | None:
    for item in found.subnets:
        if "DefaultGatewayIPv4" in item.reserved:
            return item.reserved["DefaultGatewayIPv4"]
    return None


_INFO = {"live-restore": "LiveRestoreEnabled", "ip-forward": "IPv4Forwarding"}
_BRIDGE: dict[str, Callable[[Network], str | None]] = {
    "bridge": _option("com.docker.network.bridge.name"),
    "default-gateway": _gateway,
    "fixed-cidr": _range,
    "icc": _option("com.docker.network.bridge.enable_icc"),
    "ip": _option("com.docker.network.bridge.host_binding_ipv4"),
    "ip-masq": _option("com.docker.network.bridge.enable_ip_masquerade"),
    "mtu": _option("com.docker.network.driver.mtu"),
}
"""By the names of the engine's default bridge's settings."""
