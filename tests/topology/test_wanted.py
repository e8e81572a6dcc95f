"""What a step aims at, and how it shows until it is there."""

from __future__ import annotations

from typing import Any

import pytest

from checks.kinds import Name, Text
from checks.probes import PROBES
from checks.shell import ShellAssertion
from checks.spec import Check
from runner.course.course import open_course
from runner.course.lesson import HostSpec, Lesson, Step
from runner.course.variables import draw as values
from runner.course.variables import fill
from runner.topology.arrange import arrange
from runner.topology.faint import with_wanted
from runner.topology.layout import draw
from runner.topology.scene import Item, Kind, Mark, Place, Scene
from runner.topology.sentences import sentences
from runner.topology.wanted import Wanted, wanted
from tests.topology.towns import Town, lesson_07, topology, two_hosts


def aims(
    *probes: tuple[str, dict[str, Any]], host: str | None = None, hosts: str = "docker"
) -> Wanted:
    """Read a step with these probes."""
    checks = tuple(
        Check(id=Name(f"c{n}"), say=Text("…"), assertion=PROBES[word](**fields), host=host)  # type: ignore[arg-type]
        for n, (word, fields) in enumerate(probes)
    )
    step = Step(id=Name("s"), title=Text("…"), text=Text("…"), checks=checks)
    return wanted(_lesson(step, hosts), step)


def _lesson(step: Step, hosts: str) -> Lesson:
    return Lesson(
        format=1,
        id=Name("lesson-01"),
        title=Text("…"),
        goal=Text("…"),
        minutes=1,
        hosts={name: HostSpec() for name in hosts.split()},
        steps=(step,),
        recap=Text("…"),
    )


def shown(town: Town, found: Wanted) -> Scene:
    return with_wanted(arrange(topology(town)), found)


def ghosts(scene: Scene) -> dict[str, tuple[str, Item]]:
    """Give what is wanted, by name, with the network on which it is shown."""
    return {
        item.name: (section.name, item)
        for host in scene.hosts
        for section in host.sections
        for item in section.items
        if item.mark is Mark.WANTED
    }


def faint(scene: Scene) -> set[tuple[str, Kind, str]]:
    """Give the facts that are wanted of what is there."""
    return {
        (item.name, fact.kind, " ".join(filter(None, fact.values.values())))
        for host in scene.hosts
        for item in host.items
        for fact in item.facts
        if fact.mark is Mark.WANTED and item.mark is not Mark.WANTED
    }


def test_a_container_is_faint_on_its_network_until_it_is_there() -> None:
    found = aims(("on_network", {"container": "web", "network": "bridge"}))
    network, _ = ghosts(shown(Town(), found))["web"]
    assert network == "bridge"
    town = Town()
    town.container("web")
    assert shown(town, found) == arrange(topology(town))


def test_a_network_is_faint_with_all_that_it_is_to_have() -> None:
    found = aims(
        ("network", {"name": "app-net", "subnet": "172.25.0.0/16", "gateway": "172.25.0.1"}),
        ("on_network", {"container": "web", "network": "app-net", "alias": "www"}),
    )
    text = draw(topology(Town()), 100, 40, wanted=found).plain()
    assert "app-net …wanted" in text
    assert "172.25.0.0/16, gateway 172.25.0.1" in text
    assert "◌ web …wanted" in text and "alias www …wanted" in text and "┊" in text


def test_a_link_is_faint_on_a_container_without_it() -> None:
    found = aims(("linked", {"from_": "app", "to": "db", "alias": "store"}))
    town = Town()
    town.container("db")
    town.container("app")
    assert faint(shown(town, found)) == {("app", Kind.LINK, "db store")}
    town.containers[1]["HostConfig"]["Links"] = ["/db:/app/other"]
    assert faint(shown(town, found))
    town.containers[1]["HostConfig"]["Links"].append("/db:/app/store")
    assert not faint(shown(town, found))


def test_whom_a_container_must_reach_tells_where_it_will_be() -> None:
    found = aims(("linked", {"from_": "app", "to": "db"}))
    town = Town()
    town.network("app-net", "172.18.0.0/16", "172.18.0.1")
    town.container("db", {"app-net": "172.18.0.2"})
    network, item = ghosts(shown(town, found))["app"]
    assert network == "app-net"
    assert [fact.kind for fact in item.facts] == [Kind.LINK]
    assert _places(shown(Town(), found)) == {"app": Place.UNPLACED, "db": Place.UNPLACED}


def _places(scene: Scene) -> dict[str, Place]:
    return {
        item.name: section.place
        for host in scene.hosts
        for section in host.sections
        for item in section.items
    }


def test_a_port_is_faint_until_it_is_published_there() -> None:
    found = aims(("published", {"container": "web", "port": "80", "host_port": "8080"}))
    town = Town()
    town.container("web", ports={"80/tcp": ":9090"})
    assert faint(shown(town, found)) == {("web", Kind.PORT, ":8080 80/tcp")}
    town = Town()
    town.container("web", ports={"80/tcp": "127.0.0.1:8080"})
    assert not faint(shown(town, found))


def test_a_second_network_of_a_container_is_faint_there() -> None:
    found = aims(("on_network", {"container": "web", "network": "app-net"}))
    town = Town()
    town.network("app-net", "172.18.0.0/16", "172.18.0.1")
    town.container("web")
    assert ghosts(shown(town, found))["web"][0] == "app-net"


