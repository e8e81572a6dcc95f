"""What must hold of all probes: they pass on a healthy lab, and never by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from checks.asking import Answer, Api, Net, Outcome, Run
from checks.fill import fill
from checks.probes import PROBES, Nonsense
from checks.probes.engine import FILE, FLAGS
from checks.probes.engine_runs import STATE
from checks.spec import Answers
from checks.verdict import State
from tests.checks.probes.recorded_lab import (
    ENGINES,
    SILENT,
    RecordedLab,
    card,
    judged,
    leads,
    probe,
    stored,
)

Given = dict[str, Any]
ICC = "com.docker.network.bridge.enable_icc"

PASSING: list[tuple[str, Given]] = [
    ("address", {"container": "centos01", "within": "172.17.0.0/16"}),
    ("address", {"container": "both", "network": "test-net", "not_": "172.30.0.2"}),
    ("engine_option", {"name": "icc", "is_": "true"}),
    ("engine_option", {"name": "live-restore", "is_": "false", "set_in": "file"}),
    ("engine_option", {"name": "bip", "is_": "172.17.0.1/16", "set_in": "flags"}),
    ("engine_runs", {}),
    ("http", {"from_": "alpine01", "url": "http://web/", "is_": "web", "contains": ("welcome",)}),
    ("http", {"url": "http://10.66.0.2:8080/", "headers": {"server": "box"}}),
    ("interface", {"peer": "centos01", "on": "docker0", "up": True, "kind": "veth"}),
    ("interface", {"in_": "test1", "network": "test-net", "mtu": "1500"}),
    ("interface", {"in_": "alone", "kind": "veth", "absent": True}),
    ("isolated", {"from_": "q1", "to": "q2"}),
    ("isolated", {"from_": "q1", "to": "q2", "port": "80"}),
    ("linked", {"from_": "alpine01", "to": "centos01", "alias": "centos01-alias"}),
    ("mode", {"container": "joined", "is_": "container:centos01"}),
    ("mode", {"container": "byid", "is_": "test-net"}),
    ("namespace", {"of": "onhost"}),
    ("namespace", {"of": "centos01", "as_": "web", "apart": True}),
    ("network", {"name": "quiet-net", "driver": "bridge", "options": {ICC: "false"}}),
    ("on_network", {"container": "both", "network": "test-net", "alias": "second"}),
    ("on_network", {"container": "test1", "network": "test-net", "only": True}),
    ("published", {"container": "web", "port": "80", "host_port": "8080", "on": "0.0.0.0"}),
    ("published", {"container": "web", "port": "9000", "absent": True}),
    ("reaches", {"from_": "alpine01", "to": "web", "port": "80", "network": "bridge"}),
    ("reaches", {"from_": "test1", "to": "10.66.0.2", "is_": "web", "port": "8080"}),
    ("resolves", {"from_": "alpine01", "name": "web", "to": ("web",), "by": "hosts"}),
    ("resolves", {"from_": "centos01", "name": "alpine01", "unknown": True}),
    ("running", {"container": "web", "image": "localhost/box"}),
    ("stopped", {"container": "gone"}),
]
IDS = [f"{word}-{place}" for place, (word, _) in enumerate(PASSING)]


def healthy(engine: str) -> RecordedLab:
    """The recorded lab with a network in which all of PASSING holds."""
    plain = RecordedLab(engine)
    victim = plain.address("q2", "quiet-net")

    def ping_from_q1(arguments: Any) -> dict[str, Any]:
        lost = arguments["address"] == victim
        return SILENT if lost else {"sent": 2, "received": 2, "rtt_ms": [0.1, 0.1], "errors": []}

    inner = card("eth0", 2, peer=9, addresses=[plain.address("centos01") + "/16"])
    outer = card("veth1a2b3c4", 9, peer=2, master="docker0")
    address = card("eth0", 8, addresses=["10.66.0.2/24"], kind="")
    bridge = "br-" + plain.network("quiet-net")["Id"][:12]
    quiet = card(bridge, 5, addresses=["172.31.7.1/24"], kind="bridge")
    docker0 = card("docker0", 4, addresses=["172.17.0.1/16"], kind="bridge")
    lab = RecordedLab(
        engine,
        {
            ("resolve", "alpine01"): leads(plain.address("web")),
            ("ping", "q1"): ping_from_q1,
            ("connect", "q1"): {"result": "timeout", "seconds": 1.2},
            ("interfaces", "centos01"): {"interfaces": [inner], "netns": 1},
            ("interfaces", None): {"interfaces": [outer, address, quiet, docker0], "netns": 2},
            ("interfaces", "onhost"): {"interfaces": [address], "netns": 2},
            ("interfaces", "alone"): {"interfaces": [card("lo", 1, kind="loopback")], "netns": 3},
        },
    )
    lab.runs[FILE] = (0, '{"live-restore": false}')
    lab.runs[STATE] = (0, "active\n\n")
    lab.runs[FLAGS] = (0, "/usr/sbin/dockerd\n--bip\n172.17.0.1/16\n")
    return lab


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_passes_on_a_healthy_lab(engine: str, word: str, given: Given) -> None:
    verdict = judged(healthy(engine), word, **given)
    assert verdict.state is State.PASSED, str(verdict.found)
    assert verdict.expected is not None


def test_every_probe_is_tried() -> None:
    assert {word for word, _ in PASSING} == set(PROBES)


NO_CONTAINER = {"engine_option", "engine_runs", "network", "stopped"}


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_nothing_passes_when_containers_are_stopped(word: str, given: Given) -> None:
    if word in NO_CONTAINER or given.get("from_", given.get("container")) is None:
        return
    names = {str(text) for text in given.values() if isinstance(text, str)} | {"centos01", "web"}
    for name in sorted(names):
        lab = healthy(ENGINES[0])
        if f"/containers/{name}/json" not in lab.documents or not _involved(lab, name, word, given):
            continue
        lab.stop(name)
        verdict = judged(lab, word, **given)
        assert verdict.state is State.FAILED
        assert "does not run" in str(verdict.found)


def _involved(lab: RecordedLab, name: str, word: str, given: Given) -> bool:
    probe(word, **given).ask(lab, "docker", 5.0)
    paths = {request.path for request in lab.asked if isinstance(request, Api)}
    return f"/containers/{name}/json" in paths


@pytest.mark.parametrize("word", sorted(set(PROBES) - {"engine_runs"}))
def test_a_container_or_network_that_is_not_there_fails(word: str) -> None:
    _, given = next(item for item in PASSING if item[0] == word)
    lab = healthy(ENGINES[0])
    missing = {"status": 404, "value": {"message": "no such thing"}}
    lab.documents = {path: missing for path in lab.documents if "/" in path and path != "/info"}
    verdict = judged(lab, word, **given)
    assert verdict.state is State.FAILED
    assert verdict.found is not None and verdict.look is not None


JUNK: list[Any] = [None, {}, [], "junk", {"error": None}, {"interfaces": [{}]}, {"tcp": None}]


@pytest.mark.parametrize("junk", JUNK, ids=[str(junk) for junk in JUNK])
@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_junk_in_place_of_any_answer_never_passes(word: str, given: Given, junk: Any) -> None:
    made = probe(word, **given)
    answers = made.ask(healthy(ENGINES[0]), "docker", 5.0)
    for name, answer in answers.items():
        if isinstance(answer.request, Run):
            continue
        _never_passes(made.judge, {**answers, name: replace(answer, value=junk)})


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_an_engines_error_is_never_a_verdict(word: str, given: Given) -> None:
    made = probe(word, **given)
    answers = made.ask(healthy(ENGINES[0]), "docker", 5.0)
    for name, answer in answers.items():
        if isinstance(answer.request, Api):
            with pytest.raises(Nonsense):
                made.judge({**answers, name: replace(answer, status=500)})


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_a_missing_or_foreign_answer_is_never_a_verdict(word: str, given: Given) -> None:
    made = probe(word, **given)
    answers = made.ask(healthy(ENGINES[0]), "docker", 5.0)
    for name, answer in answers.items():
        with pytest.raises(Nonsense):
            made.judge({key: answers[key] for key in answers if key != name})
        with pytest.raises(Nonsense):
            made.judge({**answers, name: replace(answer, request=Net("interfaces", "another"))})


def _never_passes(judge: Callable[[Answers], Any], answers: Answers) -> None:
    try:
        verdict = judge(answers)
    except Nonsense:
        return
    assert verdict.state is State.FAILED


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.NO_ENGINE, Outcome.BROKEN])
@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_asking_ends_at_the_first_answer_that_says_nothing(
    word: str, given: Given, outcome: Outcome
) -> None:
    lab = healthy(ENGINES[0])
    lab.outcome = outcome
    answers = probe(word, **given).ask(lab, "docker", 5.0)
    assert [answer.outcome for answer in answers.values()] == [outcome]


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_time_that_is_used_up_is_told_and_nothing_asked(word: str, given: Given) -> None:
    lab = healthy(ENGINES[0])
    answers = probe(word, **given).ask(lab, "docker", 0.0)
    assert lab.asked == []
    assert [answer.outcome for answer in answers.values()] == [Outcome.TIMED_OUT]


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_judging_is_pure(word: str, given: Given) -> None:
    made = probe(word, **given)
    answers = stored(made.ask(healthy(ENGINES[0]), "docker", 5.0))
    assert made.judge(answers) == made.judge(answers)
    assert not made.negated


def test_a_container_that_vanishes_between_two_questions_fails() -> None:
    lab = RecordedLab(ENGINES[0], {("route", "alpine01"): {"error": "not running"}})
    verdict = judged(lab, "reaches", from_="alpine01", to="172.17.0.1")
    assert verdict.state is State.FAILED
    assert "stopped or was removed" in str(verdict.found)


def test_the_beginning_of_an_id_is_no_name() -> None:
    lab = RecordedLab(ENGINES[0])
    lab.documents["/containers/ab/json"] = lab.documents["/containers/web/json"]
    assert judged(lab, "running", container="ab").state is State.FAILED
    identity = lab.container("web")["Id"][:12]
    lab.documents[f"/containers/{identity}/json"] = lab.documents["/containers/web/json"]
    assert judged(lab, "running", container=identity).passed


def test_values_are_filled_in_everywhere() -> None:
    made = probe("resolves", from_="%{a}", name="%{b}", to=("%{a}", "%{c}"))
    filled = fill(made, {"a": "one", "b": "two", "c": "three"}, missing="error")
    assert filled == probe("resolves", from_="one", name="two", to=("one", "three"))


def test_answers_of_another_kind_are_not_mistaken() -> None:
    made = probe("running", container="web")
    answer = Answer("docker", Run("true"), Outcome.ENDED, 0)
    with pytest.raises(Nonsense):
        made.judge({"container": answer})


MISTAKES: list[tuple[str, Given, str]] = [
    ("address", {"container": "web", "within": "172.17"}, "wants a subnet"),
    ("http", {"url": "https://web/"}, "`url` wants an address"),
    ("http", {"url": "http://web/", "status": ("ok",)}, "whole number"),
    ("interface", {"in_": "web"}, "something to know it by"),
    ("interface", {"name": "eth0", "mtu": "big"}, "whole number"),
    ("isolated", {"from_": "web", "to": "172.17.0.2"}, "`is` must name"),
    ("isolated", {"from_": "web", "to": "web"}, "are the same container"),
    ("linked", {"from_": "web", "to": "web"}, "are the same container"),
    ("namespace", {"of": "web", "as_": "web"}, "are the same container"),
    ("network", {"name": "test-net", "subnet": "x"}, "wants a subnet"),
    ("published", {"container": "web", "port": "http"}, "wants a port"),
    ("published", {"container": "web", "port": "80", "host_port": "70000"}, "wants a port"),
    ("reaches", {"from_": "web", "to": "web"}, "are the same container"),
    ("reaches", {"to": "web", "protocol": "tcp"}, "needs a `port`"),
    ("reaches", {"to": "web", "protocol": "icmp", "port": "80"}, "has no `port`"),
    ("reaches", {"to": "web", "port": "0"}, "wants a port"),
    ("resolves", {"name": "web", "unknown": True, "to": ("web",)}, "leads nowhere"),
]


@pytest.mark.parametrize(("word", "given", "text"), MISTAKES)
def test_what_makes_no_sense_is_told_and_never_asked(word: str, given: Given, text: str) -> None:
    made = probe(word, **given)
    assert text in " ".join(str(mistake) for mistake in made.mistakes())
    lab = healthy(ENGINES[0])
    assert made.ask(lab, "docker", 5.0) == {}
    assert lab.asked == []
    with pytest.raises(Nonsense):
        made.judge({})


@pytest.mark.parametrize(("word", "given"), PASSING, ids=IDS)
def test_what_makes_sense_has_no_mistakes(word: str, given: Given) -> None:
    assert list(probe(word, **given).mistakes()) == []


def test_what_is_not_filled_in_yet_is_no_mistake() -> None:
    open_ones = [
        probe("reaches", from_="%{a}", to="%{b}", port="%{port}"),
        probe("address", container="%{a}", within="%{subnet}"),
        probe("http", url="http://%{a}/", status=("%{status}",)),
    ]
    assert [list(made.mistakes()) for made in open_ones] == [[], [], []]
