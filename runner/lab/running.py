"""A running lab, as checks ask it: one agent per lab host, spoken to over one channel each.

Channels are opened when they are first needed and opened anew when the lab host was restarted.
What is wrong with the lab never raises here: it becomes an answer that says what happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from checks.asking import Answer, Api, Outcome, Request, Run
from checks.message import Message, msg
from runner.closing import Closing
from runner.errors import LearnError
from runner.lab import hangup, kernel
from runner.lab.channel import Channel, Events
from runner.lab.handle import HostHandle, LabHandle
from runner.lab.outer import Docker

AGENT = "/ldn/bin/agent"
RCFILE = "/ldn/etc/bashrc"
FORGIVEN = 2.0
"""Seconds for which a host that could not be reached is not tried again: twenty checks that run
side by side on a hung engine shall not wait one after another."""

Open = Callable[[HostHandle], Channel]


@dataclass(slots=True)
class _Line:
    """The way to one lab host."""

    host: HostHandle
    lock: threading.Lock = field(default_factory=threading.Lock)
    channel: Channel | None = None
    why: Message | None = None
    failed: float = 0.0


class RunningLab(Closing):
    """Implements `checks.asking.Lab` on a lab's channels; may be used from several threads."""

    def __init__(self, handle: LabHandle, docker: Docker | None = None, opens: Open | None = None):
        """Keep the handle; nothing is started before the first question."""
        self._docker = docker or Docker()
        self._open = opens or self._exec
        self._handle = handle
        self._lines = {name: _Line(host) for name, host in handle.hosts.items()}
        self._engine = ""
        self._kernel: frozenset[str] | None = None

    @property
    def docker(self) -> Docker:
        """The outer engine's command line, by which its hosts are reached."""
        return self._docker

    @property
    def handle(self) -> LabHandle:
        """What this lab was attached by, or what `refresh` found."""
        return self._handle

    @property
    def hosts(self) -> tuple[str, ...]:
        """The lab hosts' names in the lesson's order."""
        return self._handle.expected

    @property
    def engine(self) -> str:
        """The inner engine's version on the first host; empty while it does not answer."""
        if not self._engine:
            answer = self.ask(self.hosts[0], Api("/version"))
            if answer.ended and isinstance(answer.value, dict):
                self._engine = str(answer.value.get("Version", ""))
        return self._engine

    @property
    def kernel(self) -> frozenset[str]:
        """The kernel features found, by doctor's names; all lab hosts share one kernel."""
        if self._kernel is None:
            answer = self.ask(self.hosts[0], Run(kernel.PROBE, timeout=10.0, engine=False))
            found = kernel.read(answer.stdout) if answer.status == 0 else None
            if found is None:
                return frozenset()
            self._kernel = found
        return self._kernel

    def ask(self, host: str, request: Request) -> Answer:
        """Put one question; a host that is unknown, dead or out of reach gives LOST and why."""
        line = self._lines.get(host)
        if line is None:
            return _lost(host, request, msg("The lab has no host named {name}.", name=host))
        channel, why = self._channel(line)
        if channel is None:
            return _lost(host, request, why)
        return channel.ask(host, request)

    def write(self, host: str, path: str, text: str) -> None:
        """Put a text into a file of a lab host, its folders made where they are missing.

        Raises `LearnError` where the host is out of reach or refuses.
        """
        channel, why = self._channel(self._lines.get(host))
        if channel is None:
            raise LearnError(
                why or msg("The lab has no host named {name}.", name=host),
                remedy=msg("Start the lab with `learn-docker-net up`."),
            )
        channel.write_file(path, text)

    def events(self, host: str) -> Events:
        """Follow the engine of a lab host from now on: an iterator that `close` ends at once.

        Raises `LearnError` where the host is out of reach or its engine does not answer.
        """
        channel, why = self._channel(self._lines.get(host))
        if channel is None:
            raise LearnError(
                why or msg("The lab has no host named {name}.", name=host),
                remedy=msg("Start the lab with `learn-docker-net up`."),
            )
        return channel.events()

    def refresh(self, handle: LabHandle | None = None) -> None:
        """Look at the lab anew: forget versions, failures and every channel that has ended.

        With a handle, go over to the containers it names; channels to others are closed.
        """
        self._engine, self._kernel = "", None
        if handle is not None:
            self._adopt(handle)
        for line in self._lines.values():
            with line.lock:
                line.failed = 0.0
                if line.channel is not None and line.channel.closed:
                    line.channel = None

    def close(self) -> None:
        """End every agent of ours; questions that are still open get LOST."""
        for line in self._lines.values():
            with line.lock:
                if line.channel is not None:
                    line.channel.close()
                    line.channel = None

    def _adopt(self, handle: LabHandle) -> None:
        old, self._handle = self._lines, handle
        self._lines = {
            name: line
            if (line := old.get(name)) and line.host.container == host.container
            else _Line(host)
            for name, host in handle.hosts.items()
        }
        for line in old.values():
            if line not in self._lines.values() and line.channel is not None:
                line.channel.close()

    def _channel(self, line: _Line | None) -> tuple[Channel | None, Message | None]:
        """Give an open channel, or why there is none."""
        if line is None:
            return None, None
        with line.lock:
            if line.channel is not None and not line.channel.closed:
                return line.channel, None
            if time.monotonic() - line.failed < FORGIVEN:
                return None, line.why
            try:
                line.channel = self._open(line.host)
            except LearnError as error:
                line.channel, line.why, line.failed = None, _said(line, error), time.monotonic()
            return line.channel, line.why

    def _exec(self, host: HostHandle) -> Channel:
        return Channel.open(self._docker.argv("exec", "-i", host.container, AGENT))


def attach(handle: LabHandle, docker: Docker | None = None) -> RunningLab:
    """Give the way to ask a lab; nothing is started before the first question."""
    return RunningLab(handle, docker)


def shell_argv(
    handle: LabHandle,
    host: str | None = None,
    command: str | None = None,
    *,
    docker: Docker | None = None,
) -> list[str]:
    """Give the command that opens a shell on a lab host, or runs one command there.

    The shell wants a terminal, the command has none; both end when theirs is taken away, the
    command on Ctrl-C too, else with their own exit status.
    Raises `LearnError` for a host that the lab does not have.
    """
    container = handle.host(host).container
    outer, mark = docker or Docker(), hangup.new_mark()
    marked = ("-e", f"{hangup.MARK}={mark}", "-w", "/root", container)
    if command is None:
        told = ("-it", "-e", "TERM", "-e", "COLORTERM", "-e", "LDN_BY")
        shell = outer.argv("exec", *told, *marked, "bash", "--rcfile", RCFILE, "-i")
    else:
        shell = outer.argv("exec", "-i", *marked, "bash", "-lc", command)
    return hangup.with_hangup(shell, outer.argv("exec", container), mark)


def _said(line: _Line, error: LearnError) -> Message:
    """Say why a host is out of reach, as far as `docker exec` told."""
    words = error.details.lower()
    if "no such container" in words:
        return msg("The lab host {name} is gone.", name=line.host.name)
    if "is not running" in words or "is paused" in words:
        return msg("The lab host {name} does not run.", name=line.host.name)
    return error.message


def _lost(host: str, request: Request, why: Message | None) -> Answer:
    reason = why or msg("The lab has no host named {name}.", name=host)
    return Answer(host, request, Outcome.LOST, why=reason)
