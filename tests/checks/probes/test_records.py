"""The probes that read the engine's record: what they say when it is another one."""

from __future__ import annotations

from typing import Any

import pytest

from checks.probes import Nonsense
from checks.probes.engine import FILE, FLAGS
from checks.probes.engine_runs import STATE
from checks.verdict import State
from tests.checks.probes.recorded_lab import RecordedLab, card, judged, leads


def says(lab: RecordedLab, word: str, **given: Any) -> str:
    verdict = judged(lab, word, **given)
    assert verdict.state is State.FAILED
    assert verdict.look is not None
    return str(verdict.found)


def test_linked_names_the_alias_that_is_kept(lab: RecordedLab) -> None:
    found = says(lab, "linked", from_="alpine01", to="centos01", alias="db")
    assert found == "the link to centos01 is called centos01-alias"


def test_linked_takes_both_aliases_of_one_string(lab: RecordedLab) -> None:
    for alias in ("a1", "a2"):
        assert judged(lab, "linked", from_="twin", to="centos01", alias=alias).passed


def test_linked_knows_links_on_other_networks(lab: RecordedLab) -> None:
    assert judged(lab, "linked", from_="test3", to="test1", alias="one").passed


def test_linked_is_one_way_and_no_hosts_line(lab: RecordedLab) -> None:
    assert says(lab, "linked", from_="centos01", to="alpine01") == "centos01 has no links"
    assert says(lab, "linked", from_="added", to="centos01") == "added has no links"
    assert "linked to centos01 only" in says(lab, "linked", from_="alpine01", to="web")


def test_on_network_tells_where_it_is_instead(lab: RecordedLab) -> None:
    given = {"network": "test-net"}
    assert says(lab, "on_network", container="web", **given) == "web is on bridge"
    assert "another container" in says(lab, "on_network", container="joined", **given)
    assert "lab host's own network" in says(lab, "on_network", container="onhost", **given)


def test_on_network_looks_at_alias_address_and_others(lab: RecordedLab) -> None:
    given = {"container": "both", "network": "test-net"}
    assert says(lab, "on_network", **given, only=True) == "both is on bridge, test-net"
    assert "its address there is" in says(lab, "on_network", **given, address="172.30.0.99")
    assert "second" in says(lab, "on_network", **given, alias="first")


def test_a_name_is_no_alias(lab: RecordedLab) -> None:
    given = {"container": "test1", "network": "test-net"}
    assert "app" in says(lab, "on_network", **given, alias="test1")


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("web", "bridge"),
        ("onhost", "host"),
        ("alone", "none"),
        ("test1", "test-net"),
        ("byid", "test-net"),
        ("joined", "container:centos01"),
    ],
)
def test_modes(lab: RecordedLab, name: str, mode: str) -> None:
    assert judged(lab, "mode", container=name, is_=mode).passed
    assert says(lab, "mode", container=name, is_="other") == f"its mode is {mode}"


def test_mode_of_a_container_that_is_gone(lab: RecordedLab) -> None:
    identity = lab.container("centos01")["Id"]
    del lab.documents[f"/containers/{identity}/json"]
    assert identity[:12] in says(lab, "mode", container="joined", is_="container:centos01")


def test_address(lab: RecordedLab) -> None:
    own = lab.address("web")
    assert judged(lab, "address", container="web", is_=own).passed
    assert own in says(lab, "address", container="web", not_=own)
    assert own in says(lab, "address", container="web", within="10.0.0.0/8")
    assert says(lab, "address", container="alone") == "alone is on none"
    assert "no network named x" in says(lab, "address", container="web", network="x")
    with pytest.raises(Nonsense):
        judged(lab, "address", container="web", within="somewhere")


def test_published_tells_what_is(lab: RecordedLab) -> None:
    web = {"container": "web"}
    assert "127.0.0.1:8443" in says(lab, "published", **web, port="443", on="0.0.0.0")
    assert "0.0.0.0:8080" in says(lab, "published", **web, port="80", absent=True)
    assert "publishes only 443/tcp, 80/tcp" in says(lab, "published", **web, port="22")
    assert "publishes no port" in says(lab, "published", container="alone", port="80")
    assert "nothing is published" in says(lab, "published", container="onhost", port="80")


def test_resolves_tells_where_a_name_leads(lab: RecordedLab) -> None:
    first, second = lab.address("test1", "test-net"), lab.address("test2", "test-net")
    lab.net[("resolve", "test3")] = leads(first, second, by="dns")
    given = {"from_": "test3", "name": "app"}
    assert judged(lab, "resolves", **given, to=("test1", "test2"), by="dns").passed
    assert judged(lab, "resolves", **given, to=(first, second)).passed
    assert judged(lab, "resolves", **given).passed
    assert first in says(lab, "resolves", **given, to=("test2",))
    assert "DNS server 127.0.0.11" in says(lab, "resolves", **given, to=(first, second), by="hosts")
    assert "leads to" in says(lab, "resolves", **given, unknown=True)
    assert "no container named nobody" in says(lab, "resolves", **given, to=("nobody",))


