"""What an agent says, read as one reads a stranger: whoever is root in a lab may speak for it.

An answer that is none becomes LOST, so that whoever asked is told, and nobody waits for more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from checks.asking import Answer, Outcome, Request
from checks.message import Message, msg

MOST = 16 << 20
"""Bytes of one line; the agent keeps far less of what it was asked for."""

Data = Mapping[str, Any]


def lines(stream: IO[bytes]) -> Iterator[Data]:
    """Give an agent's lines as they come, to their end.

    Raises ValueError, TypeError or RecursionError for what no agent of ours says.
    """
    while line := stream.readline(MOST + 1):
        if len(line) > MOST:
            raise ValueError("a line without end")
        data = json.loads(line)
        if not isinstance(data, dict):
            raise TypeError("no mapping")
        yield data


def lost(why: Message) -> Data:
    """Give the answer in place of one that does not come."""
    return {"outcome": Outcome.LOST.value, "why": why.to_json()}


def checked(reply: Data) -> Data:
    """Give an answer in which everything is of its kind, or LOST in place of one that is not."""
    try:
        _look(reply)
    except Exception:  # whatever it was made to break, it is one answer that is lost
        return lost(msg("The lab's agent gave an answer that makes no sense."))
    return reply


def answer_of(host: str, request: Request, reply: Data) -> Answer:
    """Make the answer of a reply that was `checked`."""
    return Answer(
        host=host,
        request=request,
        outcome=Outcome(reply["outcome"]),
        status=reply.get("status"),
        stdout=reply.get("stdout", ""),
        stderr=reply.get("stderr", ""),
        value=reply.get("value"),
        seconds=reply.get("seconds", 0.0),
        why=why_of(reply),
    )


def why_of(reply: Data) -> Message | None:
    """Give what a reply says of itself."""
    why = reply.get("why")
    return None if why is None else Message.from_json(why)


def _look(reply: Data) -> None:
    Outcome(reply["outcome"])
    str(why_of(reply))
    for name in ("stdout", "stderr"):
        _be(reply.get(name, ""), str)
    _be(reply.get("seconds", 0.0), int, float)
    if reply.get("status") is not None:
        _be(reply["status"], int)


def _be(value: Any, *kinds: type) -> None:
    if type(value) not in kinds:
        raise TypeError(type(value).__name__)
