"""The verdicts, and the traps that other graders fell into, one test each."""

from typing import Any

import pytest

from checks.asking import Answer, Api, Outcome, Run
from checks.judge import judge
from checks.kinds import Engines, Name, Pattern, Plain, Text
from checks.matchers import Output
from checks.message import msg
from checks.observation import Observation, Sample
from checks.shell import AnyExit
from checks.spec import Capture, Check, Control
from checks.verdict import State, Verdict
from tests.checks.fake_lab import Reply, answer, check, shell


def seen(*samples: Sample, engine: str = "26.1.5", **fields: Any) -> Observation:
    return Observation("step.it", "2026-01-01T00:00:00.000Z", 0.1, engine, ("vxlan",), samples)


def sample(reply: Reply, control: Reply | None = None, *, after: float = 0.0) -> Sample:
    controlled = None if control is None else {"run": answer(control, "gateway")}
    return Sample({"run": answer(reply, "it")}, controlled, after)


def verdict(subject: Check, reply: Reply, control: Reply | None = None) -> Verdict:
    return judge(subject, seen(sample(reply, control)))


def cannot(**fields: Any) -> Check:
    return check(
        shell("it", exit=AnyExit.NONZERO),
        control=Control(assertion=shell("gateway"), say=Text("the gateway answers")),
        **fields,
    )


def test_holding_and_not_holding() -> None:
    assert verdict(check(), (0, "")).state is State.PASSED
    assert verdict(check(), (1, "")).state is State.FAILED


@pytest.mark.parametrize(
    ("outcome", "found", "look"),
    [
        (Outcome.LOST, "The lab host docker does not answer.", "`learn-docker-net doctor`"),
        (Outcome.BROKEN, "Our own tool on docker broke.", "`learn-docker-net doctor`"),
        (
            Outcome.NO_ENGINE,
            "The Docker engine on docker does not answer.",
            "on the lab host: `systemctl status docker`",
        ),
    ],
)
def test_what_broke_is_errored_with_its_remedy(outcome: Outcome, found: str, look: str) -> None:
    told = verdict(check(), outcome)
    assert told.state is State.ERRORED
    assert str(told.found) == found
    assert str(told.look).startswith(look)


def test_why_it_broke_is_told() -> None:
    lost = Answer("docker", Run("it"), Outcome.LOST, why=msg("The host {host} ended.", host="a"))
    assert str(verdict(check(), lost).found) == "The host a ended."


def test_the_learners_program_that_runs_out_of_time_failed() -> None:
    told = verdict(check(), Outcome.TIMED_OUT)
    assert told.state is State.FAILED
    assert str(told.expected) == "the command ends within 5 seconds"


class Probe:
    """Asks the engine; passes whatever it is told."""

    negated = False

    def ask(self, lab: Any, host: str, timeout: float) -> dict[str, Answer]:
        return {"inspect": lab.ask(host, Api("/containers/web/json"))}

    def judge(self, answers: Any) -> Verdict:
        return Verdict(State.PASSED)


def test_our_own_tool_that_runs_out_of_time_errored() -> None:
    slow = Answer("docker", Api("/containers/web/json"), Outcome.TIMED_OUT)
    told = judge(check(Probe()), seen(Sample({"inspect": slow})))
    assert told.state is State.ERRORED


# A negated probe that passes because the probe failed.


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.BROKEN, Outcome.NO_ENGINE])
def test_a_negation_never_passes_because_the_asking_broke(outcome: Outcome) -> None:
    assert verdict(cannot(), outcome, (0, "")).state is State.ERRORED


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.BROKEN, Outcome.NO_ENGINE])
def test_a_negation_whose_control_broke_is_errored(outcome: Outcome) -> None:
    told = verdict(cannot(), (1, ""), outcome)
    assert told.state is State.ERRORED
    assert str(told.found).startswith("the control could not be asked: ")


