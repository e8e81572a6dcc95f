"""Observations travel as JSON and are judged alike wherever they are read."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.asking import Answer, Api, Net, Outcome, Run
from checks.judge import judge
from checks.kinds import Engines, Pattern, Plain, Text
from checks.matchers import Output
from checks.message import Message, msg
from checks.observation import Observation, Sample
from checks.shell import AnyExit
from checks.spec import Capture, Check, Control
from checks.values import Count, JsonValue, Number
from checks.verdict import State, Verdict
from tests.checks.fake_lab import check, shell

unhurried = settings(deadline=None)
"""The machine may be busy with labs."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
outputs = texts | st.sampled_from(["172.17.0.2 web\n", '{"a": 1}', "Error: No such container: x"])
seconds = st.floats(0, 60).map(lambda value: round(value, 3))
plain = st.none() | st.booleans() | st.integers(-9, 9) | texts
documents = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
messages = st.recursive(
    texts.map(Message),
    lambda inner: st.builds(Message, texts, st.dictionaries(texts, inner | texts, max_size=2)),
    max_leaves=4,
)
requests = (
    st.builds(Run, st.sampled_from(["it", "other"]), seconds, st.booleans())
    | st.builds(Api, texts, seconds)
    | st.builds(Net, texts, st.none() | texts, st.dictionaries(texts, plain, max_size=2), seconds)
)
answers = st.builds(
    Answer,
    st.just("docker"),
    requests,
    st.sampled_from(Outcome),
    st.none() | st.integers(0, 255),
    outputs,
    outputs,
    documents,
    seconds,
    st.none() | messages,
)
rounds = st.dictionaries(st.sampled_from(["run", "inspect"]), answers, max_size=2)
observations = st.builds(
    Observation,
    texts,
    texts,
    seconds,
    st.sampled_from(["", "20.10.24", "26.1.5", "28.5.2+dfsg1", "odd"]),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.builds(Sample, rounds, st.none() | rounds, seconds), max_size=3).map(tuple),
    st.dictionaries(st.just("address") | texts, texts, max_size=2),
    st.dictionaries(texts, st.dictionaries(texts, texts, max_size=2), max_size=2),
)

CHECKS = [
    check(),
    check(shell("it", stdout=Output(line=(Plain("172.17.0.2 web"),), contains=(Plain("web"),)))),
    check(shell("it", stdout=Output(json={Plain("a"): JsonValue(at_least=1)})), eventually=3),
    check(shell("it", stdout=Output(number=Number(at_most=3), lines=Count(at_least=1))), stays=2),
    check(
        shell("it", exit=AnyExit.NONZERO),
        control=Control(assertion=shell("it", exit=AnyExit.ANY)),
    ),
    check(engines=Engines("<28"), kernel=(Plain("vxlan"),), because=Text("it is so")),
    check(shell("it"), capture={"x": Capture(matches=Pattern("web"))}),
    check(shell("it"), capture={"x": Capture(json=Plain(".a"))}),
    check(shell("it", stdout=Output(contains=(Plain("%{address}"),)))),
]


def stored(data: Any) -> Any:
    return json.loads(json.dumps(data))


@unhurried
@given(observations)
def test_an_observation_comes_back_as_it_was(observation: Observation) -> None:
    assert Observation.from_json(stored(observation.to_json())) == observation


@unhurried
@given(observations, st.sampled_from(CHECKS))
def test_it_is_judged_alike_before_and_after(observation: Observation, subject: Check) -> None:
    verdict = judge(subject, observation)
    again = judge(subject, Observation.from_json(stored(observation.to_json())))
    assert again == verdict
    assert Verdict.from_json(stored(verdict.to_json())) == verdict


@unhurried
@given(observations, st.sampled_from(CHECKS))
def test_every_verdict_can_be_told(observation: Observation, subject: Check) -> None:
    verdict = judge(subject, observation)
    for message in (verdict.expected, verdict.found, verdict.look):
        assert message is None or isinstance(str(message), str)
    if verdict.state not in (State.PASSED, State.UNSUPPORTED):
        assert verdict.expected is not None
        assert verdict.found is not None


def pieces(data: Any) -> list[tuple[Any, Any]]:
    """Give every place in a document as its holder and its key."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, value in list(items):
        found.append((data, key))
        if isinstance(value, dict | list):
            found += pieces(value)
    return found


@unhurried
@given(observations, st.sampled_from(CHECKS), documents, st.data())
def test_a_hostile_observation_is_refused_or_judged_and_never_raises(
    observation: Observation, subject: Check, odd: Any, data: st.DataObject
) -> None:
    stored_form = stored(observation.to_json())
    holder, key = data.draw(st.sampled_from(pieces(stored_form)))
    holder[key] = odd
    try:
        read = Observation.from_json(stored_form)
    except (ValueError, KeyError, TypeError):
        return
    verdict = judge(subject, read)
    assert isinstance(verdict.state, State)
    str(verdict.found)


def test_a_newer_form_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        Observation.from_json({"version": 2})


def test_a_message_that_nests_without_end_is_refused() -> None:
    nested: dict[str, Any] = {"text": "x"}
    for _ in range(100):
        nested = {"text": "{x}", "values": {"x": {"message": nested}}}
    with pytest.raises(ValueError, match="too deeply"):
        Message.from_json(nested)


def test_a_message_reaches_nothing_but_its_values() -> None:
    told = msg("{name.__class__} {name:>99999999} {nobody} {{}} {name!r} {n:.1f}", name="x", n=2.26)
    assert str(told) == "{name.__class__} {name:>99999999} {nobody} {} {name!r} 2.3"


def test_a_message_without_values_is_told_as_it_stands() -> None:
    assert str(msg("100 % {of} it")) == "100 % {of} it"


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "x",
        None,
        {"version": 1},
        {"version": 1, "check": 3},
        {"version": 1, "check": "a", "started": "", "seconds": 10**400, "engine": ""},
    ],
)
def test_what_is_no_observation_is_refused(data: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Observation.from_json(data)


def test_nothing_is_lost_between_empty_and_absent() -> None:
    empty = Answer("docker", Api("/x"), Outcome.ENDED, 200, value="")
    observation = Observation("s.c", "", 0.0, "", samples=(Sample({"a": empty}),))
    again = Observation.from_json(stored(observation.to_json()))
    assert again.samples[0].answers["a"].value == ""
