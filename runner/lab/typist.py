"""Types commands at a lab host's real prompt, as a learner would, and waits for each to end.

The prompt carries a mark with the exit status and a count (`image/bashrc`); a command has ended
when the count has gone up. Nothing is guessed from the prompt's looks or from silence.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pexpect
from pexpect.fdpexpect import fdspawn

from checks.message import msg
from runner.closing import Closing
from runner.errors import LearnError

_MARK = re.compile(r"\x1b\]133;D;(\d+);n=(\d+)\x07")
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]|\r"
)
_SIZE = (50, 200)
"""Rows and columns of the terminal: wide, so that few lines wrap."""
_GLANCE = 0.5
"""Seconds between looks at whether the shell still lives."""
_HANGUP = 2.0
"""Seconds that a shell has for ending when its terminal goes."""
_PASTE = ("\x1b[200~", "\x1b[201~")
"""Bracketed paste: readline takes tabs and newlines between them as they are."""
BY = "LDN_BY"
"""Environment variable that tells a lab's shell who types; its log says it."""
TYPED_BY = "solution"


@dataclass(frozen=True, slots=True)
class Entered:
    """One command that was typed and has ended."""

    command: str
    status: int
    output: str
    """What appeared on the screen, without escape sequences."""


class Stuck(LearnError):
    """A typed command did not come back to the prompt."""


class Typist(Closing):
    """A prompt in a lab host. Use it as a context manager; not for several threads."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        start: float = 20.0,
        echo: Callable[[str], None] | None = None,
    ) -> None:
        """Open the shell that `argv` starts; `start` is the time in seconds for its first prompt.

        `echo` is given each command before it is typed. Raises Stuck where no prompt comes.
        """
        self._echo = echo
        self._count = 0
        master, slave = pty.openpty()
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
        # Not pexpect.spawn: it forks, and proofs type in several threads. The little sh opens the
        # terminal by name, so that it becomes the new session's own.
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(slave), *argv],
            start_new_session=True,
            env={**os.environ, BY: TYPED_BY},
        )
        self._shell = fdspawn(master, encoding="utf-8", codec_errors="replace", timeout=None)
        self._shell.delaybeforesend = None  # pexpect would sleep 50 ms before each line
        self._slave = slave
        try:
            self._await_prompt("", start)
        except Stuck:
            self.close()
            raise

    def enter(self, text: str, timeout: float = 120.0) -> tuple[Entered, ...]:
        """Type every command of a shell text, one after the other.

        A failing command does not end it: whether that matters is for the checks to say.
        `timeout` in seconds holds for each command. Raises Stuck.
        """
        return tuple(self._one(command, timeout) for command in commands(text))

    def interrupt(self, timeout: float = 5.0) -> None:
        """End what runs, as one does at the keyboard: Ctrl-C, and Ctrl-D for what only waits.

        Raises Stuck where there is no prompt after twice `timeout` seconds.
        """
        self._shell.send("\x03")
        try:
            self._await_prompt("", timeout)
        except Stuck:
            self._shell.send("\x03\x04")
            self._await_prompt("", timeout)

    def close(self) -> None:
        """End the shell, in the lab too."""
        self._hang_up()
        self._close_slave()
        self._shell.close()

    def _hang_up(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGHUP)
        try:
            self._process.wait(_HANGUP)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _close_slave(self) -> None:
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    def _one(self, command: str, timeout: float) -> Entered:
        if self._echo is not None:
            self._echo(command)
        plain = "\n" not in command and "\t" not in command
        self._shell.send(command if plain else command.join(_PASTE))
        self._shell.send("\r")
        status, output = self._await_prompt(command, timeout)
        return Entered(command, status, output)

    def _await_prompt(self, command: str, timeout: float) -> tuple[int, str]:
        seen = ""
        deadline = time.monotonic() + timeout
        while True:
            mark = self._next_mark(command, deadline, timeout)
            seen += str(self._shell.before or "")
            if int(mark[2]) > self._count:  # a redrawn prompt repeats its count
                self._count = int(mark[2])
                return int(mark[1]), _ESCAPES.sub("", seen)

    def _next_mark(self, command: str, deadline: float, timeout: float) -> re.Match[str]:
        while True:
            try:
                self._shell.expect(_MARK, timeout=_GLANCE)
                self._close_slave()  # the shell holds its own by now; ours would hide its end
                return cast("re.Match[str]", self._shell.match)
            except pexpect.EOF:
                raise self._stuck(command, timeout, ended=True) from None
            except pexpect.TIMEOUT:
                ended = self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise self._stuck(command, timeout, ended=ended) from None

    def _stuck(self, command: str, timeout: float, *, ended: bool) -> Stuck:
        shown = _ESCAPES.sub("", str(self._shell.before or ""))[-2000:]
        if ended:
            message = msg("The lab's shell ended while “{command}” was typed.", command=command)
        else:
            message = msg(
                "“{command}” has not come back to the lab's prompt within {seconds} s.",
                command=command or "bash",
                seconds=int(timeout),
            )
        remedy = msg("See how the lab is: learn-docker-net doctor")
        return Stuck(message, remedy=remedy, details=shown)


def commands(text: str) -> Iterator[str]:
    """Split a shell text into what is typed up to one Enter: whole commands, comments left out."""
    pending: list[str] = []
    for line in text.splitlines():
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending.append(line)
        if _complete("\n".join(pending)):
            yield "\n".join(pending)
            pending = []
    if pending:  # what does not parse is typed all the same: the lab's bash says why
        yield "\n".join(pending)


def _complete(text: str) -> bool:
    last = text.rsplit("\n", 1)[-1]
    if (len(last) - len(last.rstrip("\\"))) % 2:
        return False
    # bash takes the end of its input for the end of a here-document, and only warns.
    done = subprocess.run(
        ["bash", "-n"],
        input=text,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"},
        check=False,
    )
    return done.returncode == 0 and "here-document" not in done.stderr
