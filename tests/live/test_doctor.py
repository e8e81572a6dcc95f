"""Doctor on the machine that the tests run on, with a real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from runner.course.lesson import HostSpec
from runner.lab import kernel
from runner.lab import lab as labs
from runner.lab.doctor import Health, examine
from runner.lab.finding import Finding
from runner.lab.images import ensure
from runner.lab.lab import LabRequest
from runner.lab.names import Role, label_options, labels, network_name
from runner.lab.outer import Docker

pytestmark = pytest.mark.live

OWNER = "test-doctor"
BOX = ("localhost/box",)
ONE = LabRequest("test", "lesson-01", OWNER, {"docker": HostSpec()}, BOX, purpose="test")


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    docker = Docker()
    labs.down_all(OWNER, docker=docker)
    ensure(ONE.docker, BOX, lambda _: None, owner=OWNER, docker=docker)
    yield docker
    labs.down_all(OWNER, docker=docker)


def examined(docker: Docker) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(OWNER, docker)}


def test_a_machine_on_which_labs_run_has_nothing_bad(docker: Docker) -> None:
    found = examined(docker)
    assert {"engine", "privileges", "kernel", "memory", "disk", "range", "images", "lab"} <= set(
        found
    )
    assert [name for name, finding in found.items() if finding.state is Health.BAD] == []
    assert all(finding.remedy for finding in found.values() if finding.state is not Health.OK)


def test_versions_outside_are_the_engines_own(docker: Docker) -> None:
    state = docker.engine_state()
    values = examined(docker)["engine"].values
    assert (values["client"], values["engine"]) == (state.client, state.version)


def test_the_trial_leaves_nothing_behind(docker: Docker) -> None:
    examine(OWNER, docker)
    owner = f"label=learn-docker-net.owner={OWNER}"
    assert docker.check("ps", "--all", "--quiet", "--filter", owner) == ""


def test_doctor_and_a_lab_name_the_same_kernel(docker: Docker) -> None:
    trial = examined(docker)["kernel"].values["has"]
    handle = labs.reset(ONE, docker=docker)
    with labs.attach(handle, docker) as lab:
        assert sorted(lab.kernel) == trial
        assert lab.kernel <= {*kernel.NEEDED, *kernel.WANTED}
    labs.down(OWNER, docker=docker)


def test_a_lab_is_told_with_the_engine_inside(docker: Docker) -> None:
    handle = labs.reset(ONE, docker=docker)
    assert str(examined(docker)["lab"].values["engine"]).startswith("26.1.")
    docker.check("stop", handle.host().container)
    assert "stopped" in str(examined(docker)["lab"].message)
    labs.down(OWNER, docker=docker)


def test_a_network_in_the_way_is_named(docker: Docker) -> None:
    labs.down_all(OWNER, docker=docker)
    free = examined(docker)["range"]
    assert free.state is Health.OK
    name = network_name(OWNER)
    marks = label_options(labels(OWNER, Role.NETWORK))
    docker.check("network", "create", *marks, "--subnet=10.66.200.0/24", name)
    host = docker.check("network", "create", *marks, "--subnet=10.66.201.0/24", f"{name}-other")
    try:
        assert examined(docker)["range"].state is Health.OK
        assert "10.66.200.0/24" in str(examined(docker)["range"].message)
    finally:
        docker.check("network", "rm", name, host.strip())


def test_all_of_it_is_plain_data(docker: Docker) -> None:
    data = [finding.to_json() for finding in examine(OWNER, docker)]
    assert json.loads(json.dumps(data)) == data
