from __future__ import annotations

from typing import Any

import pytest

from checks.verdict import State, Verdict
from tests.checks.probes.recorded_lab import (
    ENGINES,
    NOT_FOUND,
    SILENT,
    RecordedLab,
    Spoken,
    cards,
    judged,
    leads,
)

ALIAS = {"from_": "alpine01", "to": "centos01-alias", "is_": "centos01"}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def reaches(engine: str, net: Spoken, **fields: Any) -> Verdict:
    plain = RecordedLab(engine)
    known = {("resolve", "alpine01"): leads(plain.address("centos01"))}
    return judged(RecordedLab(engine, {**known, **net}), "reaches", **(ALIAS | fields))


def found(verdict: Verdict) -> str:
    assert verdict.state is State.FAILED
    assert verdict.look is not None and "`" in str(verdict.look)
    return str(verdict.found)


def test_passes_when_the_wanted_container_answers(engine: str) -> None:
    verdict = reaches(engine, {})
    assert verdict.passed
    assert str(verdict.expected) == "alpine01 reaches centos01 by the name centos01-alias"
    assert "resolve" in verdict.evidence


def test_a_container_that_is_not_there(engine: str) -> None:
    assert found(reaches(engine, {}, from_="nobody")) == "there is no container named nobody"
    assert found(reaches(engine, {}, is_="nobody")) == "there is no container named nobody"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone", "gone does not run: it ended with status 137"),
        ("never", "never was made, but does not run: it was never started"),
        ("held", "held is paused: its processes are frozen"),
    ],
)
def test_a_container_that_does_not_run(engine: str, name: str, says: str) -> None:
    assert found(reaches(engine, {}, from_=name)) == says
    assert found(reaches(engine, {}, is_=name)) == says


def test_an_unknown_name(engine: str) -> None:
    verdict = reaches(engine, {("resolve", "alpine01"): NOT_FOUND})
    assert found(verdict) == (
        "the name centos01-alias is not known in alpine01: neither its /etc/hosts nor a DNS server "
        "knows it; the engine's link calls centos01 centos01-alias"
    )


def test_an_unknown_name_on_the_default_bridge(engine: str) -> None:
    verdict = reaches(engine, {}, from_="centos01", to="alpine01", is_=None)
    assert "on the default bridge containers have no names without a link" in found(verdict)


def test_an_unknown_name_without_a_common_network(engine: str) -> None:
    verdict = reaches(engine, {}, from_="centos01", to="test1", is_=None)
    assert "centos01 is on bridge, test1 on test-net" in found(verdict)


@pytest.mark.parametrize("error", ["timeout", "no server"])
def test_dns_that_does_not_answer(engine: str, error: str) -> None:
    verdict = reaches(engine, {("resolve", "alpine01"): NOT_FOUND | {"error": error}})
    assert "DNS server" in found(verdict)


def test_a_name_that_leads_to_another_container(engine: str) -> None:
    other = RecordedLab(engine).address("web")
    verdict = reaches(engine, {("resolve", "alpine01"): leads(other)}, to="db")
    assert found(verdict) == (
        f"the name db leads to {other}, which is web, not centos01; its /etc/hosts says so, "
        "and the engine has no record of it: it was written by hand, or is the host name of a "
        "linked container"
    )


def test_a_name_that_leads_nowhere(engine: str) -> None:
    verdict = reaches(engine, {("resolve", "alpine01"): leads("172.17.0.99")})
    assert "172.17.0.99, which is an address that no container has; centos01 is at" in found(
        verdict
    )
    assert "for the engine keeps a link of that name" in found(verdict)


def test_a_name_with_two_owners_reaches_neither(engine: str) -> None:
    plain = RecordedLab(engine)
    both = leads(plain.address("test1", "test-net"), plain.address("test2", "test-net"), by="dns")
    net = {("resolve", "test3"): both}
    verdict = reaches(engine, net, from_="test3", to="app", is_="test1")
    assert "which is test2, not test1; the DNS server 127.0.0.11 says so" in found(verdict)


def test_add_host_is_told_from_a_line_by_hand(engine: str) -> None:
    net = {("resolve", "added"): leads("172.17.0.99")}
    assert "by --add-host" in found(reaches(engine, net, from_="added", to="centos01"))


def test_an_address_of_another_container(engine: str) -> None:
    web = RecordedLab(engine).address("web")
    assert found(reaches(engine, {}, to=web)) == f"{web} is web, not centos01"


