"""The map of a real lab: two hosts, every kind of network, cables made by hand."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabRequest
from runner.lab.outer import Docker
from runner.lab.running import RunningLab
from runner.topology.arrange import arrange
from runner.topology.diff import compare
from runner.topology.layout import draw
from runner.topology.model import Host
from runner.topology.scene import Item, Kind, Scene, Section
from runner.topology.snapshot import take
from tests.live.inside import typed

pytestmark = pytest.mark.live

OWNER = "test-topology"
REQUEST = LabRequest(
    "test",
    "lesson-22",
    OWNER,
    {"docker1": HostSpec(), "docker2": HostSpec()},
    ("localhost/box",),
    docker=os.environ.get("LDN_TEST_DOCKER", "26.1"),
    purpose="test",
)
RUN = "docker run -d --name"
SLEEP = "localhost/box sleep infinity"


class Bench:
    """A lab and what is typed into it."""

    def __init__(self, lab: RunningLab) -> None:
        self.lab = lab

    def type(self, text: str, host: str = "docker1") -> str:
        """Run a script on a lab host, as root, failing with its words."""
        return typed(self.lab, text, host).strip()

    def host(self, number: int = 0) -> Host:
        return take(self.lab).hosts[number]

    def scene(self) -> Scene:
        return arrange(take(self.lab))

    def section(self, name: str, number: int = 0) -> Section:
        return next(one for one in self.scene().hosts[number].sections if one.name == name)

    def item(self, network: str, name: str) -> Item:
        return next(item for item in self.section(network).items if item.name == name)


@pytest.fixture(scope="module")
def lab() -> Iterator[RunningLab]:
    docker = Docker()
    labs.down_all(OWNER, docker=docker)
    with labs.attach(labs.up(REQUEST, docker=docker), docker) as running:
        yield running
    labs.down_all(OWNER, docker=docker)


@pytest.fixture
def bench(lab: RunningLab) -> Iterator[Bench]:
    """Give the lab, and take away what a test has made."""
    made = Bench(lab)
    yield made
    for host in lab.hosts:
        made.type(
            """
            docker ps -aq | xargs -r docker rm -f >/dev/null
            docker network ls -q --filter type=custom | xargs -r docker network rm >/dev/null
            for name in br-hand vx42; do ip link del $name 2>/dev/null || true; done
            """,
            host,
        )


def test_a_fresh_lab_is_empty_and_friendly(bench: Bench) -> None:
    found = take(bench.lab)
    assert [host.lost for host in found.hosts] == [None, None]
    assert all(host.engine and host.address and host.settled for host in found.hosts)
    assert bench.scene().empty
    assert "No containers yet" in draw(found, 80, 24).plain()


def test_cables_are_as_the_kernel_has_them(bench: Bench) -> None:
    bench.type(f"{RUN} one {SLEEP}; {RUN} two {SLEEP}")
    for name in ("one", "two"):
        item = bench.item("bridge", name)
        inner = bench.type(f"docker exec {name} cat /sys/class/net/eth0/ifindex")
        outer = bench.type(f"docker exec {name} cat /sys/class/net/eth0/iflink")
        assert item.inside is not None and item.outside is not None
        assert (str(item.inside.index), str(item.outside.index)) == (inner, outer)
        line = bench.type(f"ip -o link show master docker0 | grep '^{outer}:'")
        assert f" {item.outside.name}@" in line


def test_names_ports_links_and_aliases(bench: Bench) -> None:
    bench.type(
        f"""
        {RUN} db {SLEEP}
        {RUN} app --link db:store -p 8080:80 -p 127.0.0.1:5300:53/udp {SLEEP}
        docker network create --subnet 172.30.0.0/24 app-net
        docker network connect --alias www app-net app
        """
    )
    facts = {(fact.kind, *fact.values.values()) for fact in bench.item("bridge", "app").facts}
    assert (Kind.LINK, "db", "store") in facts
    assert (Kind.PORT, ":8080", "80/tcp") in facts
    assert (Kind.PORT, "127.0.0.1:5300", "53/udp") in facts
    again = {(fact.kind, *fact.values.values()) for fact in bench.item("app-net", "app").facts}
    assert again == {(Kind.ALIAS, "www"), (Kind.AGAIN, "bridge")}
    (subnet,) = bench.section("app-net").facts
    assert dict(subnet.values) == {"subnet": "172.30.0.0/24", "gateway": "172.30.0.1"}


def test_every_mode_has_its_place(bench: Bench) -> None:
    bench.type(
        f"""
        {RUN} base {SLEEP}
        {RUN} side --network container:base {SLEEP}
        {RUN} open --network host {SLEEP}
        {RUN} lone --network none {SLEEP}
        docker create --name new localhost/box true
        docker network create -d macvlan -o parent=eth0 --subnet 192.168.9.0/24 wire
        {RUN} wired --network wire {SLEEP}
        """
    )
    places = {
        item.name: (section.name, item.status)
        for section in bench.scene().hosts[0].sections
        for item in section.items
    }
    assert places == {
        "base": ("bridge", "running"),
        "new": ("bridge", "created"),
        "open": ("host", "running"),
        "lone": ("none", "running"),
        "wired": ("wire", "running"),
    }
    assert [fact.values["name"] for fact in bench.item("bridge", "base").facts] == ["side"]
    wired = bench.item("wire", "wired")
    assert wired.outside is not None and wired.outside.name == "eth0"


def test_a_cable_made_by_hand_and_its_label(bench: Bench) -> None:
    bench.type(
        f"""
        {RUN} lone --network none {SLEEP}
        ip link add br-hand type bridge && ip address add 10.9.0.1/24 dev br-hand
        ip link add hv type veth peer name cv
        ip link set hv master br-hand alias "to lone"
        pid=$(docker inspect -f '{{{{.State.Pid}}}}' lone)
        ip link set cv netns $pid && nsenter -t $pid -n ip address add 10.9.0.2/24 dev cv
        """
    )
    item = bench.item("br-hand", "lone")
    assert item.addresses == ("10.9.0.2",)
    assert item.outside is not None and item.outside.label == "to lone"


def test_a_tunnel_between_the_hosts(bench: Bench) -> None:
    first, second = (host.address for host in take(bench.lab).hosts)
    for host, other in (("docker1", second), ("docker2", first)):
        assert bench.scene().joins == ()
        bench.type(
            f"""
            ip link add br-hand type bridge
            ip link add vx42 type vxlan id 42 dstport 4789
            ip link set vx42 master br-hand up
            bridge fdb append 00:00:00:00:00:00 dev vx42 dst {other}
            """,
            host,
        )
    (join,) = bench.scene().joins
    assert join.hosts == ("docker1", "docker2") and join.addresses == (first, second)
    assert "vxlan 42" in draw(take(bench.lab), 60, 15).plain()


def test_an_overlay_network_and_its_tunnel(bench: Bench) -> None:
    first = bench.host(0).address
    try:
        bench.type(f"docker swarm init --advertise-addr {first}")
        token = bench.type("docker swarm join-token -q worker")
        bench.type(f"docker swarm join --token {token} {first}:2377", "docker2")
        bench.type(
            f"docker network create -d overlay --attachable far; {RUN} one --network far {SLEEP}"
        )
        bench.type(f"{RUN} two --network far {SLEEP}", "docker2")
        wait_for(lambda: "far" in [join.network for join in bench.scene().joins])
        one, tunnel = bench.section("far").items
        assert one.name == "one" and one.outside is not None and one.addresses[0].startswith("10.")
        assert tunnel.facts[0].values["remote"] == f"{bench.host(1).address} (docker2)"
        names = [section.name for section in bench.scene().hosts[0].sections]
        assert names[:2] == ["bridge", "far"]
    finally:
        for host in ("docker2", "docker1"):
            bench.type("docker ps -aq | xargs -r docker rm -f; docker swarm leave --force", host)
            bench.type("docker network rm docker_gwbridge", host)


def wait_for(holds: Callable[[], bool], patience: float = 20.0) -> None:
    """Ask again until it holds; the forwarding entry comes with the other host's container."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.1)


