"""Maps as they are drawn, compared with the files in `golden`.

A change that is meant is written there with `LDN_GOLDEN=write pytest tests/topology`; look at the
difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runner.topology.arrange import arrange
from runner.topology.canvas import Canvas, Role, length, measure
from runner.topology.diff import compare
from runner.topology.layout import draw
from runner.topology.model import Topology
from runner.topology.sentences import sentences
from runner.topology.wanted import Wanted, WantedContainer, WantedNetwork
from tests.topology.towns import Town, lesson_02, lesson_07, nic, ten, topology, two_hosts

GOLDEN = Path(__file__).parent / "golden"


def empty() -> Town:
    return Town()


def modes() -> Town:
    """Everything that is not simply on a bridge."""
    town = Town()
    town.network(
        "wire", "192.168.9.0/24", "192.168.9.1", driver="macvlan", options={"parent": "eth0"}
    )
    off = {"com.docker.network.bridge.enable_icc": "false"}
    town.network("shut", "172.20.0.0/16", "172.20.0.1", internal=True, options=off)
    base = town.container("base")
    town.shares("side", base)
    town.shares("late", base, status="exited")
    town.shares("orphan", "f" * 64, status="exited")
    town.container("open", {}, mode="host")
    town.container("lone", {}, mode="none")
    made = [nic("cv", 70, "veth", peer=71, abroad=True, addresses=["10.8.0.2/24"])]
    town.container("wired", {}, mode="none", nics=made)
    town.nic("br-hand", "bridge", addresses=["10.8.0.1/24"])
    town.interfaces.append(nic("hv", 71, "veth", peer=70, abroad=True, master="br-hand"))
    town.nic("dummy0", "dummy", addresses=["10.7.0.1/32"])
    town.container("new", {"bridge": ""}, status="created")
    return town


def silent() -> Town:
    town = lesson_02()
    town.silent()
    return town


TOWNS = {
    "empty": (empty(),),
    "lesson-02": (lesson_02(),),
    "lesson-07": (lesson_07(),),
    "ten": (ten(),),
    "modes": (modes(),),
    "silent": (silent(),),
    "two-hosts": two_hosts(),
}
SIZES = ((60, 15), (80, 24), (120, 40))


def check(name: str, found: str) -> None:
    """Compare with a file, or write it."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("LDN_GOLDEN") == "write":
        file.write_text(found + "\n", encoding="utf-8")
    assert found + "\n" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES, ids="x".join(("%d", "%d")).__mod__)
@pytest.mark.parametrize("name", TOWNS)
def test_drawn(name: str, size: tuple[int, int]) -> None:
    canvas = draw(topology(*TOWNS[name]), *size)
    check(f"{name}-{size[0]}x{size[1]}", canvas.plain())


@pytest.mark.parametrize("name", TOWNS)
def test_told(name: str) -> None:
    check(f"{name}-sentences", "\n".join(sentences(arrange(topology(*TOWNS[name])))))


def test_ten_containers_have_room_at_60x15() -> None:
    canvas = draw(topology(ten()), 60, 15)
    text = canvas.plain()
    assert canvas.height <= 15
    for number in range(1, 6):
        assert f"web0{number}" in text and f"shop0{number}" in text
    assert "172.30.0.6" in text and ":8081 → 80/tcp" in text and "…" not in text


@pytest.mark.parametrize("width", [1, 2, 7, 20, 39, 63, 64, 90, 200])
@pytest.mark.parametrize("name", TOWNS)
def test_no_row_is_wider_than_asked(name: str, width: int) -> None:
    for height in (1, 15, 1000):
        canvas = draw(topology(*TOWNS[name]), width, height, wanted=WANTED, speak=wide)
        assert max(map(length, canvas.rows)) <= width


def wide(text: str) -> str:
    """Translate into a language of wide letters that keeps what is filled in."""
    return "".join("字" if letter.isalpha() and "{" not in text else letter for letter in text)


WANTED = Wanted(
    {
        ("docker", "front"): WantedContainer("front", "docker", {"app-net": {"www"}}),
        ("docker", "base"): WantedContainer("base", "docker", {"bridge": set()}, runs=False),
    },
    {("docker", "app-net"): WantedNetwork("app-net", "docker", subnet="172.25.0.0/16")},
)


def test_wide_letters_keep_the_frames_straight() -> None:
    town = Town()
    town.network("网络", "172.18.0.0/16", "172.18.0.1")
    town.container("web", {"网络": "172.18.0.2"}, aliases={"网络": ["前端服务器"]})
    town.container("db", {"网络": "172.18.0.3"})
    canvas = draw(topology(town), 80, 30)
    frames = [row for row in canvas.rows if any(run.text == "│" for run in row)]
    ends = {length(row) for row in frames}
    assert len(frames) >= 3 and len(ends) == 1
    assert "alias 前端服务器" in canvas.plain()
    assert measure("前端") == 4


def test_what_a_terminal_would_obey_is_not_drawn() -> None:
    town = Town()
    town.network("red\x1b[31m\u202e", "172.18.0.0/16", "172.18.0.1")
    town.container("web", {"red\x1b[31m\u202e": "172.18.0.2"})
    town.interfaces[-1]["alias"] = "a\nb\x07"
    canvas = draw(topology(town), 100, 30)
    text = canvas.plain()
    assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
    assert "\u202e" not in text and text.count("\n") == canvas.height - 1


def roles(canvas: Canvas, role: Role) -> str:
    return " ".join(run.text for row in canvas.rows for run in row if run.role is role)


def before_and_after() -> tuple[Topology, Topology]:
    before, after = ten(), ten()
    before.container("old", {"bridge": "172.17.0.9"})
    after.network("fresh", "172.18.0.0/16", "172.18.0.1")
    after.containers[0]["Name"] = "/renamed"
    after.containers[2]["State"] |= {"Status": "exited", "Running": False}
    after.containers[1]["HostConfig"]["Links"] = ["/renamed:/web02/www"]
    return topology(before), topology(after)


@pytest.mark.parametrize("size", SIZES, ids="x".join(("%d", "%d")).__mod__)
def test_changes_are_marked(size: tuple[int, int]) -> None:
    before, after = before_and_after()
    changes = compare(arrange(before), arrange(after))
    canvas = draw(after, *size, changes)
    check(f"changes-{size[0]}x{size[1]}", canvas.plain())
    assert "renamed" in roles(canvas, Role.CHANGED)


def test_a_host_out_of_reach_says_so() -> None:
    from checks.asking import Answer, Net, Outcome
    from checks.message import msg
    from runner.topology.snapshot import host_of

    why = msg("The lab host {name} does not run.", name="docker")
    gone = host_of(Answer("docker", Net("topology"), Outcome.LOST, why=why))
    for width in (60, 120):
        canvas = draw(Topology((gone,)), width, 15, wanted=WANTED)
        assert roles(canvas, Role.TROUBLE) == "The lab host docker does not run."
        assert "wanted" not in canvas.plain() and "No containers yet" not in canvas.plain()
