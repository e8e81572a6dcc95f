"""What stands in the way of labs on this machine, and what to do about each thing.

Everything is looked at that can be: without an engine still the machine itself, without images
all but what a trial start would tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from checks.asking import Api
from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab import doctor_room, images, kernel, recipe
from runner.lab.doctor_engine import engine_info, examine_engine
from runner.lab.doctor_ranges import examine_ranges, machine_range
from runner.lab.doctor_room import GIB
from runner.lab.finding import Finding, Health, bad, ok, warn
from runner.lab.lab import attach, current
from runner.lab.outer import Docker
from runner.lab.privilege import Privilege
from runner.lab.recipe import Engine
from runner.lab.trial import Trial, hold_trial
from runner.places import data_folder

__all__ = ["Finding", "Health", "examine"]

_BUILD = msg("Run `learn-docker-net images build`; the first lab does it too.")


def examine(owner: str, docker: Docker | None = None) -> list[Finding]:
    """Look at everything; never raises for what it finds. Takes a second or two."""
    docker = docker or Docker()
    state = docker.engine_state()
    found = examine_engine(docker, state)
    if not state.answers:
        return [*found, *machine_range(), *_machine()]
    parts: list[Callable[[], Sequence[Finding]]] = [
        lambda: list(_trial(docker, owner)),
        lambda: list(examine_ranges(docker, owner)),
        lambda: list(_images(docker)),
        lambda: list(_lab(docker, owner)),
    ]
    with ThreadPoolExecutor(len(parts)) as pool:
        for waiting in [pool.submit(_guarded, part) for part in parts]:
            found += waiting.result()
    return [*found, *_machine()]


def _guarded(part: Callable[[], Sequence[Finding]]) -> Sequence[Finding]:
    """Turn what goes wrong while looking into a finding of its own."""
    try:
        return part()
    except LearnError as error:
        remedy = error.remedy or msg("Run the command again.")
        return [bad("engine", error.message, remedy, details=error.details)]


def _trial(docker: Docker, owner: str) -> Iterator[Finding]:
    image = _host_image(docker)
    if image is None:
        yield warn(
            "privileges",
            msg("Rights and kernel can be tried once the lab host's image is there."),
            _BUILD,
        )
        yield from doctor_room.untried(engine_info(docker))
        return
    trial = hold_trial(docker, owner, image)
    yield _privileges(trial)
    if trial.features is not None:
        yield from _features(trial.features)
    if trial.memory:
        yield doctor_room.memory(trial.memory)
    if trial.disk:
        yield doctor_room.disk(trial.disk)


def _privileges(trial: Trial) -> Finding:
    if trial.way is None and not trial.denied:
        return bad(
            "privileges",
            msg("A container could not be started to try what labs need."),
            msg("Mend what the engine says, then run the command again."),
            details=trial.details,
        )
    if trial.way is None:
        return bad(
            "privileges",
            msg("This Docker engine does not let a container run an engine of its own."),
            msg("Use an engine that allows `--privileged` containers; rootless ones do not."),
            details=trial.details,
        )
    if trial.way is Privilege.LISTED:
        return ok(
            "privileges",
            msg("The engine cannot give `--privileged`; a list of capabilities works instead."),
            way=trial.way.value,
        )
    return ok("privileges", msg("Labs start with `--privileged`."), way=trial.way.value)


def _features(found: frozenset[str]) -> Iterator[Finding]:
    lacking = [name for name in kernel.NEEDED if name not in found]
    for name in lacking:
        yield bad(
            "kernel",
            msg("The kernel has no {name}, needed for {what}.", name=name, what=_what(name)),
            msg("Use a machine with a distribution's usual kernel."),
        )
    missing = [name for name in kernel.WANTED if name not in found]
    if not lacking and not missing:
        yield ok(
            "kernel", msg("All kernel features that lessons use are there."), has=sorted(found)
        )
    elif missing:
        yield warn(
            "kernel",
            msg("The kernel lacks {names}.", names=", ".join(missing)),
            msg("Checks that need them will say `unsupported`; everything else works."),
            has=sorted(found),
            lacks=missing,
        )


def _what(name: str) -> Message:
    return kernel.NEEDED.get(name) or kernel.WANTED[name]


def _lab(docker: Docker, owner: str) -> Iterator[Finding]:
    present = current(owner, docker=docker)
    if present is None:
        yield ok("lab", msg("No lab is up."))
        return
    if not present.running:
        yield ok("lab", msg("The lab for {lesson} is stopped.", lesson=present.lesson))
        return
    with attach(present, docker) as lab:
        for host in lab.hosts:
            answer = lab.ask(host, Api("/version"))
            value = answer.value if isinstance(answer.value, dict) else {}
            if answer.ended and value:
                yield _inner(present.lesson, host, value)
                continue
            yield warn(
                "lab",
                msg("The Docker engine in lab host {host} does not answer.", host=host),
                msg("If that is not the lesson's point: `learn-docker-net reset`."),
                details=str(answer.why or ""),
            )


def _inner(lesson: str, host: str, version: dict[str, object]) -> Finding:
    return ok(
        "lab",
        msg(
            "Lab host {host} ({lesson}) runs Docker engine {engine}, API {oldest} to {newest}.",
            host=host,
            lesson=lesson,
            engine=str(version.get("Version", "")),
            oldest=str(version.get("MinAPIVersion", "")),
            newest=str(version.get("ApiVersion", "")),
        ),
        engine=version.get("Version"),
    )


def _machine() -> Iterator[Finding]:
    """Look at this machine itself; the engine may run on another."""
    folder = data_folder()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < GIB // 4:
        yield bad(
            "record",
            msg(
                "Only {amount} MiB are free for your record in {folder}.",
                amount=free >> 20,
                folder=str(folder),
            ),
            msg("Make room there."),
        )


def _images(docker: Docker) -> Iterator[Finding]:
    found = images.list_images(docker)
    current = [item.tag for item in found if item.current]
    old = [item.tag for item in found if not item.current]
    lacking = images.missing(recipe.DEFAULT.tag, docker)
    if lacking is not None:
        yield warn("images", lacking.message, lacking.remedy or _BUILD, images=current)
        return
    size = sum(item.size for item in found if item.current) / GIB
    yield ok(
        "images",
        msg("{count} images are made, {size:.1f} GiB.", count=len(current), size=size),
        images=current,
    )
    if old:
        yield warn(
            "old images",
            msg("{count} images of ours are no longer used.", count=len(old)),
            msg("Remove them with `learn-docker-net images remove --old`."),
            images=old,
        )


def _host_image(docker: Docker) -> str | None:
    """Give a lab host image that the engine has: of those that are used, the default first."""
    tags = {item.tag for item in images.list_images(docker)}
    engines = sorted(Engine, key=lambda engine: engine is not recipe.DEFAULT)
    wanted = [recipe.server(engine).tag for engine in engines]
    return next((tag for tag in wanted if tag in tags), None)
