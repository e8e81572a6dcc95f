"""Questions that can be put to a lab, and the answers that come back.

A question never raises: whatever happens is an `Answer` with an `Outcome`, because telling a
broken tool from a wrong lab is what verdicts rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from checks.message import Message


class Outcome(Enum):
    """How a question ended."""

    ENDED = "ended"
    """It ran to its end; what it said is in the answer."""
    TIMED_OUT = "timed out"
    """It ran out of its time and was ended with its process group."""
    LOST = "lost"
    """The channel into the lab broke or stayed silent: nothing is known."""
    BROKEN = "broken"
    """Our own tool is missing, crashed or died of a signal: nothing is known."""
    NO_ENGINE = "no engine"
    """The lab host answers, its Docker engine does not (stopped, hung)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A command for the lab host's bash, in a process group of its own."""

    command: str
    timeout: float = 5.0
    """Seconds."""
    engine: bool = True
    """Whether a silent engine explains a failure of the command (then the outcome is NO_ENGINE)."""


@dataclass(frozen=True, slots=True)
class Api:
    """A GET on the inner engine's HTTP API, such as `/containers/web/json`."""

    path: str
    timeout: float = 5.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Net:
    """A question for our own network tool, asked inside a container's network namespace."""

    what: str
    """`interfaces`, `route`, `resolve`, `connect`, `ping`, `listeners`, `http` or `topology`; what
    each takes and gives is told in `runner/lab/inside/questions.py`."""
    container: str | None = None
    """Name or id of the container; None asks in the lab host itself."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 5.0
    """Seconds."""


Request = Run | Api | Net


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question brought."""

    host: str
    """The lab host that was asked."""
    request: Request
    outcome: Outcome
    status: int | None = None
    """Exit status of a `Run`, HTTP status of an `Api`; None for `Net` and where nothing ended."""
    stdout: str = ""
    stderr: str = ""
    value: Any = None
    """The JSON that an `Api` or a `Net` gave."""
    seconds: float = 0.0
    """How long it took."""
    why: Message | None = None
    """For every outcome but ENDED: what happened, for the report."""

    @property
    def ended(self) -> bool:
        """Whether the answer says anything about the lab."""
        return self.outcome is Outcome.ENDED


class Lab(Protocol):
    """A running lab, as far as checks know it. `ask` may be called from several threads."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The lab hosts' names; the first is where an assertion runs that names none."""

    @property
    def engine(self) -> str:
        """The inner engine's version, such as `26.1.5`."""

    @property
    def kernel(self) -> frozenset[str]:
        """The kernel features found, by the names that doctor uses (`vxlan`, `ip_vs`, …)."""

    def ask(self, host: str, request: Request) -> Answer:
        """Put one question; never raises for anything the lab does."""
