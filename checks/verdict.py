"""The five verdicts and what a verdict says to the learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from checks.message import Message


class State(Enum):
    """Never two meanings in one word."""

    PASSED = "passed"
    """The assertion holds."""
    FAILED = "failed"
    """The assertion does not hold, or the thing that it is about is not there."""
    SKIPPED = "skipped"
    """What it needs did not pass, so that asking would say nothing."""
    ERRORED = "errored"
    """The check or the engine broke: nothing is known, and it is not the learner's fault."""
    UNSUPPORTED = "unsupported"
    """It cannot hold on this engine or kernel."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's judgement. Expected, found and look are there for everything but a pass."""

    state: State
    expected: Message | None = None
    """What should be, in the words of the thing asked about."""
    found: Message | None = None
    """What is."""
    look: Message | None = None
    """Where to look next: a command to type or a place in the lesson."""
    evidence: str = ""
    """The output that the judgement rests on, whole; faces cut it for display."""

    @property
    def passed(self) -> bool:
        """Whether the assertion holds."""
        return self.state is State.PASSED

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        data: dict[str, Any] = {"state": self.state.value}
        for name in ("expected", "found", "look"):
            message: Message | None = getattr(self, name)
            if message is not None:
                data[name] = message.to_json()
        if self.evidence:
            data["evidence"] = self.evidence
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """Read what `to_json` gave."""
        messages = {
            name: Message.from_json(data[name])
            for name in ("expected", "found", "look")
            if name in data
        }
        return cls(State(data["state"]), evidence=data.get("evidence", ""), **messages)