def test_a_negation_means_nothing_until_its_control_holds() -> None:
    told = verdict(cannot(), (1, ""), (1, "", "Network is unreachable"))
    assert told.state is State.FAILED
    assert str(told.expected) == "first of all: the gateway answers"
    assert str(told.found) == (
        "“cannot” means nothing until that holds; exit status 1: “Network is unreachable”"
    )


def test_a_negation_holds_beside_its_control() -> None:
    assert verdict(cannot(), (1, ""), (0, "")).passed
    assert verdict(cannot(), (0, ""), (0, "")).state is State.FAILED


def test_a_negation_that_hangs_failed() -> None:
    assert verdict(cannot(), Outcome.TIMED_OUT, (0, "")).state is State.FAILED


def test_a_negation_whose_program_is_missing_does_not_hold() -> None:
    told = verdict(cannot(), (127, "", 'exec: "ping": executable file not found'), (0, ""))
    assert told.state is State.FAILED
    assert str(told.found) == "the container has no program named ping"


def test_a_negation_without_a_control_is_never_judged() -> None:
    bare = check(shell("it", exit=AnyExit.NONZERO))
    assert verdict(bare, (1, "")).state is State.ERRORED


def test_a_control_that_was_not_asked_is_errored() -> None:
    assert verdict(cannot(), (1, ""), None).state is State.ERRORED


# A result file in the submission that ends grading.


def test_a_verdict_that_comes_with_an_observation_is_not_believed() -> None:
    data = seen(sample((1, ""))).to_json()
    claimed = Verdict(State.PASSED).to_json()
    data |= {"verdict": claimed, "state": "passed", "passed": True}
    assert judge(check(), Observation.from_json(data)).state is State.FAILED


# "Incorrect, try again" with the output thrown away.


def test_a_failure_keeps_the_whole_output() -> None:
    output = "".join(f"line {number}\n" for number in range(5000))
    subject = check(shell("it", stdout=Output(line=(Plain("line 9999"),))))
    told = verdict(subject, (0, output))
    assert told.evidence == f"$ it\n{output}"
    assert str(told.found) == "not there; the nearest line: “line 99”"


# Equivalent answers refused.


def test_blanks_warnings_and_final_newlines_refuse_nobody() -> None:
    subject = check(shell("it", stdout=Output(line=(Plain("172.17.0.2 web"),))))
    assert verdict(subject, (0, "172.17.0.2\t  web \r\n", "WARNING: no swap limit")).passed


# A test command that exits 0 on failure.


def test_the_output_is_judged_even_where_the_command_exits_0() -> None:
    subject = check(shell("it", stdout=Output(contains=(Plain("2 received"),))))
    assert verdict(subject, (0, "2 sent, 0 received")).state is State.FAILED


def test_outside_its_engines_it_is_unsupported_with_the_reason() -> None:
    subject = check(engines=Engines("<28"), because=Text("28 drops it before the filter rules"))
    told = judge(subject, seen(engine="28.5.2"))
    assert told.state is State.UNSUPPORTED
    assert str(told.expected) == "an engine <28"
    assert str(told.found) == "the engine here is 28.5.2"


def test_without_its_kernel_feature_it_is_unsupported() -> None:
    subject = check(kernel=(Plain("vxlan"), Plain("ip_vs")), because=Text("services need ip_vs"))
    told = judge(subject, seen())
    assert told.state is State.UNSUPPORTED
    assert str(told.found) == "this kernel has no ip_vs"


def test_an_engine_that_does_not_answer_is_not_outside_a_range() -> None:
    subject = check(engines=Engines("<28"))
    assert judge(subject, seen(sample(Outcome.NO_ENGINE), engine="")).state is State.ERRORED


def test_a_kernel_that_nobody_looked_at_is_not_without_a_feature() -> None:
    lost = Observation("s.it", "", 0, "26.1.5", (), (sample(Outcome.LOST),))
    assert judge(check(kernel=(Plain("vxlan"),)), lost).state is State.ERRORED


