"""What we call things in the outer engine, and the labels by which we know them again.

Nothing without our label is ever stopped, removed or changed, and two people on one engine never
meet: the owner stands both in every name and in a label.
"""

from __future__ import annotations

import hashlib
import os
import re
from enum import Enum
from pathlib import Path

OURS = "learn-docker-net"
"""The label, with the value `1`, on everything that we create in an engine."""
OWNER = f"{OURS}.owner"
COURSE = f"{OURS}.course"
LAB = f"{OURS}.lab"
ROLE = f"{OURS}.role"
OWNER_VARIABLE = "LEARN_DOCKER_NET_OWNER"
"""Environment variable that names the owner; tests and proofs keep apart from a learner by it."""
PROOF = "-prove-"
"""Between an owner's name and a number: the owner of a lab in which the course proves itself."""

_UNFIT = re.compile(r"[^a-z0-9]+")


class Role(Enum):
    """What a container, network or volume of ours is there for; the value of the label `ROLE`."""

    HOST = "host"
    """A lab host's container."""
    NETWORK = "network"
    """The network between lab hosts."""
    STORE = "store"
    """The volume with the engines' data roots."""
    TOOLS = "tools"
    """The read-only volume with the program's own tools."""
    BUILD = "build"
    """What exists only while images or templates are made, and the images themselves."""


def owner() -> str:
    """Give the name under which this user of this machine owns labs, such as `ann-3f09ac`.

    Made of the user's name and six hex digits of the machine's and the user's id.
    """
    named = os.environ.get(OWNER_VARIABLE)
    if named:
        return plain(named)
    seed = f"{_machine()}/{os.getuid()}"
    return f"{plain(_user())}-{hashlib.sha256(seed.encode()).hexdigest()[:6]}"


def plain(text: str) -> str:
    """Fold a text to what Docker takes in a name: lower case, digits, single dashes."""
    return _UNFIT.sub("-", text.lower()).strip("-")[:32] or "x"


def host_name(owner: str, host: str) -> str:
    """Give the container name of a lab host."""
    return f"ldn-{owner}-{host}"


def network_name(owner: str) -> str:
    """Give the name of the outer network between an owner's lab hosts."""
    return f"ldn-{owner}-net"


def store_name(owner: str) -> str:
    """Give the name of the volume that holds an owner's templates and data roots."""
    return f"ldn-{owner}-store"


def tools_name(owner: str, digest: str) -> str:
    """Give the name of the volume with the tools of one lab host image."""
    return f"ldn-{owner}-tools-{digest}"


def labels(
    owner: str, role: Role, *, course: str | None = None, lab: str | None = None
) -> dict[str, str]:
    """Give the labels of something that we create."""
    found = {OURS: "1", OWNER: owner, ROLE: role.value}
    if course is not None:
        found[COURSE] = course
    if lab is not None:
        found[LAB] = lab
    return found


def label_options(labels: dict[str, str]) -> list[str]:
    """Give labels as options of `docker run`, `network create` or `volume create`."""
    return [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]


def filter_options(labels: dict[str, str]) -> list[str]:
    """Give labels as `--filter` options of `docker ps`, `network ls` and the like."""
    return [word for key, value in labels.items() for word in ("--filter", f"label={key}={value}")]


def _user() -> str:
    import getpass  # slow to come; where the owner is named, nobody asks

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"


def _machine() -> str:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            text = Path(path).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if text:
            return text
    import uuid  # takes longer to import than all else here

    return f"{uuid.getnode():012x}"
