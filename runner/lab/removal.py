"""Taking lab hosts away, also those that hold a paused container.

On version 1 of control groups a frozen process takes no signal, not even SIGKILL, so the engine
cannot end a lab host in which a container is paused. What is frozen is thawed first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runner.errors import LearnError
from runner.lab.names import OWNER, Role, label_options, labels, store_name
from runner.lab.outer import Docker

PATIENCE = 120.0
"""Seconds for an engine with much to clear away."""
THAWING = 3.0
"""Seconds that a lab host gets to thaw what is in it."""

_THAW = (
    "find {place} -name freezer.state {choice} 2>/dev/null | while read -r state; do"
    " echo THAWED >$state; done"
)
_INSIDE = _THAW.format(place="/sys/fs/cgroup/freezer", choice="-mindepth 2")
"""A lab host sees its own groups only."""


def thaw(docker: Docker, ids: Sequence[str]) -> None:
    """Thaw whatever is paused in some lab hosts; one that does not answer is left as it is."""
    _all_at_once(lambda one: _quietly(docker, "exec", one, "/ldn/bin/bash", "-c", _INSIDE), ids)


def remove(docker: Docker, ids: Sequence[str]) -> None:
    """Remove containers of ours, all at once; one that is gone already is no error.

    Raises `LearnError` where one does not go.
    """
    _all_at_once(lambda one: docker.run("rm", "--force", "--volumes", one, timeout=PATIENCE), ids)
    for left in docker.inspect(*ids):
        _thaw_from_outside(docker, left)
        docker.check("rm", "--force", "--volumes", left["Id"], timeout=PATIENCE)


def delete_data(docker: Docker, owner: str, image: str, ids: Sequence[str]) -> None:
    """Begin to delete the data of labs that are gone; the next lab deletes what is left.

    `ids` are the labs', `image` one that has our tools.
    """
    marks = label_options(labels(owner, Role.BUILD))
    folders = [f"/store/labs/{one}" for one in ids]
    _quietly(
        docker, "run", "--detach", "--rm", "--pull=never", "--network=none", *marks,
        f"--volume={store_name(owner)}:/store", "--entrypoint=/ldn/bin/rm", image,
        "-rf", "--", *folders,
        seconds=10.0,
    )  # fmt: skip


def _thaw_from_outside(docker: Docker, container: dict[str, Any]) -> None:
    """Thaw the groups of one container of ours, for when it does not do so itself."""
    identity, image = container["Id"], container["Config"]["Image"]
    owner = (container["Config"].get("Labels") or {}).get(OWNER, "")
    marks = label_options(labels(owner, Role.BUILD))
    script = _THAW.format(place="/freezer", choice=f"-path '*{identity}*'")
    _quietly(
        docker, "run", "--rm", "--pull=never", "--network=none", *marks,
        "--volume=/sys/fs/cgroup/freezer:/freezer", "--entrypoint=/ldn/bin/bash", image,
        "-c", script,
        seconds=10.0,
    )  # fmt: skip


def _all_at_once(work: Callable[[str], object], ids: Sequence[str]) -> None:
    """Do something for each; the command line itself would do one after another."""
    if ids:
        with ThreadPoolExecutor(len(ids)) as pool:
            list(pool.map(work, ids))


def _quietly(docker: Docker, *arguments: str, seconds: float = THAWING) -> None:
    with contextlib.suppress(LearnError):
        docker.run(*arguments, timeout=seconds)
