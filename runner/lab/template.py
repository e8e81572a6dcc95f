"""The data root with all course images in it, from which each lab host's own is cloned.

An owner's store volume holds `template/KEY`, one for each engine and set of course images. A
template is made by a lab host of its own whose engine loads the images; it gets its final name in
one step. That a volume holds what it should is said by a second, empty one, the mark, made last;
it carries the creation time of the first, so it means nothing once that one was removed.
"""

from __future__ import annotations

import hashlib
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from checks.message import msg
from runner.errors import LearnError
from runner.lab import names, privilege, recipe
from runner.lab.build import Progress
from runner.lab.names import Role
from runner.lab.outer import Docker, end
from runner.lab.recipe import Engine, Recipe

HELD = f"{names.OURS}.held"
"""Label of a mark: when the volume that it speaks for was created."""
READY = 60.0
"""Seconds that the engine of a template gets to answer."""

_CLEAN = (
    "systemctl stop docker.socket docker.service containerd.service && cd / &&"
    " rm -rf /var/lib/docker/{engine-id,network,swarm,tmp,runtimes,containers/*} &&"
    " umount /var/lib/docker && mkdir -p /.store/template /.store/trash && sync -f /.store &&"
    " if [ -d /.store/template/{key} ]; then"
    " mv -T /.store/template/{key} /.store/trash/{key}-$RANDOM; fi &&"
    " mv -T /.store/building/{key} /.store/template/{key}"
)


@dataclass(frozen=True, slots=True)
class Built:
    """Everything a lab needs, by the names that `docker run` takes."""

    host_image: str
    """The lab host's image."""
    tools_volume: str
    """Volume with the program's tools, for `/ldn`, read-only."""
    store_volume: str
    """Volume with templates and data roots, for `/.store`."""
    template_key: str
    """The template to clone, for `LDN_TEMPLATE`."""


def present(docker: Docker, owner: str, engine: Engine, courses: Sequence[Recipe]) -> Built | None:
    """Give what is there already if nothing is missing, by two quick commands."""
    built = _named(owner, engine, courses)
    if not docker.inspect(built.host_image, kind="image"):
        return None
    return built if _marked(docker, _marks(owner, built)) == {True} else None


def ensure_template(
    docker: Docker,
    owner: str,
    engine: Engine,
    courses: Sequence[Recipe],
    progress: Progress,
    *,
    again: bool = False,
) -> Built:
    """Make tools volume and template where they are missing; the images must be there.

    With `again` both are made anew. Raises `LearnError` where the template's engine does not come
    up.
    """
    built = _named(owner, engine, courses)
    tools, template = _marks(owner, built)
    if again or _marked(docker, [tools]) != {True}:
        _unmark(docker, tools)
        _drop_old_tools(docker, owner)
        _fill_tools(docker, owner, built)
        _mark(docker, owner, tools)
    _volume(docker, built.store_volume, names.labels(owner, Role.STORE))
    if again or _marked(docker, [template]) != {True}:
        _unmark(docker, template)
        progress(msg("Preparing the images inside the lab; this takes a few seconds, once."))
        _make_template(docker, owner, built, courses)
        _mark(docker, owner, template)
    return built