def test_a_silent_dns_server_is_no_proof_that_a_name_is_unknown(lab: RecordedLab) -> None:
    lab.net[("resolve", "web")] = {
        "addresses": [],
        "from": None,
        "server": None,
        "error": "timeout",
    }
    assert "no DNS server answers" in says(lab, "resolves", from_="web", name="x", unknown=True)


def test_interfaces_are_paired_both_ways(lab: RecordedLab) -> None:
    inner = card("eth0", 2, peer=9)
    near = card("vethaaaaaaa", 9, peer=2, master="docker0")
    far = card("vethbbbbbbb", 11, peer=2, master="br0")
    lab.net[("interfaces", "web")] = {"interfaces": [inner], "netns": 1}
    lab.net[("interfaces", None)] = {"interfaces": [near, far], "netns": 2}
    assert judged(lab, "interface", peer="web", on="docker0").passed
    found = says(lab, "interface", peer="web", on="br0")
    assert found == "vethaaaaaaa is a port of docker0"
    assert judged(lab, "interface", on="br0").passed
    assert "there is vethbbbbbbb" in says(lab, "interface", on="br0", absent=True)


def test_interface_tells_how_it_is(lab: RecordedLab) -> None:
    docker0 = card("docker0", 3, mtu=1450, up=False, kind="bridge", addresses=["172.17.0.1/16"])
    lab.net[("interfaces", None)] = {"interfaces": [docker0], "netns": 2}
    given = {"network": "bridge"}
    assert judged(lab, "interface", **given, address="172.17.0.1/16", mtu="1450").passed
    assert judged(lab, "interface", within="172.17.0.0/16", address="172.17.0.1").passed
    outside = says(lab, "interface", name="docker0", within="10.0.0.0/8")
    assert outside.startswith("docker0 has 172.17.0.1/16")
    assert says(lab, "interface", **given, mtu="1500") == "the MTU of docker0 is 1450"
    assert says(lab, "interface", **given, up=True) == "docker0 is down"
    assert "kind bridge" in says(lab, "interface", **given, kind="veth")
    assert "a port of no bridge" in says(lab, "interface", **given, on="br0")
    assert "has none such" in says(lab, "interface", name="br0")
    assert "has none such" in says(lab, "interface", kind="macvlan")
    assert "172.17.0.1/16" in says(lab, "interface", **given, address="172.17.0.1/24")


def test_a_port_of_a_networks_bridge(lab: RecordedLab) -> None:
    bridge = "br-" + lab.network("test-net")["Id"][:12]
    port = card("vethaaaaaaa", 9, peer=2, master=bridge)
    lab.net[("interfaces", None)] = {"interfaces": [port], "netns": 2}
    assert judged(lab, "interface", on_network="test-net", kind="veth").passed
    assert "has none such" in says(lab, "interface", on_network="bridge")


def test_engine_option_in_force_and_where(lab: RecordedLab) -> None:
    assert says(lab, "engine_option", name="icc", is_="false") == "in force is: icc true"
    assert says(lab, "engine_option", name="fixed-cidr", is_="x") == "in force is: fixed-cidr –"
    given = {"name": "icc", "is_": "true"}
    assert "no /etc/docker/daemon.json" in says(lab, "engine_option", **given, set_in="file")
    lab.runs[FILE] = (0, "{icc: # no")
    assert "is not JSON" in says(lab, "engine_option", **given, set_in="file")
    lab.runs[FILE] = (0, '{"icc": false}')
    assert "there it is false" in says(lab, "engine_option", **given, set_in="file")
    lab.runs[FILE] = (0, '{"bip": "x"}')
    assert "does not set icc" in says(lab, "engine_option", **given, set_in="file")


@pytest.mark.parametrize("flags", ["--icc=true", "--icc", "--bip=x\n--icc"])
def test_engine_flags(lab: RecordedLab, flags: str) -> None:
    lab.runs[FLAGS] = (0, f"/usr/sbin/dockerd\n{flags}\n")
    assert judged(lab, "engine_option", name="icc", is_="true", set_in="flags").passed


def test_engine_flags_that_do_not_set_it(lab: RecordedLab) -> None:
    given = {"name": "icc", "is_": "true", "set_in": "flags"}
    assert "no running engine" in says(lab, "engine_option", **given)
    lab.runs[FLAGS] = (0, "/usr/sbin/dockerd\n-H\nfd://\n")
    assert "do not set icc" in says(lab, "engine_option", **given)


def test_engine_that_does_not_run_says_why(lab: RecordedLab) -> None:
    lab.runs[STATE] = (0, "inactive\n\n")
    assert says(lab, "engine_runs") == "it does not run; systemd calls it inactive"
    lab.runs[STATE] = (0, "activating\nfailed to start daemon: no such bridge\n")
    found = says(lab, "engine_runs")
    assert found == "it did not start, and said: “failed to start daemon: no such bridge”"
    lab.runs[STATE] = (0, "failed\nfailed to start daemon: no such bridge\noften\n")
    assert "reset-failed" in str(judged(lab, "engine_runs").look)
    lab.runs[STATE] = (0, "\n")
    with pytest.raises(Nonsense):
        judged(lab, "engine_runs")


