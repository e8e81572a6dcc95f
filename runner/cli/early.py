"""Starts the agents of the lab that stands before anything of weight is imported.

Getting into a lab host takes about as long as importing what reads lessons and judges checks, so
both happen at once. Imports little itself; whatever is odd is left to the usual way.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess

from runner.course.index import index_of
from runner.places import course_place
from runner.record.files import record_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from runner.lab.channel import Channel
    from runner.lab.handle import HostHandle

AGENT = "/ldn/bin/agent"


class Early:
    """Agents on their way, one for each lab host. Close it when done."""

    def __init__(self, agents: dict[str, subprocess.Popen[bytes]]) -> None:
        """Take the agents that were started, each by the id of the container that it is in."""
        self._agents = agents

    def open(self, host: HostHandle) -> Channel:
        """Give the way into a host: by the agent that is there where there is one, else by a new.

        Raises LearnError as `Channel.open` does.
        """
        from runner.lab.channel import Channel
        from runner.lab.outer import Docker

        process = self._agents.pop(host.container, None)
        if process is not None:
            return Channel.over(process)
        return Channel.open(Docker().argv("exec", "-i", host.container, AGENT))

    def close(self) -> None:
        """End the agents that nobody took."""
        left, self._agents = self._agents, {}
        for process in left.values():
            process.kill()
        for process in left.values():
            process.communicate()


def begin(options: Namespace) -> Early | None:
    """Start the agents of the lab that the command is about, as far as a look can tell.

    The agents are ours and the lab stands; nothing of a course is run, whoever wrote it.
    """
    handle = recorded(str(options.target or "").partition("/")[0], options.course)
    docker = _program("docker")
    if handle is None or docker is None:
        return None
    agents = {}
    for container in (host["container"] for host in handle["hosts"].values()):
        with contextlib.suppress(OSError):
            agents[container] = _start(docker, container)
    return Early(agents)


def _start(docker: str, container: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [docker, "exec", "-i", container, AGENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in our terminal is for us to act on
        env={**os.environ, "DOCKER_CLI_HINTS": "false"},
    )


def _program(name: str) -> str | None:
    """Find a program as `shutil.which` does, which takes longer to import than this look."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        place = f"{folder or '.'}/{name}"
        if os.path.isfile(place) and os.access(place, os.X_OK):  # noqa: PTH113  (speed)
            return place
    return None


def recorded(wanted: str, folder: str | None) -> dict[str, Any] | None:
    """Give the recorded lab as plain data where it is that of the lesson `wanted` (a name or
    number; empty for any); None where there is none, or nothing can be read.
    """
    try:
        place = record_place(index_of(folder or course_place())["id"], folder or None)
        if not os.path.exists(place):  # noqa: PTH110  (speed; connecting would make the file)
            return None
        connection = sqlite3.connect(place, timeout=1.0)
        try:
            found = connection.execute("SELECT lesson, handle FROM lab").fetchone()
        finally:
            connection.close()
        if found is None or not found[0].endswith(wanted.zfill(2) if wanted else ""):
            return None
        handle: dict[str, Any] = json.loads(found[1])
    except Exception:  # a course, a record that cannot be read: told where it is wanted
        return None
    return handle
