"""What the instructor's side knows when it looks at a record, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.message import Message
from runner.grade.clip import EVIDENCE, clip, clip_message
from runner.grade.finding import Finding, FindingKind, Weight


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a learner and of the file, beside the record itself."""

    learner: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Drawn for this learner."""
    digest: str = ""
    """Of the instructor's copy of the lesson; empty where it is not to be compared."""
    enrolled: float | None = None
    """When the learner's enrolment was made; seconds since 1970, as all here."""
    made: float | None = None
    """When the submission was made, by the learner's clock; None where there is none (live)."""
    now: float | None = None
    """When this is judged."""

    def finding(
        self,
        kind: FindingKind,
        weight: Weight,
        message: Message,
        *,
        lesson: str,
        check: str = "",
        evidence: str = "",
    ) -> Finding:
        """Give a finding about this learner that is fit to be stored."""
        return Finding(
            kind=kind,
            weight=weight,
            message=clip_message(message),
            learner=self.learner,
            lesson=lesson,
            check=check,
            evidence=clip(evidence, EVIDENCE),
        )
