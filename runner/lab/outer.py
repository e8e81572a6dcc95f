"""The outer Docker engine, through the `docker` command line.

The command line brings contexts, ssh and TLS with it, so it is the only way we reach the outer
engine. Sentences on its stderr are kept as details; deprecation notices there mean nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab.capture import MOST, TooMuch, capture

PATIENCE = 30.0
"""Seconds that a command of the outer engine gets where its caller says nothing."""

LEAST = 5.0
"""Seconds that a command gets also where all time is over: something may be left to clear."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """Whether it ended with status 0."""
        return self.status == 0


class Reach(Enum):
    """How far the outer engine is within reach."""

    ANSWERS = "answers"
    NO_CLIENT = "no client"
    """No `docker` program."""
    FORBIDDEN = "forbidden"
    """The engine's socket is there, and this user may not use it."""
    SILENT = "silent"
    """Nothing answers where the client looks: stopped, a dead context, a wrong DOCKER_HOST."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """What is known of the outer engine."""

    reach: Reach
    client: str = ""
    """Version of the command line."""
    version: str = ""
    """Version of the engine."""
    api: str = ""
    """Newest API version that the engine speaks."""
    platform: str = ""
    """Such as `linux/amd64`."""
    details: str = ""
    """The command line's own words where it does not answer."""

    @property
    def answers(self) -> bool:
        """Whether labs can be run on it."""
        return self.reach is Reach.ANSWERS


