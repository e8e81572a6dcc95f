"""What counts as a change, and for how long it is marked."""

from __future__ import annotations

from runner.topology.arrange import arrange
from runner.topology.diff import Changes, Recent, compare, marked
from runner.topology.scene import Fact, Item, Mark, Scene, Section
from tests.topology.towns import Town, lesson_02, ten, topology, two_hosts


def scene(*towns: Town) -> Scene:
    return arrange(topology(*towns))


def items(found: Scene) -> dict[str, Item]:
    return {item.name: item for host in found.hosts for item in host.items}


def sections(found: Scene) -> dict[str, Section]:
    return {section.name: section for host in found.hosts for section in host.sections}


def test_the_same_is_no_change() -> None:
    assert not compare(scene(ten()), scene(ten()))
    assert marked(scene(ten()), Changes()) == scene(ten())


def test_a_new_container_is_new_and_what_it_has_is_not_marked_again() -> None:
    after = lesson_02()
    after.container("web", links=[("centos01", "one")], ports={"80/tcp": ":8080"})
    found = items(marked(scene(after), compare(scene(lesson_02()), scene(after))))
    assert found["web"].mark is Mark.NEW
    assert {fact.mark for fact in found["web"].facts} == {Mark.NONE}
    assert found["centos01"].mark is Mark.NONE


def test_a_renamed_container_is_the_same_one() -> None:
    after = lesson_02()
    after.containers[0]["Name"] = "/other"
    changes = compare(scene(lesson_02()), scene(after))
    assert not changes.added and not changes.removed and len(changes.changed) == 1


def test_a_container_started_anew_has_changed() -> None:
    """Same id and address, other cable."""
    after = lesson_02()
    box = after.inside[after.containers[1]["Id"]]["interfaces"][-1]
    after.interfaces[-1] |= {"name": "veth99", "index": 99}
    box["peer"] = 99
    found = items(marked(scene(after), compare(scene(lesson_02()), scene(after))))
    assert found["centos02"].mark is Mark.CHANGED
    assert found["centos02"].outside is not None and found["centos02"].outside.name == "veth99"


def test_a_label_on_a_cable_is_a_change() -> None:
    after = lesson_02()
    after.interfaces[-1]["alias"] = "other"
    assert compare(scene(lesson_02()), scene(after)).changed


def test_what_is_gone_stays_for_a_moment_where_it_was() -> None:
    after = lesson_02()
    gone = after.containers.pop()
    after.inside.pop(gone["Id"])
    after.interfaces.pop()
    found = items(marked(scene(after), compare(scene(lesson_02()), scene(after))))
    assert found["centos02"].mark is Mark.GONE and not found["centos02"].wired


def test_a_network_that_is_gone_takes_all_that_was_on_it_along() -> None:
    after = ten()
    after.networks.pop()
    after.containers = after.containers[:5]
    found = marked(scene(after), compare(scene(ten()), scene(after)))
    gone = sections(found)["shop-net"]
    assert gone.mark is Mark.GONE
    assert [item.mark for item in gone.items] == [Mark.GONE] * 5


def test_a_link_or_an_alias_that_comes_and_goes_is_marked_by_itself() -> None:
    with_link, without = lesson_02(), lesson_02()
    with_link.containers[1]["HostConfig"]["Links"] = ["/centos01:/centos02/db"]
    new = _fact(marked(scene(with_link), compare(scene(without), scene(with_link))))
    assert new.mark is Mark.NEW
    old = _fact(marked(scene(without), compare(scene(with_link), scene(without))))
    assert old.mark is Mark.GONE


def _fact(found: Scene) -> Fact:
    assert items(found)["centos02"].mark is Mark.NONE
    (fact,) = items(found)["centos02"].facts
    return fact


def test_a_container_moved_to_another_network_is_gone_here_and_new_there() -> None:
    before, after = Town(), Town()
    for town, place in ((before, "bridge"), (after, "app-net")):
        town.network("app-net", "172.18.0.0/16", "172.18.0.1")
        town.container("web", {place: "172.18.0.2"})
    found = sections(marked(scene(after), compare(scene(before), scene(after))))
    assert [item.mark for item in found["bridge"].items] == [Mark.GONE]
    assert [item.mark for item in found["app-net"].items] == [Mark.NEW]


def test_a_tunnel_between_hosts_is_there_once_both_ends_are() -> None:
    one, two = two_hosts()
    far = next(item for item in two.interfaces if item["name"] == "vx42")
    far["tunnel"]["remotes"] = ["10.66.0.99"]
    assert scene(one, two).joins == ()
    both = scene(*two_hosts())
    assert [join.hosts for join in both.joins] == [("docker1", "docker2")]
    (join,) = marked(both, compare(scene(one, two), both)).joins
    assert join.mark is Mark.NEW


def test_marks_fade() -> None:
    recent = Recent(seconds=4.0)
    old, new = scene(Town()), scene(lesson_02())
    assert not recent.note(old, 100.0)
    assert recent.note(new, 101.0).added
    assert recent.note(new, 104.9).added
    assert not recent.note(new, 105.1)


def test_marks_fade_while_snapshots_keep_coming() -> None:
    recent = Recent(seconds=4.0)
    recent.note(scene(Town()), 0.0)
    counts = [len(recent.note(scene(lesson_02()), n / 10).added) for n in range(10, 100)]
    assert counts[0] and counts[39] and not counts[41]


def test_after_a_reset_nothing_is_new() -> None:
    recent = Recent()
    recent.note(scene(lesson_02()), 1.0)
    recent.forget()
    assert not recent.note(scene(Town()), 2.0)
