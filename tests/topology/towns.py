"""Labs in writing: what a lab host's agent would answer, put together by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.asking import Answer, Net, Outcome
from runner.topology.model import Topology
from runner.topology.snapshot import host_of

Data = dict[str, Any]


def topology(*towns: Town) -> Topology:
    """Give the snapshot of some hosts."""
    return Topology(tuple(host_of(town.answer()) for town in towns))


def nic(name: str, index: int, kind: str, **more: Any) -> Data:
    """Give an interface as the agent tells it."""
    plain = {"peer": None, "abroad": False, "mtu": 1500, "up": True, "master": None}
    empty: Data = {"addresses": [], "alias": "", "tunnel": None, "mac": "", "state": "up"}
    return {"name": name, "index": index, "kind": kind, **plain, **empty, **more}


class Town:
    """One lab host; indexes are given out as the kernel does, in order."""

    def __init__(self, name: str = "docker", address: str = "10.66.0.11") -> None:
        self.name = name
        self.index = 2
        self.containers: list[Data] = []
        self.networks: list[Data] = []
        self.interfaces = [nic("lo", 1, "loopback", addresses=["127.0.0.1/8"])]
        self.inside: dict[str, Data] = {}
        self.routes: list[Data] = [{"to": "0.0.0.0/0", "via": "10.66.0.1", "device": "eth0"}]
        self.hidden: dict[str, list[Data]] = {}
        self.engine = "26.1.5+dfsg1"
        self.why: Data | None = None
        self.settled = True
        self.network("bridge", "172.17.0.0/16", "172.17.0.1", bridge="docker0")
        self.nic("eth0", "veth", peer=90, abroad=True, addresses=[f"{address}/24"])

    def nic(self, name: str, kind: str, **more: Any) -> Data:
        """Add an interface of the host."""
        made = nic(name, self._next(), kind, **more)
        self.interfaces.append(made)
        return made

    def network(self, name: str, subnet: str = "", gateway: str | None = None, **more: Any) -> None:
        """Add a network; `bridge` names its interface, `driver` and `options` are its own."""
        number = len(self.networks) + 1
        identity = f"{number:x}{'e' * 63}"
        driver = more.get("driver", "bridge")
        options = dict(more.get("options", {}))
        if "bridge" in more:
            options["com.docker.network.bridge.name"] = more["bridge"]
        pool = {"Subnet": subnet} | ({"Gateway": gateway} if gateway else {})
        self.networks.append(
            {
                "Id": identity,
                "Name": name,
                "Driver": driver,
                "Created": f"2026-01-01T00:00:{number:02}Z",
                "Internal": more.get("internal", False),
                "IPAM": {"Config": [pool] if subnet else []},
                "Options": options,
            }
        )
        if driver == "bridge":
            prefix = subnet.partition("/")[2]
            address = gateway or more.get("chosen")
            addresses = [f"{address}/{prefix}"] if address else []
            bridge = options.get("com.docker.network.bridge.name", f"br-{identity[:12]}")
            self.nic(bridge, "bridge", addresses=addresses)

    def container(
        self,
        name: str,
        on: Mapping[str, str] | None = None,
        *,
        status: str = "running",
        mode: str | None = None,
        **more: Any,
    ) -> str:
        """Add a container, give its id. `on` has addresses by network; `links`, `ports`, `aliases`
        (by network) and `nics` (made by hand) are as the engine and the agent tell them."""
        number = len(self.containers) + 1
        identity = f"{number:x}".rjust(2, "0") + "c" * 62
        on = {"bridge": f"172.17.0.{number + 1}"} if on is None else on
        self.containers.append(self._document(identity, number, name, on, status, mode, more))
        if status in ("running", "paused") and mode != "host":
            cards = [self._cable(item, on[item], place) for place, item in enumerate(on)]
            nics = [nic("lo", 1, "loopback", addresses=["127.0.0.1/8"]), *cards]
            nics += more.get("nics", [])
            self.inside[identity] = {"netns": 4026530000 + number, "interfaces": nics}
        return identity

    def shares(self, name: str, base: str, status: str = "running") -> None:
        """Add a container in another's namespace."""
        self.container(name, {}, status=status, mode=f"container:{base}")
        if base in self.inside:
            self.inside[self.containers[-1]["Id"]] = self.inside[base]

    def silent(self, words: str = "The lab's Docker engine is not running.") -> None:
        """Let the engine give no answer."""
        self.engine, self.why = "", {"text": words}
        self.containers, self.networks, self.inside = [], [], {}

    def answer(self) -> Answer:
        """Give what `Net("topology")` brings."""
        value = {
            name: getattr(self, name)
            for name in ("engine", "why", "containers", "networks", "interfaces", "inside")
        } | {"routes": self.routes, "hidden": self.hidden, "settled": self.settled, "netns": 1}
        return Answer(self.name, Net("topology"), Outcome.ENDED, value=value)

    def _document(
        self,
        identity: str,
        number: int,
        name: str,
        on: Mapping[str, str],
        status: str,
        mode: str | None,
        more: Data,
    ) -> Data:
        running = status in ("running", "paused")
        ids = {item["Name"]: item["Id"] for item in self.networks}
        joined = {
            net: {
                "NetworkID": ids[net] if running else "",
                "IPAddress": address if running else "",
                "Aliases": more.get("aliases", {}).get(net),
            }
            for net, address in on.items()
        }
        state = {"Status": status, "Running": running, "StartedAt": "0001-01-01T00:00:00Z"}
        return {
            "Id": identity,
            "Name": f"/{name}",
            "Created": f"2026-01-01T00:01:{number:02}Z",
            "Image": "sha256:1",
            "State": state | {"ExitCode": 0},
            "Config": {"Hostname": identity[:12], "Image": "localhost/box"},
            "HostConfig": {
                "NetworkMode": mode or next(iter(on), "none"),
                "Links": [f"/{target}:/{name}/{alias}" for target, alias in more.get("links", ())],
            },
            "NetworkSettings": {"Networks": joined, "Ports": _ports(more.get("ports", {}))},
        }

    def _cable(self, network: str, address: str, place: int) -> Data:
        """Make a veth pair between a container and its network's bridge."""
        found = next(item for item in self.networks if item["Name"] == network)
        bridge = found["Options"].get("com.docker.network.bridge.name", f"br-{found['Id'][:12]}")
        inner, outer = self._next(), self._next()
        self.interfaces.append(
            nic(f"veth{outer:07x}", outer, "veth", peer=inner, abroad=True, master=bridge)
        )
        addresses = [f"{address}/16"] if address else []
        return nic(f"eth{place}", inner, "veth", peer=outer, abroad=True, addresses=addresses)

    def _next(self) -> int:
        self.index += 1
        return self.index - 1


