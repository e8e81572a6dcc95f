"""What one lab host is started with."""

from __future__ import annotations

from runner.course.lesson import HostSpec
from runner.lab.handle import LabRequest, host_labels
from runner.lab.host import HostPlan, run_arguments
from runner.lab.place import place_options
from runner.lab.privilege import Privilege
from runner.lab.template import Built

REQUEST = LabRequest("course", "lesson-22", "ann", {"docker1": HostSpec(), "docker2": HostSpec()})


def plan(memory: str | None = None) -> HostPlan:
    return HostPlan(
        host="docker1",
        image="localhost/learn-docker-net/host:26.1-0",
        labels=host_labels(REQUEST, "c0ffee", "2026-01-01T00:00:00", "docker1", "10.66.0.11"),
        network="ldn-ann-net",
        address="10.66.0.11",
        peers={"docker1": "10.66.0.11", "docker2": "10.66.0.12"},
        options=place_options(Built("image", "tools", "store", "26.1-0"), "c0ffee", "docker1"),
        memory=memory,
    )


def test_name_address_and_the_other_hosts_names() -> None:
    arguments = run_arguments(plan(), Privilege.FULL)
    assert {"--name=ldn-ann-docker1", "--hostname=docker1", "--ip=10.66.0.11"} <= set(arguments)
    assert [word for word in arguments if word.startswith("--add-host")] == [
        "--add-host=docker2:10.66.0.12"
    ]
    assert arguments[-1] == "localhost/learn-docker-net/host:26.1-0"


def test_labels_say_what_it_is() -> None:
    arguments = run_arguments(plan(), Privilege.FULL)
    for label in ("", ".owner", ".course", ".lab", ".role", ".lesson", ".hosts"):
        assert any(word.startswith(f"learn-docker-net{label}=") for word in arguments), label


def test_no_image_is_ever_pulled() -> None:
    assert "--pull=never" in run_arguments(plan(), Privilege.FULL)


def test_a_limit_only_where_the_lesson_has_one() -> None:
    assert "--memory=512m" in run_arguments(plan("512m"), Privilege.FULL)
    assert not any("--memory" in word for word in run_arguments(plan(), Privilege.FULL))


def test_only_this_labs_data_is_kept() -> None:
    assert "--env=LDN_LIVE=c0ffee" in plan().options


def test_the_tools_are_read_only() -> None:
    assert "--mount=type=volume,source=tools,target=/ldn,readonly" in plan().options
