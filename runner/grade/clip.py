"""Keeping what goes into a result small: whatever a learner's lab said may be of any length."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checks.message import Message, msg
from checks.verdict import Verdict

EVIDENCE = 6000
"""Characters kept of a verdict's evidence: its beginning and its end."""
VALUE = 400
"""Characters kept of one value in a sentence."""


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
        expected=_message(verdict.expected),
        found=_message(verdict.found),
        look=_message(verdict.look),
        evidence=clip(verdict.evidence, EVIDENCE),
    )


def _message(message: Message | None) -> Message | None:
    if message is None:
        return None
    return Message(message.text, {name: _value(value) for name, value in message.values.items()})


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return _message(value)
    if isinstance(value, str) and len(value) > VALUE:
        return f"{value[:VALUE]}…"
    return value
