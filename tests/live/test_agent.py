"""The agent in a real lab host: containers' networks, the engine's moods, the channel's end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from checks.asking import Answer, Api, Net, Outcome, Request, Run
from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.channel import Channel
from runner.lab.outer import Docker
from tests.lab.agents import until

pytestmark = pytest.mark.live
OWNER = "test-agent"
REQUEST = labs.LabRequest(
    course_id="test",
    lesson_id="lesson-01",
    owner=OWNER,
    hosts={"docker": HostSpec()},
    images=["localhost/box"],
    purpose="test",
)
WEB = "mkdir /www; echo hello >/www/index.html; exec busybox httpd -f -p 8080 -h /www"
STAGE = f"""
set -e
docker run -d --name idle --init localhost/box sleep infinity
docker run -d --name web --init -p 8089:8080 localhost/box sh -c '{WEB}'
docker run -d --name linked --init --link web:alias localhost/box sleep infinity
docker run -d --name deaf --init -p 8088:81 localhost/box sleep infinity
docker network create side
docker run -d --name side1 --init --network side localhost/box sleep infinity
docker run -d --name side2 --init --network side localhost/box sh -c '{WEB}'
docker create --name still localhost/box true
"""


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """A lab host with some containers; its id."""
    try:
        handle = labs.reset(REQUEST)
        yield handle.host().container
    finally:
        labs.down_all(OWNER)


def argv(container: str) -> list[str]:
    return Docker().argv("exec", "-i", container, "/ldn/bin/agent")


@pytest.fixture(scope="module")
def stage(container: str) -> Iterator[Channel]:
    with Channel.open(argv(container)) as channel:
        done = channel.ask("docker", Run(STAGE, timeout=120))
        assert done.status == 0, done
        until(lambda: connect(channel, "idle", address(channel, "web"), 8080) == "open")
        yield channel


def net(agent: Channel, what: str, container: str | None, **arguments: Any) -> Any:
    timeout = arguments.pop("timeout", 5.0)
    answer = agent.ask("docker", Net(what, container, arguments, timeout))
    assert answer.outcome is Outcome.ENDED, answer
    return answer.value


def address(agent: Channel, container: str) -> str:
    value = agent.ask("docker", Api(f"/containers/{container}/json")).value
    return next(str(each["IPAddress"]) for each in value["NetworkSettings"]["Networks"].values())


def connect(agent: Channel, container: str | None, to: str, port: int, **more: Any) -> str:
    return str(net(agent, "connect", container, address=to, port=port, **more)["result"])


def test_the_greeting_names_lab_host_and_engine(stage: Channel) -> None:
    assert stage.hello["host"] == "docker"
    assert stage.hello["lab"]
    assert stage.hello["engine"].startswith("26.1")


def test_the_engines_answers_come_as_json(stage: Channel) -> None:
    answer = stage.ask("docker", Api("/containers/idle/json"))
    assert (answer.outcome, answer.status) == (Outcome.ENDED, 200)
    assert answer.value["Name"] == "/idle"
    missing = stage.ask("docker", Api("/containers/nobody/json"))
    assert (missing.outcome, missing.status) == (Outcome.ENDED, 404)
    assert "nobody" in missing.value["message"]
    listed = stage.ask("docker", Api('/containers/json?all=1&filters={"name":["^/still$"]}'))
    assert [item["State"] for item in listed.value] == ["created"]
    assert stage.ask("docker", Api("/_ping")).stdout == "OK"


def test_a_fake_docker_early_in_the_learners_path_does_not_matter(stage: Channel) -> None:
    fake = "#!/bin/sh\necho fake\n"
    for name in ("docker", "ping", "bash"):
        stage.write_file(f"/usr/local/bin/{name}", fake)
    chmod = "chmod +x /usr/local/bin/{docker,ping,bash}"
    assert stage.ask("docker", Run(chmod)).status == 0
    answer = stage.ask("docker", Run("docker inspect -f '{{.State.Status}}' idle; command -v ping"))
    assert answer.stdout == "running\n/ldn/bin/ping\n"
    assert stage.ask("docker", Run("rm /usr/local/bin/{docker,ping,bash}")).status == 0


def test_interfaces_of_a_container_and_their_peers(stage: Channel) -> None:
    inside = net(stage, "interfaces", "idle")
    host = net(stage, "interfaces", None)
    eth0 = next(item for item in inside["interfaces"] if item["name"] == "eth0")
    assert (eth0["kind"], eth0["up"], eth0["state"]) == ("veth", True, "up")
    assert eth0["addresses"] == [f"{address(stage, 'idle')}/16"]
    peer = next(item for item in host["interfaces"] if item["index"] == eth0["peer"])
    assert (peer["kind"], peer["master"], peer["peer"]) == ("veth", "docker0", eth0["index"])
    assert inside["netns"] != host["netns"]
    bridge = next(item for item in host["interfaces"] if item["name"] == "docker0")
    assert (bridge["kind"], bridge["addresses"]) == ("bridge", ["172.17.0.1/16"])


def test_routes_of_a_container(stage: Channel) -> None:
    own = address(stage, "idle")
    to_web = net(stage, "route", "idle", to=address(stage, "web"))
    assert to_web == {"via": None, "device": "eth0", "source": own}
    outside = net(stage, "route", "idle", to="203.0.113.1")
    assert outside == {"via": "172.17.0.1", "device": "eth0", "source": own}
    assert net(stage, "route", "side1", to=address(stage, "side2"))["via"] is None


def test_names_as_the_container_sees_them(stage: Channel) -> None:
    web, side2 = address(stage, "web"), address(stage, "side2")
    alias = net(stage, "resolve", "linked", name="alias")
    assert (alias["addresses"], alias["from"]) == ([web], "hosts")
    assert net(stage, "resolve", "side1", name="side2") == {
        "addresses": [side2],
        "from": "dns",
        "server": "127.0.0.11",
        "error": None,
    }
    for container in ("idle", "side1", None):
        assert net(stage, "resolve", container, name="alias")["error"] == "not found"


def test_connections_by_how_they_end(stage: Channel) -> None:
    web, side2 = address(stage, "web"), address(stage, "side2")
    assert connect(stage, "idle", web, 8080) == "open"
    assert connect(stage, "idle", web, 81) == "refused"
    assert connect(stage, "side1", side2, 8080) == "open"
    assert connect(stage, "idle", side2, 8080, timeout=0.5) == "timeout"
    assert connect(stage, None, web, 8080) == "open"
    assert connect(stage, "idle", "172.17.255.254", 80) == "unreachable"


def test_a_published_port_with_nobody_behind_is_reset(stage: Channel) -> None:
    assert connect(stage, None, "127.0.0.1", 8089) == "open"
    assert connect(stage, None, "127.0.0.1", 8088) == "reset"
    assert connect(stage, "idle", "172.17.0.1", 8088) == "reset"
    assert connect(stage, None, "127.0.0.1", 8090) == "refused"


def test_pings_and_who_says_that_they_fail(stage: Channel) -> None:
    fine = net(stage, "ping", "idle", address=address(stage, "web"), count=3)
    assert (fine["sent"], fine["received"], len(fine["rtt_ms"])) == (3, 3, 3)
    nobody = net(stage, "ping", "idle", address="172.17.255.254", count=1)
    assert nobody["received"] == 0
    said = f"Destination Host Unreachable from {address(stage, 'idle')}"
    assert nobody["errors"] == [said]
    apart = net(stage, "ping", "side1", address=address(stage, "web"), timeout=0.5)
    assert (apart["received"], apart["errors"]) == (0, [])


def test_listeners_and_pages(stage: Channel) -> None:
    ports = {item["port"] for item in net(stage, "listeners", "web")["tcp"]}
    assert ports == {8080}
    assert net(stage, "listeners", "idle") == {"tcp": [], "udp": []}
    assert 8089 in {item["port"] for item in net(stage, "listeners", None)["tcp"]}
    page = net(stage, "http", "linked", url="http://alias:8080/")
    assert (page["status"], page["body"], page["error"]) == (200, "hello\n", None)
    page = net(stage, "http", "side1", url="http://side2:8080/none")
    assert page["status"] == 404
    assert net(stage, "http", "side1", url="http://web:8080/")["error"] == "name: not found"


def test_a_container_that_is_not_there_is_an_answer(stage: Channel) -> None:
    for what in ("interfaces", "listeners"):
        assert net(stage, what, "nobody") == {"error": "no such container"}
        assert net(stage, what, "still") == {"error": "not running"}


def test_nobody_stays_in_a_containers_namespace(stage: Channel) -> None:
    asked = [
        stage.submit(
            "docker", Net(what, name, {"address": "127.0.0.1", "name": "x", "to": "1.1.1.1"})
        )
        for what in ("ping", "interfaces", "resolve", "route")
        for name in ("idle", "side1", None, "web") * 5
    ]
    assert all(future.result().ended for future in asked)
    look = "readlink /proc/$PPID/task/*/ns/net | sort -u | wc -l; readlink /proc/self/ns/net"
    count, own = stage.ask("docker", Run(look)).stdout.split()
    assert (count, own) == ("1", f"net:[{net(stage, 'interfaces', None)['netns']}]")


def test_events_are_told_as_they_happen(stage: Channel) -> None:
    events = stage.events()
    stage.ask("docker", Run("docker run --rm --name short localhost/box true", timeout=30))
    seen = []
    for event in events:
        if event["Actor"]["Attributes"].get("name") == "short":
            seen.append(event["Action"])
            if event["Action"] == "destroy":
                break
    events.close()
    assert seen[0] == "create" and "start" in seen and "die" in seen
    assert list(events) == []


def test_closing_leaves_no_agent_and_no_command(container: str) -> None:
    with Channel.open(argv(container)) as agent:
        agent.submit("docker", Run("exec -a left-behind sleep 1000", timeout=600))
        agent.submit("docker", Run("setsid bash -c 'exec -a escaped sleep 1000' & wait", 600))
        until(lambda: processes(container, "left-behind") and processes(container, "escaped"))
    until(lambda: not processes(container, "left-behind", "escaped"))


def test_a_killed_program_leaves_no_agent_and_no_command(container: str) -> None:
    code = (
        "from runner.lab.channel import Channel; from checks.asking import Run;"
        f"Channel.open({argv(container)!r}).ask('h', Run('exec -a orphan sleep 1000', 600))"
    )
    before = len(processes(container, "agent"))
    program = subprocess.Popen([sys.executable, "-c", code])
    until(lambda: processes(container, "orphan"))
    program.kill()
    program.wait()
    until(lambda: not processes(container, "orphan"))
    until(lambda: len(processes(container, "agent")) <= before)


def processes(container: str, *names: str) -> list[str]:
    """List the lab host's processes whose command line has one of these words."""
    listed = Docker().check("exec", container, "ps", "-eo", "args").splitlines()
    return [line for line in listed if any(name in line for name in names)]


