"""Many checks of one lab: order, needs, captures, waiting, hanging, crashing, stopping."""

import threading
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any

import pytest

from checks import rounds
from checks.asking import Answer, Api, Outcome, Request
from checks.judge import judge
from checks.kinds import Engines, Pattern, Plain, Text
from checks.needs import with_needs
from checks.shell import AnyExit
from checks.spec import Capture, Check, Control
from checks.suite import Result, Suite
from checks.verdict import State, Verdict
from tests.checks.fake_lab import FakeLab, answer, check, output, shell


def run(lab: FakeLab, *checks: Check, **options: Any) -> dict[str, Result]:
    cancel = options.pop("cancel", None)
    on_result = options.pop("on_result", None)
    named = [(f"step.{one.id}", one) for one in checks]
    suite = Suite(named, lab, default_hosts=options.pop("default_hosts", {}), **options)
    return suite.run(on_result, cancel)


def states(results: Mapping[str, Result]) -> dict[str, State]:
    return {check_id.removeprefix("step."): r.verdict.state for check_id, r in results.items()}


def needing(*needs: str, name: str = "it", **fields: Any) -> Check:
    return check(shell(name), name, needs=tuple(map(Plain, needs)), **fields)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Whatever a test left hanging is let go at its end."""
    event = threading.Event()
    yield event
    event.set()


def test_each_check_is_asked_and_judged() -> None:
    lab = FakeLab({"a": (0, "x"), "b": (1, "")})
    results = run(lab, check(name="a"), check(name="b"))
    assert states(results) == {"a": State.PASSED, "b": State.FAILED}
    seen = results["step.a"].observation
    assert seen is not None
    assert (seen.check, seen.engine, seen.kernel) == ("step.a", "26.1.5", ())
    assert seen.started.endswith("Z")
    assert seen.samples[0].answers["run"].stdout == "x"


def test_checks_run_side_by_side() -> None:
    meet = threading.Barrier(3)

    def wait(host: str, request: Request) -> Answer:
        meet.wait(10)
        return answer((0, ""), request)

    class Free(FakeLab):
        def ask(self, host: str, request: Request) -> Answer:
            return wait(host, request)

    results = run(Free(), *(check(name=name) for name in "abc"))
    assert set(states(results).values()) == {State.PASSED}


def test_a_check_waits_for_what_it_needs_and_is_skipped_where_that_fails() -> None:
    lab = FakeLab({"bad": (1, "")})
    results = run(
        lab,
        needing("bad", name="child"),
        needing("step.child", name="grandchild"),
        needing("good", name="friend"),
        check(name="good"),
        check(name="bad"),
    )
    assert states(results) == {
        "child": State.SKIPPED,
        "grandchild": State.SKIPPED,
        "friend": State.PASSED,
        "good": State.PASSED,
        "bad": State.FAILED,
    }
    asked = [command for _, command in lab.asked]
    assert asked.index("good") < asked.index("friend")
    assert "child" not in asked
    assert str(results["step.child"].verdict.found) == (
        "not asked: it needs step.bad (bad holds), which failed"
    )
    assert str(results["step.grandchild"].verdict.found).endswith("which was skipped")


def test_results_come_in_the_order_of_the_checks_and_are_told_as_they_end() -> None:
    told: list[str] = []
    threads: set[str] = set()

    def on_result(result: Result) -> None:
        told.append(result.check_id)
        threads.add(threading.current_thread().name)

    results = run(
        FakeLab(),
        needing("b", name="a"),
        needing("c", name="b"),
        check(name="c"),
        on_result=on_result,
    )
    assert list(results) == ["step.a", "step.b", "step.c"]
    assert told == ["step.c", "step.b", "step.a"]
    assert threads == {threading.current_thread().name}


def test_granted_checks_count_as_passed_without_being_asked() -> None:
    lab = FakeLab()
    results = run(lab, needing("undone", name="a"), granted={"step.undone"})
    assert states(results) == {"a": State.PASSED}
    assert [command for _, command in lab.asked] == ["a"]


def test_a_need_that_is_not_among_the_checks_is_named() -> None:
    results = run(FakeLab(), needing("nobody", name="a"))
    assert states(results) == {"a": State.SKIPPED}
    assert "step.nobody" in str(results["step.a"].verdict.found)


def test_checks_that_need_one_another_are_skipped_and_the_rest_go_on() -> None:
    results = run(FakeLab(), needing("b", name="a"), needing("a", name="b"), check(name="c"))
    assert states(results) == {"a": State.SKIPPED, "b": State.SKIPPED, "c": State.PASSED}


def test_captured_values_flow_to_those_that_need_them() -> None:
    first = check(
        shell("address"), "address", capture={"address": Capture(matches=Pattern(r"^(\S+)$"))}
    )
    middle = needing("address", name="middle")
    last = check(
        shell("ping %{address}", stdout=output(contains=("from %{address}:",))),
        "last",
        needs=(Plain("middle"),),
        otherwise=Text("is %{address} up?"),
    )
    lab = FakeLab({"address": (0, "172.17.0.2"), "ping 172.17.0.2": (0, "from 172.17.0.2: ok")})
    results = run(lab, first, middle, last)
    assert states(results)["last"] is State.PASSED
    result = results["step.last"]
    assert result.check.otherwise == "is 172.17.0.2 up?"
    assert result.observation is not None
    assert result.observation.captured == {"address": "172.17.0.2"}
    assert judge(last, result.observation) == result.verdict


def test_a_hostile_captured_value_runs_nothing() -> None:
    first = check(name="a", capture={"x": Capture(matches=Pattern("(.+)"))})
    lab = FakeLab({"a": (0, "$(reboot); x")})
    run(lab, first, check(shell("echo %{x}"), "b", needs=(Plain("a"),)))
    assert lab.asked[-1][1] == "echo '$(reboot); x'"


def test_a_value_that_nobody_captured_is_the_checks_fault() -> None:
    results = run(FakeLab(), check(shell("ping %{address}"), "a"))
    assert states(results) == {"a": State.ERRORED}
    assert "address" in str(results["step.a"].verdict.found)


def test_a_capture_that_finds_nothing_fails_and_skips_what_needs_it() -> None:
    first = check(name="a", capture={"x": Capture(json=Plain(".x"))})
    results = run(FakeLab({"a": (0, "{}")}), first, needing("a", name="b"))
    assert states(results) == {"a": State.FAILED, "b": State.SKIPPED}


def test_the_host_is_the_checks_the_steps_or_the_first() -> None:
    lab = FakeLab()
    run(lab, check(name="a", host=Plain("docker2")))
    run(lab, check(name="b"), default_hosts={"step": "docker2"})
    run(lab, check(name="c"), default_hosts={"step.c": "docker2", "step": "docker"})
    run(lab, check(name="d"))
    assert lab.asked == [("docker2", "a"), ("docker2", "b"), ("docker2", "c"), ("docker", "d")]


def test_what_cannot_hold_here_is_not_asked() -> None:
    lab = FakeLab(engine="28.5.2")
    results = run(lab, check(name="a", engines=Engines("<28")), needing("a", name="b"))
    assert states(results) == {"a": State.UNSUPPORTED, "b": State.SKIPPED}
    assert lab.asked == []


# A trap that deletes the learner's network after the check.


@pytest.mark.parametrize("reply", [(0, ""), (1, ""), Outcome.LOST, Outcome.TIMED_OUT, OSError("x")])
def test_a_run_asks_the_checks_own_questions_and_nothing_else(reply: Any) -> None:
    lab = FakeLab({"a": reply})
    run(lab, check(name="a"), check(name="b"))
    assert sorted(command for _, command in lab.asked) == ["a", "b"]


# A fixed sleep where one should wait until it holds.


def test_eventually_asks_until_it_holds() -> None:
    lab = FakeLab({"a": [(1, ""), (1, ""), (0, "up")]})
    results = run(lab, check(name="a", eventually=30))
    assert states(results) == {"a": State.PASSED}
    seen = results["step.a"].observation
    assert seen is not None
    assert len(seen.samples) == 1
    assert seen.seconds < 10
    assert len(lab.asked) == 3


def test_eventually_ends() -> None:
    results = run(FakeLab({"a": (1, "")}), check(name="a", eventually=0.3))
    assert states(results) == {"a": State.FAILED}
    assert str(results["step.a"].verdict.expected).startswith("within 0.3 seconds: ")


def test_stays_goes_on_asking() -> None:
    lab = FakeLab({"a": (0, ""), "b": [(0, ""), (1, "gone")]})
    results = run(lab, check(name="a", stays=0.4), check(name="b", stays=0.4))
    assert states(results) == {"a": State.PASSED, "b": State.FAILED}
    seen = results["step.a"].observation
    assert seen is not None
    assert seen.samples[-1].after - seen.samples[0].after >= 0.4
    assert judge(check(name="a", stays=0.4), seen).passed


def test_what_breaks_off_may_hold_again_within_its_time() -> None:
    lab = FakeLab({"a": [(0, ""), (1, ""), (0, "")]})
    results = run(lab, check(name="a", stays=0.3, eventually=30))
    assert states(results) == {"a": State.PASSED}


def test_eventually_outlasts_an_engine_that_restarts() -> None:
    lab = FakeLab({"a": [Outcome.NO_ENGINE, Outcome.NO_ENGINE, (0, "")]})
    assert states(run(lab, check(name="a", eventually=30))) == {"a": State.PASSED}


def test_eventually_does_not_wait_for_a_lab_that_is_gone() -> None:
    lab = FakeLab({"a": Outcome.LOST})
    began = monotonic()
    assert states(run(lab, check(name="a", eventually=30))) == {"a": State.ERRORED}
    assert monotonic() - began < 10
    assert len(lab.asked) == 1


def test_eventually_gives_a_hanging_engine_up_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "PATIENCE", 0.2)
    began = monotonic()
    results = run(FakeLab({"a": Outcome.NO_ENGINE}), check(name="a", eventually=60))
    assert states(results) == {"a": State.ERRORED}
    assert monotonic() - began < 20


def test_the_control_is_asked_in_each_round() -> None:
    lab = FakeLab({"it": (1, ""), "gateway": [(1, ""), (0, "")]})
    subject = check(
        shell("it", exit=AnyExit.NONZERO),
        control=Control(assertion=shell("gateway")),
        eventually=30,
    )
    assert states(run(lab, subject)) == {"it": State.PASSED}
    assert [command for _, command in lab.asked] == ["gateway", "it", "gateway", "it"]


def test_one_that_hangs_is_given_up_while_the_rest_go_on(
    monkeypatch: pytest.MonkeyPatch, gate: threading.Event
) -> None:
    monkeypatch.setattr(rounds, "GRACE", 0.2)
    told: list[str] = []

    class Hanging(FakeLab):
        def ask(self, host: str, request: Request) -> Answer:
            if getattr(request, "command", "") == "a":
                gate.wait(60)
            return super().ask(host, request)

    results = run(
        Hanging(),
        check(name="a", timeout=0.2),
        needing("a", name="child"),
        check(name="b"),
        on_result=lambda result: told.append(result.check_id),
    )
    assert states(results) == {
        "a": State.ERRORED,
        "child": State.SKIPPED,
        "b": State.PASSED,
    }
    assert told == ["step.b", "step.a", "step.child"]
    assert "given up" in str(results["step.a"].verdict.found)


class Probe:
    """A probe of the tests; `ask` and `judge` are given."""

    negated = False

    def __init__(
        self, ask: Callable[..., Any], judge: Callable[..., Verdict] | None = None
    ) -> None:
        self.ask = ask
        self.judge = judge or (lambda answers: Verdict(State.PASSED))


def boom(*_: Any) -> Any:
    raise KeyError("State")


def test_a_probe_that_crashes_is_errored_and_the_rest_go_on() -> None:
    results = run(
        FakeLab(),
        check(Probe(boom), "asking"),
        check(Probe(lambda lab, host, timeout: {}, boom), "judging"),
        check(Probe(lambda lab, host, timeout: None), "nothing"),
        check(name="b"),
    )
    assert states(results) == {
        "asking": State.ERRORED,
        "judging": State.ERRORED,
        "nothing": State.ERRORED,
        "b": State.PASSED,
    }
    assert "KeyError: 'State'" in str(results["step.asking"].verdict.found)
    assert "KeyError: 'State'" in str(results["step.judging"].verdict.found)
    assert results["step.judging"].observation is not None


def test_a_lab_that_raises_breaks_nothing() -> None:
    lab = FakeLab({"a": OSError("pipe"), "b": (0, "")})
    results = run(lab, check(name="a"), check(name="b"))
    assert states(results) == {"a": State.ERRORED, "b": State.PASSED}
    assert str(results["step.a"].verdict.found) == ("Asking broke: OSError: pipe")


def test_a_lab_that_cannot_be_reached_errors_every_check() -> None:
    class Gone(FakeLab):
        @property
        def hosts(self) -> Any:
            raise RuntimeError("no such container")

        @hosts.setter
        def hosts(self, value: Any) -> None:
            pass

    results = run(Gone(), check(name="a"), needing("a", name="b"))
    assert set(states(results).values()) == {State.ERRORED}
    assert str(results["step.a"].verdict.found) == ("the lab cannot be reached: no such container")


def test_a_lab_that_does_not_say_what_it_is_breaks_nothing() -> None:
    class Silent(FakeLab):
        @property
        def engine(self) -> Any:
            raise RuntimeError("no channel")

        @engine.setter
        def engine(self, value: Any) -> None:
            pass

    results = run(Silent(), check(name="a"), check(name="b", engines=Engines(">=20.10")))
    assert set(states(results).values()) == {State.PASSED}
    seen = results["step.a"].observation
    assert seen is not None
    assert seen.engine == ""


def test_kernel_features_are_looked_for_where_a_check_needs_them() -> None:
    because = {"because": Text("services need it")}
    results = run(
        FakeLab(),
        check(name="a", kernel=(Plain("vxlan"),), **because),
        check(name="b", kernel=(Plain("ip_vs"),), **because),
    )
    assert states(results) == {"a": State.PASSED, "b": State.UNSUPPORTED}


def test_more_checks_than_a_lab_takes_at_once_wait_for_their_turn(
    monkeypatch: pytest.MonkeyPatch, gate: threading.Event
) -> None:
    monkeypatch.setattr(rounds, "GRACE", 0.2)

    class Full(FakeLab):
        def ask(self, host: str, request: Request) -> Answer:
            if getattr(request, "command", "").startswith("hangs"):
                gate.wait(60)
            return super().ask(host, request)

    hanging = [check(name=f"hangs-{n}", timeout=0.2) for n in range(rounds.AT_ONCE)]
    later = [check(name=f"later-{n}", timeout=0.2) for n in range(5)]
    results = states(run(Full(), *hanging, *later))
    assert all(results[str(one.id)] is State.ERRORED for one in hanging)
    assert all(results[str(one.id)] is State.PASSED for one in later)


def test_a_run_can_be_stopped(gate: threading.Event) -> None:
    cancel = threading.Event()
    told: list[str] = []

    class Stopping(FakeLab):
        def ask(self, host: str, request: Request) -> Answer:
            if getattr(request, "command", "") == "hangs":
                gate.wait(60)
            return super().ask(host, request)

    def on_result(result: Result) -> None:
        told.append(result.check_id)
        cancel.set()

    began = monotonic()
    results = run(
        Stopping({"waits": (1, "")}),
        check(name="done"),
        check(name="hangs"),
        check(name="waits", eventually=60),
        needing("hangs", name="child"),
        cancel=cancel,
        on_result=on_result,
    )
    assert monotonic() - began < 30
    assert told == ["step.done"]
    assert states(results) == {
        "done": State.PASSED,
        "hangs": State.ERRORED,
        "waits": State.ERRORED,
        "child": State.ERRORED,
    }


def test_a_stopped_run_leaves_no_thread_behind() -> None:
    cancel = threading.Event()
    cancel.set()
    run(FakeLab({"a": (1, "")}), check(name="a", eventually=60), cancel=cancel)
    deadline = threading.Event()
    for _ in range(100):
        if not any(thread.name == "check step.a" for thread in threading.enumerate()):
            return
        deadline.wait(0.05)
    pytest.fail("a check goes on after its run was stopped")


def test_objects_met_on_the_way_are_kept() -> None:
    class Inspecting:
        negated = False

        def ask(self, lab: Any, host: str, timeout: float) -> dict[str, Answer]:
            paths = ("/containers/web/json", "/networks", "/images/box/json")
            return {path: lab.ask(host, Api(path)) for path in paths}

        def judge(self, answers: Any) -> Verdict:
            return Verdict(State.PASSED)

    replies: dict[str, Any] = {
        "/containers/web/json": (200, {"Id": "ab", "Name": "/web", "Created": "2026"}),
        "/networks": (200, [{"Id": "cd", "Name": "bridge", "Created": "2025"}, "odd"]),
        "/images/box/json": (200, {"Id": "ef", "Created": "2024"}),
    }
    results = run(FakeLab(replies), check(Inspecting(), "a"))
    seen = results["step.a"].observation
    assert seen is not None
    assert seen.objects == {
        "web": {"id": "ab", "created": "2026"},
        "bridge": {"id": "cd", "created": "2025"},
    }


def test_a_subset_brings_what_it_needs() -> None:
    named = [
        ("one.a", check(name="a")),
        ("one.b", needing("a", name="b")),
        ("two.c", needing("one.b", name="c")),
        ("two.d", check(name="d")),
    ]
    assert [name for name, _ in with_needs(named, {"two.c"})] == ["one.a", "one.b", "two.c"]
    assert with_needs(named, {"nobody"}) == []