def test_a_route_to_the_other_host_names_it(bench: Bench) -> None:
    other = bench.host(1).address
    bench.type(f"ip route add 172.28.0.0/16 via {other}")
    (fact,) = bench.scene().hosts[0].facts
    assert dict(fact.values) == {"to": "172.28.0.0/16", "via": f"{other} (docker2)"}
    bench.type("ip route del 172.28.0.0/16")


def test_what_changes_is_found(bench: Bench) -> None:
    bench.type(f"{RUN} one {SLEEP}")
    before = bench.scene()
    bench.type(f"docker rename one uno; {RUN} two {SLEEP}")
    changes = compare(before, bench.scene())
    assert len(changes.changed) == 1 and len(changes.added) == 1 and not changes.removed
    bench.type("docker stop -t 0 two")
    assert len(compare(before, bench.scene()).added) == 1
    stopped = bench.item("bridge", "two")
    assert stopped.status == "exited" and not stopped.wired


def test_snapshots_belong_together_while_the_lab_changes(bench: Bench) -> None:
    """Containers come and go all the while; what a snapshot says fits together every time."""
    over = threading.Event()
    script = f"for n in 1 2 3 4 5 6; do {RUN} busy {SLEEP}; docker rm -f busy; done"

    def churn() -> None:
        bench.type(script)
        over.set()

    thread = threading.Thread(target=churn)
    thread.start()
    seen = 0
    while not over.is_set():
        host = bench.host()
        assert host.lost is None and host.why is None
        for box in host.boxes:
            if host.settled and box.facts.running:
                attachment = box.facts.attachments["bridge"]
                assert attachment.address in [text for nic in box.nics for text in nic.bare]
                seen += 1
        over.wait(0.02)
    thread.join()
    assert seen


def test_an_engine_that_is_stopped_leaves_the_bridges(bench: Bench) -> None:
    bench.type("systemctl stop docker.socket docker.service")
    try:
        host = bench.host()
        assert host.engine == "" and host.why is not None and host.lost is None
        text = draw(take(bench.lab), 60, 15).plain()
        assert "! The lab's Docker engine is not running." in text and "docker0" in text
        assert bench.host(1).engine
    finally:
        bench.type("systemctl start docker.socket docker.service; docker version >/dev/null")


def test_a_hung_engine_takes_no_longer_than_the_question_may(bench: Bench) -> None:
    bench.type("kill -STOP $(pidof dockerd)")
    try:
        begun = time.monotonic()
        host = take(bench.lab, timeout=2.0).hosts[0]
        assert host.why is not None or host.lost is not None
        assert time.monotonic() - begun < 5.0
    finally:
        bench.type("kill -CONT $(pidof dockerd); docker version >/dev/null")
    assert bench.host().engine


def test_a_host_that_is_gone_is_told(bench: Bench) -> None:
    handle = bench.lab.handle
    hosts = {name: replace(host, container="0" * 64) for name, host in handle.hosts.items()}
    with labs.attach(replace(handle, hosts=hosts), bench.lab.docker) as lost:
        found = take(lost)
    assert all(host.lost is not None for host in found.hosts)
