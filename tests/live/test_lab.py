"""Labs on a real engine: they come, go, survive and are told apart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checks.asking import Api, Outcome, Run
from runner.course.lesson import HostSpec
from runner.errors import LearnError
from runner.lab import lab as labs
from runner.lab.handle import LabBusy, LabHandle, LabRequest
from runner.lab.names import PROOF, Role, host_name, label_options, labels, network_name, store_name
from runner.lab.outer import Docker
from runner.lab.ready import wait_ready
from runner.lab.removal import remove

pytestmark = pytest.mark.live

OWNER = "test-lifecycle"
OTHER = "test-somebody"
BOX = ("localhost/box",)
ONE = LabRequest("test", "lesson-01", OWNER, {"docker": HostSpec()}, BOX, purpose="test")
TWO = LabRequest(
    "test", "lesson-22", OWNER, {"docker1": HostSpec(), "docker2": HostSpec()}, BOX, purpose="test"
)
UP = f"""
from runner.course.lesson import HostSpec
from runner.lab.lab import LabRequest, up
request = LabRequest("test", "lesson-01", {OWNER!r}, {{"docker": HostSpec()}}, {BOX!r})
print(up(request).lab, flush=True)
"""
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    docker = Docker()
    labs.down_all(OWNER, docker=docker)
    yield docker
    labs.down_all(OWNER, docker=docker)
    labs.down_all(OTHER, docker=docker)


@pytest.fixture
def one(docker: Docker) -> LabHandle:
    """A clean lab with one host."""
    return labs.reset(ONE, docker=docker)


def run(handle: LabHandle, command: str, host: str | None = None) -> str:
    done = subprocess.run(
        labs.shell_argv(handle, host, command), capture_output=True, text=True, check=True
    )
    return done.stdout


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"


def program() -> subprocess.Popen[str]:
    """Another learn-docker-net that makes the same lab."""
    return subprocess.Popen(
        [sys.executable, "-c", UP],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ours(docker: Docker) -> list[str]:
    """Ids of all containers of the tests' owner, whatever their state."""
    owner = f"label=learn-docker-net.owner={OWNER}"
    return docker.check("ps", "--all", "--quiet", "--no-trunc", "--filter", owner).split()


def kinds(docker: Docker) -> set[str]:
    return {thing.kind.value for thing in labs.list_all(OWNER, docker=docker)}


def test_a_lab_is_ready_when_it_is_given(docker: Docker, one: LabHandle) -> None:
    with labs.attach(one, docker) as lab:
        assert lab.ask("docker", Api("/_ping", timeout=1)).ended
        assert lab.engine.startswith("26.1.")
        assert {"bridge", "veth", "nf_tables"} <= lab.kernel
        images = lab.ask("docker", Run("docker images --format '{{.Repository}}'"))
        assert images.stdout == "localhost/box\n"


def test_inside_it_looks_like_a_fresh_server(one: LabHandle) -> None:
    assert run(one, "hostname") == "docker\n"
    assert run(one, "ps -o comm= 1") == "systemd\n"
    assert run(one, "systemctl is-active docker") == "active\n"
    assert "172.17.0.1/16" in run(one, "ip -4 -o address show docker0")
    assert run(one, "iptables -S FORWARD | head -n 1") == "-P FORWARD DROP\n"
    assert "127.0.0.11" not in run(one, "iptables-save; cat /etc/resolv.conf")


def test_up_gives_back_the_lab_that_stands(docker: Docker, one: LabHandle) -> None:
    run(one, "docker run -d --name mine localhost/box sleep infinity")
    assert labs.up(ONE, docker=docker) == one
    assert labs.current(OWNER, docker=docker) == one
    assert run(one, "docker ps --format '{{.Names}}'") == "mine\n"


def test_a_lab_for_another_lesson_is_told_and_left_alone(docker: Docker, one: LabHandle) -> None:
    for other in (TWO, LabRequest("test", "lesson-02", OWNER, ONE.hosts, BOX)):
        with pytest.raises(LabBusy) as caught:
            labs.up(other, docker=docker)
        assert caught.value.present == one
    assert labs.current(OWNER, docker=docker) == one


def test_reset_gives_a_clean_lab(docker: Docker, one: LabHandle) -> None:
    run(one, "docker run -d localhost/box sleep infinity; touch /root/mine")
    new = labs.reset(ONE, docker=docker)
    assert new.lab != one.lab
    assert run(new, "docker ps -aq; ls /root") == ""
    assert len(ours(docker)) == 1


