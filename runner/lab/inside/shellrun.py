"""Commands in the lab host's bash: each in a session of its own, bounded in time and output.

Waiting is for the shell's end, never for the end of its output: a process left in the background
may hold the pipe as long as it likes. What a command leaves behind in its process group dies with
it; what left the group as well dies at a timeout and at the agent's end, found by a mark in its
environment.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from .answer import BROKEN, ENDED, NO_ENGINE, TIMED_OUT, Broken, Json, left, msg
from .engine import Engine

LIMIT = 256 * 1024
"""Bytes kept of each stream; the rest is counted and said."""
_NAMES = """
awk bash basename bridge cat curl cut date diff dig dirname docker env expr find grep head hostname
id ip ip6tables iptables iptables-save jq kill ls mkdir mktemp mv nc nsenter od pgrep ping printf ps
python3 readlink rm sed seq sh sleep sort ss stat sysctl systemctl tail tcpdump tee timeout touch tr
uniq wc xargs
"""
TOOLS = frozenset(_NAMES.split())
"""Programs that a lab host always has: where one is not found, the lab is broken, not the work."""
_MARK = "LDN_RUN"
_NAME = "ldn-run"
"""bash calls itself so in its messages, which tells them from those of a bash in a container."""
_MISSING = re.compile(
    rf"^{_NAME}: (?:line \d+: )?(\S+): "
    r"(?:command not found|No such file or directory|Permission denied|cannot execute)",
    re.MULTILINE,
)
_GRACE = 0.05
"""Seconds that output may come after the shell's end, from what still holds the pipe."""
_TICK = 0.005
"""Seconds between looks at a process where the kernel is too old for pidfd_open (before 5.3)."""


class Shell:
    """What all commands share: the tools, the environment and the mark."""

    def __init__(self, tools: str, engine: Engine) -> None:
        """Take the folder with our own tools and the engine that commands may rest on."""
        self._tools = tools.rstrip("/")
        self._engine = engine
        self._mark = f"{os.getpid()}-{time.monotonic_ns():x}"
        self._starting = threading.Lock()
        self._over = False
        self._environment = {
            "PATH": f"{self._tools}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(Path(self._tools).parent / "etc"),  # in /root there may be a .curlrc, …
            "USER": "root",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
        }

    def run(self, number: int, request: Json) -> Json:
        """Answer a `Run` question. Raises Broken where bash cannot be started."""
        timeout = float(request["timeout"])
        mark = f"{self._mark}-{number}"
        process = self._start(str(request["command"]), mark)
        ended = process.watch(time.monotonic() + timeout)
        status = process.finish()
        if not ended:
            end_marked(mark)
        answer: Json = {"stdout": process.text(0), "stderr": process.text(1)}
        judged = self._timed_out(timeout) if not ended else self._ended(status, answer["stderr"])
        doubtful = judged["outcome"] != BROKEN and judged.get("status") != 0
        if doubtful and request.get("engine", True) and not self._engine.answers():
            judged = {
                "outcome": NO_ENGINE,
                "why": msg("The lab's Docker engine does not answer, and the command failed."),
            }
        return answer | judged

    def end_all(self) -> None:
        """Kill all that any command has started; from then on none starts."""
        with self._starting:
            self._over = True
        end_marked(self._mark)

    def _start(self, command: str, mark: str) -> _Process:
        with self._starting:
            if self._over:
                raise Broken(msg("The conversation is over."))
            environment = {**self._environment, _MARK: mark}
            return _Process(f"{self._tools}/bash", command, environment)

    def _timed_out(self, timeout: float) -> Json:
        return {
            "outcome": TIMED_OUT,
            "why": msg("It had not ended after {seconds} s.", seconds=f"{timeout:g}"),
        }

    def _ended(self, status: int, stderr: str) -> Json:
        if status < 0:
            why = msg("It was ended by the signal {signal}.", signal=_signal_name(-status))
            return {"outcome": BROKEN, "why": why}
        if status in (126, 127):
            for missing in _MISSING.finditer(stderr):
                if missing[1] in TOOLS or missing[1].startswith(f"{self._tools}/"):
                    why = msg("The lab's own program {name} cannot be run.", name=missing[1])
                    return {"outcome": BROKEN, "status": status, "why": why}
        return {"outcome": ENDED, "status": status}


