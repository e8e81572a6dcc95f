"""Learners' engines: how each is reached, and what became of the attempt.

All goes through the `docker` command line, which knows contexts, ssh and TLS; nothing of a
learner's machine is run here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.class_ import Source
from runner.lab.outer import Docker, EngineState, Reach

TRIES = 3
"""Attempts to reach an engine."""
FIRST_PAUSE = 1.0
"""Seconds before the second attempt; twice as long before each further one."""
PATIENCE = 10.0
"""Seconds that an engine has for saying its version."""

# Nobody is there to type a password: ssh is to say no instead of asking.
_NO_QUESTIONS = {"SSH_ASKPASS": "/bin/false", "SSH_ASKPASS_REQUIRE": "force"}
_HOPELESS = ("context", "permission denied", "certificate", "host key", "no such host")
"""In the words of a refusal that another attempt would only repeat."""


@dataclass(frozen=True, slots=True)
class Unreachable(Exception):
    """An engine cannot be reached."""

    why: Message
    details: str


def docker_of(source: Source) -> Docker:
    """Give the command line that speaks to a learner's engine."""
    return Docker(environment=_NO_QUESTIONS, options=options_of(source))


def options_of(source: Source) -> tuple[str, ...]:
    """Give the options of `docker` that name an engine."""
    if source.context is not None:
        return ("--context", source.context)
    if source.endpoint is None:
        return ()
    if source.tls is None:
        return ("--host", source.endpoint)
    return (
        "--tlsverify",
        *("--tlscacert", str(source.tls / "ca.pem")),
        *("--tlscert", str(source.tls / "cert.pem")),
        *("--tlskey", str(source.tls / "key.pem")),
        *("--host", source.endpoint),
    )


def machine_of(source: Source) -> str:
    """Name the machine under an engine, so that several learners' labs there are not too many."""
    address = source.endpoint
    if address is None:
        shown = Docker().run(
            "context",
            "inspect",
            "--format",
            "{{.Endpoints.docker.Host}}",
            *([source.context] if source.context else []),
        )
        address = shown.stdout.strip() if shown.ok else source.context or ""
    parts = urlsplit(address)
    return parts.hostname or address


def reach(
    docker: Docker,
    wait: Callable[[float], object] | None = None,
    *,
    tries: int = TRIES,
    pause: float = FIRST_PAUSE,
) -> EngineState:
    """Make sure that an engine answers, trying again where the connection is the trouble.

    `wait` sleeps for so many seconds, and may end sooner. Raises Unreachable.
    """
    sleep = wait or threading.Event().wait
    for left in reversed(range(tries)):
        state = docker.engine_state(PATIENCE)
        if state.answers:
            return state
        if not left or not _may_help(state):
            break
        sleep(pause)
        pause *= 2
    raise Unreachable(_why(state), state.details)


def _may_help(state: EngineState) -> bool:
    said = state.details.lower()
    return state.reach is Reach.SILENT and not any(word in said for word in _HOPELESS)


def _why(state: EngineState) -> Message:
    if state.reach is Reach.NO_CLIENT:
        return msg("There is no docker program on this machine.")
    if state.reach is Reach.FORBIDDEN:
        return msg("The engine does not let you in.")
    last = state.details.strip().splitlines()[-1:] or ["?"]
    return msg("The engine does not answer: {words}", words=last[0][:300])


def is_connection_trouble(error: LearnError) -> bool:
    """Tell whether a command failed on its way to the engine."""
    said = f"{error.message} {error.details}".lower()
    signs = ("cannot connect", "did not end within", "connection", "eof", "broken pipe")
    return any(sign in said for sign in signs)
