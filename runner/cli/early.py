"""Starts the agent of the lab that stands before anything of weight is imported.

Getting into a lab host takes about as long as importing what reads lessons and judges checks, so
both happen at once. Imports little itself; whatever is odd is left to the usual way.
"""

from __future__ import annotations

import json
import os
import shutil
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
    """An agent on its way. Close it when done."""

    def __init__(self, container: str, process: subprocess.Popen[bytes]) -> None:
        """Take the container's id and the agent that was started in it."""
        self._container = container
        self._process: subprocess.Popen[bytes] | None = process

    def open(self, host: HostHandle) -> Channel:
        """Give the way into a host: by this agent where it is the one, else by a new one.

        Raises LearnError as `Channel.open` does.
        """
        from runner.lab.channel import Channel
        from runner.lab.outer import Docker

        process = self._process
        if process is not None and host.container == self._container:
            self._process = None
            return Channel.over(process)
        return Channel.open(Docker().argv("exec", "-i", host.container, AGENT))

    def close(self) -> None:
        """End an agent that nobody took."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def begin(options: Namespace) -> Early | None:
    """Start the agent of the lab that the command is about, as far as a look can tell.

    The agent is ours and the lab stands; nothing of a course is run, whoever wrote it.
    """
    handle = _handle(str(options.target or "").partition("/")[0], options.course)
    docker = shutil.which("docker")
    if handle is None or docker is None:
        return None
    container = handle["hosts"][handle["expected"][0]]["container"]
    try:
        process = subprocess.Popen(
            [docker, "exec", "-i", container, AGENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in our terminal is for us to act on
            env={**os.environ, "DOCKER_CLI_HINTS": "false"},
        )
    except OSError:
        return None
    return Early(container, process)


def _handle(wanted: str, folder: str | None) -> dict[str, Any] | None:
    """Read the recorded lab where it is that of the lesson `wanted` (a name or number)."""
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
