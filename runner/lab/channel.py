"""The one way into a running lab host: its agent, spoken to over `docker exec -i`.

Asking never raises and never waits for ever: an agent that is gone, or silent for two seconds more
than a question may take, makes the answer LOST, and so does one that talks nonsense: what is in a
lab is not ours to trust. What can be asked is told in `inside/agent.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, cast

from checks.asking import Answer, Outcome, Request
from checks.message import Message, msg
from checks.observation import request_to_json
from runner.closing import Closing
from runner.errors import LearnError
from runner.lab.replies import Data, answer_of, checked, lines, lost, why_of

PROTOCOL = 1
"""What the agent's greeting must say."""
GREETING = 10.0
"""Seconds in which the agent has to say who it is."""
MARGIN = 2.0
"""Seconds that an answer may come later than the question's own timeout."""
FAREWELL = 1.0
"""Seconds that an agent with work in its hands gets to end that and itself."""
AT_ONCE = 16
"""Questions in the agent's hands at the same time; the others wait here, their time not begun."""


@dataclass(slots=True)
class _Asked:
    """One question on its way."""

    request: Data
    timeout: float
    finish: Callable[[Data], None]
    """Given the agent's line, or one of ours that says `lost`; called once, must not block."""
    deadline: float = float("inf")


class Channel(Closing):
    """A conversation with one lab host's agent. Safe for several threads."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Take a started agent; use `open`."""
        self.hello: Data = {}
        """What the agent said first: `lab`, `host`, `engine` (its version), `kernel`."""
        self._process = process
        self._greeting: Future[Data] = Future()
        self._state = threading.Condition()
        self._writing = threading.Lock()
        self._count = 0
        self._waiting: deque[_Asked] = deque()
        self._sent: dict[int, _Asked] = {}
        self._streams: dict[int, SimpleQueue[Data | None]] = {}
        self._wakes = float("inf")
        self._over = False
        os.set_blocking(self._input, False)
        self._threads = [
            threading.Thread(target=work, name=f"channel-{work.__name__}", daemon=True)
            for work in (self._read, self._watch)
        ]

    @classmethod
    def open(cls, argv: Sequence[str], *, patience: float = GREETING) -> Channel:
        """Start an agent with a command such as `docker exec -i ID /ldn/bin/agent`.

        Raises `LearnError` where it does not greet within `patience` seconds.
        """
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in our terminal is for us to act on
            )
        except OSError as error:
            raise _no_agent(str(error)) from error
        return cls.over(process, patience=patience)

    @classmethod
    def over(cls, process: subprocess.Popen[bytes], *, patience: float = GREETING) -> Channel:
        """Talk to an agent that was started already, with pipes on all three streams.

        Raises `LearnError` where it does not greet within `patience` seconds.
        """
        channel = cls(process)
        for thread in channel._threads:
            thread.start()
        try:
            channel.hello = channel._greeting.result(patience)
        except BaseException as error:
            details = _said(process)
            channel.close()
            if isinstance(error, (TimeoutError, EOFError)):
                raise _no_agent(details) from None
            raise
        if channel.hello["hello"] != PROTOCOL:
            channel.close()
            raise LearnError(
                msg("This lab was started by another version of learn-docker-net."),
                remedy=msg("Begin anew with `learn-docker-net reset`."),
            )
        return channel

    @property
    def closed(self) -> bool:
        """Whether the conversation is over, closed or broken off."""
        return self._over

    def ask(self, host: str, request: Request) -> Answer:
        """Put one question and wait for its answer; never raises."""
        return self.submit(host, request).result()

    def submit(self, host: str, request: Request) -> Future[Answer]:
        """Put one question; the answer will come, LOST at worst."""
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()  # no longer to be cancelled
        self._put(
            request_to_json(request),
            request.timeout,
            lambda reply: future.set_result(answer_of(host, request, reply)),
        )
        return future

    def write_file(self, path: str, text: str) -> None:
        """Write a file in the lab host, whole or not at all; folders are made as needed.

        Raises `LearnError` where that fails.
        """
        written: Future[Data] = Future()
        request = {"kind": "write", "path": path, "text": text}
        self._put(request, GREETING, written.set_result)
        reply = written.result()
        if reply["outcome"] != Outcome.ENDED.value:
            raise LearnError(
                msg("{path} cannot be written in the lab.", path=path),
                remedy=_REMEDY,
                details=str(why_of(reply) or ""),
            )

    def events(self) -> Events:
        """Follow the inner engine's events from now on.

        Raises `LearnError` where the engine does not answer.
        """
        said: SimpleQueue[Data | None] = SimpleQueue()
        with self._state:
            self._count += 1
            number = self._count
            self._streams[number] = said
        if self._over:
            said.put(None)
        else:
            self._write({"n": number, "request": {"kind": "events"}})
        first = said.get()
        if first is None or "event" not in first:
            raise LearnError(
                msg("The lab's Docker engine does not tell its events."), remedy=_REMEDY
            )
        return Events(said, lambda: self._unfollow(number))

    def close(self) -> None:
        """End the conversation, and with it all that it started in the lab; may be repeated."""
        self._lose(msg("The connection into the lab was closed."), polite=True)
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(1.0)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                cast(Any, pipe).close()

    @property
    def _input(self) -> int:
        return cast(Any, self._process.stdin).fileno()  # type: ignore[no-any-return]

    def _put(self, request: Data, timeout: float, finish: Callable[[Data], None]) -> None:
        with self._state:
            over = self._over
            if not over:
                self._waiting.append(_Asked(request, timeout, finish))
        if over:
            finish(lost(msg("The connection into the lab is closed.")))
        else:
            self._send_waiting()

    def _send_waiting(self) -> None:
        while True:
            with self._state:
                if not self._waiting or len(self._sent) >= AT_ONCE:
                    return
                asked = self._waiting.popleft()
                self._count += 1
                number = self._count
                asked.deadline = time.monotonic() + asked.timeout + MARGIN
                self._sent[number] = asked
                if asked.deadline < self._wakes:
                    self._state.notify_all()
            self._write({"n": number, "request": asked.request})

    def _write(self, data: Data) -> None:
        """Send one line; an agent that has not even read for two seconds is lost."""
        line = memoryview(json.dumps(data).encode() + b"\n")
        try:
            with self._writing:
                while line:
                    try:
                        line = line[os.write(self._input, line) :]
                    except BlockingIOError:
                        if not select.select([], [self._input], [], MARGIN)[1]:
                            raise TimeoutError from None
        except (OSError, ValueError):  # ValueError: the pipe has been closed meanwhile
            self._lose(msg("The lab's agent does not listen any more."))

    def _read(self) -> None:
        """Hand out the agent's lines until there are no more."""
        with contextlib.suppress(Exception):  # who asked must be told, whatever it broke on
            for line in lines(cast(Any, self._process.stdout)):
                self._handle(line)
        self._lose(msg("The connection into the lab broke off."))

    def _handle(self, data: Data) -> None:
        if "hello" in data:
            with contextlib.suppress(InvalidStateError):  # a second one, or one that comes too late
                self._greeting.set_result(data)
            return
        number = data["n"]
        stream = self._streams.get(number)
        if stream is not None:
            stream.put(data)
            if "outcome" in data:
                stream.put(None)
                self._streams.pop(number, None)
            return
        with self._state:
            asked = self._sent.pop(number, None)
        if asked is not None:
            asked.finish(checked(data))
            self._send_waiting()

    def _watch(self) -> None:
        """Give up questions whose time is over."""
        while True:
            with self._state:
                if self._over:
                    return
                now = time.monotonic()
                late = [number for number, asked in self._sent.items() if asked.deadline <= now]
                given_up = [self._sent.pop(number) for number in late]
                if late:  # an agent that misses its time will not be better with more to do
                    given_up += self._waiting
                    self._waiting.clear()
                else:
                    ends = [asked.deadline for asked in self._sent.values()]
                    self._wakes = min(ends, default=float("inf"))
                    self._state.wait(self._wakes - now if ends else None)
            for asked in given_up:
                asked.finish(lost(msg("The lab's agent did not answer in time.")))

    def _lose(self, why: Message, *, polite: bool = False) -> None:
        """End everything: no agent, and LOST to all who still ask."""
        with self._state:
            first, self._over = not self._over, True
            pending = [*self._sent.values(), *self._waiting]
            self._sent.clear()
            self._waiting.clear()
            streams = list(self._streams.values())
            self._state.notify_all()
        if first:
            if polite and pending:
                self._hang_up()
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.wait()
            with contextlib.suppress(InvalidStateError):
                self._greeting.set_exception(EOFError())
        for asked in pending:
            asked.finish(lost(why))
        for stream in streams:
            stream.put(None)

    def _hang_up(self) -> None:
        """Let the agent end by itself, for it knows what is at work; killed, it could not."""
        if self._writing.acquire(timeout=FAREWELL):
            try:
                cast(Any, self._process.stdin).close()
            finally:
                self._writing.release()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(FAREWELL)

    def _unfollow(self, number: int) -> None:
        if self._streams.pop(number, None) is not None and not self._over:
            self._write({"n": 0, "request": {"kind": "cancel", "of": number}})


