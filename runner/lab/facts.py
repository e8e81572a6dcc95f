"""What can be seen of Docker on a machine, and what to do about it: the decision is pure.

An engine is installed only where there is no trace of one. Everything else that does not answer,
a stopped Docker Desktop, a dead context, a wrong DOCKER_HOST, missing rights, is the person's own
to mend, and gets the remedy in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checks.message import Message, msg
from runner.lab.outer import EngineState, Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A machine, as far as Docker goes."""

    state: EngineState
    """What the command line gets to hear."""
    system: str = "Linux"
    """As `platform.system()` has it."""
    docker_host: str = ""
    """The environment's DOCKER_HOST."""
    context: str = "default"
    """The context that the command line uses."""
    contexts: bool = False
    """Somebody made contexts, in use or not: there are engines elsewhere."""
    desktop: bool = False
    """Docker Desktop is installed."""
    sockets: tuple[str, ...] = ()
    """Engine sockets that exist, whether or not anything listens."""
    engine: bool = False
    """There is an engine's program, `dockerd`."""
    apt: bool = False
    root: bool = False
    systemd: bool = False
    """systemd is the first process."""


class Step(Enum):
    """What setup does next."""

    NOTHING = "nothing"
    """An engine answers."""
    INSTALL = "install"
    """Install the distribution's engine, after consent."""
    START = "start"
    """Start the installed engine through systemd, after consent."""
    START_ALONE = "start alone"
    """Start the installed engine by hand, for want of a service manager, after consent."""
    TELL = "tell"
    """Nothing that a program should do; say what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and the words for it."""

    step: Step
    message: Message
    remedy: Message | None = None


def decide(facts: Facts) -> Decision:
    """Say what setup does on such a machine."""
    if facts.state.answers:
        return Decision(Step.NOTHING, msg("Docker {version} answers.", version=facts.state.version))
    return _forbidden(facts) or _pointed_elsewhere(facts) or _local(facts)


def _pointed_elsewhere(facts: Facts) -> Decision | None:
    """An engine that the person chose, and that does not answer."""
    if facts.docker_host:
        return Decision(
            Step.TELL,
            msg("DOCKER_HOST names {host}, and no engine answers there.", host=facts.docker_host),
            msg("Start that engine, or `unset DOCKER_HOST`, then run this command again."),
        )
    if facts.context.startswith("desktop") or (facts.desktop and not facts.engine):
        return Decision(
            Step.TELL,
            msg("Docker Desktop is installed and does not run."),
            msg("Start Docker Desktop, wait until it says it runs, then run this command again."),
        )
    if facts.context != "default":
        return Decision(
            Step.TELL,
            msg("The Docker context {name} does not answer.", name=facts.context),
            msg("Start its engine, or choose another one with `docker context use default`."),
        )
    return None


def _forbidden(facts: Facts) -> Decision | None:
    if facts.state.reach is not Reach.FORBIDDEN:
        return None
    return Decision(
        Step.TELL,
        msg("There is a Docker engine, and you are not allowed to use it."),
        msg("Run `sudo usermod -aG docker $USER`, log in again, then run this command again."),
    )


def _local(facts: Facts) -> Decision:
    if facts.state.reach is Reach.NO_CLIENT and (facts.engine or facts.sockets):
        return Decision(
            Step.TELL,
            msg("There is a Docker engine here, but no `docker` command."),
            msg("Install the command: `apt-get install docker-cli` on Debian and Ubuntu."),
        )
    if facts.engine:
        return _stopped(facts)
    if facts.sockets:
        return Decision(
            Step.TELL,
            msg("There is a Docker socket, {path}, and nothing answers on it.",
                path=facts.sockets[0]),
            msg("Start the engine that it belongs to; if there is none any more, delete the file."),
        )  # fmt: skip
    return _unchosen(facts) if facts.contexts else _none(facts)


def _unchosen(facts: Facts) -> Decision:
    """Tell that the person has engines elsewhere, and none of them is in use."""
    without = facts.state.reach is Reach.NO_CLIENT
    return Decision(
        Step.TELL,
        msg("There is no Docker engine on this machine, but there are Docker contexts for others."),
        msg("Install the command: `apt-get install docker-cli` on Debian and Ubuntu.")
        if without
        else msg("Choose one with `docker context use NAME`; `docker context rm NAME` takes those"
                 " away that are gone. Then run this command again."),
    )  # fmt: skip


def _stopped(facts: Facts) -> Decision:
    message = msg("The Docker engine of this machine is installed and does not run.")
    if not facts.root:
        by_hand = "sudo systemctl start docker" if facts.systemd else "sudo service docker start"
        return Decision(
            Step.TELL,
            message,
            msg("Run `{command}`, then this command again.", command=by_hand),
        )
    return Decision(Step.START if facts.systemd else Step.START_ALONE, message)


def _none(facts: Facts) -> Decision:
    message = msg("There is no Docker engine on this machine.")
    if facts.system != "Linux":
        return Decision(
            Step.TELL, message, msg("Install Docker Desktop, start it, then run this again.")
        )
    if not facts.apt:
        return Decision(
            Step.TELL,
            message,
            msg("Install Docker as your distribution says, start it, then run this again."),
        )
    if not facts.root:
        return Decision(
            Step.TELL,
            message,
            msg(
                "Run `sudo apt-get install docker.io` and `sudo usermod -aG docker $USER`,"
                " log in again, then run this command again."
            ),
        )
    return Decision(Step.INSTALL, message)