def test_a_stopped_lab_is_started_with_all_that_was_in_it(docker: Docker, one: LabHandle) -> None:
    run(one, "docker create --name mine localhost/box sleep infinity; echo x > /root/mine")
    docker.check("stop", one.host().container)
    again = labs.up(ONE, docker=docker)
    assert again == one
    assert run(again, "docker ps -a --format '{{.Names}}'; cat /root/mine") == "mine\nx\n"


def test_a_lab_whose_engine_the_learner_broke_is_still_given(
    docker: Docker, one: LabHandle
) -> None:
    run(one, "echo '{broken' > /etc/docker/daemon.json; systemctl restart docker || true")
    assert labs.up(ONE, docker=docker) == one
    docker.check("stop", one.host().container)
    assert labs.up(ONE, docker=docker) == one


def test_an_engine_that_does_not_start_is_an_error_with_the_journal(
    docker: Docker, one: LabHandle
) -> None:
    run(one, "echo '{broken' > /etc/docker/daemon.json; systemctl restart docker || true")
    with labs.attach(one, docker) as lab, pytest.raises(LearnError) as caught:
        wait_ready(lab, deadline=30)
    assert "docker" in str(caught.value)
    assert "daemon.json" in caught.value.details


def test_two_hosts_know_each_other_by_name(docker: Docker) -> None:
    handle = labs.reset(TWO, docker=docker)
    assert list(handle.hosts) == ["docker1", "docker2"]
    for here, there in (("docker1", "docker2"), ("docker2", "docker1")):
        heard = run(handle, f"ping -c 1 -W 2 {there}", here)
        assert f"({handle.hosts[there].address})" in heard


def test_half_a_lab_is_cleared_and_made_anew(docker: Docker) -> None:
    handle = labs.reset(TWO, docker=docker)
    docker.check("rm", "--force", handle.hosts["docker2"].container)
    assert labs.current(OWNER, docker=docker) is None
    new = labs.up(TWO, docker=docker)
    assert new.lab != handle.lab
    assert new.running


def test_down_ends_labs_and_only_labs(docker: Docker, one: LabHandle) -> None:
    assert labs.down(OWNER, docker=docker) == [one]
    assert labs.current(OWNER, docker=docker) is None
    until(lambda: kinds(docker) == {"network", "volume"})
    assert labs.down(OWNER, docker=docker) == []


def data(docker: Docker, image: str) -> list[str]:
    """Names of the labs that have data in the store."""
    look = ["run", "--rm", "--pull=never", "--network=none", "--entrypoint=/ldn/bin/ls"]
    look += label_options(labels(OWNER, Role.BUILD))
    return docker.check(*look, f"--volume={store_name(OWNER)}:/s", image, "/s/labs").split()


def test_the_next_lab_clears_the_data_of_the_last(docker: Docker, one: LabHandle) -> None:
    new = labs.reset(ONE, docker=docker)
    assert data(docker, new.image) == [new.lab]


def test_the_copy_of_the_record_outlives_the_lab(docker: Docker, one: LabHandle) -> None:
    path = "/var/lib/learn-docker-net/record.json"
    with labs.attach(one, docker) as lab:
        lab.write("docker", path, '{"passed": 3}')
    assert run(labs.reset(ONE, docker=docker), f"cat {path}") == '{"passed": 3}'


def test_down_deletes_the_data(docker: Docker, one: LabHandle) -> None:
    assert data(docker, one.image) == [one.lab]
    labs.down(OWNER, docker=docker)
    until(lambda: data(docker, one.image) == [])


@pytest.mark.parametrize("away", [labs.down, labs.down_all])
def test_a_lab_with_a_paused_container_goes_as_quickly(
    docker: Docker, one: LabHandle, away: Callable[[str], object]
) -> None:
    run(one, "docker run -d --name still localhost/box sleep infinity && docker pause still")
    new = labs.reset(ONE, docker=docker)
    assert new.lab != one.lab
    run(new, "docker run -d --name still localhost/box sleep infinity && docker pause still")
    begun = time.monotonic()
    away(OWNER)
    assert time.monotonic() - begun < 10, "the engine gives up after 12 s where nothing thaws"
    assert labs.current(OWNER, docker=docker) is None


