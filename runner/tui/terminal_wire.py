"""Joins a program on its pty to the event loop: reads, writes and never holds the loop up.

Under a flood one piece is read and parsed, then the loop gets a rest in which keys, clocks and
drawing have their turn; a rest costs a tenth of the throughput, its lack the whole app.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runner.terminal.shell import BUDGET, ShellProcess

REST = 0.001
"""Seconds of rest after a full piece."""
_AGAIN = 0.02
"""Seconds between looks for the status of a program that has closed its terminal."""
_LOOKS = 100


class Wire:
    """Reads a program until it ends. All of it happens in the loop's thread."""

    def __init__(
        self,
        process: ShellProcess,
        *,
        take: Callable[[bytes], None],
        ended: Callable[[int | None], None],
    ) -> None:
        """`take` gets the output, `ended` the exit status (None: unknown), once."""
        self._process = process
        self._take = take
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._descriptor = process.descriptor
        self._writing = False
        self._closed = False
        self._loop.add_reader(self._descriptor, self._readable)

    def write(self, data: bytes) -> None:
        """Send to the program, in the background where it is slow to read."""
        if not self._closed:
            self._process.write(data)
            self._await_room()

    def resize(self, rows: int, columns: int) -> None:
        """Tell the program its size."""
        if not self._closed:
            self._process.resize(rows, columns)

    def close(self) -> None:
        """Hang up; nothing is called back any more."""
        if not self._closed:
            self._detach()
            self._closed = True
            self._process.close()

    def _readable(self) -> None:
        data = self._process.read()
        if data:
            self._take(data)
        if self._closed:  # whoever took it may have closed us
            return
        if self._process.ended:
            self._detach()
            self._finish(_LOOKS)
        elif len(data) >= BUDGET:
            self._loop.remove_reader(self._descriptor)
            self._loop.call_later(REST, self._go_on)

    def _go_on(self) -> None:
        if not self._closed and not self._process.ended:
            self._loop.add_reader(self._descriptor, self._readable)

    def _finish(self, looks: int) -> None:
        if self._closed:
            return
        status = self._process.status
        if status is None and looks:
            self._loop.call_later(_AGAIN, self._finish, looks - 1)
            return
        self.close()
        self._ended(status)

    def _await_room(self) -> None:
        if self._process.unsent and not self._writing and not self._process.ended:
            self._writing = True
            self._loop.add_writer(self._descriptor, self._writable)

    def _writable(self) -> None:
        self._process.flush()
        if not self._process.unsent:
            self._writing = False
            self._loop.remove_writer(self._descriptor)

    def _detach(self) -> None:
        self._loop.remove_reader(self._descriptor)
        self._loop.remove_writer(self._descriptor)
