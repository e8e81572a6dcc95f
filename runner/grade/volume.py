"""The copies of a learner's record that their lab's volume carries, read from the engine outside.

A container that is made and never started lends its mount to `docker cp`: nothing of the learner's
runs for it, and it works whether or not a lab stands.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from typing import IO

from checks.message import msg
from runner.errors import LearnError
from runner.grade.guarded import NoWork
from runner.grade.packed import LIMITS
from runner.grade.shallow import read_json
from runner.grade.work import Work
from runner.grade.work_json import work_from_json
from runner.lab.names import OURS, OWNER, ROLE, Role, filter_options, label_options, labels
from runner.lab.outer import Docker, end

TOTAL = 64 << 20
"""Bytes read of all copies together, whatever they claim to be."""
FILES = 200
"""Copies looked at."""
PATIENCE = 60.0
"""Seconds for all of it."""
_CONTAINER = re.compile(r"[0-9a-f]{12,64}")


def store_of(docker: Docker, owner: str | None) -> tuple[str, str] | None:
    """Find the volume with a learner's records: its name and its owner; None where there is none.

    Without an owner it is the only one that there is. Raises LearnError.
    """
    wanted = {OURS: "1", ROLE: Role.STORE.value} | ({OWNER: owner} if owner else {})
    names = docker.check("volume", "ls", "--quiet", *filter_options(wanted)).split()
    found = [name for name in names if name.endswith("-store")]
    if len(found) != 1:
        return None
    [volume] = docker.inspect(found[0], kind="volume")
    return found[0], str((volume.get("Labels") or {}).get(OWNER, ""))


def any_image(docker: Docker) -> str | None:
    """Give an image of ours that the engine has; raises LearnError."""
    found = docker.check("image", "ls", "--quiet", *filter_options({OURS: "1"})).split()
    return found[0] if found else None


def records(docker: Docker, volume: str, image: str, owner: str, course: str) -> dict[str, bytes]:
    """Give the copies by lesson, as they are; those that go beyond a limit are left out.

    Raises LearnError where the engine does not give them.
    """
    marks = label_options(labels(owner, Role.BUILD))
    made = docker.check(
        *("create", "--pull=never", "--network=none", *marks, "--read-only"),
        *(f"--mount=type=volume,source={volume},target=/store,readonly", "--entrypoint=/bin/true"),
        image,
    ).strip()
    if not _CONTAINER.fullmatch(made):
        raise LearnError(msg("The engine names no container: {words}", words=made[:80]))
    try:
        return _copied(docker, made, f"{course}-")
    finally:
        with contextlib.suppress(LearnError):
            docker.run("rm", "--force", made)


def read_record(data: bytes, lesson: str) -> Work:
    """Read a copy; raises NoWork for what is no record of this lesson."""
    work = work_from_json(read_json(data, tokens=LIMITS.tokens, depth=LIMITS.depth))
    if work.lesson != lesson:
        raise NoWork(f"the record of {work.lesson[:80]}")
    return work


def _copied(docker: Docker, container: str, prefix: str) -> dict[str, bytes]:
    process = subprocess.Popen(
        docker.argv("cp", f"{container}:/store/record/.", "-"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=docker.environment,
        start_new_session=True,
    )
    limit = threading.Timer(docker.patience(PATIENCE), process.kill)
    limit.start()
    try:
        assert process.stdout is not None  # noqa: S101  (PIPE was asked for)
        return dict(members(process.stdout, prefix))
    finally:
        limit.cancel()
        end(process)
        assert process.stdout is not None  # noqa: S101
        process.stdout.close()


class _Bounded:
    """The beginning of a stream: names and comments in an archive may be of any length, too."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._left = most

    def read(self, size: int) -> bytes:
        """Read as a file does; beyond the bound it has ended."""
        found = self._stream.read(min(size, self._left))
        self._left -= len(found)
        return found


def members(stream: IO[bytes], prefix: str) -> Iterator[tuple[str, bytes]]:
    """Read the plain files of a stream, as far as the limits go; a broken end is an end."""
    with (
        contextlib.suppress(tarfile.TarError, OSError, EOFError, ValueError),
        tarfile.open(fileobj=_Bounded(stream, TOTAL), mode="r|") as archive,  # type: ignore[call-overload]
    ):
        for number, member in enumerate(archive):
            if number >= FILES:
                return
            name = member.name.rpartition("/")[2]
            wanted = name.startswith(prefix) and name.endswith(".json")
            if not wanted or not member.isfile() or member.size > LIMITS.lesson:
                continue
            content = archive.extractfile(member)
            if content is not None:
                yield name[len(prefix) : -len(".json")], content.read(LIMITS.lesson)
