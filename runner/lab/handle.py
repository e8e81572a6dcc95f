"""What is asked for as a lab, and what stands: plain data.

The outer engine keeps the only record of which labs exist, in the labels of their containers;
there is no second one that could be wrong after a crash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from checks.message import msg
from runner.course.lesson import HostSpec
from runner.errors import LearnError
from runner.lab.names import COURSE, LAB, OURS, OWNER, Role, labels

LESSON = f"{OURS}.lesson"
HOST = f"{OURS}.host"
"""Label: the lab host's name inside the lab."""
HOSTS = f"{OURS}.hosts"
"""Label: the names of all hosts of the lab, in order, joined by commas."""
DOCKER = f"{OURS}.docker"
"""Label: the inner engine that was asked for."""
PURPOSE = f"{OURS}.purpose"
ADDRESS = f"{OURS}.address"
"""Label: the host's address on the outer network."""
CREATED = f"{OURS}.created"
"""Label: when the lab was made."""
_ID = re.compile(r"[0-9a-f]{12,64}")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}")


@dataclass(frozen=True, slots=True)
class LabRequest:
    """A lab as a lesson wants it."""

    course_id: str
    lesson_id: str
    owner: str
    hosts: Mapping[str, HostSpec]
    """By name; the order is that of the addresses."""
    images: Sequence[str] = ()
    """The course images that the inner engines must have."""
    docker: str = "26.1"
    """The inner engine: `20.10`, `26.1` or `28.5`."""
    purpose: str = "learn"
    """`learn`, `prove` or `test`."""


@dataclass(frozen=True, slots=True)
class HostHandle:
    """One lab host."""

    name: str
    container: str
    """Id of its container; names can be taken over, ids not."""
    address: str
    """On the outer network."""
    state: str = "running"
    """As the outer engine calls it."""


@dataclass(frozen=True, slots=True)
class LabHandle:
    """A lab that stands."""

    lab: str
    """Its id, new for every lab."""
    owner: str
    course: str
    lesson: str
    docker: str
    purpose: str
    created: str
    """UTC, ISO 8601."""
    hosts: Mapping[str, HostHandle]
    """By name, in the lesson's order."""
    expected: tuple[str, ...]
    """The hosts it was made with; one that is missing was removed, or never made."""
    image: str = ""
    """What its hosts were made from."""

    @property
    def whole(self) -> bool:
        """Whether every host is there and has been started once."""
        return set(self.hosts) == set(self.expected) and all(
            host.state != "created" for host in self.hosts.values()
        )

    @property
    def running(self) -> bool:
        """Whether every host is there and runs."""
        return self.whole and all(host.state == "running" for host in self.hosts.values())

    def host(self, name: str | None = None) -> HostHandle:
        """Give one host, the first where no name is given.

        Raises `LearnError` for a name that this lab does not have.
        """
        wanted = name or self.expected[0]
        if wanted not in self.hosts:
            raise LearnError(
                msg("This lab has no host named {name}.", name=wanted),
                remedy=msg("Its hosts: {names}.", names=", ".join(self.expected)),
            )
        return self.hosts[wanted]

    def serves(self, request: LabRequest) -> bool:
        """Tell whether this is the lab that a request means."""
        return (self.course, self.lesson, self.docker, self.expected) == (
            request.course_id,
            request.lesson_id,
            request.docker,
            tuple(request.hosts),
        )

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LabHandle:
        """Read what `to_json` gave."""
        hosts = {name: HostHandle(**item) for name, item in data["hosts"].items()}
        return cls(**{**data, "hosts": hosts, "expected": tuple(data["expected"])})


class LabBusy(LearnError):
    """Another lab of this learner stands where one was asked for; the caller chooses."""

    def __init__(self, present: LabHandle, wanted: LabRequest) -> None:
        """Keep what is there."""
        super().__init__(
            _busy(present, wanted),
            remedy=msg(
                "Continue there, or end it with `learn-docker-net down`; what you did is recorded."
            ),
        )
        self.present = present


def host_labels(
    request: LabRequest, lab: str, created: str, host: str, address: str
) -> dict[str, str]:
    """Give the labels of one lab host, from which `handles` reads the lab again."""
    return labels(request.owner, Role.HOST, course=request.course_id, lab=lab) | {
        LESSON: request.lesson_id,
        HOST: host,
        HOSTS: ",".join(request.hosts),
        DOCKER: request.docker,
        PURPOSE: request.purpose,
        ADDRESS: address,
        CREATED: created,
    }


def handles(containers: Sequence[Mapping[str, Any]]) -> list[LabHandle]:
    """Put together the labs that some inspected containers of ours make up, oldest first.

    Raises `LearnError` where an id or an image is named as none can be: they will stand on command
    lines, and the engine may be a stranger's.
    """
    by_lab: dict[str, list[Mapping[str, Any]]] = {}
    for container in containers:
        by_lab.setdefault(_labels(container).get(LAB, ""), []).append(container)
    found = [_handle(lab, members) for lab, members in by_lab.items() if lab]
    return sorted(found, key=lambda handle: handle.created)


def _handle(lab: str, members: Sequence[Mapping[str, Any]]) -> LabHandle:
    marks = _labels(members[0])
    expected = tuple(marks.get(HOSTS, "").split(","))
    by_name = {_labels(member).get(HOST, ""): member for member in members}
    order = [name for name in expected if name in by_name]
    return LabHandle(
        lab=lab,
        owner=marks.get(OWNER, ""),
        course=marks.get(COURSE, ""),
        lesson=marks.get(LESSON, ""),
        docker=marks.get(DOCKER, ""),
        purpose=marks.get(PURPOSE, ""),
        created=marks.get(CREATED, ""),
        hosts={name: _host(name, by_name[name]) for name in order},
        expected=expected,
        image=_plain(_IMAGE, str(members[0]["Config"].get("Image", ""))),
    )


def _host(name: str, container: Mapping[str, Any]) -> HostHandle:
    address = _labels(container).get(ADDRESS, "")
    identity = _plain(_ID, str(container["Id"]))
    return HostHandle(name, identity, address, container["State"]["Status"])


def _plain(wanted: re.Pattern[str], text: str) -> str:
    if text and not wanted.fullmatch(text):
        raise LearnError(
            msg(
                "The engine names a lab host or its image in a way that none has: {words}",
                words=text[:80],
            )
        )
    return text


def _labels(container: Mapping[str, Any]) -> Mapping[str, str]:
    return container["Config"].get("Labels") or {}


def _busy(present: LabHandle, wanted: LabRequest) -> Any:
    if present.lesson != wanted.lesson_id or present.course != wanted.course_id:
        return msg("Your lab is still set up for {lesson}.", lesson=present.lesson)
    if present.docker != wanted.docker:
        return msg(
            "Your lab for {lesson} runs Docker {present}, not {wanted}.",
            lesson=present.lesson,
            present=present.docker,
            wanted=wanted.docker,
        )
    return msg("Your lab for {lesson} was made with other hosts.", lesson=present.lesson)