def all_kinds(agent: Channel, timeout: float) -> list[Answer]:
    requests: list[Request] = [
        Api("/containers/json", timeout=timeout),
        Net("interfaces", "idle", timeout=timeout),
        Run("docker ps", timeout=timeout),
    ]
    futures = [agent.submit("docker", request) for request in requests]
    return [future.result() for future in futures]


def test_an_engine_that_hangs_is_no_engine(stage: Channel, container: str) -> None:
    Docker().check("exec", container, "pkill", "-STOP", "dockerd")
    try:
        for answer in all_kinds(stage, 1.0):
            assert answer.outcome is Outcome.NO_ENGINE, answer
            assert answer.seconds < 1.3 + isinstance(answer.request, Run)
        assert stage.ask("docker", Run("true")).status == 0
        assert stage.ask("docker", Net("interfaces")).ended
        with Channel.open(argv(container)) as late:
            assert late.hello["engine"] == ""
    finally:
        Docker().check("exec", container, "pkill", "-CONT", "dockerd")
    assert [answer.outcome for answer in all_kinds(stage, 10.0)] == [Outcome.ENDED] * 3


def test_an_engine_that_is_stopped_is_no_engine(stage: Channel, container: str) -> None:
    events = stage.events()
    Docker().check("exec", container, "systemctl", "stop", "docker.socket", "docker.service")
    try:
        for answer in all_kinds(stage, 5.0):
            assert answer.outcome is Outcome.NO_ENGINE, answer
            assert answer.seconds < 2
        for _ in events:  # those of its last moments; then the stream ends
            pass
    finally:
        Docker().check("exec", container, "systemctl", "start", "docker.service")
    until(lambda: stage.ask("docker", Api("/_ping")).ended)


def test_a_lab_host_that_dies_loses_the_questions_at_once(container: str) -> None:
    with Channel.open(argv(container)) as agent:
        asked = [agent.submit("docker", Run("sleep 1000", timeout=600)) for _ in range(3)]
        Docker().check("kill", container)
        begun = time.monotonic()
        assert {future.result(30).outcome for future in asked} == {Outcome.LOST}
        assert time.monotonic() - begun < 5
        assert agent.ask("docker", Api("/_ping")).outcome is Outcome.LOST
