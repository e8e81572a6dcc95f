"""Asking the engine for containers and networks by name, and saying what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from checks import facts
from checks.asking import Api
from checks.facts import Container, Holder, Network
from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, Nonsense, ask

DEFAULT_BRIDGE = "bridge"
"""The network that containers are on when none is named."""


def document(name: str, path: str, host: str | None = None) -> Climb[object | None]:
    """Ask the engine for one document; None where it says that there is no such thing."""
    answer = yield from ask(name, Api(path), host)
    if answer.status == 404:
        return None
    if answer.status != 200 or answer.value is None:
        raise Nonsense(f"{path}: the engine answered {answer.status}")
    found: object = answer.value
    return found


def container(key: str, name: str, host: str | None = None) -> Climb[Container | None]:
    """Find a container by its whole name or id; None where there is none."""
    path = f"/containers/{quote(name, safe='')}/json"
    data = yield from document(key, path, host)
    if data is None:
        return None
    found = facts.container(data)
    # The engine also takes the beginning of an id, and a name that a link gave.
    return found if _is_called(name, found.name, found.id) else None


def network(key: str, name: str, host: str | None = None) -> Climb[Network | None]:
    """Find a network by its whole name or id; None where there is none."""
    data = yield from document(key, f"/networks/{quote(name, safe='')}", host)
    if data is None:
        return None
    found = facts.network(data)
    return found if _is_called(name, found.name, found.id) else None


def running(key: str, name: str, host: str | None = None) -> Climb[Container | Broken]:
    """Find a container that runs, or tell why there is none."""
    found = yield from container(key, name, host)
    if found is None:
        return no_container(name)
    return found if found.running else not_running(found)


def existing_network(key: str, name: str, host: str | None = None) -> Climb[Network | Broken]:
    """Find a network, or tell that there is none."""
    found = yield from network(key, name, host)
    if found is None:
        return Broken(
            msg("there is no network named {name}", name=name),
            msg("`docker network ls` lists all networks"),
        )
    return found


def holders(key: str, host: str | None = None) -> Climb[tuple[Holder, ...]]:
    """List all containers with their addresses."""
    data = yield from document(key, "/containers/json?all=true", host)
    return facts.holders(data)


def _is_called(wanted: str, name: str, identity: str) -> bool:
    return wanted == name or (len(wanted) >= _ID and identity.startswith(wanted))


_ID = 12
"""Characters of an id as `docker ps` shows it."""


def no_container(name: str) -> Broken:
    """Tell that a container is not there."""
    return Broken(
        msg("there is no container named {name}", name=name),
        msg("`docker ps -a` lists all containers, stopped ones too"),
    )


def not_running(found: Container) -> Broken:
    """Tell in what state a container is instead of running."""
    look = msg(
        "`{command}` shows its state; `{logs}` its last words",
        command=f"docker ps -a --filter name={found.name}",
        logs=f"docker logs {found.name}",
    )
    return Broken(_state(found), look)


def _state(found: Container) -> Message:
    name = found.name
    if found.status == "exited":
        return msg(
            "{name} does not run: it ended with status {code}", name=name, code=found.exit_code
        )
    if found.status == "created":
        return msg("{name} was made, but does not run: it was never started", name=name)
    if found.status == "paused":
        return msg("{name} is paused: its processes are frozen", name=name)
    return msg("{name} does not run: the engine calls it {state}", name=name, state=found.status)


def networks_of(found: Container) -> str:
    """List the networks of a container, for a sentence."""
    return listed(sorted(found.attachments))


def listed(items: Sequence[object]) -> str:
    """Join things for a sentence in any language; a dash for none."""
    return ", ".join(str(item) for item in items) or "–"


def traits(given: Mapping[str, object]) -> str:
    """List what is asked for as the lesson has it: `driver bridge, internal true`."""
    words: dict[object, str] = {True: "true", False: "false"}
    return listed(
        [f"{name} {words.get(value, value)}" for name, value in given.items() if value is not None]
    )


def inspect_command(*names: str) -> str:
    """Give the command that shows on which networks containers are, with which addresses."""
    template = (
        "{{.Name}} {{range $n, $e := .NetworkSettings.Networks}}{{$n}}={{$e.IPAddress}} {{end}}"
    )
    return f"docker inspect -f '{template}' {' '.join(names)}"