def test_an_address_that_is_to_be_asked_for_is_faint() -> None:
    fields = {"container": "web", "network": "app-net", "address": "172.18.0.9"}
    found = aims(("on_network", fields))
    town = Town()
    town.network("app-net", "172.18.0.0/16", "172.18.0.1")
    assert ghosts(shown(town, found))["web"][1].addresses == ("172.18.0.9",)
    town.container("web", {"app-net": "172.18.0.2"})
    assert faint(shown(town, found)) == {("web", Kind.ASKED, "172.18.0.9")}


def test_an_address_that_the_engine_gives_is_not_given_away() -> None:
    found = aims(("address", {"container": "web", "network": "bridge", "is_": "172.17.0.2"}))
    assert ghosts(shown(Town(), found))["web"][1].addresses == ()


def test_to_be_started_and_to_be_stopped() -> None:
    town = Town()
    town.container("on")
    town.container("off", status="exited")
    both = aims(("running", {"container": "off"}), ("stopped", {"container": "on"}))
    assert faint(shown(town, both)) == {("off", Kind.START, ""), ("on", Kind.STOP, "")}
    done = aims(("running", {"container": "on"}), ("stopped", {"container": "off"}))
    assert not faint(shown(town, done))


@pytest.mark.parametrize(
    ("mode", "place"), [("host", Place.HOST), ("none", Place.NONE), ("container:a", Place.UNPLACED)]
)
def test_modes(mode: str, place: Place) -> None:
    found = aims(("mode", {"container": "web", "is_": mode}))
    assert _places(shown(Town(), found))["web"] is place


def test_a_container_in_anothers_namespace_is_there() -> None:
    town = Town()
    town.shares("side", town.container("base"))
    found = aims(("mode", {"container": "side", "is_": "container:base"}))
    assert not ghosts(shown(town, found))


@pytest.mark.parametrize(
    ("word", "fields", "names"),
    [
        ("reaches", {"from_": "a", "to": "b"}, {"a", "b"}),
        ("reaches", {"from_": "a", "to": "name", "is_": "b", "network": "bridge"}, {"a", "b"}),
        ("reaches", {"to": "172.17.0.2"}, set()),
        ("http", {"from_": "a", "url": "http://x/", "is_": "b"}, {"a", "b"}),
        ("resolves", {"from_": "a", "name": "x", "to": ("b", "172.17.0.9")}, {"a", "b"}),
        ("resolves", {"from_": "a", "name": "x", "unknown": True}, set()),
        ("isolated", {"from_": "a", "to": "b"}, {"a", "b"}),
        ("interface", {"in_": "a", "network": "bridge"}, {"a"}),
        ("interface", {"peer": "a", "on": "docker0"}, {"a"}),
        ("interface", {"in_": "a", "network": "bridge", "absent": True}, set()),
        ("published", {"container": "a", "port": "80", "absent": True}, set()),
        ("address", {"container": "a", "network": "bridge", "is_": "172.17.0.2"}, {"a"}),
    ],
)
def test_who_is_wanted(word: str, fields: dict[str, Any], names: set[str]) -> None:
    assert set(ghosts(shown(Town(), aims((word, fields))))) == names


def test_a_command_says_nothing_that_could_be_drawn() -> None:
    check = Check(id=Name("c"), say=Text("…"), assertion=ShellAssertion(run="docker ps"))  # type: ignore[arg-type]
    step = Step(id=Name("s"), title=Text("…"), text=Text("…"), checks=(check,))
    assert wanted(_lesson(step, "docker"), step) == Wanted()


def test_on_the_host_that_the_check_names() -> None:
    probe = ("on_network", {"container": "web", "network": "bridge"})
    found = aims(probe, host="docker2", hosts="docker1 docker2")
    scene = with_wanted(arrange(topology(*two_hosts())), found)
    assert [len(ghosts(Scene((host,)))) for host in scene.hosts] == [0, 1]


def test_on_a_host_whose_engine_is_silent_nothing_is_wanted() -> None:
    town = Town()
    town.silent()
    assert not ghosts(shown(town, aims(("running", {"container": "web"}))))


def test_what_has_just_gone_is_wanted_again() -> None:
    from runner.topology.diff import compare

    found = aims(("on_network", {"container": "web", "network": "bridge"}))
    before, after = Town(), Town()
    before.container("web")
    changes = compare(arrange(topology(before)), arrange(topology(after)))
    text = draw(topology(after), 100, 40, changes, found).plain()
    assert "web gone" in text and "web …wanted" in text


def test_of_lesson_07_done_nothing_is_wanted_at_its_last_step() -> None:
    raw = open_course().lesson("lesson-07")
    lesson = fill(raw, values(raw, None))
    found = wanted(lesson, lesson.steps[-1])
    assert found.containers
    scene = shown(lesson_07(), found)
    assert not ghosts(scene) and not faint(scene)
    at_first = shown(Town(), wanted(lesson, lesson.steps[0]))
    assert ghosts(at_first)["centos01"][0] == "bridge"
    assert any("centos01: the lesson aims at it" in line for line in sentences(at_first))


def test_every_step_of_the_course_can_be_shown() -> None:
    course = open_course()
    for name in course.lessons:
        raw = course.lesson(name)
        lesson = fill(raw, values(raw, None))
        towns = [Town(host) for host in lesson.hosts]
        for step in lesson.steps:
            found = wanted(lesson, step)
            text = draw(topology(*towns), 120, 40, wanted=found).plain()
            for _, container in found.containers:
                assert f"{container} …wanted" in text
