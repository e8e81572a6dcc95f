"""The agent that is started early: for the right lab only, and never left behind."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.cli import early
from runner.lab.handle import HostHandle
from runner.places import course_place
from runner.record.files import record_file
from runner.record.store import Store
from tests.course.books import write_course

CONTAINER, OTHER = "c0ffee", "decaf"
HANDLE = {"expected": ["docker"], "hosts": {"docker": {"container": CONTAINER}}}
TWO = {
    "expected": ["docker1", "docker2"],
    "hosts": {"docker1": {"container": CONTAINER}, "docker2": {"container": OTHER}},
}
Begin = Callable[..., early.Early | None]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """A record of lesson 07's lab, and a `docker` that greets as the agent does."""
    program = tmp_path / "docker"
    greeting = '{"hello": 1, "lab": "a", "host": "docker", "engine": "26.1.5", "kernel": []}'
    program.write_text(f"#!/bin/sh\necho '{greeting}'\nwhile read -r line; do :; done\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    strange = write_course(tmp_path)
    for course, folder in (("docker-networking", None), ("small", strange)):
        store = Store(record_file(course, folder))
        store.begin_lab("a", "lesson-07", HANDLE)
        store.close()

    def started(target: str | None = None, course: str | None = None) -> early.Early | None:
        return early.begin(Namespace(target=target, course=course))

    return started


@pytest.mark.parametrize("target", [None, "7", "07", "lesson-07", "7/alias"])
def test_it_begins_for_the_lesson_of_the_lab(begin: Begin, target: str | None) -> None:
    begun = begin(target)
    assert begun is not None
    begun.close()


def test_it_does_not_begin_for_another_lesson_or_course(begin: Begin) -> None:
    assert begin("1") is None
    assert begin("7", course_place()) is None  # as somebody's, it has a record of its own


def test_it_begins_for_the_lab_of_another_course(begin: Begin, tmp_path: Path) -> None:
    begun = begin("7", str(tmp_path))
    assert begun is not None
    begun.close()


def test_a_course_that_is_none_is_left_to_the_usual_way(begin: Begin, tmp_path: Path) -> None:
    assert begin("7", str(tmp_path / "nowhere")) is None


def test_without_a_record_nothing_is_started_or_made(own_home: Path) -> None:
    assert early.begin(Namespace(target="7", course=None)) is None
    assert not record_file("docker-networking").exists()


def test_its_agent_serves_its_own_container_once(begin: Begin) -> None:
    begun = begin("7")
    assert begun is not None
    channel = begun.open(HostHandle("docker", CONTAINER, "10.66.0.2"))
    assert channel.hello["engine"] == "26.1.5"
    begun.close()  # what was taken is not ended
    assert not channel.closed
    again = begun.open(HostHandle("docker", CONTAINER, "10.66.0.2"))
    assert again is not channel
    channel.close()
    again.close()


def test_an_agent_nobody_took_is_ended(begin: Begin) -> None:
    begun = begin("7")
    assert begun is not None
    (process,) = begun._agents.values()
    begun.close()
    assert process.returncode is not None


def test_each_host_of_a_lab_gets_its_agent_at_once(begin: Begin) -> None:
    store = Store(record_file("docker-networking"))
    store.begin_lab("b", "lesson-07", TWO)
    store.close()
    begun = begin("7")
    assert begun is not None
    agents = dict(begun._agents)
    assert list(agents) == [CONTAINER, OTHER]
    with begun.open(HostHandle("docker2", OTHER, "10.66.0.3")) as channel:
        assert channel.hello["engine"] == "26.1.5"
        begun.close()
        assert agents[CONTAINER].returncode is not None
        assert agents[OTHER].returncode is None


def test_without_docker_nothing_is_started(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert begin("7") is None
