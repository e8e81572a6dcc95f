"""Probes on a real engine: every rung of `reaches` broken once for real, and never fooled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from checks.asking import Outcome
from checks.probes import PROBES
from checks.verdict import State, Verdict
from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabRequest
from runner.lab.outer import Docker
from runner.lab.running import RunningLab
from tests.live.inside import typed

pytestmark = pytest.mark.live

OWNER = "test-probes"
REQUEST = LabRequest(
    "test",
    "lesson-22",
    OWNER,
    {"docker1": HostSpec(), "docker2": HostSpec()},
    ("localhost/box",),
    docker=os.environ.get("LDN_TEST_DOCKER", "26.1"),
    purpose="test",
)
SLEEP = "localhost/box sleep infinity"
SERVE = "localhost/box nc -lk -p 80"


class Bench:
    """A lab, what is typed into it, and what probes say of it."""

    def __init__(self, lab: RunningLab) -> None:
        self.lab = lab
        self.made: list[str] = []

    def type(self, text: str, host: str = "docker1") -> str:
        """Run a script on a lab host, as root, failing with its words."""
        return typed(self.lab, text, host)

    def inside(self, container: str, text: str) -> None:
        """Run a command in a container's network namespace with the lab host's own tools."""
        pid = f"$(docker inspect -f '{{{{.State.Pid}}}}' {container})"
        self.type(f"nsenter -t {pid} -n {text}")

    def address(self, container: str, network: str = "bridge") -> str:
        path = f'(index .NetworkSettings.Networks "{network}").IPAddress'
        return self.type(f"docker inspect -f '{{{{{path}}}}}' {container}").strip()

    def judge(
        self, word: str, host: str = "docker1", timeout: float = 6.0, **fields: Any
    ) -> Verdict:
        probe: Any = PROBES[word](**fields)
        answers = probe.ask(self.lab, host, timeout)
        wrong = [answer for answer in answers.values() if answer.outcome is not Outcome.ENDED]
        assert not wrong, wrong
        verdict: Verdict = probe.judge(answers)
        return verdict

    def holds(self, word: str, host: str = "docker1", **fields: Any) -> None:
        verdict = self.judge(word, host, **fields)
        assert verdict.state is State.PASSED, f"{verdict.found}\n{verdict.evidence}"

    def breaks(self, word: str, host: str = "docker1", **fields: Any) -> str:
        """Give what was found in place of what should be."""
        verdict = self.judge(word, host, **fields)
        assert verdict.state is State.FAILED, verdict.evidence
        assert verdict.look is not None
        return str(verdict.found)


@pytest.fixture(scope="module")
def lab() -> Iterator[RunningLab]:
    docker = Docker()
    labs.down_all(OWNER, docker=docker)
    with labs.attach(labs.up(REQUEST, docker=docker), docker) as running:
        yield running
    labs.down_all(OWNER, docker=docker)


CLEAN = """
/bin/rm -f /usr/local/bin/{docker,ping,cat,ip} /usr/local/sbin/{docker,ping,cat,ip}
docker ps -aq | xargs -r docker rm -f
docker network ls -q -f type=custom | xargs -r docker network rm
"""


@pytest.fixture
def bench(lab: RunningLab) -> Bench:
    bench = Bench(lab)
    for host in lab.hosts:
        bench.type(CLEAN, host)
    return bench


@pytest.fixture
def linked(bench: Bench) -> Bench:
    bench.type(f"docker run -d --name centos01 {SERVE}")
    bench.type(f"docker run -d --name alpine01 --link centos01:db {SLEEP}")
    return bench


ALIAS = {"from_": "alpine01", "to": "db", "is_": "centos01"}


def test_a_link_from_whole_to_gone(linked: Bench) -> None:
    linked.holds("linked", from_="alpine01", to="centos01", alias="db")
    linked.holds("reaches", **ALIAS)
    linked.holds("reaches", **ALIAS, port="80")
    linked.holds("resolves", from_="alpine01", name="db", to=("centos01",), by="hosts")
    linked.type("docker pause centos01")
    assert "is paused" in linked.breaks("reaches", **ALIAS)
    linked.type("docker unpause centos01; docker kill centos01")
    assert "does not run" in linked.breaks("reaches", **ALIAS)
    assert "does not run" in linked.breaks("linked", from_="alpine01", to="centos01")
    linked.holds("stopped", container="centos01")
    linked.type("docker rm centos01")
    assert linked.breaks("reaches", **ALIAS) == "there is no container named centos01"
    linked.type("docker kill alpine01")
    assert "alpine01 does not run" in linked.breaks("reaches", **ALIAS)


def test_a_renamed_target_keeps_its_alias(linked: Bench) -> None:
    linked.type("docker rename centos01 renamed")
    linked.holds("linked", from_="alpine01", to="renamed", alias="db")
    linked.holds("reaches", **(ALIAS | {"is_": "renamed"}))
    assert "no container named centos01" in linked.breaks("reaches", **ALIAS)


def test_the_name_is_unknown(linked: Bench) -> None:
    given = {"from_": "alpine01", "to": "database", "is_": "centos01"}
    assert "the engine's link calls centos01 db" in linked.breaks("reaches", **given)
    found = linked.breaks("reaches", from_="centos01", to="alpine01")
    assert "on the default bridge containers have no names without a link" in found
    linked.holds("resolves", from_="centos01", name="alpine01", unknown=True)


def test_the_name_leads_to_another(linked: Bench) -> None:
    linked.type(f"docker run -d --name web {SLEEP}")
    linked.type(f"docker exec alpine01 sh -c 'echo {linked.address('web')} shop >> /etc/hosts'")
    linked.type("docker exec alpine01 sh -c 'echo 172.17.0.99 ghost >> /etc/hosts'")
    found = linked.breaks("reaches", from_="alpine01", to="shop", is_="centos01")
    assert "which is web, not centos01" in found
    assert "the engine has no record of it: it was written by hand" in found
    found = linked.breaks("reaches", from_="alpine01", to="ghost", is_="centos01")
    assert "an address that no container has; centos01 is at 172.17.0.2" in found


def test_no_shared_network(linked: Bench) -> None:
    linked.type(
        f"docker network create test-net; docker run -d --name far --network test-net {SERVE}"
    )
    assert "far on test-net" in linked.breaks("reaches", from_="alpine01", to="far")
    address = linked.address("far", "test-net")
    given = {"from_": "alpine01", "to": address, "is_": "far"}
    assert "lets nothing through between networks" in linked.breaks("reaches", **given)
    linked.holds("isolated", from_="alpine01", to="far")
    linked.holds("isolated", from_="alpine01", to="far", port="80")
    linked.type("docker network connect test-net alpine01")
    linked.holds("reaches", **given)
    linked.holds("reaches", from_="alpine01", to="far", network="test-net")
    linked.holds("resolves", from_="alpine01", name="far", to=("far",), by="dns")
    assert "answers the ping" in linked.breaks("isolated", from_="alpine01", to="far")


def test_no_network_and_no_route(bench: Bench) -> None:
    bench.type(
        f"docker run -d --name web {SERVE}; docker run -d --name alone --network none {SLEEP}"
    )
    given = {"from_": "alone", "to": bench.address("web"), "is_": "web"}
    found = bench.breaks("reaches", **given)
    assert found.startswith("alone has no route to")
    assert found.endswith("alone has no network: its mode is none")
    assert "proves nothing" in bench.breaks("isolated", from_="alone", to="web")
    bench.holds("interface", in_="alone", kind="veth", absent=True)
    bench.holds("interface", in_="alone", name="lo")


def test_nobody_answers_arp(linked: Bench) -> None:
    found = linked.breaks("reaches", from_="alpine01", to="172.17.0.99")
    assert found.startswith("alpine01 finds nobody at 172.17.0.99")
    linked.inside("alpine01", "ip route replace default via 172.17.0.254")
    found = linked.breaks("reaches", from_="alpine01", to="10.66.250.1")
    assert "alpine01 finds nobody at its router 172.17.0.254" in found


def test_packets_are_dropped_and_rejected(linked: Bench) -> None:
    linked.inside("centos01", "iptables -I INPUT -p icmp -j DROP")
    found = linked.breaks("reaches", **ALIAS)
    assert found.endswith("is lost without a word: something on the way drops it")
    linked.holds("reaches", **ALIAS, port="80")
    linked.inside("centos01", "iptables -I INPUT -p tcp -j DROP")
    assert "does not answer alpine01 at all" in linked.breaks("reaches", **ALIAS, port="80")
    linked.inside("centos01", "iptables -R INPUT 1 -p tcp -j REJECT --reject-with tcp-reset")
    assert "a rule answers in its place" in linked.breaks("reaches", **ALIAS, port="80")
    linked.inside("centos01", "iptables -R INPUT 2 -p icmp -j REJECT")
    found = linked.breaks("reaches", **ALIAS)
    assert found.startswith("172.17.0.2 says of the ping from alpine01")
    assert "answer the lab host either" in linked.breaks(
        "isolated", from_="alpine01", to="centos01"
    )


def test_a_network_that_keeps_its_containers_apart(bench: Bench) -> None:
    option = "-o com.docker.network.bridge.enable_icc=false"
    bench.type(f"docker network create {option} quiet-net")
    for name in ("q1", "q2"):
        bench.type(f"docker run -d --name {name} --network quiet-net {SERVE}")
    assert "quiet-net keeps its containers apart" in bench.breaks("reaches", from_="q1", to="q2")
    assert "(icc is false)" in bench.breaks("reaches", from_="q1", to="q2", port="80")
    bench.holds("isolated", from_="q1", to="q2")
    bench.holds("isolated", from_="q1", to="q2", port="80")
    bench.holds("network", name="quiet-net", options={option.split()[1].partition("=")[0]: "false"})
    bench.type("docker kill q2")
    assert "q2 does not run" in bench.breaks("isolated", from_="q1", to="q2")
    bench.type("docker start q2; docker kill q1")
    assert "q1 does not run" in bench.breaks("isolated", from_="q1", to="q2")


def test_ports(bench: Bench) -> None:
    bench.type(f"docker run -d --name web -p 8080:80 -p 9090:90 -p 127.0.0.1:8443:80 {SERVE}")
    bench.type("docker run -d --name shy localhost/box nc -lk -s 127.0.0.1 -p 80")
    bench.type(f"docker run -d --name client {SLEEP}")
    web, shy = bench.address("web"), bench.address("shy")
    bench.holds("reaches", from_="client", to=web, is_="web", port="80")
    found = bench.breaks("reaches", from_="client", to=web, is_="web", port="81")
    assert "refuses the connection" in found
    assert found.endswith("nothing listens on TCP port 81 in web, only on 80")
    found = bench.breaks("reaches", from_="client", to=shy, is_="shy", port="80")
    assert found.endswith("shy listens on 127.0.0.1:80 only")
    bench.holds("published", container="web", port="80", host_port="8080", on="0.0.0.0")
    bench.holds("reaches", to="127.0.0.1", is_="web", port="8080")
    found = bench.breaks("reaches", to="127.0.0.1", is_="web", port="9090")
    assert found.endswith("nothing listens on TCP port 90 in web, only on 80")
    one = bench.lab.handle.hosts["docker1"].address
    outside = {"to": one, "is_": "web", "is_on": "docker1"}
    bench.holds("reaches", "docker2", **outside, port="8080")
    found = bench.breaks("reaches", "docker2", **outside, port="8443")
    assert "is the lab host, where web publishes only" in found
    assert "no container named web" in bench.breaks("reaches", "docker2", to=one, is_="web")


def test_container_mode(bench: Bench) -> None:
    bench.type(f"docker run -d --name base {SERVE}")
    bench.type(f"docker run -d --name joined --network container:base {SLEEP}")
    bench.holds("mode", container="joined", is_="container:base")
    bench.holds("namespace", of="joined", as_="base")
    bench.holds("namespace", of="joined", apart=True)
    bench.holds("reaches", from_="joined", to="127.0.0.1", is_="base", port="80")
    bench.type("docker restart -t 0 base")
    found = bench.breaks("reaches", from_="joined", to="127.0.0.1", is_="base", port="80")
    assert found.startswith("joined has only lo left")
    bench.holds("mode", container="joined", is_="container:base")
    assert "base in" in bench.breaks("namespace", of="joined", as_="base")
    bench.type("docker kill base")
    assert "which does not run" in bench.breaks(
        "reaches", from_="joined", to="127.0.0.1", is_="base"
    )


def test_cards_and_modes(bench: Bench) -> None:
    bench.type(
        f"docker network create --subnet 10.99.0.0/24 test-net; docker run -d --name web {SLEEP}"
    )
    bench.type(f"docker run -d --name test1 --network test-net --network-alias app {SLEEP}")
    bench.type(f"docker run -d --name onhost --network host {SLEEP}")
    bench.holds("interface", peer="web", on="docker0", up=True, kind="veth")
    bench.holds("interface", peer="test1", on_network="test-net")
    bench.holds("interface", in_="test1", network="test-net", within="10.99.0.0/24", mtu="1500")
    bench.holds("interface", network="test-net", address="10.99.0.1/24", kind="bridge")
    assert "a port of br-" in bench.breaks("interface", peer="test1", on="docker0")
    bench.holds("on_network", container="test1", network="test-net", alias="app", only=True)
    for name, mode in {"web": "bridge", "test1": "test-net", "onhost": "host"}.items():
        bench.holds("mode", container=name, is_=mode)
    bench.holds("namespace", of="onhost")
    assert "both are in one" in bench.breaks("namespace", of="onhost", apart=True)
    bench.holds("address", container="test1", network="test-net", within="10.99.0.0/24")
    two = bench.lab.handle.hosts["docker1"].address
    bench.holds("reaches", from_="web", to=two, is_="onhost")


def test_settings_of_the_engine(bench: Bench) -> None:
    bench.holds("engine_runs")
    bench.holds("engine_option", name="icc", is_="true")
    bench.holds("engine_option", name="bip", is_="172.17.0.1/16")
    bench.holds("engine_option", name="live-restore", is_="false")
    assert "flags do not set icc" in bench.breaks(
        "engine_option", name="icc", is_="true", set_in="flags"
    )


def test_a_page(bench: Bench) -> None:
    bench.type(f"docker run -d --name web -p 8080:80 {SLEEP}")
    bench.type(f"docker run -d --name client --link web:shop {SLEEP}")
    page: dict[str, Any] = {
        "url": "http://shop/",
        "contains": ("welcome",),
        "headers": {"Server": "HTTP"},
    }
    found = bench.breaks("http", from_="client", **page, is_="web")
    assert "nothing in web listens" in found
    bench.type("mkdir -p /srv/page; echo welcome > /srv/page/index.html")
    server = "/ldn/bin/python3 -m http.server 80 --directory /srv/page"
    pid = "$(docker inspect -f '{{.State.Pid}}' web)"
    bench.type(f"systemd-run --quiet --collect --unit=page nsenter -t {pid} -n {server}")
    verdict = bench.judge("http", from_="client", **page)
    while "refused" in str(verdict.found):
        verdict = bench.judge("http", from_="client", **page)
    assert verdict.passed, verdict.evidence
    bench.holds("http", from_="client", **page, is_="web")
    bench.holds("http", url="http://127.0.0.1:8080/", is_="web")
    missing: dict[str, Any] = {"from_": "client", "url": "http://shop/nothing", "is_": "web"}
    assert bench.breaks("http", **missing) == "the status is 404"
    bench.holds("http", **missing, status=("200", "404"))
    assert bench.breaks("http", from_="client", url="http://nowhere/").startswith("the name in")
    bench.type("systemctl stop page; docker kill web")
    assert "web does not run" in bench.breaks("http", from_="client", **page, is_="web")


def test_fakes_early_in_the_path_change_no_verdict(linked: Bench) -> None:
    questions: list[tuple[str, dict[str, Any]]] = [
        ("reaches", ALIAS),
        ("reaches", {"from_": "alpine01", "to": "172.17.0.99"}),
        ("linked", {"from_": "centos01", "to": "alpine01"}),
        ("isolated", {"from_": "alpine01", "to": "centos01"}),
        ("engine_option", {"name": "icc", "is_": "true", "set_in": "flags"}),
        ("running", {"container": "nobody"}),
    ]
    before = [linked.judge(word, **given) for word, given in questions]
    for name in ("docker", "ping", "cat", "ip"):
        for folder in ("/usr/local/bin", "/usr/local/sbin"):
            linked.type(f"printf '#!/bin/sh\\necho fake\\n' > {folder}/{name}")
            linked.type(f"/bin/chmod +x {folder}/{name}")
    assert linked.type("ping -c 1 192.0.2.1") == "fake\n"
    after = [linked.judge(word, **given) for word, given in questions]
    assert [(v.state, v.found) for v in after] == [(v.state, v.found) for v in before]
