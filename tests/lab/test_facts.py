"""What set-up does on which machine: nothing of the user's is touched where there is any trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.lab.facts import Facts, Step, decide
from runner.lab.outer import EngineState, Reach

NO_CLIENT = EngineState(Reach.NO_CLIENT)
SILENT = EngineState(Reach.SILENT, client="28.2.2", details="Cannot connect")
FORBIDDEN = EngineState(Reach.FORBIDDEN, client="28.2.2", details="permission denied")
ANSWERS = EngineState(Reach.ANSWERS, client="28.2.2", version="20.10.24")

FRESH = Facts(state=NO_CLIENT, apt=True, root=True)
"""Debian, root, nothing of Docker."""


def test_an_engine_that_answers_is_left_alone() -> None:
    for facts in (Facts(state=ANSWERS), Facts(state=ANSWERS, apt=True, root=True, engine=True)):
        decision = decide(facts)
        assert decision.step is Step.NOTHING
        assert str(decision.message) == "Docker 20.10.24 answers."


def test_a_fresh_debian_gets_the_distributions_engine() -> None:
    assert decide(FRESH).step is Step.INSTALL


def test_a_client_alone_counts_as_no_engine() -> None:
    assert decide(replace(FRESH, state=SILENT)).step is Step.INSTALL


@pytest.mark.parametrize(
    "trace",
    [
        {"docker_host": "tcp://10.0.0.9:2375"},
        {"context": "classroom"},
        {"context": "desktop-linux"},
        {"contexts": True},
        {"desktop": True},
        {"sockets": ("/var/run/docker.sock",)},
        {"state": FORBIDDEN},
        {"state": FORBIDDEN, "docker_host": "unix:///run/docker.sock"},
    ],
    ids=lambda trace: "+".join(trace),
)
@pytest.mark.parametrize("state", [NO_CLIENT, SILENT], ids=["no client", "client"])
def test_any_trace_of_an_engine_keeps_us_from_installing(
    trace: dict[str, object], state: EngineState
) -> None:
    decision = decide(replace(replace(FRESH, state=state), **trace))  # type: ignore[arg-type]
    assert decision.step is Step.TELL
    assert decision.remedy is not None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(FRESH, state=SILENT, docker_host="tcp://x:1"), "unset DOCKER_HOST"),
        (replace(FRESH, state=SILENT, context="lab"), "docker context use default"),
        (replace(FRESH, state=SILENT, context="desktop-linux"), "Start Docker Desktop"),
        (replace(FRESH, state=SILENT, desktop=True), "Start Docker Desktop"),
        (replace(FRESH, state=SILENT, contexts=True), "docker context use NAME"),
        (replace(FRESH, state=NO_CLIENT, contexts=True), "docker-cli"),
        (replace(FRESH, state=FORBIDDEN), "usermod -aG docker"),
        (replace(FRESH, state=NO_CLIENT, sockets=("/run/docker.sock",)), "docker-cli"),
        (replace(FRESH, state=SILENT, sockets=("/run/docker.sock",)), "delete the file"),
        (replace(FRESH, root=False), "sudo apt-get install docker.io"),
        (replace(FRESH, apt=False), "as your distribution says"),
        (replace(FRESH, system="Darwin", apt=False), "Install Docker Desktop"),
    ],
)
def test_the_remedy_fits(facts: Facts, words: str) -> None:
    decision = decide(facts)
    assert decision.step is Step.TELL
    assert words in str(decision.remedy)


def test_an_installed_engine_is_started_the_way_the_machine_has() -> None:
    installed = replace(FRESH, state=SILENT, engine=True, sockets=("/var/run/docker.sock",))
    assert decide(installed).step is Step.START_ALONE
    assert decide(replace(installed, systemd=True)).step is Step.START


def test_without_root_an_installed_engine_is_not_started() -> None:
    installed = replace(FRESH, state=SILENT, engine=True, root=False)
    assert "sudo service docker start" in str(decide(installed).remedy)
    assert "sudo systemctl start docker" in str(decide(replace(installed, systemd=True)).remedy)


def test_contexts_of_others_do_not_keep_the_installed_engine_from_starting() -> None:
    installed = replace(FRESH, state=SILENT, engine=True, contexts=True)
    assert decide(installed).step is Step.START_ALONE


def test_an_engine_that_was_pointed_at_comes_before_the_local_one() -> None:
    facts = replace(FRESH, state=SILENT, engine=True, docker_host="ssh://far")
    assert decide(facts).step is Step.TELL
