"""The lab host as it comes up from its image: a plain server, whatever engine is in it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.message import Message
from runner.course.lesson import HostSpec
from runner.errors import LearnError
from runner.lab import bundle, images, privilege, recipe
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from runner.lab.names import Role, label_options, labels, store_name
from runner.lab.outer import Docker, Done
from runner.lab.place import NO_TEMPLATE
from runner.lab.recipe import Engine

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

OWNER = "test-images"
BOX = ["localhost/box"]
HOSTS = {"docker": HostSpec()}
DEAD_SERVER = "192.0.2.1"
"""An address for documentation: packets to it are lost."""


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    docker = Docker()
    labs.down_all(OWNER, docker=docker)
    yield docker
    labs.down_all(OWNER, docker=docker)


@pytest.fixture(scope="module")
def built(docker: Docker) -> images.Built:
    return images.ensure("26.1", BOX, ignore, owner=OWNER, docker=docker)


@pytest.fixture(scope="module")
def lab(docker: Docker, built: images.Built) -> LabHandle:
    """A lab with the default engine, for tests that only look."""
    return labs.reset(LabRequest("test", "lesson-01", OWNER, HOSTS, BOX, purpose="test"))


def ignore(_: Message) -> None:
    pass


def inside(docker: Docker, handle: LabHandle, command: str) -> Done:
    return docker.run("exec", handle.host().container, "bash", "-c", command, timeout=60)


def said(docker: Docker, handle: LabHandle, command: str) -> str:
    done = inside(docker, handle, command)
    assert done.ok, done.stderr
    return done.stdout.strip()


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"


def bare_host(docker: Docker, built: images.Built, *options: str) -> str:
    """Start a lab host by hand, with options that a lab would never have; give its id."""
    for way in privilege.ways():
        done = docker.run(
            "run", "--detach", "--pull=never", "--network=none", *way.options,
            *label_options(labels(OWNER, Role.HOST, lab="by-hand")),
            "--tmpfs=/run:exec", *options, built.host_image,
        )  # fmt: skip
        if done.ok:
            break
        assert privilege.denied(done.stderr), done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("engine", list(Engine), ids=lambda engine: engine.tag)
def test_every_engine_is_a_server_with_the_courses_images(docker: Docker, engine: Engine) -> None:
    request = LabRequest("test", "lesson-01", OWNER, HOSTS, BOX, engine.tag, "test")
    handle = labs.reset(request, docker=docker)
    version = said(
        docker, handle, "docker version --format '{{.Client.Version}} {{.Server.Version}}'"
    )
    assert [word.rsplit(".", 1)[0] for word in version.split()] == [engine.tag, engine.tag]
    assert said(docker, handle, "docker image ls --format '{{.Repository}}:{{.Tag}}'") == (
        "localhost/box:latest"
    )
    assert said(docker, handle, "ps -p 1 -o comm=") == "systemd"
    assert said(docker, handle, "systemctl --failed --no-legend") == ""
    assert said(docker, handle, "ip -4 -o address show docker0").split()[3] == "172.17.0.1/16"
    assert said(docker, handle, "docker info --format '{{.Driver}}'") == "overlay2"
    said(
        docker,
        handle,
        "docker compose version && [ -e /usr/share/bash-completion/completions/docker ]",
    )
    assert said(docker, handle, "docker run --rm localhost/box ip route").startswith("default")
    said(docker, handle, "docker run -d --name c1 localhost/box sleep infinity")
    began = time.monotonic()
    said(docker, handle, "docker stop c1 && systemctl restart docker && docker start c1")
    assert time.monotonic() - began < 10
    assert said(docker, handle, "iptables -S FORWARD").startswith("-P FORWARD DROP")


def test_what_is_there_is_not_made_again(docker: Docker, built: images.Built) -> None:
    heard: list[Message] = []
    again = images.ensure("26.1", BOX, heard.append, owner=OWNER, docker=docker)
    assert (again, heard) == (built, [])


def test_nothing_of_the_outer_engine_shows(docker: Docker, lab: LabHandle) -> None:
    assert "127.0.0.11" not in said(docker, lab, "iptables-save; cat /etc/resolv.conf")
    assert said(docker, lab, "cat /etc/resolv.conf") == f"nameserver {lab.host().address}"
    assert said(docker, lab, "ls -A /.store") == ""
    said(docker, lab, "sed -i '$a 192.0.2.7 friend' /etc/hosts && grep friend /etc/hosts")
    assert said(docker, lab, "cat /proc/sys/net/ipv4/ip_forward") == "1"


def test_names_nobody_knows_are_refused_at_once(docker: Docker, lab: LabHandle) -> None:
    until(lambda: inside(docker, lab, "systemctl is-active resolver").ok)
    until(lambda: "NXDOMAIN" in inside(docker, lab, "dig nosuch").stdout)
    began = time.monotonic()
    assert not inside(docker, lab, "docker run --rm localhost/box getent hosts alpine01").ok
    assert not inside(docker, lab, "docker pull localhost/nosuch").ok
    assert time.monotonic() - began < 5


def test_without_a_name_server_nothing_hangs(docker: Docker, lab: LabHandle) -> None:
    said(
        docker, lab,
        f"echo '{DEAD_SERVER} 53' >/run/resolver.upstreams && systemctl restart resolver",
    )  # fmt: skip
    until(lambda: "NXDOMAIN" in inside(docker, lab, "dig nosuch.example.org").stdout)
    began = time.monotonic()
    done = inside(docker, lab, "docker pull nosuch")
    assert "no such host" in done.stderr
    assert time.monotonic() - began < 5


def test_our_tools_need_nothing_of_the_lab(docker: Docker, lab: LabHandle) -> None:
    container = lab.host().container
    libraries = "/usr/lib/$(uname -m)-linux-gnu"
    moved = f"mount --bind /mnt {libraries}; export PATH=/ldn/bin"
    tools = (
        "docker version", "curl --version", "ip address", "ss -tln", "ping -c1 127.0.0.1", "dig -v",
        "jq --version", "tcpdump --version", "bridge link", "iptables -S", "iptables-save",
        "grep -c . /etc/hosts", "ps", "python3 -IS -c 'import json, ssl, ctypes'",
    )  # fmt: skip
    for tool in tools:
        # In a mount namespace of its own: the rest of the host goes on.
        done = docker.run(
            "exec", container, "unshare", "--mount", "/ldn/bin/bash", "-c", f"{moved}; {tool}"
        )
        assert done.ok, f"{tool}: {done.stderr}"
    assert not docker.run("exec", container, "touch", "/ldn/bin/mine").ok


def test_the_agent_says_hello(docker: Docker, lab: LabHandle) -> None:
    done = docker.run("exec", "--interactive", lab.host().container, "/ldn/bin/agent", input="")
    assert '"hello"' in done.stdout.splitlines()[0]


def test_a_server_that_starts_again_keeps_what_was_done(
    docker: Docker, built: images.Built
) -> None:
    request = LabRequest("test", "lesson-02", OWNER, HOSTS, BOX, purpose="test")
    handle = labs.reset(request, docker=docker)
    said(
        docker, handle, "docker create --name kept localhost/box; echo 192.0.2.8 kept >>/etc/hosts"
    )
    docker.check("restart", handle.host().container, timeout=60)
    labs.up(request, docker=docker)
    until(lambda: inside(docker, handle, "docker version").ok)
    assert said(docker, handle, "docker ps --all --format '{{.Names}}'") == "kept"
    assert "192.0.2.8 kept" in said(docker, handle, "cat /etc/hosts")


def test_a_host_without_its_template_or_store_says_so(docker: Docker, built: images.Built) -> None:
    store = f"--volume={built.store_volume}:/.store"
    lab = ("--env=LDN_LAB=by-hand", "--env=LDN_HOST=docker")
    for options, status in {
        (store, *lab, "--env=LDN_TEMPLATE=gone"): NO_TEMPLATE,
        lab: 67,
    }.items():
        container = bare_host(docker, built, *options)
        assert docker.check("wait", container).strip() == str(status)
        docker.check("rm", container)


def test_the_data_of_labs_that_are_gone_is_deleted(docker: Docker, built: images.Built) -> None:
    request = LabRequest("test", "lesson-03", OWNER, HOSTS, BOX, purpose="test")
    first = labs.reset(request, docker=docker)
    second = labs.reset(request, docker=docker)

    def left() -> set[str]:
        return set(docker.check(
            "run", "--rm", "--pull=never", "--network=none",
            f"--volume={built.store_volume}:/.store", *label_options(labels(OWNER, Role.BUILD)),
            "--entrypoint=/bin/ls", built.host_image, "-A", "/.store/labs", "/.store/trash",
        ).split())  # fmt: skip

    until(lambda: not any(name.startswith(first.lab) for name in left()))
    assert second.lab in left()


def test_somebody_elses_volume_is_left_alone(docker: Docker, built: images.Built) -> None:
    other = "test-images-foreign"
    docker.run("volume", "rm", store_name(other))
    docker.check("volume", "create", store_name(other))
    try:
        with pytest.raises(LearnError, match="not ours"):
            images.ensure("26.1", BOX, ignore, owner=other, docker=docker)
        assert docker.inspect(store_name(other), kind="volume")
    finally:
        docker.check("volume", "rm", store_name(other))
        labs.down_all(other, docker=docker)


def test_images_travel_in_one_file(docker: Docker, built: images.Built, tmp_path: Path) -> None:
    path = tmp_path / "images.tar.gz"
    saved = bundle.save(path, [], ignore, docker=docker)
    course = {recipe.course(image).tag for image in recipe.course_images()}
    assert set(saved) == course | {recipe.base().tag}
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    subprocess.run(["gzip", "--test", str(path)], check=True)
    assert set(bundle.load(path, ignore, docker=docker)) == set(saved)


def test_the_list_tells_what_this_program_uses(docker: Docker, built: images.Built) -> None:
    found = {image.tag: image for image in images.list_images(docker)}
    assert found[built.host_image].current
    assert str(found[built.host_image].name) == "the lab host with Docker 26.1"
    assert all(tag.startswith("localhost/learn-docker-net/") for tag in found)