def test_loopback_is_oneself(engine: str) -> None:
    verdict = reaches(engine, {}, to="127.0.0.1", port="80")
    assert found(verdict) == "127.0.0.1 is alpine01 itself, not centos01"


def test_loopback_leads_to_whom_the_network_is_shared_with(engine: str) -> None:
    assert reaches(engine, {}, from_="joined", to="127.0.0.1", is_="centos01").passed


def test_no_route(engine: str) -> None:
    verdict = reaches(engine, {("route", "alpine01"): {"error": "unreachable"}})
    assert "alpine01 has no route to 172.17.0" in found(verdict)


def test_no_network_at_all(engine: str) -> None:
    address = RecordedLab(engine).address("centos01")
    net = {("route", "alone"): {"error": "unreachable"}}
    verdict = reaches(engine, net, from_="alone", to=address)
    assert found(verdict).endswith("alone has no network: its mode is none")


def test_a_ping_lost_without_a_word(engine: str) -> None:
    verdict = reaches(engine, {("ping", "alpine01"): SILENT})
    assert found(verdict).endswith("is lost without a word: something on the way drops it")


def test_a_ping_lost_to_icc(engine: str) -> None:
    net = {("ping", "q1"): SILENT}
    address = RecordedLab(engine).address("q2", "quiet-net")
    verdict = reaches(engine, net, from_="q1", to=address, is_="q2")
    assert "quiet-net keeps its containers apart (icc is false)" in found(verdict)


def test_a_ping_lost_between_networks(engine: str) -> None:
    address = RecordedLab(engine).address("test1", "test-net")
    verdict = reaches(engine, {("ping", "alpine01"): SILENT}, to=address, is_="test1")
    assert "Docker lets nothing through between networks" in found(verdict)


def test_nobody_answers_arp(engine: str) -> None:
    own = RecordedLab(engine).address("alpine01")
    told = SILENT | {"errors": [f"Destination Host Unreachable from {own}"]}
    verdict = reaches(engine, {("ping", "alpine01"): told})
    assert "finds nobody at 172.17.0" in found(verdict)


def test_nobody_answers_arp_at_the_router(engine: str) -> None:
    own = RecordedLab(engine).address("alpine01")
    net = {
        ("ping", "alpine01"): SILENT | {"errors": [f"Destination Host Unreachable from {own}"]},
        ("route", "alpine01"): {"via": "192.168.1.254", "device": "eth0", "source": own},
    }
    assert "finds nobody at its router 192.168.1.254" in found(reaches(engine, net))


def test_an_address_that_both_ends_have(engine: str) -> None:
    own = RecordedLab(engine).address("centos01")
    net = {("route", "alpine01"): {"via": None, "device": "lo", "source": own}}
    assert found(reaches(engine, net)).startswith(f"alpine01 has the address {own} itself")


def test_a_router_says_no(engine: str) -> None:
    told = SILENT | {"errors": ["Packet filtered from 172.17.0.1"]}
    assert found(reaches(engine, {("ping", "alpine01"): told})).startswith("172.17.0.1 says of")


def test_a_ping_that_cannot_leave(engine: str) -> None:
    told = SILENT | {"errors": ["Network is unreachable"]}
    assert "does not even leave" in found(reaches(engine, {("ping", "alpine01"): told}))


def connects(engine: str, result: str, *listeners: tuple[str, int]) -> Verdict:
    heard = [{"address": address, "port": port} for address, port in listeners]
    net = {
        ("connect", "alpine01"): {"result": result, "seconds": 0.1},
        ("listeners", "centos01"): {"tcp": heard, "udp": []},
    }
    return reaches(engine, net, port="80")


def test_an_open_port(engine: str) -> None:
    verdict = connects(engine, "open")
    assert verdict.passed
    assert str(verdict.expected).endswith("by the name centos01-alias on TCP port 80")


def test_a_port_on_which_nothing_listens(engine: str) -> None:
    assert "nothing in centos01 listens on a TCP port" in found(connects(engine, "refused"))
    verdict = connects(engine, "refused", ("0.0.0.0", 22), ("127.0.0.1", 81))
    assert found(verdict).endswith("nothing listens on TCP port 80 in centos01, only on 22")


@pytest.mark.parametrize("result", ["refused", "reset", "timeout"])
def test_a_port_on_loopback_only(engine: str, result: str) -> None:
    verdict = connects(engine, result, ("127.0.0.1", 80))
    assert found(verdict).endswith("centos01 listens on 127.0.0.1:80 only")


