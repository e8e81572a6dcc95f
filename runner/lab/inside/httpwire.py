"""One HTTP request over a connected socket and its response, bounded in time and size.

Used for the engine's API and for the learner's web servers. It is ours because `http.client` brings
the email package with it, which would double the agent's start.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import NamedTuple

from .answer import left

_HEAD = 64 * 1024
"""Bytes of a response's head that are read at most."""
_PIECE = 64 * 1024


class NotHttp(Exception):
    """What came back is no HTTP response."""


class Response(NamedTuple):
    """A response as far as it was read."""

    status: int
    headers: dict[str, str]
    """By lower-case name; repeated ones joined by commas."""
    body: bytes
    whole: bool
    """Whether the body came to its end within the limit."""


class Wire:
    """A connected socket with what has been read ahead of it."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        """Take the socket, which the caller closes; `deadline` is on `time.monotonic`."""
        self._sock = sock
        self._ahead = bytearray()
        self.deadline: float | None = deadline
        """When reading gives up with TimeoutError; None waits for ever."""

    def send(self, method: str, target: str, headers: Iterable[tuple[str, str]]) -> None:
        """Send a request without a body; OSError as of the socket."""
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        self._limit()
        self._sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))

    def head(self) -> tuple[int, dict[str, str]]:
        """Read the response's status and headers; NotHttp, OSError or TimeoutError."""
        while b"\r\n\r\n" not in self._ahead and b"\n\n" not in self._ahead:
            if len(self._ahead) > _HEAD or not self._more():
                raise NotHttp("closed" if not self._ahead else "no HTTP")
        head, self._ahead = self._ahead.replace(b"\r\n\r\n", b"\n\n", 1).split(b"\n\n", 1)
        first, *rest = head.decode("latin-1").replace("\r", "").split("\n")
        words = first.split(None, 2)
        if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
            raise NotHttp("no HTTP")
        headers: dict[str, str] = {}
        for line in rest:
            name, _, value = line.partition(":")
            key = name.strip().lower()
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
        return int(words[1]), headers

    def body(self, headers: dict[str, str], limit: int) -> tuple[bytes, bool]:
        """Read at most `limit` bytes of the body; the second says whether that was all of it."""
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunked(limit)
        length = headers.get("content-length", "")
        if length.isdigit():
            return self._exactly(min(int(length), limit), int(length) <= limit)
        ended = False
        while len(self._ahead) <= limit and not ended:
            ended = not self._more()
        return bytes(self._ahead[:limit]), len(self._ahead) <= limit

    def chunk(self) -> bytes:
        """Read one piece of a chunked body, empty at its end; NotHttp where it breaks off."""
        try:
            wanted = int(self._line().split(b";")[0], 16)
        except ValueError:
            raise NotHttp("bad chunk") from None
        piece, whole = self._exactly(wanted + 2, True)
        if not whole:
            raise NotHttp("broken off")
        return piece[:wanted]

    def _chunked(self, limit: int) -> tuple[bytes, bool]:
        pieces: list[bytes] = []
        total = 0
        while total <= limit:
            piece = self.chunk()
            if not piece:
                return b"".join(pieces), True
            pieces.append(piece)
            total += len(piece)
        return b"".join(pieces)[:limit], False

    def _exactly(self, size: int, whole: bool) -> tuple[bytes, bool]:
        while len(self._ahead) < size:
            if not self._more():
                whole = False
                break
        piece = bytes(self._ahead[:size])
        del self._ahead[:size]
        return piece, whole

    def _line(self) -> bytes:
        while b"\n" not in self._ahead:
            if len(self._ahead) > _HEAD or not self._more():
                raise NotHttp("broken off")
        line, self._ahead = self._ahead.split(b"\n", 1)
        return bytes(line)

    def _more(self) -> bool:
        self._limit()
        piece = self._sock.recv(_PIECE)
        self._ahead += piece
        return bool(piece)

    def _limit(self) -> None:
        if self.deadline is None:
            self._sock.settimeout(None)
            return
        seconds = left(self.deadline)
        if seconds <= 0:
            raise TimeoutError
        self._sock.settimeout(seconds)
