"""A check as an author writes it: pure declarations, read by the loader and the schema.

The fields' names are the keys in the lesson file (a trailing underscore dropped, other
underscores kept), their docstrings the schema's descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from checks.asking import Answer, Lab
from checks.kinds import Engines, Name, Pattern, Plain, Seconds, Text
from checks.verdict import Verdict

Answers = Mapping[str, Answer]
"""One round of questions, each under the name that the assertion gave it."""


TIMEOUT = Seconds(5.0)
"""How long one round of asking may take where the author says nothing."""


class Assertion(Protocol):
    """Something that can be asked of a lab host and judged from the answers alone."""

    def ask(self, lab: Lab, host: str, timeout: float) -> Answers:
        """Put the questions; `timeout` in seconds is the assertion's own."""

    def judge(self, answers: Answers) -> Verdict:
        """Judge what `ask` brought, then or years later; pure."""

    @property
    def negated(self) -> bool:
        """Whether a broken lab would look like a pass, so that a control is needed."""


class Role(Enum):
    """What a proof expects of a check before its step is done."""

    NORMAL = "normal"
    """It must not pass before."""
    CONTROL = "control"
    """It holds before and after: it guards something the step must not break."""
    GIVEN = "given"
    """It holds already: the learner only finds it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A value taken from a check's output, for the checks that need it: `%{name}`."""

    matches: Pattern | None = None
    """The first group (or the whole match) in stdout."""
    json: Plain | None = None
    """A path into stdout read as JSON, such as `[0].Config.Image`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The positive side of a negated assertion: what must hold for "cannot" to mean anything."""

    assertion: Assertion
    say: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must hold, with what the learner is told about it."""

    id: Name
    """Unique in its step; elsewhere it is called `step.check`."""
    say: Text
    """The claim, as a full clause: "the engine records a link from …"."""
    assertion: Assertion
    """In the file: `run` with its expectations, or `probe`."""
    host: Plain | None = None
    """The lab host; the step's where it is left out."""
    otherwise: Text | None = None
    """Said on failure, beside expected and found: the likely cause, the next place to look."""
    needs: tuple[Plain, ...] = ()
    """Checks of this step (`id`) or an earlier one (`step.id`) that must pass before asking."""
    weight: float = 1.0
    """Its share in a grade, in the lesson's own units."""
    timeout: Seconds = TIMEOUT
    """How long one round of asking may take."""
    eventually: Seconds | None = None
    """Ask again until it holds, for so long."""
    stays: Seconds | None = None
    """Once it holds, it must go on holding for so long."""
    control: Control | None = None
    """Required where the assertion is negated."""
    role: Role = Role.NORMAL
    capture: Mapping[str, Capture] | None = None
    engines: Engines | None = None
    """Where else than everywhere it can hold; outside, the verdict is unsupported."""
    kernel: tuple[Plain, ...] = ()
    """Kernel features without which the verdict is unsupported."""
    because: Text | None = None
    """Why it cannot hold elsewhere; required beside `engines` or `kernel`."""
