from __future__ import annotations

from typing import Any

from checks.verdict import State
from tests.checks.probes.recorded_lab import NOT_FOUND, SILENT, RecordedLab, judged, probe

OPEN = {"result": "open", "seconds": 0.001}
SHUT = {"result": "timeout", "seconds": 1.2}


def quiet(lab: RecordedLab, *, gateway: bool = True, host: bool = True) -> None:
    """Let q1 hear nothing of q2, and set what the control finds."""
    victim = lab.address("q2", "quiet-net")
    heard = {"sent": 2, "received": 2, "rtt_ms": [0.1], "errors": []}

    def from_q1(arguments: Any) -> Any:
        return SILENT if arguments["address"] == victim or not gateway else heard

    lab.net[("ping", "q1")] = from_q1
    lab.net[("ping", None)] = heard if host else SILENT


def test_silence_beside_a_living_network_is_isolation(lab: RecordedLab) -> None:
    quiet(lab)
    verdict = judged(lab, "isolated", from_="q1", to="q2")
    assert verdict.passed
    assert str(verdict.expected) == "q1 cannot ping q2"


def test_an_answer_is_none(lab: RecordedLab) -> None:
    verdict = judged(lab, "isolated", from_="q1", to="q2")
    assert verdict.state is State.FAILED
    assert str(verdict.found).startswith("q2 answers the ping from q1 at 172.31.7.")


def test_stopped_containers_are_never_isolated(lab: RecordedLab) -> None:
    quiet(lab)
    lab.stop("q2")
    verdict = judged(lab, "isolated", from_="q1", to="q2")
    assert str(verdict.found) == "q2 does not run: it ended with status 137"


def test_one_that_reaches_nothing_proves_nothing(lab: RecordedLab) -> None:
    quiet(lab, gateway=False)
    verdict = judged(lab, "isolated", from_="q1", to="q2")
    assert "q1 does not even reach its gateway" in str(verdict.found)


def test_one_that_answers_nobody_proves_nothing(lab: RecordedLab) -> None:
    quiet(lab, host=False)
    verdict = judged(lab, "isolated", from_="q1", to="q2")
    assert "q2 does not answer the lab host either" in str(verdict.found)


def test_one_without_a_network_proves_nothing(lab: RecordedLab) -> None:
    verdict = judged(lab, "isolated", from_="alone", to="q2")
    assert "alone is on no bridge of the lab host, so that it is silent" in str(verdict.found)


def test_an_address_that_the_other_does_not_have_proves_nothing(lab: RecordedLab) -> None:
    quiet(lab)
    verdict = judged(lab, "isolated", from_="q1", to="172.31.7.99", is_="q2")
    assert verdict.state is State.FAILED
    assert "q2 has no such address" in str(verdict.found)


def test_a_port_is_shut_by_silence(lab: RecordedLab) -> None:
    lab.net[("connect", "q1")] = SHUT
    assert judged(lab, "isolated", from_="q1", to="q2", port="80").passed
    lab.net[("connect", "q1")] = OPEN
    verdict = judged(lab, "isolated", from_="q1", to="q2", port="80")
    assert str(verdict.found).startswith("q2 takes the connection")


def test_a_refusal_is_an_answer_unless_somebody_listens(lab: RecordedLab) -> None:
    lab.net[("connect", "q1")] = {"result": "refused", "seconds": 0.001}
    assert judged(lab, "isolated", from_="q1", to="q2", port="80").passed
    lab.net[("listeners", "q2")] = {"tcp": [], "udp": []}
    verdict = judged(lab, "isolated", from_="q1", to="q2", port="80")
    assert "the packets arrive, only nobody listens" in str(verdict.found)


def test_the_authors_own_control(lab: RecordedLab) -> None:
    quiet(lab, gateway=False, host=False)
    address = lab.address("centos01")
    control = probe("reaches", from_="alpine01", to=address, is_="centos01")
    given = {"from_": "q1", "to": "q2", "control": control}
    assert judged(lab, "isolated", **given).passed
    lab.net[("ping", "alpine01")] = SILENT
    assert "is lost without a word" in str(judged(lab, "isolated", **given).found)


def test_a_network_picks_the_address(lab: RecordedLab) -> None:
    lab.net[("ping", "alpine01")] = SILENT
    lab.net[("resolve", "alpine01")] = NOT_FOUND
    judged(lab, "isolated", from_="test1", to="both", network="bridge")
    tried = [getattr(request, "arguments", {}).get("address") for request in lab.asked]
    assert lab.address("both") in tried
    assert lab.address("both", "test-net") not in tried
