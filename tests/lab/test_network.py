"""The choice of the outer network's range."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest

from runner.errors import LearnError
from runner.lab.network import (
    SUBNET_VARIABLE,
    OuterNetwork,
    Taken,
    collisions,
    docker_ranges,
    free_ranges,
    wanted_range,
)


def taken(*ranges: str) -> list[Taken]:
    return [Taken(IPv4Network(text), "test") for text in ranges]


def first(*ranges: str) -> str | None:
    found = next(free_ranges(taken(*ranges)), None)
    return None if found is None else str(found)


def test_first_range_where_nothing_is_in_the_way() -> None:
    assert first() == "10.66.0.0/24"


def test_next_range_where_one_is_used() -> None:
    assert first("10.66.0.0/24", "10.66.1.128/25") == "10.66.2.0/24"


def test_a_single_address_is_in_the_way_too() -> None:
    assert first("10.66.0.53/32") == "10.66.1.0/24"


def test_no_range_under_a_vpn_that_takes_all_of_ten() -> None:
    assert first("10.0.0.0/8") is None


def test_ranges_elsewhere_are_no_matter() -> None:
    assert first("10.65.0.0/16", "172.17.0.0/16", "192.168.0.0/16") == "10.66.0.0/24"


def test_collisions_name_what_is_in_the_way() -> None:
    found = collisions(IPv4Network("10.66.3.0/24"), taken("10.66.0.0/20", "10.67.0.0/16"))
    assert [str(item.range) for item in found] == ["10.66.0.0/20"]


def test_docker_networks_without_range_or_with_ipv6_count_nothing() -> None:
    networks: list[dict[str, Any]] = [
        {"Name": "host", "IPAM": {"Config": None}},
        {"Name": "none"},
        {"Name": "both", "IPAM": {"Config": [{"Subnet": "10.9.0.0/16"}, {"Subnet": "fd00::/64"}]}},
    ]
    [found] = docker_ranges(networks)
    assert found == Taken(IPv4Network("10.9.0.0/16"), "docker network both")


def test_hosts_have_fixed_addresses() -> None:
    network = OuterNetwork("ldn-x-net", "1", IPv4Network("10.66.4.0/24"))
    assert [network.address(index) for index in (0, 1)] == ["10.66.4.11", "10.66.4.12"]


def test_the_range_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SUBNET_VARIABLE, "10.99.0.0/24")
    assert wanted_range() == IPv4Network("10.99.0.0/24")


@pytest.mark.parametrize("text", ["ten", "10.99.0.0/30", "10.99.0.0/240"])
def test_a_named_range_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SUBNET_VARIABLE, text)
    with pytest.raises(LearnError) as caught:
        wanted_range()
    assert text in str(caught.value)