def test_what_is_frozen_is_thawed_from_outside_where_the_lab_does_not(
    docker: Docker, one: LabHandle
) -> None:
    run(one, "docker run -d --name still localhost/box sleep infinity && docker pause still")
    remove(docker, [one.host().container])
    assert docker.inspect(one.host().container) == []


def test_two_programs_at_once_make_one_lab(docker: Docker) -> None:
    labs.down(OWNER, docker=docker)
    until(lambda: ours(docker) == [])
    both = [program(), program()]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert len(ours(docker)) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_start_is_cleared(
    docker: Docker, one: LabHandle, how: signal.Signals
) -> None:
    labs.down(OWNER, docker=docker)
    until(lambda: ours(docker) == [])  # what deletes the data of the last lab has ended
    process = program()
    until(lambda: ours(docker))
    os.killpg(process.pid, how)
    process.communicate(timeout=60)
    handle = labs.up(ONE, docker=docker)
    assert ours(docker) == [handle.host().container]
    labs.down(OWNER, docker=docker)
    until(lambda: ours(docker) == [])


def test_a_container_that_is_not_ours_is_left_alone(docker: Docker) -> None:
    labs.down(OWNER, docker=docker)
    name = host_name(OWNER, "docker")
    image = docker.check("image", "ls", "-q", "localhost/learn-docker-net/host").split()[0]
    foreign = docker.check("create", f"--name={name}", image).strip()
    try:
        with pytest.raises(LearnError, match="not ours") as caught:
            labs.up(ONE, docker=docker)
        assert f"docker rm {name}" in str(caught.value.remedy)
        labs.down(OWNER, docker=docker)
        labs.down_all(OWNER, docker=docker)
        assert [item["Id"] for item in docker.inspect(name)] == [foreign]
    finally:
        docker.check("rm", foreign)


def test_a_network_that_is_not_ours_is_left_alone(docker: Docker) -> None:
    labs.down_all(OWNER, docker=docker)
    name = network_name(OWNER)
    docker.check("network", "create", "--subnet=10.67.250.0/24", name)
    try:
        with pytest.raises(LearnError, match="not ours"):
            labs.up(ONE, docker=docker)
        assert ours(docker) == []
    finally:
        docker.check("network", "rm", name)


def test_another_owners_things_are_never_seen(docker: Docker, one: LabHandle) -> None:
    other = labels(OTHER, Role.NETWORK)
    docker.check("network", "create", *label_options(other), network_name(OTHER))
    assert labs.current(OTHER, docker=docker) is None
    labs.down_all(OWNER, docker=docker)
    assert labs.list_all(OWNER, docker=docker) == []
    assert labs.list_all(OWNER, with_images=True, docker=docker) == [], "the other needs the images"
    assert [thing.name for thing in labs.list_all(OTHER, docker=docker)] == [network_name(OTHER)]
    assert [thing.name for thing in labs.down_all(OTHER, docker=docker)] == [network_name(OTHER)]


def test_what_a_killed_proof_left_is_its_owners(docker: Docker) -> None:
    proof = f"{OWNER}{PROOF}1"
    name = network_name(proof)
    docker.check("network", "create", *label_options(labels(proof, Role.NETWORK)), name)
    assert name in [thing.name for thing in labs.list_all(OWNER, docker=docker)]
    labs.down_all(OWNER, docker=docker)
    assert labs.list_all(proof, docker=docker) == []


def test_a_host_that_dies_is_lost_at_once_and_found_again(docker: Docker, one: LabHandle) -> None:
    with labs.attach(one, docker) as lab, ThreadPoolExecutor(1) as pool:
        begun = Run("touch /tmp/begun; sleep 60", timeout=60)
        asked = pool.submit(lab.ask, "docker", begun)
        until(lambda: lab.ask("docker", Run("test -e /tmp/begun")).status == 0)
        docker.check("kill", one.host().container)
        assert asked.result(5).outcome is Outcome.LOST
        dead = lab.ask("docker", Run("true"))
        assert dead.outcome is Outcome.LOST
        assert str(dead.why) == "The lab host docker does not run."
        docker.check("start", one.host().container)
        lab.refresh()
        until(lambda: lab.ask("docker", Api("/_ping")).ended)


def test_a_command_ends_with_its_own_status(one: LabHandle) -> None:
    done = subprocess.run(
        labs.shell_argv(one, command="echo out; echo err >&2; exit 7"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "out\n", "err\n")
