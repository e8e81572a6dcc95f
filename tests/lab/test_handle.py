"""Labs read from the labels of their containers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from runner.course.lesson import HostSpec
from runner.errors import LearnError
from runner.lab.handle import LabBusy, LabHandle, LabRequest, handles, host_labels

TWO = LabRequest(
    "course", "lesson-22", "ann", {"docker1": HostSpec(), "docker2": HostSpec()}, docker="28.5"
)
ONE = LabRequest("course", "lesson-01", "ann", {"docker": HostSpec()})


def container(request: LabRequest, lab: str, host: str, state: str = "running") -> dict[str, Any]:
    labels = host_labels(request, lab, f"2026-01-01T00:00:0{len(lab)}", host, "10.66.0.11")
    identity = hashlib.sha256(f"{lab}-{host}".encode()).hexdigest()
    return {"Id": identity, "Config": {"Labels": labels}, "State": {"Status": state}}


def two(state: str = "running") -> LabHandle:
    [handle] = handles([container(TWO, "a", "docker2"), container(TWO, "a", "docker1", state)])
    return handle


def test_hosts_come_in_the_lessons_order_whatever_the_engines_is() -> None:
    handle = two()
    assert list(handle.hosts) == ["docker1", "docker2"]
    assert handle.host().name == "docker1"
    assert handle.host("docker2").container == container(TWO, "a", "docker2")["Id"]
    assert (handle.lesson, handle.docker, handle.purpose) == ("lesson-22", "28.5", "learn")


@pytest.mark.parametrize("identity", ["--privileged", "a" * 11, "0" * 12 + " x", "../" + "0" * 12])
def test_an_id_that_is_none_is_put_on_no_command_line(identity: str) -> None:
    with pytest.raises(LearnError):
        handles([{**container(ONE, "a", "docker"), "Id": identity}])
    forged = container(ONE, "a", "docker")
    forged["Config"]["Image"] = "--volume=/:/host"
    with pytest.raises(LearnError):
        handles([forged])


def test_labs_are_told_apart_and_sorted_by_age() -> None:
    found = handles([container(ONE, "bb", "docker"), container(TWO, "a", "docker1")])
    assert [handle.lab for handle in found] == ["a", "bb"]


def test_a_lab_that_lacks_a_host_is_not_whole() -> None:
    [handle] = handles([container(TWO, "a", "docker1")])
    assert not handle.whole
    assert not handle.running


def test_a_container_that_never_started_is_what_an_interrupted_start_left() -> None:
    assert not two("created").whole


def test_a_stopped_lab_is_whole_and_does_not_run() -> None:
    handle = two("exited")
    assert handle.whole
    assert not handle.running


def test_what_a_lab_serves() -> None:
    assert two().serves(TWO)
    assert not two().serves(ONE)
    assert not two().serves(LabRequest("course", "lesson-22", "ann", TWO.hosts, docker="26.1"))
    assert not two().serves(LabRequest("other", "lesson-22", "ann", TWO.hosts, docker="28.5"))


def test_a_handle_survives_json() -> None:
    assert LabHandle.from_json(json.loads(json.dumps(two().to_json()))) == two()


def test_an_unknown_host_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(LearnError) as caught:
        two().host("docker3")
    assert "docker3" in str(caught.value)
    assert "docker1, docker2" in str(caught.value.remedy)


def test_a_busy_lab_says_what_is_there() -> None:
    assert "lesson-22" in str(LabBusy(two(), ONE))
    other = LabRequest("course", "lesson-22", "ann", TWO.hosts, docker="26.1")
    assert str(LabBusy(two(), other)) == "Your lab for lesson-22 runs Docker 28.5, not 26.1."
