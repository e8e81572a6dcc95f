"""A program on a terminal of its own: started, read, written to, told of its size, hung up.

Reading and writing never wait, so that one event loop can serve several shells. The pty is made
without a fork of this process (it has threads) and is read through pexpect's `fdspawn`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from typing import cast

import pexpect
from pexpect.fdpexpect import fdspawn

BUDGET = 48 * 1024
"""Bytes that one `read` takes at most: a flood must not keep the loop from its other work."""
_PIECE = 64 * 1024
_HANGUP = 2.0
"""Seconds that a program has for ending by itself after its terminal was taken away."""
_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
"""What our terminal can do, whatever the one around it can."""
_INHERITED = ("TMUX", "TMUX_PANE", "STY", "WINDOWID", "COLUMNS", "LINES", "TERM_PROGRAM")
"""They speak of the terminal around us and would mislead."""
_ON_TERMINAL = 'exec "$@" <>"$0" >&0 2>&1'
"""Opening the terminal by name makes it the new session's own, so that job control works; for
reading and writing, because tmux draws on its standard input."""


class ShellProcess:
    """One program and the pty that it runs on. For one thread."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        columns: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start `argv`; `environment` comes on top of ours. Raises OSError where it cannot."""
        master, slave = pty.openpty()
        try:
            _set_size(master, rows, columns)
            self._process = subprocess.Popen(
                ["sh", "-c", _ON_TERMINAL, os.ttyname(slave), *argv],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env=_environment(environment or {}),
            )
        except BaseException:
            os.close(master)
            raise
        finally:
            os.close(slave)
        os.set_blocking(master, False)
        self._pty = fdspawn(master, timeout=0, use_poll=True)
        self._unsent = bytearray()
        self._ended = False

    @property
    def descriptor(self) -> int:
        """What a loop waits on; -1 once closed."""
        return int(self._pty.child_fd)

    @property
    def pid(self) -> int:
        """The program's process, which is also its session."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """No more output will come."""
        return self._ended

    @property
    def unsent(self) -> bool:
        """Something waits to be written until the program reads."""
        return bool(self._unsent)

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal's number; None while the program runs."""
        return self._process.poll()

    def read(self, budget: int = BUDGET) -> bytes:
        """Give what the program has written, up to `budget` bytes; b"" where there is nothing.

        A kernel gives 4 KB at a time, so this reads until it has nothing more. Sets `ended`.
        """
        pieces: list[bytes] = []
        got = 0
        while got < budget and not self._ended:
            try:
                piece = self._pty.read_nonblocking(_PIECE, 0)
            except pexpect.TIMEOUT:
                break
            except (pexpect.EOF, OSError):
                self._ended = True
                break
            pieces.append(cast("bytes", piece))
            got += len(piece)
        return b"".join(pieces)

    def write(self, data: bytes) -> None:
        """Send what was typed; what the program does not take now waits for `flush`."""
        if not self._ended:
            self._unsent += data
            self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the program takes it."""
        while self._unsent and self.descriptor >= 0:
            try:
                sent = self._pty.send(bytes(self._unsent[:_PIECE]))
            except BlockingIOError:
                return
            except OSError:  # it has gone; its end is read, not written
                self._unsent.clear()
                return
            del self._unsent[:sent]

    def resize(self, rows: int, columns: int) -> None:
        """Tell the program its terminal's size."""
        if self.descriptor >= 0:
            with contextlib.suppress(OSError):
                _set_size(self.descriptor, rows, columns)

    def close(self) -> None:
        """Hang up, as a closed window does, and come back at once.

        What has not ended after two seconds is killed, as long as this program runs.
        """
        self._ended = True
        if self.descriptor < 0:
            return
        self._unsent.clear()
        self._pty.close()
        if self._process.poll() is None:
            threading.Thread(target=_reap, args=(self._process,), daemon=True).start()


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_HANGUP)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    return {**kept, **_ENVIRONMENT, **more}


def _set_size(descriptor: int, rows: int, columns: int) -> None:
    size = struct.pack("HHHH", max(1, rows), max(1, columns), 0, 0)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, size)