def _named(owner: str, engine: Engine, courses: Sequence[Recipe]) -> Built:
    parts = [engine.tag, *(f"{item.name}={item.digest}" for item in courses)]
    return Built(
        recipe.server(engine).tag,
        names.tools_name(owner, recipe.tools_digest()),
        names.store_name(owner),
        f"{engine.tag}-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}",
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """Says of a volume that it holds what it should."""

    name: str
    of: str
    role: Role


def _marks(owner: str, built: Built) -> list[_Mark]:
    return [
        _Mark(f"{built.tools_volume}-filled", built.tools_volume, Role.TOOLS),
        _Mark(f"ldn-{owner}-template-{built.template_key}", built.store_volume, Role.STORE),
    ]


def _marked(docker: Docker, marks: Sequence[_Mark]) -> set[bool]:
    wanted = {name for mark in marks for name in (mark.name, mark.of)}
    found = {item["Name"]: item for item in docker.inspect(*sorted(wanted), kind="volume")}
    return {
        wanted <= set(found)
        and (found[mark.name]["Labels"] or {}).get(HELD) == found[mark.of]["CreatedAt"]
        for mark in marks
    }


def _mark(docker: Docker, owner: str, mark: _Mark) -> None:
    [held] = docker.inspect(mark.of, kind="volume")
    _volume(docker, mark.name, names.labels(owner, mark.role) | {HELD: held["CreatedAt"]})


def _unmark(docker: Docker, mark: _Mark) -> None:
    if _is_ours(docker, "volume", mark.name):
        docker.run("volume", "rm", mark.name)


def _drop_old_tools(docker: Docker, owner: str) -> None:
    """Remove the owner's tools volumes; one that a lab still uses stays."""
    wanted = names.filter_options(names.labels(owner, Role.TOOLS))
    for name in docker.check("volume", "ls", "--quiet", *wanted).split():
        docker.run("volume", "rm", name)


def _volume(docker: Docker, name: str, labels: dict[str, str]) -> None:
    """Create a volume of ours unless it is there.

    Raises `LearnError` where somebody else's volume has the name.
    """
    for found in docker.inspect(name, kind="volume"):
        if (found["Labels"] or {}).get(names.OURS) == "1":
            return
        raise LearnError(
            msg("There is a volume {name} that is not ours.", name=name),
            remedy=msg("Remove it with `docker volume rm {name}` if nobody needs it.", name=name),
        )
    docker.check("volume", "create", *names.label_options(labels), name)


def _fill_tools(docker: Docker, owner: str, built: Built) -> None:
    """Fill the tools volume: the engine copies an image's folder into an empty volume."""
    _volume(docker, built.tools_volume, names.labels(owner, Role.TOOLS))
    made = docker.check(
        "create", "--pull=never", *names.label_options(names.labels(owner, Role.BUILD)),
        f"--volume={built.tools_volume}:/ldn", built.host_image,
        timeout=120,
    ).strip()  # fmt: skip
    docker.check("rm", made)


def _make_template(docker: Docker, owner: str, built: Built, courses: Sequence[Recipe]) -> None:
    server = _start(docker, owner, built)
    try:
        _wait(docker, server)
        if courses:
            _load(docker, server, [item.tag for item in courses])
        for item in courses:
            inner = f"{recipe.COURSE_SPACE}/{item.name}:latest"
            docker.check("exec", server, "docker", "tag", item.tag, inner)
            docker.check("exec", server, "docker", "rmi", item.tag)
        clean = _CLEAN.replace("{key}", built.template_key)
        docker.check("exec", server, "bash", "-c", clean, timeout=120)
    finally:
        docker.run("rm", "--force", "--volumes", server)


def _start(docker: Docker, owner: str, built: Built) -> str:
    """Start a lab host without network and with an empty data root of its own."""
    name = names.host_name(owner, "template")
    if _is_ours(docker, "container", name):  # an interrupted program's
        docker.run("rm", "--force", "--volumes", name)
    done = None
    for way in privilege.ways():
        done = docker.run(
            "run", "--detach", "--pull=never", f"--name={name}", "--hostname=template",
            "--network=none", *names.label_options(names.labels(owner, Role.BUILD)),
            *way.options, "--tmpfs=/run", "--tmpfs=/run/lock", "--tmpfs=/tmp:exec",
            f"--volume={built.store_volume}:/.store", "--env=LDN_KEEP_STORE=1",
            f"--env=LDN_ROOT=building/{built.template_key}", "--env=LDN_FRESH=1",
            built.host_image,
        )  # fmt: skip
        if done.ok:
            privilege.remember(way)
            return done.stdout.strip()
        if _is_ours(docker, "container", name):
            docker.run("rm", "--force", "--volumes", name)
        if not privilege.denied(done.stderr):
            break
    raise LearnError(
        msg("The lab host could not be started."),
        remedy=msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
        details=done.stderr.strip() if done else "",
    )


def _is_ours(docker: Docker, kind: str, name: str) -> bool:
    return any(
        ((item.get("Config") or item).get("Labels") or {}).get(names.OURS) == "1"
        for item in docker.inspect(name, kind=kind)
    )


def _wait(docker: Docker, server: str) -> None:
    until = time.monotonic() + READY
    while time.monotonic() < until:
        done = docker.run("exec", server, "docker", "version")
        if done.ok:
            return
        [state] = [item["State"] for item in docker.inspect(server)] or [{"Running": False}]
        if not state["Running"]:
            break
        threading.Event().wait(0.1)
    logs = docker.run("logs", "--tail", "25", server)
    journal = docker.run("exec", server, "journalctl", "--no-pager", "-n", "25", "-o", "cat")
    raise LearnError(
        msg("The Docker engine in the lab host did not start."),
        remedy=msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
        details=f"{logs.stdout}{logs.stderr}{journal.stdout}".strip(),
    )


def _load(docker: Docker, server: str, tags: Sequence[str]) -> None:
    """Bring images from the outer engine into the inner one, through a pipe."""
    giver = subprocess.Popen(
        docker.argv("save", *tags), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL, env=docker.environment,
    )  # fmt: skip
    taker = docker.start("exec", "--interactive", server, "docker", "load", stdin=giver.stdout)
    if giver.stdout is not None:
        giver.stdout.close()
    try:
        said, _ = taker.communicate()
        if taker.returncode != 0 or giver.wait() != 0:
            raise LearnError(
                msg("The course's images could not be brought into the lab."),
                remedy=msg("Run the command again; is there room on the disk?"),
                details=said.decode("utf-8", "replace").strip(),
            )
    finally:
        end(giver)
        end(taker)
