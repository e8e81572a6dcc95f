"""How a question can end, and the exceptions that stand for the ends that say nothing of the lab.

The words of `outcome` are those of `checks.asking.Outcome`; sentences travel as the plain data of
`checks.message.Message`, so that they can be translated at the other end.
"""

from __future__ import annotations

import time
from typing import Any

Json = dict[str, Any]

ENDED = "ended"
TIMED_OUT = "timed out"
BROKEN = "broken"
NO_ENGINE = "no engine"


def msg(text: str, /, **values: Any) -> Json:
    """Make a sentence for people: its English template and what goes into it."""
    return {"text": text, "values": values} if values else {"text": text}


class Unanswered(Exception):
    """The question brought nothing that says anything about the lab."""

    outcome = BROKEN

    def __init__(self, why: Json) -> None:
        """Keep the sentence that tells what happened."""
        super().__init__(why["text"])
        self.why = why


class Broken(Unanswered):
    """The question makes no sense, or a tool of ours is missing."""


class NoEngine(Unanswered):
    """The lab host's Docker engine does not answer."""

    outcome = NO_ENGINE


class NotThere(Exception):
    """The container asked about does not exist or does not run; its text is the answer."""


def left(deadline: float, most: float | None = None) -> float:
    """Give the seconds up to a moment of `time.monotonic`, at least 0 and at most `most`."""
    seconds = max(0.0, deadline - time.monotonic())
    return seconds if most is None else min(seconds, most)
