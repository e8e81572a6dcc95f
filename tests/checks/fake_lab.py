"""A lab that answers from a table: the one fake, at the Protocol seam."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from checks.asking import Answer, Api, Outcome, Request, Run
from checks.kinds import Name, Seconds, Shell, Text
from checks.matchers import Output
from checks.shell import AnyExit, ShellAssertion
from checks.spec import Check

Reply = Answer | tuple[int, str] | tuple[int, str, str] | Outcome | Exception


class FakeLab:
    """Answers a command by a reply, by a list of replies in turn, or by a function."""

    def __init__(self, replies: dict[str, Any] | None = None, *, engine: str = "26.1.5") -> None:
        self.hosts = ("docker", "docker2")
        self.engine = engine
        self.kernel = frozenset({"vxlan"})
        self.asked: list[tuple[str, str]] = []
        self._replies = replies or {}
        self._lock = threading.Lock()

    def ask(self, host: str, request: Request) -> Answer:
        key = request.command if isinstance(request, Run) else str(getattr(request, "path", ""))
        with self._lock:
            self.asked.append((host, key))
            reply = self._reply(key)
        if callable(reply):
            reply = reply(host, request)
        return answer(reply, request, host)

    def _reply(self, key: str) -> Any:
        reply = self._replies.get(key, (0, ""))
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply


def answer(reply: Reply, request: Request | str, host: str = "docker") -> Answer:
    if isinstance(request, str):
        request = Run(request)
    if isinstance(reply, Exception):
        raise reply
    if isinstance(reply, Answer):
        return reply
    if isinstance(reply, Outcome):
        return Answer(host, request, reply)
    if isinstance(request, Api):
        return Answer(host, request, Outcome.ENDED, status=reply[0], value=reply[1])
    stderr = reply[2] if len(reply) == 3 else ""
    return Answer(host, request, Outcome.ENDED, reply[0], reply[1], stderr)


def shell(
    run: str = "true",
    *,
    exit: Sequence[int] | AnyExit = (0,),  # noqa: A002 - as it is called in a lesson
    stdout: Output | None = None,
    stderr: Output | None = None,
) -> ShellAssertion:
    codes = exit if isinstance(exit, AnyExit) else tuple(exit)
    return ShellAssertion(run=Shell(run), exit=codes, stdout=stdout, stderr=stderr)


def output(**wanted: Any) -> Output:
    return Output(**wanted)


def check(assertion: Any = None, name: str = "it", **fields: Any) -> Check:
    for key in ("timeout", "eventually", "stays"):
        if key in fields:
            fields[key] = Seconds(fields[key])
    return Check(
        id=Name(name), say=Text(f"{name} holds"), assertion=assertion or shell(name), **fields
    )
