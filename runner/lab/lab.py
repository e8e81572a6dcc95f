"""Labs come and go: up, down, reset.

A lab is the set of an owner's containers with one lab id; an owner has one lab at a time. Whatever
an interrupted program left is recognised by its labels and cleared by the next `up` or `down`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab import images
from runner.lab.build import Progress
from runner.lab.debian import Consent
from runner.lab.handle import (
    HostHandle,
    LabBusy,
    LabHandle,
    LabRequest,
    handles,
    host_labels,
)
from runner.lab.host import HostPlan, run_host
from runner.lab.inventory import containers_of, ids_of, look
from runner.lab.lock import lab_lock
from runner.lab.names import LAB
from runner.lab.network import OuterNetwork, ensure_network
from runner.lab.outer import Docker
from runner.lab.place import NO_TEMPLATE, place_options
from runner.lab.ready import settle, wait_agents, wait_ready
from runner.lab.removal import delete_data, remove, thaw
from runner.lab.running import RunningLab, attach, shell_argv
from runner.lab.sweep import down_all, list_all
from runner.lab.template import Built

__all__ = [
    "HostHandle",
    "LabBusy",
    "LabHandle",
    "LabRequest",
    "RunningLab",
    "attach",
    "current",
    "down",
    "down_all",
    "list_all",
    "reset",
    "shell_argv",
    "up",
]


class _TemplateGone(Exception):
    """The store lost the template between looking and starting."""


def up(
    request: LabRequest,
    progress: Progress | None = None,
    *,
    consent: Consent | None = None,
    docker: Docker | None = None,
) -> LabHandle:
    """Give the lab that a lesson wants: the one that stands, or a new one.

    Images that are missing are made; `consent` is asked before that installs anything here.
    Raises `LabBusy` where the owner's lab is set up for something else, `LearnError` where the
    engine, the images or a name stand in the way.
    """
    docker, tell = docker or Docker(), progress or _silent
    with lab_lock(request.owner, tell=tell):
        found = look(docker, request.owner)
        present = found.lab
        if present is None:
            if found.rests:
                tell(msg("Clearing what an interrupted start left."))
            return _make(docker, request, tell, consent, in_place_of=found.rests)
        if not present.serves(request):
            raise LabBusy(present, request)
        return _again(docker, present, tell)


def reset(
    request: LabRequest,
    progress: Progress | None = None,
    *,
    consent: Consent | None = None,
    docker: Docker | None = None,
) -> LabHandle:
    """End whatever lab the owner has and give a clean one.

    Raises `LearnError` as `up` does; where images cannot be made, the old lab stays.
    """
    docker, tell = docker or Docker(), progress or _silent
    with lab_lock(request.owner, tell=tell):
        found = look(docker, request.owner)
        old = [*ids_of(found.labs), *found.rests]
        return _make(docker, request, tell, consent, in_place_of=old)


def down(
    owner: str, progress: Progress | None = None, *, docker: Docker | None = None
) -> list[LabHandle]:
    """End the owner's labs and give what they were; images, store and network stay.

    Raises `LearnError` where the engine does not do it.
    """
    docker, tell = docker or Docker(), progress or _silent
    with lab_lock(owner, tell=tell):
        found = look(docker, owner)
        for handle in found.labs:
            tell(msg("Ending the lab for {lesson}.", lesson=handle.lesson))
        ids = [*ids_of(found.labs), *found.rests]
        thaw(docker, ids)
        remove(docker, ids)
        if found.lab is not None:
            delete_data(docker, owner, found.lab.image, [handle.lab for handle in found.labs])
        return list(found.labs)


def current(owner: str, *, docker: Docker | None = None) -> LabHandle | None:
    """Give the owner's lab, running or stopped; None where there is none that is whole."""
    return look(docker or Docker(), owner).lab


def _again(docker: Docker, present: LabHandle, tell: Progress) -> LabHandle:
    """Give a lab that stands, started again where it was stopped."""
    asleep = [host for host in present.hosts.values() if host.state != "running"]
    if asleep:
        tell(msg("Starting your lab again."))
    for host in asleep:
        verb = "unpause" if host.state == "paused" else "start"
        docker.check(verb, host.container, remedy=msg("Run `learn-docker-net reset`."))
    if asleep:
        [present] = handles(containers_of(docker, present.owner, present.lab))
    with attach(present, docker) as lab:
        (settle if asleep else wait_agents)(lab)
    return present


def _make(
    docker: Docker,
    request: LabRequest,
    tell: Progress,
    consent: Consent | None,
    *,
    in_place_of: Sequence[str],
) -> LabHandle:
    with ThreadPoolExecutor(2) as pool:
        outer = pool.submit(ensure_network, docker, request.owner)
        thawed = pool.submit(thaw, docker, in_place_of)
        built = _built(docker, request, tell, consent)
        thawed.result()
        remove(docker, in_place_of)
        network = outer.result()
    tell(msg("Starting the lab."))
    try:
        return _start(docker, request, built, network)
    except _TemplateGone:
        built = _built(docker, request, tell, consent, again=True)
        return _start(docker, request, built, network)


def _built(
    docker: Docker,
    request: LabRequest,
    tell: Progress,
    consent: Consent | None,
    *,
    again: bool = False,
) -> Built:
    return images.ensure(
        request.docker,
        request.images,
        tell,
        owner=request.owner,
        consent=consent,
        again=again,
        docker=docker,
    )


def _start(docker: Docker, request: LabRequest, built: Built, network: OuterNetwork) -> LabHandle:
    plans = _plans(request, built, network)
    lab = plans[0].labels[LAB]
    try:
        with ThreadPoolExecutor(len(plans)) as pool:
            for started in [pool.submit(run_host, docker, plan) for plan in plans]:
                started.result()
        [handle] = handles(containers_of(docker, request.owner, lab))
        with attach(handle, docker) as running:
            wait_ready(running)
        return handle
    except BaseException as error:
        # Also on Ctrl-C. What a second one leaves is cleared by the next `up` or `down`.
        gone = isinstance(error, LearnError) and _ended_with(docker, request, lab, NO_TEMPLATE)
        remove(docker, [item["Id"] for item in containers_of(docker, request.owner, lab)])
        if gone:
            raise _TemplateGone from error
        raise


def _plans(request: LabRequest, built: Built, network: OuterNetwork) -> list[HostPlan]:
    lab = secrets.token_hex(4)
    created = datetime.now(UTC).isoformat(timespec="milliseconds")
    addresses = {name: network.address(index) for index, name in enumerate(request.hosts)}
    return [
        HostPlan(
            host=name,
            image=built.host_image,
            labels=host_labels(request, lab, created, name, addresses[name]),
            network=network.name,
            address=addresses[name],
            peers=addresses,
            options=place_options(built, lab, name),
            memory=spec.memory,
        )
        for name, spec in request.hosts.items()
    ]


def _ended_with(docker: Docker, request: LabRequest, lab: str, status: int) -> bool:
    found = containers_of(docker, request.owner, lab)
    return any(item["State"]["ExitCode"] == status for item in found)


def _silent(_: Message) -> None:
    pass
