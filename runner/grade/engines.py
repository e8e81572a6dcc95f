"""Learners' engines: how each is reached, and what became of the attempt.

All goes through the `docker` command line, which knows contexts, ssh and TLS; nothing of a
learner's machine is run here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.class_ import Source
from runner.lab.outer import Docker, EngineState, Reach

_ADDRESS = "{{.Endpoints.docker.Host}}"
TRIES = 3
"""Attempts to reach an engine."""
FIRST_PAUSE = 1.0
"""Seconds before the second attempt; twice as long before each further one."""
PATIENCE = 10.0
"""Seconds that an engine has for saying its version."""

# Nobody is there to type a password: ssh is to say no instead of asking.
_NO_QUESTIONS = {"SSH_ASKPASS": "/bin/false", "SSH_ASKPASS_REQUIRE": "force"}
_HOPELESS = (
    *("context not found", "unable to resolve docker endpoint", "permission denied", "certificate"),
    *("host key", "no such host", "could not resolve hostname"),
)
"""In the words of a refusal that another attempt would only repeat."""
_SSH = (
    (
        "remote host identification has changed",
        msg("The host key is another than the one known for it: this may be another machine."),
        msg("Ask whether it was set up anew; then take the old key out with `ssh-keygen -R HOST`."),
    ),
    (
        "host key verification failed",
        msg("The host key of the learner's machine is not known here."),
        msg("Connect once by `ssh USER@HOST`, compare the key that it shows, and say yes."),
    ),
    (
        "permission denied (",
        msg("The learner's machine does not take your ssh key."),
        msg("Have your public key put into ~/.ssh/authorized_keys there: `ssh-copy-id USER@HOST`."),
    ),
)
"""In the words of ssh, what stands behind them and what helps."""


class Unreachable(LearnError):
    """An engine cannot be reached."""

    @property
    def told(self) -> Message:
        """What is the matter and what helps, in one."""
        if self.remedy is None:
            return self.message
        return msg("{what} {remedy}", what=self.message, remedy=self.remedy)


def docker_of(source: Source, deadline: float | None = None) -> Docker:
    """Give the command line that speaks to a learner's engine, until `deadline` at most."""
    return Docker(environment=_NO_QUESTIONS, options=options_of(source), deadline=deadline)


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
    """Name the machine under an engine, so that several learners' labs there are not too many.

    Never raises: an engine of which that cannot be told is a machine by itself.
    """
    address = source.endpoint or address_of(source.context) or source.context or ""
    if address.startswith(("unix://", "npipe://")):
        return "localhost"
    with contextlib.suppress(ValueError):
        return urlsplit(address).hostname or address
    return address


def address_of(context: str | None) -> str | None:
    """Give the address that a Docker context leads to, the present one's where none is named; None
    where there is no such context, or nobody to ask.
    """
    named = [context] if context else []
    with contextlib.suppress(LearnError):
        shown = Docker().run("context", "inspect", "--format", _ADDRESS, *named)
        return shown.stdout.strip() if shown.ok else None
    return None


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
    raise _unreachable(state)


def _may_help(state: EngineState) -> bool:
    said = state.details.lower()
    return state.reach is Reach.SILENT and not any(word in said for word in _HOPELESS)


def _unreachable(state: EngineState) -> Unreachable:
    said = state.details.lower()
    for sign, message, remedy in _SSH:
        if sign in said:
            return Unreachable(message, remedy=remedy, details=state.details)
    if state.reach is Reach.NO_CLIENT:
        why = msg("There is no docker program on this machine.")
    elif state.reach is Reach.FORBIDDEN:
        why = msg("The engine does not let you in.")
    else:
        last = state.details.strip().splitlines()[-1:] or ["?"]
        why = msg("The engine does not answer: {words}", words=last[0][:300])
    return Unreachable(why, details=state.details)


def is_connection_trouble(error: LearnError) -> bool:
    """Tell whether a command failed on its way to the engine."""
    said = f"{error.message} {error.details}".lower()
    signs = ("cannot connect", "did not end within", "connection", "eof", "broken pipe")
    return any(sign in said for sign in signs)
