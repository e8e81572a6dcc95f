"""The agent's loop: questions come in as lines of JSON, answers go out as lines of JSON.

It begins with `{"hello": 1, "lab": …, "host": …, "engine": version or "", "kernel": []}`. A
question is `{"n": 7, "request": {"kind": …, …}}`; its answer has the same `n` and outcome, seconds,
status, stdout, stderr, value and why as in `checks.asking.Answer`. Kinds, beside `run`, `api` and
`net` of `checks.asking`:

- `write` (path, text): writes a file of the lab host, whole or not at all.
- `events`: `{"n": 7, "event": null}` once the engine's events are listened to, then
  `{"n": 7, "event": {…}}` for each, and an answer when the stream has ended.
- `cancel` (of): ends the stream with that number.

At most 16 questions are worked on at a time, each in a thread of its own that ends up where it
began; the rest queue. When stdin closes, all that was started is killed and the agent ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from . import questions
from .answer import BROKEN, ENDED, NO_ENGINE, Broken, Json, NoEngine, Unanswered, msg
from .engine import Engine, events
from .shellrun import Shell

AT_ONCE = 16
"""Questions that are worked on at the same time."""
VERSION = 1
"""Of the protocol, in the greeting."""
_ENGINE_FIRST = 2.0
"""Seconds that the greeting waits for the engine's version."""


class Agent:
    """One conversation."""

    def __init__(self, out: int, shell: Shell, engine: Engine) -> None:
        """Take the descriptor that answers go to, and what gives them."""
        self._out = out
        self._shell = shell
        self._engine = engine
        self._writing = threading.Lock()
        self._waiting: deque[tuple[int, Json]] = deque()
        self._changed = threading.Condition()
        self._workers = 0
        self._idle = 0
        self._streams: dict[int, socket.socket] = {}

    def greet(self, lab: str, host: str) -> None:
        """Say who is here."""
        engine = self._engine.version(_ENGINE_FIRST)
        self._say({"hello": VERSION, "lab": lab, "host": host, "engine": engine, "kernel": []})

    def take(self, line: bytes) -> None:
        """Take one line of the other side; what makes no sense is answered so."""
        try:
            question = json.loads(line)
            number, request = int(question["n"]), question["request"]
            kind = request["kind"]
        except (ValueError, KeyError, TypeError):
            self._say({"n": None, "outcome": BROKEN, "why": msg("A line made no sense.")})
            return
        if kind == "events":
            threading.Thread(target=self._stream, args=(number,), daemon=True).start()
        elif kind == "cancel":
            self._cancel(request.get("of"))
        else:
            self._queue(number, request)

    def end(self) -> None:
        """Kill what was started, and start nothing more."""
        self._shell.end_all()

    def _queue(self, number: int, request: Json) -> None:
        with self._changed:
            self._waiting.append((number, request))
            if self._idle >= len(self._waiting) or self._workers >= AT_ONCE:
                self._changed.notify()
                return
            self._workers += 1
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._waiting:
                    self._changed.wait()
                self._idle -= 1
                number, request = self._waiting.popleft()
            begun = time.monotonic()
            answer = self._answer(number, request)
            self._say({"n": number, "seconds": round(time.monotonic() - begun, 4)} | answer)

    def _answer(self, number: int, request: Json) -> Json:
        try:
            match request["kind"]:
                case "run":
                    return self._shell.run(number, request)
                case "api":
                    return self._engine.ask(str(request["path"]), float(request["timeout"]))
                case "net":
                    return questions.ask(self._engine, request)
                case "write":
                    return _write(str(request["path"]), str(request["text"]))
            raise Broken(
                msg("There is no question of the kind “{kind}”.", kind=str(request["kind"]))
            )
        except Unanswered as end:
            return {"outcome": end.outcome, "why": end.why}
        except Exception as error:
            why = msg("The lab's own program failed: {words}.", words=repr(error))
            return {"outcome": BROKEN, "why": why}

    def _stream(self, number: int) -> None:
        try:
            sock, wire = self._engine.subscribe(time.monotonic() + 5.0)
        except NoEngine as end:
            self._say({"n": number, "outcome": end.outcome, "why": end.why})
            return
        with sock:
            self._streams[number] = sock
            self._say({"n": number, "event": None})
            for event in events(wire):
                self._say({"n": number, "event": event})
            cancelled = self._streams.pop(number, None) is None
        why = {"why": msg("The lab's Docker engine has ended.")}
        self._say(
            {"n": number} | ({"outcome": ENDED} if cancelled else {"outcome": NO_ENGINE} | why)
        )

    def _cancel(self, number: Any) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)

    def _say(self, data: Json) -> None:
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        with self._writing:
            try:
                while line:
                    line = line[os.write(self._out, line) :]
            except OSError:  # nobody listens any more
                self.end()
                os._exit(1)


def _write(path: str, text: str) -> Json:
    target = Path(path)
    spare = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        spare.write_text(text, encoding="utf-8", newline="")
        spare.replace(target)
    except OSError as error:
        spare.unlink(missing_ok=True)
        raise Broken(
            msg("{path} cannot be written: {words}.", path=path, words=str(error))
        ) from None
    return {"outcome": ENDED, "value": {"bytes": len(text.encode())}}


def main() -> None:
    """Talk over stdin and stdout until stdin closes."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever else prints must not break into the conversation
    os.chdir("/")
    engine = Engine(os.environ.get("LDN_ENGINE", "/run/docker.sock"))
    shell = Shell(os.environ.get("LDN_TOOLS", "/ldn/bin"), engine)
    agent = Agent(out, shell, engine)
    agent.greet(os.environ.get("LDN_LAB", ""), os.environ.get("LDN_HOST") or socket.gethostname())
    for line in sys.stdin.buffer:
        if line.strip():
            agent.take(line)
    agent.end()
    os._exit(0)
