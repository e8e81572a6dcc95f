"""Labs come and go: up, down, reset.

A lab is the set of an owner's containers with one lab id; an owner has one lab at a time. Whatever
an interrupted program left is recognised by its labels and cleared by the next `up` or `down`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

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
from runner.lab.lock import lab_lock
from runner.lab.names import LAB, OURS, OWNER, ROLE, Role, filter_options
from runner.lab.network import OuterNetwork, ensure_network
from runner.lab.outer import Docker
from runner.lab.place import NO_TEMPLATE, place_options
from runner.lab.ready import settle, wait_agents, wait_ready
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
    with lab_lock(request.owner):
        present = _present(docker, request.owner, tell)
        if present is None:
            return _make(docker, request, tell, consent)
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

    Raises `LearnError` as `up` does; then there is no lab.
    """
    docker, tell = docker or Docker(), progress or _silent
    with lab_lock(request.owner):
        _remove(docker, _all(docker, request.owner))
        return _make(docker, request, tell, consent)


def down(
    owner: str, progress: Progress | None = None, *, docker: Docker | None = None
) -> list[LabHandle]:
    """End the owner's labs and give what they were; images, store and network stay.

    Raises `LearnError` where the engine does not do it.
    """
    docker, tell = docker or Docker(), progress or _silent
    with lab_lock(owner):
        found = _all(docker, owner)
        for handle in found:
            tell(msg("Ending the lab for {lesson}.", lesson=handle.lesson))
        _remove(docker, found)
        return found


def current(owner: str, *, docker: Docker | None = None) -> LabHandle | None:
    """Give the owner's lab, running or stopped; None where there is none that is whole."""
    found = [handle for handle in _all(docker or Docker(), owner) if handle.whole]
    return found[-1] if found else None


def _present(docker: Docker, owner: str, tell: Progress) -> LabHandle | None:
    """Give the lab that stands, after clearing what an interrupted program left."""
    found = _all(docker, owner)
    whole = [handle for handle in found if handle.whole]
    left = [handle for handle in found if not handle.whole]
    if left:
        tell(msg("Clearing what an interrupted start left."))
        _remove(docker, left)
    return whole[-1] if whole else None


def _again(docker: Docker, present: LabHandle, tell: Progress) -> LabHandle:
    """Give a lab that stands, started again where it was stopped."""
    asleep = [host for host in present.hosts.values() if host.state != "running"]
    if asleep:
        tell(msg("Starting your lab again."))
    for host in asleep:
        verb = "unpause" if host.state == "paused" else "start"
        docker.check(verb, host.container)
    if asleep:
        present = next(item for item in _all(docker, present.owner) if item.lab == present.lab)
    with attach(present, docker) as lab:
        (settle if asleep else wait_agents)(lab)
    return present


def _make(
    docker: Docker, request: LabRequest, tell: Progress, consent: Consent | None
) -> LabHandle:
    built = _built(docker, request, tell, consent)
    tell(msg("Starting the lab."))
    try:
        return _start(docker, request, built)
    except _TemplateGone:
        built = _built(docker, request, tell, consent, again=True)
        return _start(docker, request, built)


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


def _start(docker: Docker, request: LabRequest, built: Built) -> LabHandle:
    plans = _plans(request, built, ensure_network(docker, request.owner))
    lab = plans[0].labels[LAB]
    try:
        with ThreadPoolExecutor(len(plans)) as pool:
            for started in [pool.submit(run_host, docker, plan) for plan in plans]:
                started.result()
        [handle] = _all(docker, request.owner, lab)
        with attach(handle, docker) as running:
            wait_ready(running)
        return handle
    except BaseException as error:
        # Also on Ctrl-C. What a second one leaves is cleared by the next `up` or `down`.
        gone = isinstance(error, LearnError) and _ended_with(docker, request, lab, NO_TEMPLATE)
        _remove(docker, _all(docker, request.owner, lab))
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
    found = _containers(docker, request.owner, lab)
    return any(item["State"]["ExitCode"] == status for item in found)


def _containers(docker: Docker, owner: str, lab: str | None = None) -> list[dict[str, Any]]:
    wanted = {OURS: "1", OWNER: owner, ROLE: Role.HOST.value} | ({LAB: lab} if lab else {})
    ids = docker.check("ps", "--all", "--quiet", "--no-trunc", *filter_options(wanted)).split()
    return docker.inspect(*ids)


def _all(docker: Docker, owner: str, lab: str | None = None) -> list[LabHandle]:
    """Give the owner's labs, whole or not, oldest first."""
    return handles(_containers(docker, owner, lab))


def _remove(docker: Docker, found: Sequence[LabHandle]) -> None:
    """Remove the labs' containers, all at once; the next lab clears their data."""
    ids = [host.container for handle in found for host in handle.hosts.values()]
    if not ids:
        return
    with ThreadPoolExecutor(len(ids)) as pool:  # the command line would do one after another
        done = list(pool.map(lambda one: docker.run("rm", "--force", "--volumes", one), ids))
    if not all(one.ok for one in done):
        left = [item["Id"] for item in docker.inspect(*ids)]
        for one in left:
            docker.check("rm", "--force", "--volumes", one)


def _silent(_: Message) -> None:
    pass