def _ports(ports: Mapping[str, str]) -> Data:
    """Read `{"80/tcp": "0.0.0.0:8080"}`; IPv6 beside it, as the engine does."""
    made: Data = {}
    for port, where in ports.items():
        address, _, number = where.rpartition(":")
        bindings = [{"HostIp": address or "0.0.0.0", "HostPort": number}]
        if not address:
            bindings.append({"HostIp": "::", "HostPort": number})
        made[port] = bindings
    return made


def lesson_02() -> Town:
    """Lesson 02 done: two containers on the default bridge, their cables labelled."""
    town = Town()
    for name in ("centos01", "centos02"):
        town.container(name)
        town.interfaces[-1]["alias"] = name
    return town


def lesson_07() -> Town:
    """Lesson 07 done: links by alias, and a network of one's own."""
    town = Town()
    town.network("app-net", "172.18.0.0/16", "172.18.0.1")
    both = {"bridge": "172.17.0.2", "app-net": "172.18.0.2"}
    town.container("centos01-v2", both, aliases={"app-net": ["db"]})
    town.container("alpine01", {"bridge": "172.17.0.3"}, links=[("centos01-v2", "centos01-alias")])
    two = [("centos01-v2", "store"), ("centos01-v2", "backend")]
    town.container("alpine02", {"bridge": "172.17.0.4"}, links=two)
    town.container("alpine03", {"app-net": "172.18.0.3"})
    return town


def ten() -> Town:
    """Two networks with ten containers, one of them on both, one stopped, one paused."""
    town = Town()
    town.network("shop-net", "172.30.0.0/24", None, chosen="172.30.0.1")
    for number in range(1, 6):
        ports = {"80/tcp": f":808{number}"} if number < 3 else {}
        on = {"bridge": f"172.17.0.{number + 1}"}
        status = "exited" if number == 4 else "paused" if number == 5 else "running"
        town.container(f"web0{number}", on, ports=ports, status=status)
    for number in range(1, 6):
        aliases = {"shop-net": ["db"]} if number == 1 else {}
        on = {"shop-net": f"172.30.0.{number + 1}"}
        town.container(f"shop0{number}", on, aliases=aliases)
    return town


def two_hosts() -> tuple[Town, Town]:
    """Two hosts, a vxlan tunnel between them on a bridge of each."""
    towns = Town("docker1", "10.66.0.11"), Town("docker2", "10.66.0.12")
    for town, other in zip(towns, ("10.66.0.12", "10.66.0.11"), strict=True):
        town.nic("br-far", "bridge", addresses=["10.9.0.1/24"])
        tunnel = {"id": 42, "local": None, "remotes": [other]}
        town.nic("vx42", "vxlan", master="br-far", tunnel=tunnel)
        town.container(f"on-{town.name}")
        town.routes.append({"to": "172.28.0.0/16", "via": other, "device": "eth0"})
    return towns
