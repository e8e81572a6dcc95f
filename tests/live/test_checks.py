"""Checks on a real lab: verdicts that hold where things hang, stop and lie."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from checks.asking import Run
from checks.kinds import Name, Plain, Seconds, Shell, Text
from checks.matchers import Output
from checks.probes import PROBES
from checks.shell import AnyExit, ShellAssertion
from checks.spec import Check, Control
from checks.suite import Result, Suite
from checks.verdict import State
from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.outer import Docker
from runner.lab.running import RunningLab

pytestmark = pytest.mark.live
OWNER = "test-checks"
RUNNING = "docker inspect -f '{{{{.State.Running}}}}' {}"
REQUEST = labs.LabRequest(
    course_id="test",
    lesson_id="lesson-01",
    owner=OWNER,
    hosts={"docker": HostSpec()},
    images=["localhost/box"],
    purpose="test",
)


@pytest.fixture(scope="module")
def lab() -> Iterator[RunningLab]:
    try:
        with labs.attach(labs.reset(REQUEST)) as running:
            tell(running, "docker run -d --name web localhost/box sleep infinity")
            yield running
    finally:
        labs.down_all(OWNER)


def tell(lab: RunningLab, command: str) -> str:
    answer = lab.ask("docker", Run(command, timeout=60, engine=False))
    assert answer.status == 0, answer
    return answer.stdout


def shell(name: str, run: str, **fields: Any) -> Check:
    given = {key: fields.pop(key) for key in ("exit", "stdout", "engine") if key in fields}
    return probe(name, ShellAssertion(run=Shell(run), **given), **fields)


def probe(name: str, assertion: Any, **fields: Any) -> Check:
    return Check(id=Name(name), say=Text(f"{name} holds"), assertion=assertion, **fields)


def run(lab: RunningLab, *checks: Check) -> dict[str, Result]:
    results = Suite([(f"step.{one.id}", one) for one in checks], lab, default_hosts={}).run()
    return {str(one.id): results[f"step.{one.id}"] for one in checks}


def states(results: dict[str, Result]) -> dict[str, State]:
    return {name: result.verdict.state for name, result in results.items()}


def runs(container: str) -> Any:
    return PROBES["running"](container=Plain(container))  # type: ignore[call-arg]


def test_what_holds_and_what_does_not(lab: RunningLab) -> None:
    results = run(
        lab,
        shell("runs", RUNNING.format("web"), stdout=Output(equals=Plain("true"))),
        shell("nobody", RUNNING.format("nobody")),
        shell("warns", "echo odd >&2; echo fine", stdout=Output(equals=Plain("fine"))),
        shell(
            "alone",
            "docker exec web ping -c 1 -W 1 10.99.0.1",
            exit=AnyExit.NONZERO,
            control=Control(
                assertion=ShellAssertion(run=Shell("docker exec web ping -c 1 -W 1 172.17.0.1"))
            ),
        ),
        probe("probe", runs("web")),
    )
    assert states(results) == {
        "runs": State.PASSED,
        "nobody": State.FAILED,
        "warns": State.PASSED,
        "alone": State.PASSED,
        "probe": State.PASSED,
    }
    assert str(results["nobody"].verdict.found) == "there is nothing named nobody in the engine"
    seen = results["probe"].observation
    assert seen is not None
    assert seen.objects["web"]["id"]
    assert seen.engine.startswith("26.1")


def test_a_program_that_hangs_fails_is_ended_and_holds_nobody_up(lab: RunningLab) -> None:
    began = monotonic()
    results = run(
        lab,
        shell("hangs", "sleep 4321 & sleep 4321", timeout=Seconds(1)),
        shell("quick", "true"),
    )
    assert states(results) == {"hangs": State.FAILED, "quick": State.PASSED}
    assert monotonic() - began < 20
    gone = shell("gone", "! pgrep -f '[s]leep 4321'", eventually=Seconds(10))
    assert states(run(lab, gone)) == {"gone": State.PASSED}


def test_programs_early_in_the_path_of_the_lab_change_no_verdict(lab: RunningLab) -> None:
    fakes = " ".join(f"/usr/local/bin/{name}" for name in ("docker", "ping", "bash"))
    tell(lab, f"for f in {fakes}; do printf '#!/bin/sh\\nexit 0\\n' >$f; chmod +x $f; done")
    try:
        results = run(
            lab,
            shell("nobody", "docker inspect nobody"),
            shell("unreachable", "ping -c 1 -W 1 172.17.0.99"),
            probe("probe", runs("nobody")),
        )
        assert set(states(results).values()) == {State.FAILED}
    finally:
        tell(lab, f"rm -f {fakes}")


def test_settings_in_the_learners_home_change_no_verdict(lab: RunningLab) -> None:
    tell(
        lab,
        'mkdir -p /root/.docker; echo \'{"currentContext": "nowhere"}\' >/root/.docker/config.json;'
        " echo 'url = http://127.0.0.1:9/' >/root/.curlrc; echo '+short' >/root/.digrc",
    )
    try:
        results = run(
            lab,
            shell("engine", "docker inspect web"),
            shell("page", "! curl -v -s -m 1 2>&1 | grep -q 127.0.0.1:9"),
            shell("home", "[ ! -w $HOME ] && [ ! -e $HOME/.digrc ]"),
        )
        assert [str(one.verdict.found) for one in results.values() if not one.verdict.passed] == []
    finally:
        tell(lab, "rm -rf /root/.docker /root/.curlrc /root/.digrc")


def test_a_hung_engine_is_errored_within_seconds(lab: RunningLab) -> None:
    tell(lab, "kill -STOP $(pidof dockerd)")
    try:
        began = monotonic()
        results = run(
            lab,
            shell("asks", "docker inspect web", timeout=Seconds(2)),
            probe("probe", runs("web"), timeout=Seconds(2)),
            probe("engine", PROBES["engine_runs"](), timeout=Seconds(2)),
            shell("host", "ip link show docker0", engine=False),
        )
        assert states(results) == {
            "asks": State.ERRORED,
            "probe": State.ERRORED,
            "engine": State.ERRORED,
            "host": State.PASSED,
        }
        assert monotonic() - began < 20
    finally:
        tell(lab, "kill -CONT $(pidof dockerd)")


def test_a_stopped_engine_is_errored_and_told_with_its_remedy(lab: RunningLab) -> None:
    tell(lab, "systemctl stop docker.socket docker")
    try:
        asked = shell("asks", "docker inspect web"), probe("probe", runs("web"))
        results = run(lab, *asked, probe("engine", PROBES["engine_runs"]()))
        assert states(results) == {
            "asks": State.ERRORED,
            "probe": State.ERRORED,
            "engine": State.FAILED,
        }
        assert "systemctl" in str(results["asks"].verdict.look)
    finally:
        tell(lab, "systemctl start docker && docker start web")


def test_eventually_outlasts_a_restart_of_the_engine(lab: RunningLab) -> None:
    tell(lab, "docker run -d --name keeper --restart always localhost/box sleep infinity")
    tell(lab, "systemctl restart --no-block docker")
    results = run(lab, probe("probe", runs("keeper"), eventually=Seconds(60)))
    assert states(results) == {"probe": State.PASSED}


def test_a_lab_that_dies_meanwhile_is_errored_within_seconds() -> None:
    request = replace(REQUEST, lesson_id="lesson-02", owner=f"{OWNER}-dying")
    ended: list[float] = []

    def kill(_: Result) -> None:
        if not ended:
            ended.append(monotonic())
            Docker().check("kill", handle.host().container)

    try:
        handle = labs.reset(request)
        with labs.attach(handle) as lab:
            dying = [shell(f"waits-{n}", "sleep 50", timeout=Seconds(60)) for n in range(3)]
            checks = [(f"step.{one.id}", one) for one in (*dying, shell("quick", "true"))]
            results = Suite(checks, lab, default_hosts={}).run(kill)
        assert results.pop("step.quick").verdict.state is State.PASSED
        assert {result.verdict.state for result in results.values()} == {State.ERRORED}
        assert monotonic() - ended[0] < 15
    finally:
        labs.down_all(request.owner)