class Docker:
    """The `docker` command line, found once."""

    def __init__(
        self,
        program: str | None = None,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        deadline: float | None = None,
    ) -> None:
        """Look for `docker` on PATH; `environment` is added to the process's own.

        `options` stand before every command and say which engine is meant, such as `--context X`.
        Commands end by `deadline` (of `monotonic`); those begun near it or after get a little.
        """
        self._program = program or shutil.which("docker")
        self._options = tuple(options)
        self._deadline = deadline
        self._environment = {**os.environ, "DOCKER_CLI_HINTS": "false", **(environment or {})}

    def argv(self, *args: str) -> list[str]:
        """Give the full argument list, for a process that the caller runs itself.

        Raises `LearnError` where there is no `docker` program.
        """
        if self._program is None:
            raise LearnError(
                msg("There is no docker program on this machine."),
                remedy=msg("Run `learn-docker-net setup`."),
            )
        return [self._program, *self._options, *args]

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment for a process that the caller runs itself."""
        return self._environment

    def patience(self, most: float) -> float:
        """Give the seconds that a command may take for which `most` are meant."""
        if self._deadline is None:
            return most
        return min(most, max(self._deadline - time.monotonic(), LEAST))

    def run(
        self,
        *args: str,
        timeout: float = PATIENCE,
        input: str | bytes | None = None,  # noqa: A002  (as subprocess calls it)
    ) -> Done:
        """Run one command to its end, whatever its status.

        Raises `LearnError` where there is no program, no end within `timeout` seconds, or more to
        read than anybody can have meant.
        """
        argv = self.argv(*args)
        timeout = self.patience(timeout)
        given = input.encode() if isinstance(input, str) else input
        try:
            done = capture(argv, given=given, timeout=timeout, environment=self._environment)
        except subprocess.TimeoutExpired as error:
            raise self._too_slow(args, timeout) from error
        except TooMuch as error:
            raise self._too_much(args) from error
        return Done(done.status, _text(done.stdout), _text(done.stderr))

    def check(
        self,
        *args: str,
        timeout: float = PATIENCE,
        input: str | bytes | None = None,  # noqa: A002
        remedy: Message | None = None,
    ) -> str:
        """Run one command and give its stdout.

        Raises `LearnError` with the command line's own words where it fails.
        """
        done = self.run(*args, timeout=timeout, input=input)
        if not done.ok:
            raise self._failed(args, done, remedy)
        return done.stdout

    def start(self, *args: str, stdin: int | IO[bytes] | None = None) -> subprocess.Popen[bytes]:
        """Start a command whose stdout and stderr come mixed through a pipe; the caller ends it."""
        return subprocess.Popen(
            self.argv(*args),
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
        )

    def follow(
        self,
        *args: str,
        on_line: Callable[[str], None],
        input: bytes | None = None,  # noqa: A002
        environment: Mapping[str, str] | None = None,
    ) -> Done:
        """Run a long command, handing over each line of stdout and stderr as it comes.

        Both come mixed in `Done.stdout`. On Ctrl-C the command is ended before the interrupt goes
        on to the caller.
        """
        extra = {**self._environment, **(environment or {})}
        return follow(self.argv(*args), on_line=on_line, input=input, environment=extra)

    def items(self, *args: str, timeout: float = PATIENCE) -> list[dict[str, Any]]:
        """Run a command that prints a JSON list or one JSON object a line, and read them."""
        text = self.check(*args, timeout=timeout)
        if text.lstrip().startswith("["):
            return list(json.loads(text))
        return [json.loads(line) for line in text.splitlines() if line.strip()]

    def inspect(self, *names: str, kind: str = "container") -> list[dict[str, Any]]:
        """Give what the engine knows of some objects; those that do not exist are left out."""
        if not names:
            return []
        done = self.run(kind, "inspect", *names)
        if not done.ok and not _absent(kind, done.stderr):
            raise self._failed((kind, "inspect", *names), done, None)
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
        return found

    def engine_state(self, timeout: float = 10.0) -> EngineState:
        """Say whether the outer engine can be used, and if not, in which way; never raises."""
        if self._program is None:
            return EngineState(Reach.NO_CLIENT)
        try:
            done = self.run("version", "--format", "{{json .}}", timeout=timeout)
        except LearnError as error:
            return EngineState(Reach.SILENT, details=str(error))
        return _state(done)

    def need_engine(self) -> EngineState:
        """Give the state of an engine that answers.

        Raises `LearnError` with the remedy where it does not.
        """
        state = self.engine_state()
        if state.reach is Reach.NO_CLIENT:
            self.argv()
        if state.reach is Reach.FORBIDDEN:
            raise LearnError(
                msg("You are not allowed to use the Docker engine of this machine."),
                remedy=msg(
                    "Add yourself to its group with `sudo usermod -aG docker $USER`,"
                    " then log in again."
                ),
                details=state.details,
            )
        if not state.answers:
            raise LearnError(
                msg("The Docker engine does not answer."),
                remedy=msg("Run `learn-docker-net setup`: it starts it, or says what to do."),
                details=state.details,
            )
        return state

    def _too_slow(self, args: Sequence[str], timeout: float) -> LearnError:
        return LearnError(
            msg(
                "`{command}` did not end within {seconds} seconds.",
                command=_shown(args),
                seconds=f"{timeout:.3g}",
            ),
            remedy=msg("Run `learn-docker-net doctor` to see whether the Docker engine is well."),
        )

    def _too_much(self, args: Sequence[str]) -> LearnError:
        return LearnError(
            msg(
                "`{command}` gave more than {size} MiB and was ended.",
                command=_shown(args),
                size=MOST >> 20,
            ),
            remedy=msg("Run `learn-docker-net doctor` to see whether the Docker engine is well."),
        )

    def _failed(self, args: Sequence[str], done: Done, remedy: Message | None) -> LearnError:
        said = done.stderr.strip() or done.stdout.strip()
        return LearnError(
            msg("`{command}` failed: {words}", command=_shown(args), words=_last_line(said)),
            remedy=remedy or msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
            details=said,
        )


def follow(
    argv: Sequence[str],
    *,
    on_line: Callable[[str], None],
    input: bytes | None = None,  # noqa: A002
    environment: Mapping[str, str] | None = None,
) -> Done:
    """Run any long program as `Docker.follow` runs a docker command."""
    lines: list[str] = []
    import tempfile  # only here, and it is slow to come

    with tempfile.TemporaryFile() as feed:
        feed.write(input or b"")
        feed.seek(0)
        process = subprocess.Popen(
            argv, stdin=feed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        )
        try:
            assert process.stdout is not None  # noqa: S101  (PIPE was asked for)
            for raw in process.stdout:
                lines.append(_text(raw))
                on_line(lines[-1].rstrip())
            status = process.wait()
        finally:
            end(process)
    return Done(status, "".join(lines), "")


def end(process: subprocess.Popen[Any], patience: float = 5.0) -> None:
    """End a process of ours if it still runs: politely, then after `patience` seconds by force."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _state(done: Done) -> EngineState:
    try:
        data = json.loads(done.stdout)
    except ValueError:
        data = {}
    client = (data.get("Client") or {}).get("Version", "")
    server = data.get("Server") or {}
    said = done.stderr.strip()
    if not done.ok or not server:
        reach = Reach.FORBIDDEN if _kept_out(said.lower()) else Reach.SILENT
        return EngineState(reach, client=client, details=said)
    return EngineState(
        Reach.ANSWERS,
        client=client,
        version=server.get("Version", ""),
        api=server.get("ApiVersion", ""),
        platform=f"{server.get('Os', '')}/{server.get('Arch', '')}",
    )


def _kept_out(words: str) -> bool:
    """Tell whether this user may not use the engine's socket; ssh too says "permission denied"."""
    socket = any(name in words for name in ("docker daemon socket", "dial unix", "at unix://"))
    return socket and "permission denied" in words and "ssh " not in words


def _absent(kind: str, words: str) -> bool:
    """Tell whether an inspection failed only because something is not there."""
    return bool(re.search(rf"no such {kind}|\b{kind} \S+ not found", words, re.IGNORECASE))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _shown(args: Sequence[str]) -> str:
    """Give a command short enough for a sentence: long ones are cut, options' values kept."""
    text = " ".join(("docker", *args))
    return text if len(text) <= 80 else f"{text[:77]}…"


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else "no words"