def refused_at(engine: str, address: str, *listeners: tuple[str, int]) -> str:
    heard = [{"address": where, "port": port} for where, port in listeners]
    device = "lo" if address.startswith("127.") else "eth0"
    net: Spoken = {
        ("route", "alpine01"): {"via": None, "device": device, "source": address},
        ("connect", "alpine01"): {"result": "refused", "seconds": 0.1},
        ("listeners", "alpine01"): {"tcp": heard, "udp": []},
    }
    return found(reaches(engine, net, to=address, is_=None, port="80"))


def test_an_own_address_at_which_nothing_listens(engine: str) -> None:
    told = refused_at(engine, "127.0.0.1", ("172.17.0.3", 80))
    assert told.endswith("alpine01 listens on 172.17.0.3:80 only")
    told = refused_at(engine, "127.0.0.1", ("127.0.0.1", 80))
    assert "a rule answers in its place" in told


def test_nobody_knows_who_listens_at_a_strangers_address(engine: str) -> None:
    told = refused_at(engine, "172.17.0.1", ("0.0.0.0", 80))
    assert told == "172.17.0.1:80 refuses the connection from alpine01"


def test_a_port_that_a_rule_refuses(engine: str) -> None:
    assert "a rule answers in its place" in found(connects(engine, "refused", ("::", 80)))


def test_a_connection_that_is_taken_and_closed(engine: str) -> None:
    told = found(connects(engine, "reset", ("0.0.0.0", 80)))
    assert told.endswith("who listens there closes it at once")


def test_a_port_that_a_rule_drops(engine: str) -> None:
    verdict = connects(engine, "timeout", ("0.0.0.0", 80))
    assert found(verdict).endswith("does not answer alpine01 at all: something on the way drops it")


def test_a_port_where_nobody_answers_arp(engine: str) -> None:
    assert "finds nobody" in found(connects(engine, "unreachable", ("0.0.0.0", 80)))


def published(engine: str, port: str, net: Spoken) -> Verdict:
    return reaches(engine, net, from_="test1", to="10.66.0.2", is_="web", port=port)


def test_a_published_port(engine: str) -> None:
    assert published(engine, "8080", {}).passed


def test_a_proxy_without_anybody_behind_it_is_no_pass(engine: str) -> None:
    nobody: Spoken = {("listeners", "web"): {"tcp": [], "udp": []}}
    assert "nothing in web listens" in found(published(engine, "8080", nobody))


def test_a_port_published_elsewhere(engine: str) -> None:
    verdict = published(engine, "8443", {})
    assert "10.66.0.2 is the lab host, where web publishes only" in found(verdict)
    assert "127.0.0.1:8443->443/tcp" in found(verdict)


def test_the_lab_host_reaches_any_network(engine: str) -> None:
    address = RecordedLab(engine).address("test1", "test-net")
    verdict = reaches(engine, {}, from_=None, to=address, is_="test1")
    assert verdict.passed
    assert str(verdict.expected).startswith("the lab host reaches test1 at")


def test_an_address_outside_needs_no_owner(engine: str) -> None:
    assert reaches(engine, {}, to="172.17.0.1", is_=None).passed


def test_a_container_in_host_mode_has_the_lab_hosts_addresses(engine: str) -> None:
    net = {("interfaces", "onhost"): cards("10.66.0.2")}
    assert reaches(engine, net, to="10.66.0.2", is_="onhost").passed


def test_a_named_network(engine: str) -> None:
    assert reaches(engine, {}, network="bridge").passed
    verdict = reaches(engine, {}, network="test-net")
    assert found(verdict) == "alpine01 is not on test-net, but on bridge"
    assert "no network named nowhere" in found(reaches(engine, {}, network="nowhere"))


def test_the_other_network_is_not_the_named_one(engine: str) -> None:
    net = {("resolve", "test1"): leads(RecordedLab(engine).address("both"))}
    verdict = reaches(engine, net, from_="test1", to="both", network="test-net", is_="both")
    assert "which is both on another network" in found(verdict)


def test_container_mode_after_a_restart_of_the_other(engine: str) -> None:
    lab = RecordedLab(engine)
    lab.container("centos01")["State"]["StartedAt"] = "2199-01-01T00:00:00Z"
    verdict = judged(lab, "reaches", from_="joined", to="127.0.0.1", is_="centos01")
    assert found(verdict).startswith("joined has only lo left")


def test_container_mode_without_the_other(engine: str) -> None:
    lab = RecordedLab(engine)
    lab.stop("centos01")
    verdict = judged(lab, "reaches", from_="alpine01", to="172.17.0.2", is_="joined")
    assert found(verdict) == "joined uses the network of centos01, which does not run"
