"""Recognising, in what a failed command said, that the thing it asks about is not there.

"exit status 1" tells a learner nothing; that there is no container of that name does. The words
are those of the docker command line (20.10 to 28), the OCI runtime, iproute2, coreutils and bash;
only their stable parts are matched.
"""

from __future__ import annotations

import re

from checks.message import Message, msg

_NAME = r"[\"'‘“]?([^\s\"'’”]+?)[:,.]?(?=[\"'’”\s]|$)[\"'’”]?"

_SAYINGS: tuple[tuple[str, Message, str], ...] = (
    (rf"[Nn]o such container: {_NAME}", msg("there is no container named {name}"), "docker ps -a"),
    (
        rf"[Cc]ontainer {_NAME} is not running",
        msg("the container {name} is not running"),
        "docker ps -a",
    ),
    (
        rf"[Nn]o such network: {_NAME}|\bnetwork (\S+) not found",
        msg("there is no network named {name}"),
        "docker network ls",
    ),
    (
        rf"[Nn]o such image: {_NAME}|[Uu]nable to find image {_NAME}",
        msg("there is no image named {name}"),
        "docker image ls",
    ),
    (
        rf"[Nn]o such volume: {_NAME}|get (\S+): no such volume",
        msg("there is no volume named {name}"),
        "docker volume ls",
    ),
    (
        rf"[Nn]o such object: {_NAME}",
        msg("there is nothing named {name} in the engine"),
        "docker ps -a",
    ),
    (
        rf"Device {_NAME} does not exist|Cannot find device {_NAME}|bridge (\S+) does not exist",
        msg("there is no interface named {name}"),
        "ip link",
    ),
    (
        rf"exec: {_NAME}: (?:executable file not found|stat \S+ no such file)",
        msg("the container has no program named {name}"),
        "",
    ),
    (
        # The name that the agent gives the lab host's own bash.
        r"ldn-run: (?:line \d+: )?(\S+?): command not found",
        msg("the lab host has no program named {name}"),
        "",
    ),
    (
        r"sh: (?:line )?(?:\d+: )?(\S+?): (?:command )?not found",
        msg("there is no program named {name}"),
        "",
    ),
    (r"(/[^\s:'’]*)['’]?: No such file or directory", msg("there is no file {name}"), ""),
)


def missing_thing(said: str) -> tuple[Message, Message | None] | None:
    """Tell which thing is missing by a command's own words, and where to look; else None."""
    for pattern, message, look in _SAYINGS:
        match = re.search(pattern, said)
        if match is not None:
            name = next(group for group in match.groups() if group is not None)
            told = Message(message.text, {"name": _short(name)})
            return told, msg("`{command}`", command=look) if look else None
    return None


def _short(name: str) -> str:
    """Give an engine's whole id as its lists show it; any other name as it is."""
    return name[:12] if re.fullmatch(r"[0-9a-f]{64}", name) else name
