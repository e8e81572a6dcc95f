"""From an agent's answer to a snapshot, and what is at the other end of a cable."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from checks.asking import Answer, Net, Outcome, Request
from checks.message import msg
from runner.topology.arrange import arrange
from runner.topology.scene import Item, Kind
from runner.topology.snapshot import host_of, take
from tests.topology.towns import Town, lesson_02, nic, topology, two_hosts


class Told:
    """A lab that answers what it was given."""

    engine = ""
    kernel: frozenset[str] = frozenset()

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[Request] = []

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self._answers)

    def ask(self, host: str, request: Request) -> Answer:
        self.asked.append(request)
        return self._answers[host]


def first(town: Town) -> Item:
    (host,) = arrange(topology(town)).hosts
    return host.items[0]


def test_one_question_a_host() -> None:
    lab = Told({town.name: town.answer() for town in two_hosts()})
    found = take(lab)
    assert [host.name for host in found.hosts] == ["docker1", "docker2"]
    assert [host.address for host in found.hosts] == ["10.66.0.11", "10.66.0.12"]
    assert [request.what for request in lab.asked if isinstance(request, Net)] == ["topology"] * 2


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.BROKEN, Outcome.TIMED_OUT])
def test_a_host_that_does_not_answer_is_part_of_the_snapshot(outcome: Outcome) -> None:
    why = msg("The lab host docker is gone.")
    (host,) = take(Told({"docker": Answer("docker", Net("topology"), outcome, why=why)})).hosts
    assert str(host.lost) == "The lab host docker is gone."


@pytest.mark.parametrize(
    "value", [None, [], {}, {"inside": {}}, {**lesson_02().answer().value, "containers": [{}]}]
)
def test_an_answer_that_makes_no_sense_is_told_and_raises_nothing(value: object) -> None:
    host = host_of(Answer("docker", Net("topology"), Outcome.ENDED, value=value))
    assert host.lost is not None and "cannot be read" in str(host.lost)


def test_a_silent_engine_leaves_what_the_kernel_knows() -> None:
    town = lesson_02()
    town.silent()
    (host,) = topology(town).hosts
    assert host.engine == "" and host.why is not None
    assert "docker0" in [nic.name for nic in host.nics]


def test_json_holds_everything_and_no_more_than_json_can() -> None:
    data = json.loads(json.dumps(topology(lesson_02()).to_json()))
    assert data["version"] == 1
    box = data["hosts"][0]["boxes"][0]
    assert box["facts"]["name"] == "centos01" and box["nics"][1]["addresses"] == ["172.17.0.2/16"]


def test_both_ends_of_a_cable() -> None:
    item = first(lesson_02())
    assert item.inside is not None and item.outside is not None
    assert (item.inside.name, item.inside.index) == ("eth0", 4)
    assert (item.outside.name, item.outside.index, item.outside.label) == (
        "veth0000005",
        5,
        "centos01",
    )


def test_where_every_container_has_the_same_index() -> None:
    """As from Docker 28.0 on: each end inside is number 2."""
    town = Town()
    for name in ("one", "two", "three"):
        identity = town.container(name)
        inner = town.inside[identity]["interfaces"][-1]
        inner["index"] = 2
        town.interfaces[-1]["peer"] = 2
    (host,) = arrange(topology(town)).hosts
    assert [item.outside and item.outside.index for item in host.items] == [5, 7, 9]


def test_a_pair_that_cannot_be_told_from_another_is_not_guessed() -> None:
    town = Town()
    town.container("one")
    town.interfaces.append(dict(town.interfaces[-1]))
    assert first(town).outside is None


def test_a_namespace_that_two_containers_share_counts_once() -> None:
    town = Town()
    town.shares("side", town.container("base"))
    item = first(town)
    assert item.outside is not None
    assert [fact.values["name"] for fact in item.facts if fact.kind is Kind.SHARER] == ["side"]
    assert [item.name for host in arrange(topology(town)).hosts for item in host.items] == ["base"]


def test_an_address_that_only_the_record_has_is_told() -> None:
    town = lesson_02()
    town.inside[town.containers[0]["Id"]]["interfaces"][-1]["addresses"] = ["10.1.1.1/24"]
    item = first(town)
    assert item.addresses == ("10.1.1.1",)
    assert [fact.values["address"] for fact in item.facts] == ["172.17.0.2"]


def test_the_gateway_that_an_old_engine_does_not_write_down() -> None:
    town = Town()
    town.network("app-net", "172.30.0.0/24", None, chosen="172.30.0.1")
    (host,) = arrange(topology(town)).hosts
    assert host.sections[1].facts[0].values["gateway"] == "172.30.0.1"


def test_an_overlay_network_has_its_own_space() -> None:
    town = Town()
    town.network("far", "10.0.1.0/24", "10.0.1.1", driver="overlay")
    identity = town.networks[-1]["Id"]
    box = town.container(
        "web", {}, nics=[nic("eth0", 20, "veth", peer=21, abroad=True, addresses=["10.0.1.2/24"])]
    )
    town.containers[-1]["NetworkSettings"]["Networks"] = {
        "far": {"NetworkID": identity, "IPAddress": "10.0.1.2"}
    }
    tunnel = {"id": 4097, "local": None, "remotes": ["10.66.0.12"]}
    town.hidden[identity[:10]] = [
        nic("br0", 2, "bridge"),
        nic("vxlan0", 3, "vxlan", master="br0", tunnel=tunnel),
        nic("veth0", 21, "veth", peer=20, abroad=True, master="br0"),
    ]
    (host,) = arrange(topology(town)).hosts
    section = host.sections[1]
    assert box and [item.name for item in section.items] == ["web", "vxlan0"]
    web, far = section.items
    assert web.outside is not None and web.outside.name == "veth0"
    assert far.facts[0].values["remote"] == "10.66.0.12" and far.facts[0].values["id"] == "4097"


def test_what_changed_while_it_was_read_is_no_whole() -> None:
    town = lesson_02()
    assert topology(town).hosts[0].settled
    town.inside.popitem()  # ended, and the engine does not know yet
    assert not topology(town).hosts[0].settled
    town = lesson_02()
    town.settled = False
    assert not topology(town).hosts[0].settled
