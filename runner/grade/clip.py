"""Keeping what goes into a result small: whatever a learner's lab said may be of any length."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from checks.message import Message, msg
from checks.verdict import Verdict

EVIDENCE = 6000
"""Characters kept of a verdict's evidence: its beginning and its end."""
VALUE = 400
"""Characters kept of one value in a sentence."""
SENTENCE = 2000
"""Characters kept of a sentence before its values are put in; our own are far shorter."""
VALUES = 40
"""Values kept of one sentence."""


def clip(text: str, limit: int) -> str:
    """Give the text, of a long one its beginning and its end."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    left_out = str(msg("… {count} characters left out …", count=len(text) - limit))
    return f"{text[:head]}\n{left_out}\n{text[head - limit :]}"


def clip_verdict(verdict: Verdict) -> Verdict:
    """Give a verdict that is fit to be stored."""
    return replace(
        verdict,
        expected=_clip(verdict.expected),
        found=_clip(verdict.found),
        look=_clip(verdict.look),
        evidence=clip(verdict.evidence, EVIDENCE),
    )


def clip_message(message: Message) -> Message:
    """Give a sentence that is fit to be stored: a lab's own words may have made all of it."""
    values = islice(message.values.items(), VALUES)
    return Message(
        message.text if len(message.text) <= SENTENCE else f"{message.text[:SENTENCE]}…",
        {name[:VALUE]: _value(value) for name, value in values},
    )


def _clip(message: Message | None) -> Message | None:
    return None if message is None else clip_message(message)


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return clip_message(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    words = str(value)
    return f"{words[:VALUE]}…" if len(words) > VALUE else words