def test_systemds_word_alone_is_not_believed(lab: RecordedLab) -> None:
    lab.runs[STATE] = (0, "active\n\n")
    assert judged(lab, "engine_runs").passed
    for answer in ({"status": 500, "value": {"message": "no"}}, {"status": 200, "value": {}}):
        lab.documents["/info"] = answer
        with pytest.raises(Nonsense):
            judged(lab, "engine_runs")


def test_engine_options_of_the_default_bridge(lab: RecordedLab) -> None:
    bridge = lab.network("bridge")
    bridge["IPAM"]["Config"] = [
        {
            "Subnet": "10.200.5.0/24",
            "IPRange": "10.200.5.128/25",
            "Gateway": "10.200.5.1",
            "AuxiliaryAddresses": {"DefaultGatewayIPv4": "10.200.5.254"},
        }
    ]
    for name, value in {
        "fixed-cidr": "10.200.5.128/25",
        "default-gateway": "10.200.5.254",
        "bridge": "docker0",
        "mtu": "1500",
        "ip-masq": "true",
        "ip": "0.0.0.0",
    }.items():
        assert judged(lab, "engine_option", name=name, is_=value).passed


def test_the_bridges_own_address_is_the_kernels(lab: RecordedLab) -> None:
    docker0 = card("docker0", 4, addresses=["fe80::1/64", "10.200.5.1/24"], kind="bridge")
    lab.net[("interfaces", None)] = {"interfaces": [docker0], "netns": 2}
    assert judged(lab, "engine_option", name="bip", is_="10.200.5.1/24").passed
    assert "10.200.5.1/24" in says(lab, "engine_option", name="bip", is_="10.200.5.1/16")


def test_namespace_goes_by_the_kernels_number(lab: RecordedLab) -> None:
    for name, number in (("web", 7), ("joined", 7), ("centos01", 8), (None, 9)):
        lab.net[("interfaces", name)] = {"interfaces": [], "netns": number}
    assert judged(lab, "namespace", of="joined", as_="web").passed
    assert judged(lab, "namespace", of="web", apart=True).passed
    found = says(lab, "namespace", of="joined", as_="centos01")
    assert found == "joined is in the network namespace 7, centos01 in 8"
    assert "the lab host in 9" in says(lab, "namespace", of="web")
    assert "both are in one" in says(lab, "namespace", of="joined", as_="web", apart=True)


def test_running_by_another_name_of_the_image(lab: RecordedLab) -> None:
    found = says(lab, "running", container="web", image="busybox")
    assert found == "there is no image busybox"
    lab.documents["/images/busybox/json"] = {"status": 200, "value": {"Id": "sha256:0"}}
    assert says(lab, "running", container="web", image="busybox") == "it is made of localhost/box"


def test_stopped(lab: RecordedLab) -> None:
    assert says(lab, "stopped", container="web") == "web is running"
    assert says(lab, "stopped", container="never") == "never is created"
    assert "no container" in says(lab, "stopped", container="nobody")


def test_network_tells_how_it_is_made(lab: RecordedLab) -> None:
    given = {"name": "test-net"}
    assert judged(lab, "network", **given, subnet="172.30.0.0/16", gateway="172.30.0.1").passed
    assert "172.30.0.0/16" in says(lab, "network", **given, subnet="172.31.0.0/16")
    assert "172.30.0.1" in says(lab, "network", **given, gateway="172.30.0.254")
    assert "its driver is bridge" in says(lab, "network", **given, driver="macvlan")
    assert says(lab, "network", **given, internal=True) == "it is not internal"
    assert judged(lab, "network", name="in-net", internal=True).passed
    assert "icc is –" in says(lab, "network", **given, options={"icc": "false"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"status": 404}, "the status is 404"),
        ({"body": "nothing"}, "the page does not have: welcome; it has “nothing”"),
        ({"headers": {}}, "the header server is: –"),
        ({"error": "refused"}, "the connection is refused: http://10.66.0.2:8080/"),
        ({"error": "name: not found"}, "is not known: not found"),
        ({"error": "no http"}, "does not speak HTTP"),
    ],
)
def test_http_tells_what_came(lab: RecordedLab, value: dict[str, Any], text: str) -> None:
    page = {"status": 200, "headers": {"Server": "box"}, "body": "welcome", "error": None}
    lab.net[("http", "test1")] = page | value
    given = {"from_": "test1", "url": "http://10.66.0.2:8080/", "contains": ("welcome",)}
    assert text in says(lab, "http", **given, headers={"server": "box"})


def test_http_is_explained_by_the_broken_rung(lab: RecordedLab) -> None:
    lab.net[("connect", "test1")] = {"result": "refused", "seconds": 0.001}
    lab.net[("listeners", "web")] = {"tcp": [], "udp": []}
    given = {"from_": "test1", "url": "http://10.66.0.2:8080/", "is_": "web"}
    assert "nothing in web listens" in says(lab, "http", **given)


def test_http_from_the_wrong_container(lab: RecordedLab) -> None:
    url = f"http://{lab.address('centos01')}/"
    assert "centos01, not web" in says(lab, "http", from_="alpine01", url=url, is_="web")