class Events:
    """The engine's events as they come: an iterator that ends with the engine or the channel."""

    def __init__(self, lines: SimpleQueue[Data | None], unfollow: Callable[[], None]) -> None:
        """Take the queue that the channel fills, and how to stop that."""
        self._lines = lines
        self._unfollow = unfollow

    def __iter__(self) -> Iterator[Data]:
        """Give itself."""
        return self

    def __next__(self) -> Data:
        """Wait for the next event."""
        line = self._lines.get()
        if line is None or "event" not in line:
            self._lines.put(None)  # also for whoever asks again
            raise StopIteration
        return cast(Data, line["event"])

    def close(self) -> None:
        """Stop following; whoever waits for an event is let go. May be called from any thread."""
        self._unfollow()
        self._lines.put(None)


_REMEDY = msg("See how the lab is with `learn-docker-net doctor`, or begin anew: `reset`.")


def _said(process: subprocess.Popen[bytes]) -> str:
    """Give what the ended command has left on stderr."""
    stderr = cast(Any, process.stderr)
    os.set_blocking(stderr.fileno(), False)
    return (stderr.read() or b"").decode("utf-8", "replace").strip()


def _no_agent(details: str) -> LearnError:
    return LearnError(
        msg("The lab does not answer: its agent cannot be started."),
        remedy=_REMEDY,
        details=details,
    )
