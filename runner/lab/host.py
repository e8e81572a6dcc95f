"""One lab host: a privileged container that runs systemd and a Docker engine of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checks.message import msg
from runner.errors import LearnError
from runner.lab import privilege
from runner.lab.names import LAB, OURS, OWNER, host_name, label_options
from runner.lab.network import not_ours
from runner.lab.outer import Docker, Done
from runner.lab.privilege import Privilege


@dataclass(frozen=True, slots=True)
class HostPlan:
    """Everything that one `docker run` needs to know."""

    host: str
    """The lab host's name, also its hostname."""
    image: str
    labels: Mapping[str, str]
    network: str
    address: str
    peers: Mapping[str, str]
    """Addresses of all the lab's hosts by name, for /etc/hosts."""
    options: Sequence[str] = field(default=())
    """Mounts and environment, as the lab host's image wants them."""
    memory: str | None = None
    """A limit as Docker writes it."""

    @property
    def container(self) -> str:
        """The container's name."""
        return host_name(self.labels[OWNER], self.host)


def run_host(docker: Docker, plan: HostPlan) -> str:
    """Start a lab host and give its container's id; it is not ready yet.

    Raises `LearnError` where the name is somebody else's or the engine cannot run it at all.
    """
    done = Done(1, "", "")
    for way in privilege.ways():
        done = docker.run(*run_arguments(plan, way))
        if done.ok:
            privilege.remember(way)
            return done.stdout.strip()
        _clear(docker, plan)
        if not privilege.denied(done.stderr):
            break
    raise _refused(docker, plan, done)


def run_arguments(plan: HostPlan, way: Privilege) -> list[str]:
    """Give the arguments of `docker run` for one way of getting the rights."""
    names = [
        f"--add-host={name}:{address}" for name, address in plan.peers.items() if name != plan.host
    ]
    limit = [f"--memory={plan.memory}"] if plan.memory else []
    return [
        "run", "--detach", "--pull=never", "--userns=host",
        f"--name={plan.container}", f"--hostname={plan.host}",
        *label_options(dict(plan.labels)),
        f"--network={plan.network}", f"--ip={plan.address}", *names,
        *way.options, *limit, *plan.options,
        plan.image,
    ]  # fmt: skip


def _clear(docker: Docker, plan: HostPlan) -> None:
    """Remove what a failed `docker run` left: the container of this very lab, if it was made."""
    for found in docker.inspect(plan.container):
        marks = found["Config"].get("Labels") or {}
        if marks.get(LAB) == plan.labels[LAB]:
            docker.run("rm", "--force", "--volumes", found["Id"])


def _refused(docker: Docker, plan: HostPlan, done: Done) -> LearnError:
    words = done.stderr.strip()
    if "is already in use by container" in words:
        return _name_taken(docker, plan)
    if "no such image" in words.lower() or "unable to find image" in words.lower():
        return LearnError(
            msg("The lab host's image {image} is missing.", image=plan.image),
            remedy=msg("Run `learn-docker-net images build`."),
            details=words,
        )
    if "address already in use" in words.lower():
        return LearnError(
            msg(
                "The address {address} of {host} is in use on the network {network}.",
                address=plan.address,
                host=plan.host,
                network=plan.network,
            ),
            remedy=msg(
                "See who has it with `docker network inspect {network}`.", network=plan.network
            ),
            details=words,
        )
    if privilege.denied(words):
        return LearnError(
            msg("This Docker engine does not let a container run an engine of its own."),
            remedy=msg(
                "Use an engine that allows `--privileged` containers; rootless ones do not."
            ),
            details=words,
        )
    return LearnError(
        msg("The lab host {host} could not be started.", host=plan.host),
        remedy=msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
        details=words,
    )


def _name_taken(docker: Docker, plan: HostPlan) -> LearnError:
    holder = next(iter(docker.inspect(plan.container)), None)
    marks = (holder["Config"].get("Labels") or {}) if holder else {}
    # A container that somebody made from our image has the image's label, and no owner.
    if marks.get(OURS) == "1" and marks.get(OWNER) == plan.labels[OWNER]:
        return LearnError(
            msg("The lab host {name} is there already.", name=plan.container),
            remedy=msg("Another learn-docker-net has just made it: run this command again."),
        )
    return not_ours(msg("container"), plan.container, f"docker rm {plan.container}")