def test_nothing_asked_is_errored() -> None:
    assert judge(check(), seen()).state is State.ERRORED


def test_eventually_goes_by_the_last_round_and_tells_how_long_it_waited() -> None:
    told = judge(check(eventually=10), seen(sample((1, "", "refused"), after=9.9)))
    assert str(told.expected) == "within 10 seconds: the command succeeds (exit status 0)"
    assert judge(check(eventually=10), seen(sample((0, ""), after=3))).passed


def test_stays_must_be_seen_to_stay() -> None:
    subject = check(stays=2)
    good, late = sample((0, "")), sample((0, ""), after=2.0)
    assert judge(subject, seen(good, late)).passed
    told = judge(subject, seen(good, sample((0, ""), after=1.0)))
    assert told.state is State.ERRORED
    assert str(told.found) == "it was watched for only 1.0 seconds"


def test_what_breaks_off_failed_and_tells_when() -> None:
    told = judge(check(stays=2), seen(sample((0, "")), sample((1, "", "gone"), after=1.2)))
    assert told.state is State.FAILED
    assert str(told.expected) == "for 2 seconds: the command succeeds (exit status 0)"
    assert str(told.found) == (
        "it held, and after 1.2 seconds no longer did: exit status 1: “gone”"
    )


def test_a_lab_that_dies_while_it_is_watched_is_errored() -> None:
    told = judge(check(stays=2), seen(sample((0, "")), sample(Outcome.LOST, after=1)))
    assert told.state is State.ERRORED


def test_a_capture_that_finds_nothing_failed() -> None:
    subject = check(capture={"id12": Capture(matches=Pattern(r"^(\w{12})$"))})
    assert verdict(subject, (0, "0123456789ab\n")).passed
    told = verdict(subject, (0, "short\n"))
    assert told.state is State.FAILED
    assert str(told.expected) == ("the output has the value that is called id12 from here on")
    assert str(told.found) == r"nothing that matches ^(\w{12})$"


def test_captured_values_come_with_the_observation() -> None:
    subject = check(shell("cat", stdout=Output(line=(Plain("%{address} web"),))))
    answers = {"run": answer((0, "172.17.0.2 web"), "cat")}
    told = Observation(
        "s.it", "", 0, "", samples=(Sample(answers),), captured={"address": "172.17.0.2"}
    )
    assert judge(subject, told).passed
    unknown = Observation("s.it", "", 0, "", samples=(Sample(answers),))
    assert judge(subject, unknown).state is State.ERRORED


def test_an_answer_to_another_question_is_not_judged() -> None:
    told = judge(check(), seen(Sample({"run": answer((0, ""), "echo never mind")})))
    assert told.state is State.ERRORED


def test_a_check_that_crashes_is_errored_with_the_exceptions_words() -> None:
    class Broken(Probe):
        def judge(self, answers: Any) -> Verdict:
            raise RuntimeError("no such key: State")

    told = judge(check(Broken()), seen(Sample({"inspect": answer((200, ""), "it")})))
    assert told.state is State.ERRORED
    assert str(told.found) == "the check itself broke: RuntimeError: no such key: State"


def test_a_verdict_without_words_gets_the_checks_own() -> None:
    class Silent(Probe):
        def judge(self, answers: Any) -> Verdict:
            return Verdict(State.FAILED)

    told = judge(check(Silent()), seen(Sample({"inspect": answer((200, ""), "it")})))
    assert (str(told.expected), str(told.found)) == ("it holds", "it does not hold")


def test_a_pattern_that_cannot_be_read_is_the_checks_fault() -> None:
    subject = check(shell("it", stdout=Output(matches=(Pattern("("),))))
    assert verdict(subject, (0, "x")).state is State.ERRORED


def test_names_are_just_names() -> None:
    assert check().id == Name("it")
