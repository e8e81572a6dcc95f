"""Everything of an owner's in the outer engine: listed, and removed.

Only what carries our label and the owner's is ever seen here; the labs of the owner's proofs are
the owner's too. Images are shared by all owners of an engine, so they go only when they are asked
for, and stay while somebody else has anything of ours here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab import images
from runner.lab.build import Progress
from runner.lab.lock import lab_lock
from runner.lab.names import OURS, OWNER, PROOF, filter_options
from runner.lab.outer import Docker
from runner.lab.removal import remove, thaw

__all__ = ["Kind", "Thing", "down_all", "list_all", "others"]


class Kind(Enum):
    """What a thing is, in the order in which things can be removed."""

    CONTAINER = "container"
    NETWORK = "network"
    VOLUME = "volume"
    IMAGE = "image"


_MARK = f'{{{{.Label "{OWNER}"}}}}'
_LIST = {
    Kind.CONTAINER: (
        "ps",
        "--all",
        "--no-trunc",
        "--format",
        f"{_MARK} {{{{.ID}}}} {{{{.Names}}}}",
    ),
    Kind.NETWORK: (
        *("network", "ls", "--no-trunc", "--format"),
        f"{_MARK} {{{{.ID}}}} {{{{.Name}}}}",
    ),
    Kind.VOLUME: ("volume", "ls", "--format", f"{_MARK} {{{{.Name}}}} {{{{.Name}}}}"),
}
_REMOVE = {
    Kind.NETWORK: ("network", "rm"),
    Kind.VOLUME: ("volume", "rm"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of ours in the outer engine."""

    kind: Kind
    name: str
    id: str

    def told(self) -> Message:
        """Give it in words."""
        return _WORDS[self.kind](self.name)


_WORDS = {
    Kind.CONTAINER: lambda name: msg("container {name}", name=name),
    Kind.NETWORK: lambda name: msg("network {name}", name=name),
    Kind.VOLUME: lambda name: msg("volume {name}", name=name),
    Kind.IMAGE: lambda name: msg("image {name}", name=name),
}


def list_all(owner: str, *, with_images: bool = False, docker: Docker | None = None) -> list[Thing]:
    """List what `down_all` would remove.

    Raises `LearnError` where the engine does not answer.
    """
    docker = docker or Docker()
    found = [thing for kind in _LIST for thing in _things(docker, kind, owner)]
    if with_images and not others(docker, owner):
        found += [_image(item.tag) for item in images.list_images(docker)]
    return found


def down_all(
    owner: str,
    progress: Progress | None = None,
    *,
    with_images: bool = False,
    docker: Docker | None = None,
) -> list[Thing]:
    """Remove all labs, networks and volumes of an owner, and on request our images.

    Gives what was removed. Raises `LearnError` where something does not go, after trying all.
    """
    docker, tell = docker or Docker(), progress or (lambda _: None)
    removed: list[Thing] = []
    refused: list[tuple[Thing, str]] = []
    with lab_lock(owner, tell=tell):
        found = list_all(owner, docker=docker)
        thaw(docker, [thing.id for thing in found if thing.kind is Kind.CONTAINER])
        for thing in found:
            words = _remove(docker, thing)
            if words is None:
                tell(msg("Removed {thing}.", thing=thing.told()))
                removed.append(thing)
            else:
                refused.append((thing, words))
        if with_images and others(docker, owner):
            tell(msg("The images stay: somebody else has labs in this engine."))
        elif with_images:
            gone = images.remove_images(tell, docker=docker)
            removed += [_image(tag) for tag in gone.tags]
            refused += [(_image(tag), words) for tag, words in gone.stay.items()]
    if refused:
        raise _stays(refused)
    return removed


def _image(tag: str) -> Thing:
    return Thing(Kind.IMAGE, tag, tag)


def _things(docker: Docker, kind: Kind, owner: str) -> Iterator[Thing]:
    for holder, thing in _held(docker, kind):
        if _belongs(holder, owner):
            yield thing


def others(docker: Docker, owner: str) -> bool:
    """Tell whether another owner has anything of ours in this engine."""
    return any(
        holder and not _belongs(holder, owner)
        for kind in _LIST
        for holder, _ in _held(docker, kind)
    )


def _held(docker: Docker, kind: Kind) -> Iterator[tuple[str, Thing]]:
    """Give everything with our label, each with its owner (empty where it names none)."""
    for line in docker.check(*_LIST[kind], *filter_options({OURS: "1"})).splitlines():
        holder, identity, name = line.split(" ", 2)
        yield holder, Thing(kind, name, identity)


def _belongs(holder: str, owner: str) -> bool:
    return holder == owner or holder.startswith(f"{owner}{PROOF}")


def _remove(docker: Docker, thing: Thing) -> str | None:
    """Remove one thing; give the engine's words where it stays."""
    if thing.kind is Kind.CONTAINER:
        try:
            remove(docker, [thing.id])
        except LearnError as error:
            return error.details or str(error)
        return None
    done = docker.run(*_REMOVE[thing.kind], thing.id, timeout=120)
    gone = done.ok or "no such" in done.stderr.lower() or "not found" in done.stderr.lower()
    return None if gone else done.stderr.strip()


def _stays(refused: list[tuple[Thing, str]]) -> LearnError:
    thing, _ = refused[0]
    return LearnError(
        msg(
            "{count} of our things could not be removed, first {thing}.",
            count=len(refused),
            thing=thing.told(),
        ),
        remedy=msg("See what still uses it, then run the command again."),
        details="\n".join(words for _, words in refused),
    )
