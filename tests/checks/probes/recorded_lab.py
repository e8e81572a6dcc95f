"""A lab that answers the API's questions from what a real engine once said (`recorded/`)."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from checks import facts
from checks.asking import Answer, Api, Net, Outcome, Request, Run
from checks.observation import answer_from_json, answer_to_json
from checks.probes import PROBES
from checks.spec import Answers
from checks.verdict import Verdict

RECORDED = Path(__file__).parent / "recorded"
ENGINES = sorted(path.stem for path in RECORDED.glob("*.json"))

Said = Any
"""What `net` says: a mapping, or a function of the question's arguments that gives one."""
Spoken = Mapping[Any, Said]
"""By question and container's name."""


@cache
def _read(engine: str) -> Any:
    return json.loads((RECORDED / f"{engine}.json").read_text(encoding="utf-8"))


class RecordedLab:
    """The recorded engine, and a network that says what the test tells it to.

    `net` is keyed by the question and the container's name, `("ping", "alpine01")`, with None for
    the lab host; what is not told answers as a healthy network would.
    """

    hosts = ("docker",)
    kernel: frozenset[str] = frozenset()

    def __init__(self, engine: str, net: Spoken | None = None):
        self.engine = engine
        self.documents = copy.deepcopy(_read(engine))
        self.runs: dict[str, tuple[int, str]] = {}
        self.asked: list[Request] = []
        self.outcome: Outcome | None = None
        self.net: dict[tuple[str, str | None], Said] = dict(net or {})

    def container(self, name: str) -> Any:
        return self.documents[f"/containers/{name}/json"]["value"]

    def network(self, name: str) -> Any:
        return self.documents[f"/networks/{name}"]["value"]

    def address(self, name: str, network: str = "bridge") -> str:
        return str(self.container(name)["NetworkSettings"]["Networks"][network]["IPAddress"])

    def stop(self, *names: str) -> None:
        """Make containers look as the recorded stopped one."""
        gone = self.container("gone")
        for name in names:
            self.container(name)["State"] = gone["State"]
            self.container(name)["NetworkSettings"] = gone["NetworkSettings"]

    def ask(self, host: str, request: Request) -> Answer:
        self.asked.append(request)
        if self.outcome is not None:
            return Answer(host, request, self.outcome)
        if isinstance(request, Api):
            found = self.documents.get(request.path, {"status": 404, "value": {"message": "no"}})
            found = self.documents[found["same"]] if "same" in found else found
            return Answer(
                host, request, Outcome.ENDED, status=found["status"], value=found["value"]
            )
        if isinstance(request, Run):
            status, stdout = self.runs.get(request.command, (1, ""))
            return Answer(host, request, Outcome.ENDED, status, stdout)
        return Answer(host, request, Outcome.ENDED, value=self._said(request))

    def _said(self, request: Net) -> Mapping[str, Any]:
        name = None if request.container is None else self._name(request.container)
        said = self.net.get((request.what, name))
        if said is None:
            return self._healthy(request.what, request.arguments, name)
        found: Mapping[str, Any] = said(request.arguments) if callable(said) else said
        return found

    def _name(self, identity: str) -> str:
        path = self.documents[f"/containers/{identity}/json"]["same"]
        return str(path.split("/")[2])

    def _healthy(
        self, what: str, arguments: Mapping[str, Any], name: str | None
    ) -> Mapping[str, Any]:
        if what == "resolve":
            return NOT_FOUND
        if what == "interfaces":
            nets = self.container(name)["NetworkSettings"]["Networks"] if name else {}
            have = [item["IPAddress"] for item in nets.values() if item["IPAddress"]]
            return cards(*have) if name else self._host_cards()
        return self._others(what)

    def _host_cards(self) -> dict[str, Any]:
        """Give the lab host a card for each recorded bridge, with its range's first address."""
        found = [card("eth0", 2, addresses=["10.66.0.2/24"], kind="")]
        for path, document in self.documents.items():
            if not path.startswith("/networks/") or document.get("status") != 200:
                continue
            known = facts.network(document["value"])
            if known.bridge is not None:
                own = str(next(ip_network(known.subnets[0].subnet).hosts()))
                found.append(card(known.bridge, len(found) + 2, addresses=[own], kind="bridge"))
        return {"interfaces": found, "netns": 4026531840}

    @staticmethod
    def _others(what: str) -> Mapping[str, Any]:
        known: dict[str, dict[str, Any]] = {
            "route": {"via": None, "device": "eth0", "source": "172.17.0.3"},
            "ping": {"sent": 2, "received": 2, "rtt_ms": [0.1, 0.1], "errors": []},
            "connect": {"result": "open", "seconds": 0.001},
            "listeners": {"tcp": [{"address": "0.0.0.0", "port": 80}], "udp": []},
            "http": {
                "status": 200,
                "headers": {"Server": "box"},
                "body": "welcome\n",
                "error": None,
            },
        }
        return known[what]


NOT_FOUND: dict[str, Any] = {"addresses": [], "from": None, "server": None, "error": "not found"}
SILENT: dict[str, Any] = {"sent": 2, "received": 0, "rtt_ms": [], "errors": []}


def leads(*addresses: str, by: str = "hosts") -> dict[str, Any]:
    server = "127.0.0.11" if by == "dns" else None
    return {"addresses": list(addresses), "from": by, "server": server, "error": None}


def cards(*addresses: str) -> dict[str, Any]:
    found = [card("lo", 1, addresses=["127.0.0.1/8"], kind="loopback")]
    found += [
        card(f"eth{place}", 2 + place, addresses=[f"{address}/16"])
        for place, address in enumerate(addresses)
    ]
    return {"interfaces": found, "netns": 4026531840}


def card(name: str, index: int, **given: Any) -> dict[str, Any]:
    return {
        "name": name,
        "index": index,
        "peer": None,
        "mac": "02:42:ac:11:00:02",
        "mtu": 1500,
        "up": True,
        "state": "up",
        "master": None,
        "addresses": [],
        "kind": "veth",
    } | given


def probe(word: str, **fields: Any) -> Any:
    """Make a probe by the word and the fields that a lesson would give."""
    return PROBES[word](**fields)


def judged(lab: RecordedLab, word: str, **fields: Any) -> Verdict:
    """Ask and judge; the answers go through their stored form on the way."""
    made = probe(word, **fields)
    verdict: Verdict = made.judge(stored(made.ask(lab, "docker", 5.0)))
    return verdict


def stored(answers: Answers) -> Answers:
    text = json.dumps({name: answer_to_json(answer) for name, answer in answers.items()})
    return {name: answer_from_json(item) for name, item in json.loads(text).items()}
