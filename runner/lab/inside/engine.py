"""The lab host's Docker engine, over its unix socket: under a millisecond an answer.

Each question has a connection of its own. A fresh one costs 0.1 ms, and none is left behind that
a restarted engine has closed.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

from .answer import ENDED, Json, NoEngine, NotThere, msg
from .httpwire import NotHttp, Response, Wire

PING = 1.0
"""Seconds in which a living engine answers `/_ping`, even while the machine is busy."""
_BODY = 16 * 1024 * 1024
"""Bytes of an answer at most; an inspect of a hundred containers has one million."""
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/?&=:,+@%")


class Engine:
    """The engine behind one socket. Safe for several threads: it keeps no state."""

    def __init__(self, path: str) -> None:
        """Take the socket's path; nothing is opened yet."""
        self.path = path

    def ask(self, path: str, timeout: float) -> Json:
        """Answer an `Api` question. Raises NoEngine after `timeout` seconds at the latest."""
        response = self._get(path, time.monotonic() + timeout)
        text = response.body.decode("utf-8", "replace")
        try:
            value, stdout = json.loads(text), ""
        except ValueError:
            value, stdout = None, text
        return {"outcome": ENDED, "status": response.status, "stdout": stdout, "value": value}

    def answers(self, timeout: float = PING) -> bool:
        """Tell whether the engine answers a ping within `timeout` seconds."""
        try:
            return self._get("/_ping", time.monotonic() + timeout).status == 200
        except NoEngine:
            return False

    def version(self, timeout: float) -> str:
        """Give the engine's version, or nothing where it does not answer in time.

        It signs every answer with it; `/version` would look at its helpers too, for 5 ms.
        """
        try:
            response = self._get("/_ping", time.monotonic() + timeout)
        except NoEngine:
            return ""
        signed = re.match(r"Docker/(\S+)", response.headers.get("server", ""))
        return signed[1] if signed else ""

    def pid(self, container: str, deadline: float) -> int:
        """Give the process id of a running container's first process, as seen in the lab host.

        Raises NotThere where there is no such container or it does not run, and NoEngine.
        """
        name = _quote(container.lstrip("/"), keep=_PLAIN - frozenset(b"/?&%"))
        response = self._get(f"/containers/{name}/json", deadline)
        if response.status >= 500:
            raise NoEngine(msg("The lab's Docker engine cannot say how {name} is.", name=container))
        if response.status != 200:
            raise NotThere("no such container")
        try:
            state: Any = json.loads(response.body)["State"]
            pid = int(state["Pid"]) if state["Running"] else 0
        except (ValueError, KeyError, TypeError):
            raise NoEngine(
                msg("The lab's Docker engine gave an answer that makes no sense.")
            ) from None
        if pid <= 0:
            raise NotThere("not running")
        return pid

    def subscribe(self, deadline: float) -> tuple[socket.socket, Wire]:
        """Open the stream of the engine's events; it is open for good when this returns."""
        with self._blame():
            sock = self._connect(deadline)
            try:
                wire = Wire(sock, deadline)
                wire.send("GET", "/events", [("Host", "docker")])
                wire.head()
                wire.deadline = None
            except BaseException:
                sock.close()
                raise
        return sock, wire

    def _get(self, path: str, deadline: float) -> Response:
        target = _quote(path if path.startswith("/") else f"/{path}")
        with self._blame(), self._connect(deadline) as sock:
            wire = Wire(sock, deadline)
            wire.send("GET", target, [("Host", "docker"), ("Connection", "close")])
            status, headers = wire.head()
            body, whole = wire.body(headers, _BODY)
        if not whole:
            raise NoEngine(msg("The lab's Docker engine broke off its answer."))
        return Response(status, headers, body, whole)

    def _connect(self, deadline: float) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # A full backlog, as of a stopped engine, makes even the connecting wait.
            sock.settimeout(max(0.001, deadline - time.monotonic()))
            sock.connect(self.path)
        except BaseException:
            sock.close()
            raise
        return sock

    @contextlib.contextmanager
    def _blame(self) -> Iterator[None]:
        """Turn what goes wrong on the socket into NoEngine."""
        try:
            yield
        except (TimeoutError, BlockingIOError):
            raise NoEngine(msg("The lab's Docker engine does not answer: it hangs.")) from None
        except (FileNotFoundError, ConnectionRefusedError):
            raise NoEngine(msg("The lab's Docker engine is not running.")) from None
        except (OSError, NotHttp) as error:
            raise NoEngine(
                msg("The lab's Docker engine broke off: {words}.", words=str(error))
            ) from None


def events(wire: Wire) -> Iterator[Any]:
    """Give the engine's events as they come, until the stream or its socket is closed."""
    text = b""
    with contextlib.suppress(OSError, NotHttp, ValueError):
        while piece := wire.chunk():
            *lines, text = (text + piece).split(b"\n")
            yield from (json.loads(line) for line in lines if line.strip())


def _quote(path: str, keep: frozenset[int] = _PLAIN) -> str:
    """Percent-encode what must not stand in a request line; `filters={"…"}` may be written so."""
    return "".join(chr(byte) if byte in keep else f"%{byte:02X}" for byte in path.encode())
