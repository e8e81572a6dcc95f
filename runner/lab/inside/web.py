"""A web page as a program in the container would get it: name, connection, response."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .answer import Json
from .httpwire import NotHttp, Response, Wire
from .reach import open_socket
from .resolve import resolve

LIMIT = 64 * 1024
"""Bytes kept of a page."""
_URL = re.compile(r"http://([^/?#:\s]+)(?::(\d{1,5}))?([/?][^#\s]*)?(?:#.*)?", re.IGNORECASE)
_NO_BODY = frozenset({204, 304})


def http(url: str, method: str, headers: Mapping[str, str], root: str, deadline: float) -> Json:
    """GET or HEAD a page, in the calling thread's network namespace; redirects are not followed.

    `error` is None, what `connect` says of the server, `no http`, or `name: ` and what `resolve`
    says of its name. Raises ValueError for a URL that is not http or has no server.
    """
    parts = _URL.fullmatch(url)
    if parts is None or method not in ("GET", "HEAD"):
        raise ValueError(f"cannot ask for {method} {url}")
    name, port, target = parts[1], int(parts[2] or 80), parts[3] or "/"
    found = resolve(name, root, deadline)
    if not found["addresses"]:
        return _failed(f"name: {found['error']}")
    given = {key.lower() for key in headers}
    wanted = [("Host", name if port == 80 else f"{name}:{port}"), ("Accept", "*/*")]
    wanted += [("User-Agent", "learn-docker-net"), ("Connection", "close")]
    lines = [pair for pair in wanted if pair[0].lower() not in given] + list(headers.items())
    try:
        return _exchange(found["addresses"][0], port, method, _absolute(target), lines, deadline)
    except TimeoutError:
        return _failed("timeout")
    except NotHttp as error:
        return _failed("reset" if str(error) == "closed" else "no http")
    except OSError:
        return _failed("reset")


def _exchange(
    address: str, port: int, method: str, target: str, lines: list[tuple[str, str]], deadline: float
) -> Json:
    sock, result = open_socket(address, port, deadline)
    with sock:
        if result != "open":
            return _failed(result)
        wire = Wire(sock, deadline)
        wire.send(method, target, lines)
        status, headers = wire.head()
        empty = method == "HEAD" or status in _NO_BODY
        body, whole = (b"", True) if empty else wire.body(headers, LIMIT)
    return _told(Response(status, headers, body, whole))


def _told(response: Response) -> Json:
    return {
        "status": response.status,
        "headers": response.headers,
        "body": response.body.decode("utf-8", "replace"),
        "error": None,
    }


def _failed(error: str) -> Json:
    return {"status": None, "headers": {}, "body": "", "error": error}


def _absolute(target: str) -> str:
    return target if target.startswith("/") else f"/{target}"
