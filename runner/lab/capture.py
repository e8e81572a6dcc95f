"""A program run to its end with what it says kept in memory, as far as that is bearable.

What the outer engine's command line prints may come from a machine that is not ours, and an answer
that goes on and on would take all the memory that there is.
"""

from __future__ import annotations

import os
import select
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, cast

MOST = 16 << 20
"""Bytes of each of stdout and stderr; what we ask for is far shorter."""
_ONCE = 1 << 16


class TooMuch(Exception):
    """A program said more than it may, and was ended."""


@dataclass
class Captured:
    """How a program ended, and what it said."""

    status: int
    stdout: bytes
    stderr: bytes


def capture(
    argv: Sequence[str],
    *,
    given: bytes | None,
    timeout: float,
    environment: Mapping[str, str],
    most: int = MOST,
) -> Captured:
    """Run a program, giving it `given` on stdin.

    Raises TooMuch for more than `most` bytes of an output, subprocess.TimeoutExpired after
    `timeout` seconds; then the program is ended.
    """
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        try:
            with selectors.DefaultSelector() as ready:
                talk = _Talk(process, ready, memoryview(given or b""), most)
                talk.go(time.monotonic() + timeout)
        except BaseException:  # also on Ctrl-C
            process.kill()
            raise
    return Captured(process.returncode, *map(bytes, talk.heard.values()))


@dataclass
class _Talk:
    """What goes back and forth until a program has closed both its outputs."""

    process: subprocess.Popen[bytes]
    ready: selectors.BaseSelector
    left: memoryview
    """What it has still to be given."""
    most: int
    heard: dict[Any, bytearray] = field(default_factory=dict)

    def go(self, deadline: float) -> None:
        for pipe in (self.process.stdout, self.process.stderr):
            self.heard[pipe] = bytearray()
            self.ready.register(cast(IO[bytes], pipe), selectors.EVENT_READ)
        if self.process.stdin is not None:
            self.ready.register(self.process.stdin, selectors.EVENT_WRITE)
        while self.ready.get_map():
            for key, _ in self.ready.select(max(0.0, deadline - time.monotonic())):
                (self._take if key.fileobj in self.heard else self._give)(key.fileobj)
            self._in_time(deadline)
        self.process.wait(max(0.0, deadline - time.monotonic()))

    def _in_time(self, deadline: float) -> None:
        if self.ready.get_map() and time.monotonic() >= deadline:
            raise subprocess.TimeoutExpired(self.process.args, deadline)

    def _take(self, pipe: Any) -> None:
        chunk = os.read(pipe.fileno(), _ONCE)
        self.heard[pipe] += chunk
        if len(self.heard[pipe]) > self.most:
            raise TooMuch
        if not chunk:
            self._done_with(pipe)

    def _give(self, pipe: Any) -> None:
        try:  # so many bytes a pipe takes without waiting, once it is ready for any
            self.left = self.left[os.write(pipe.fileno(), self.left[: select.PIPE_BUF]) :]
        except BrokenPipeError:
            self.left = memoryview(b"")
        if not self.left:
            self._done_with(pipe)

    def _done_with(self, pipe: Any) -> None:
        self.ready.unregister(pipe)
        pipe.close()
