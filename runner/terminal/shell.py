"""A program in a pseudo-terminal: read and written without ever waiting.

`pexpect.spawn` would fork with threads running, so the program starts through a little `sh` that
opens the terminal by its name and thereby owns it; `fdspawn` does the reading.
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence

import pexpect
from pexpect.fdpexpect import fdspawn

_PIECE = 16_384
_LIMIT = 1 << 20
"""Bytes that wait to be written; a program that reads nothing gets no more."""
_PATIENCE = 0.5
"""Seconds that a program has to go when its terminal closes."""


class Shell:
    """A running program and its terminal. Not for several threads."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        environment: Mapping[str, str] | None = None,
        directory: str | None = None,
    ) -> None:
        """Start `argv`. Where there is no such program, the terminal says so and it ends with 127.

        `environment` is the whole one; the default is ours with TERM for this terminal.
        """
        master, slave = pty.openpty()
        self._fd = master
        self.resize(rows, columns)
        self._process = _started(argv, os.ttyname(slave), environment, directory)
        os.close(slave)
        os.set_blocking(master, False)
        self._reader = fdspawn(master, timeout=0, maxread=_PIECE)
        self._waiting = bytearray()
        self._open = True

    @property
    def fd(self) -> int:
        """The descriptor to wait on: readable when the program wrote or ended."""
        return self._fd

    @property
    def pid(self) -> int:
        """The program's process id, also that of its session."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How the program ended: its exit status, -n by signal n; None while it runs."""
        return self._process.poll()

    @property
    def waiting(self) -> bool:
        """Say whether something is still to be written: call `flush` when `fd` is writable."""
        return bool(self._waiting)

    def read(self, budget: int = 65_536) -> bytes | None:
        """Give what the program wrote, about `budget` bytes at most; b"" if nothing, None at the end.

        Leave time for keys between two reads: a program may write without pause.
        """
        pieces: list[bytes] = []
        size = 0
        while size < budget and self._open:
            try:
                piece = self._reader.read_nonblocking(_PIECE, timeout=0)
            except pexpect.TIMEOUT:
                break
            except (pexpect.EOF, OSError):
                return b"".join(pieces) or None
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces) if self._open else None

    def write(self, data: bytes) -> None:
        """Write to the program, as much as it takes now; the rest waits for `flush`."""
        if self._open and len(self._waiting) + len(data) <= _LIMIT:
            self._waiting += data
            self.flush()

    def flush(self) -> None:
        """Write what waits, as far as it goes."""
        while self._waiting and self._open:
            try:
                done = os.write(self._fd, self._waiting[:_PIECE])
            except BlockingIOError:
                return
            except OSError:  # it has ended: what was typed ahead is for nobody
                self._waiting.clear()
                return
            del self._waiting[:done]

    def resize(self, rows: int, columns: int) -> None:
        """Tell the program its terminal's size."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self) -> None:
        """Hang up: the program ends, if need be by force. May be called twice."""
        if not self._open:
            return
        self._open = False
        self._signal(signal.SIGHUP)
        self._reader.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)


def _started(
    argv: Sequence[str],
    terminal: str,
    environment: Mapping[str, str] | None,
    directory: str | None,
) -> subprocess.Popen[bytes]:
    """Start the program and wait (about 1 ms) until it holds its terminal."""
    if environment is None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', terminal, *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(environment),
        cwd=directory,
    )
    assert process.stdout is not None
    with process.stdout as pipe:
        pipe.read()  # ends when the terminal has taken its place
    return process
