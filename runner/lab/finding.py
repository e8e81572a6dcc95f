"""One line of what doctor found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from checks.message import Message


class Health(Enum):
    """How serious it is."""

    OK = "ok"
    WARN = "warn"
    """Labs work; something is narrow, or some lessons are touched."""
    BAD = "bad"
    """Labs do not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what to do about it."""

    name: str
    """What was looked at, in one or two words; stable, for programs."""
    state: Health
    message: Message
    remedy: Message | None = None
    """For everything but OK."""
    details: str = ""
    """Another program's own words."""
    values: dict[str, Any] = field(default_factory=dict)
    """The figures behind it, for programs."""

    def to_json(self) -> dict[str, Any]:
        """Give plain data, sentences in English."""
        data: dict[str, Any] = {
            "name": self.name,
            "state": self.state.value,
            "message": str(self.message),
        }
        if self.remedy is not None:
            data["remedy"] = str(self.remedy)
        if self.details:
            data["details"] = self.details
        return data | ({"values": self.values} if self.values else {})


def ok(name: str, message: Message, **values: Any) -> Finding:
    """Make a finding that all is well."""
    return Finding(name, Health.OK, message, values=values)


def warn(
    name: str, message: Message, remedy: Message, *, details: str = "", **values: Any
) -> Finding:
    """Make a finding that something is narrow."""
    return Finding(name, Health.WARN, message, remedy, details, values)


def bad(
    name: str, message: Message, remedy: Message, *, details: str = "", **values: Any
) -> Finding:
    """Make a finding that labs do not work."""
    return Finding(name, Health.BAD, message, remedy, details, values)
