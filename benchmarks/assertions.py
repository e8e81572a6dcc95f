"""The twenty assertions that are asked in every way: about half of them docker commands.

Each is a command on a lab host, a pattern that its output must match (written so that Python and
`grep -E` read it alike), and the same statement as a probe where there is a word for it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assertion:
    """One statement about the lab."""

    id: str
    command: str
    pattern: str
    probe: str | None = None
    """As in a lesson file; None where only a command can say it."""


SETUP = (
    "docker run -d --name web localhost/box sleep infinity",
    "docker run -d --name app --link web:back localhost/box sleep infinity",
    "docker network create --subnet 10.50.0.0/24 --gateway 10.50.0.1 bench-net",
    "docker run -d --name solo --network bench-net localhost/box sleep infinity",
)
"""What the lab is made to look like."""

ASSERTIONS = (
    Assertion(
        "web-runs",
        "docker inspect -f '{{.State.Running}}' web",
        "^true$",
        "{running: {container: web}}",
    ),
    Assertion(
        "linked",
        "docker inspect -f '{{json .HostConfig.Links}}' app",
        "/web:/app/back",
        "{linked: {from: app, to: web, alias: back}}",
    ),
    Assertion(
        "web-address",
        "docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' web",
        "^172[.]17[.]0[.]2$",
        "{address: {container: web, network: bridge, is: 172.17.0.2}}",
    ),
    Assertion(
        "bridge-subnet",
        "docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' bridge",
        "^172[.]17[.]0[.]0/16$",
        "{network: {name: bridge, subnet: 172.17.0.0/16}}",
    ),
    Assertion(
        "net-gateway",
        "docker network inspect -f '{{(index .IPAM.Config 0).Gateway}}' bench-net",
        "^10[.]50[.]0[.]1$",
        "{network: {name: bench-net, gateway: 10.50.0.1}}",
    ),
    Assertion(
        "solo-listed",
        "docker ps --filter network=bench-net --format '{{.Names}}'",
        "^solo$",
        "{on_network: {container: solo, network: bench-net, only: true}}",
    ),
    Assertion(
        "solo-mode",
        "docker inspect -f '{{.HostConfig.NetworkMode}}' solo",
        "^bench-net$",
        "{mode: {container: solo, is: bench-net}}",
    ),
    Assertion(
        "alias-in-hosts",
        "docker exec app cat /etc/hosts",
        "172[.]17[.]0[.]2.*back",
        "{resolves: {from: app, name: back, to: web, by: hosts}}",
    ),
    Assertion(
        "alias-answers",
        "docker exec app ping -c 1 -W 1 back",
        " 1 received",
        "{reaches: {from: app, to: back, is: web}}",
    ),
    Assertion(
        "app-route",
        "docker exec app ip route get 10.50.0.1",
        "via 172[.]17[.]0[.]1",
        "{interface: {in: app, network: bridge, within: 172.17.0.0/16, up: true}}",
    ),
    Assertion(
        "docker0-address",
        "ip -4 -o addr show docker0",
        "172[.]17[.]0[.]1/16",
        "{interface: {name: docker0, address: 172.17.0.1/16}}",
    ),
    Assertion(
        "docker0-up",
        "ip link show docker0",
        "state UP",
        "{interface: {name: docker0, up: true, kind: bridge}}",
    ),
    Assertion(
        "docker0-ports",
        "ip -o link show master docker0",
        "veth",
        "{interface: {peer: web, on: docker0, kind: veth}}",
    ),
    Assertion(
        "net-bridge",
        "ip -4 -o addr show to 10.50.0.1",
        "br-[0-9a-f]+",
        "{interface: {network: bench-net, address: 10.50.0.1/24}}",
    ),
    Assertion(
        "host-reaches-web",
        "ping -c 1 -W 1 172.17.0.2",
        " 1 received",
        "{reaches: {to: 172.17.0.2, is: web}}",
    ),
    Assertion(
        "mtu",
        "cat /sys/class/net/docker0/mtu",
        "^1500$",
        "{interface: {name: docker0, mtu: 1500}}",
    ),
    Assertion("forwarding", "sysctl -n net.ipv4.ip_forward", "^1$"),
    Assertion("masquerade", "iptables -t nat -S POSTROUTING", "172[.]17[.]0[.]0/16.*MASQUERADE"),
    Assertion("route", "ip route show dev docker0", "^172[.]17[.]0[.]0/16"),
    Assertion("engine-active", "systemctl is-active docker", "^active$"),
)