class _Process:
    """One bash at work, its output as far as it has come."""

    def __init__(self, bash: str, command: str, environment: dict[str, str]) -> None:
        self._kept = (bytearray(), bytearray())
        self._left_out = [0, 0]
        self._open: dict[int, int] = {}
        ends = [os.pipe() for _ in range(2)]
        for end, _ in ends:  # only ours: a command must be able to wait for room
            os.set_blocking(end, False)
        try:
            self._pid = _spawn(bash, command, environment, ends[0][1], ends[1][1])
        except (OSError, ValueError) as error:
            for end, _ in ends:
                os.close(end)
            raise Broken(msg("The command cannot be started: {words}.", words=str(error))) from None
        finally:
            for _, end in ends:
                os.close(end)
        self._open = {end: number for number, (end, _) in enumerate(ends)}
        self._handle = _pidfd(self._pid)

    def watch(self, deadline: float) -> bool:
        """Collect output until the shell has ended; False where time ran out first."""
        poll = select.poll()
        for end in self._open:
            poll.register(end, select.POLLIN)
        if self._handle is not None:
            poll.register(self._handle, select.POLLIN)
        gone = False
        while not gone:
            seconds = left(deadline)
            if seconds <= 0:
                return False
            ready = poll.poll(1000 * (seconds if self._handle is not None else min(_TICK, seconds)))
            gone = self._has_ended()
            self._collect(poll, [end for end, _ in ready])
        self._collect_rest(poll, min(deadline, time.monotonic() + _GRACE))
        return True

    def finish(self) -> int:
        """Kill what is left of the group, give the exit status, negative for a signal's number."""
        # The shell is not reaped yet, so the group's number cannot have gone to anybody else.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        for end in self._open:
            os.close(end)
        if self._handle is not None:
            os.close(self._handle)
        return os.waitstatus_to_exitcode(status)

    def text(self, number: int) -> str:
        """Give what was kept of stdout (0) or stderr (1), and how much was not."""
        text = self._kept[number].decode("utf-8", "replace")
        more = self._left_out[number]
        return f"{text}\n… {more} more bytes left out\n" if more else text

    def _has_ended(self) -> bool:
        found = os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is not None

    def _collect(self, poll: select.poll, ready: list[int]) -> None:
        for end in ready:
            if end in self._open and not self._read(end):
                poll.unregister(end)
                os.close(end)
                del self._open[end]

    def _collect_rest(self, poll: select.poll, deadline: float) -> None:
        if self._handle is not None:
            poll.unregister(self._handle)
        while self._open and (ready := poll.poll(1000 * left(deadline))):
            self._collect(poll, [end for end, _ in ready])
            if left(deadline) <= 0:
                break

    def _read(self, end: int) -> bool:
        """Take one piece of output; False at its end."""
        try:
            piece = os.read(end, 65536)
        except BlockingIOError:
            return True
        kept = self._kept[self._open[end]]
        room = LIMIT - len(kept)
        kept += piece[:room]
        self._left_out[self._open[end]] += max(0, len(piece) - room)
        return bool(piece)


def _spawn(bash: str, command: str, environment: dict[str, str], out: int, err: int) -> int:
    # posix_spawn shares memory with the child until it starts: 0.3 ms less than a fork of all this.
    return os.posix_spawn(
        bash,
        [bash, "--noprofile", "--norc", "-c", command, _NAME],
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, out, 1),
            (os.POSIX_SPAWN_DUP2, err, 2),
        ],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGXFSZ],
    )


def _pidfd(pid: int) -> int | None:
    opener: Callable[[int], int] | None = getattr(os, "pidfd_open", None)
    if opener is None:
        return None
    try:
        return opener(pid)
    except OSError as error:
        if error.errno == errno.ENOSYS:
            return None
        raise


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def end_marked(mark: str) -> None:
    """Kill every process whose mark begins so, until a look finds none (at most a few looks)."""
    wanted = f"{_MARK}={mark}".encode()
    for _ in range(10):
        found = [pid for pid in _processes() if _is_marked(pid, wanted)]
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  (hot)


def _is_marked(pid: int, wanted: bytes) -> bool:
    try:
        content = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    for word in content.split(b"\0"):
        if word.startswith(wanted):
            return word == wanted or word[len(wanted) : len(wanted) + 1] == b"-"
    return False
