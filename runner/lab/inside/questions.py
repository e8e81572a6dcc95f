"""The `Net` questions: which there are, what each takes and gives, and where each is asked.

- `interfaces` gives `interfaces` (a list of name, index, peer, mac, mtu, up, state, master,
  addresses, kind; see `links`) and `netns`, the number of the namespace.
- `route` (to: an address) gives via, device, source; or `{"error": "unreachable"}`.
- `resolve` (name) gives addresses, from (`hosts`, `dns`, None), server, and error: None,
  `not found`, `no server`, `timeout`.
- `connect` (address, port; settle: seconds to see whether a proxy closes again, chosen here where
  it is not given) gives result (`open`, `refused`, `reset`, `timeout`, `unreachable`) and seconds.
- `ping` (address, count: 2) gives sent, received, rtt_ms (a list), errors (sentences of `ping`).
- `listeners` gives tcp and udp, lists of address and port.
- `topology` gives the lab host's whole network at one moment, as told there; it has no container.
- `http` (url, method: GET, headers) gives status, headers, body (64 KiB at most), error.

A container that does not exist or does not run makes `{"error": "no such container" | "not
running"}` of any of them. All are over when the question's timeout is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from . import links, reach
from .answer import ENDED, Broken, Json, NotThere, left, msg
from .engine import Engine
from .listeners import listeners
from .netns import inode, inside
from .resolve import resolve
from .topology import topology
from .web import http


class Place:
    """Where a question is asked: a container's namespaces, or the lab host's own."""

    def __init__(self, pid: int | None, deadline: float) -> None:
        """Take the container's first process, None for the lab host, and when time is up."""
        self.pid = pid
        self.root = "" if pid is None else f"/proc/{pid}/root"
        self.deadline = deadline


def ask(engine: Engine, request: Json) -> Json:
    """Answer a `Net` question. Raises NoEngine and Broken."""
    deadline = time.monotonic() + float(request["timeout"])
    if request["what"] == "topology":
        return {"outcome": ENDED, "value": topology(engine, deadline)}
    answer = ANSWERS.get(request["what"])
    if answer is None:
        raise Broken(msg("There is no network question “{what}”.", what=str(request["what"])))
    container = request.get("container")
    try:
        pid = None if container is None else engine.pid(str(container), deadline)
        place = Place(pid, deadline)
        value = answer(place, request.get("arguments") or {})
    except NotThere as error:
        value = {"error": str(error)}
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(msg("The question cannot be asked: {words}.", words=repr(error))) from error
    except OSError as error:
        raise Broken(msg("The network tool failed: {words}.", words=str(error))) from error
    return {"outcome": ENDED, "value": value}


def _interfaces(place: Place, arguments: Json) -> Json:
    found = inside(place.pid, lambda: links.interfaces(left(place.deadline)))
    return {"interfaces": found, "netns": inode(place.pid)}


def _route(place: Place, arguments: Json) -> Json:
    return inside(place.pid, lambda: links.route(str(arguments["to"]), left(place.deadline)))


def _listeners(place: Place, arguments: Json) -> Json:
    return inside(place.pid, lambda: listeners(left(place.deadline)))


def _resolve(place: Place, arguments: Json) -> Json:
    name = str(arguments["name"])
    return inside(place.pid, lambda: resolve(name, place.root, place.deadline))


def _ping(place: Place, arguments: Json) -> Json:
    address, count = str(arguments["address"]), int(arguments.get("count", 2))
    return inside(place.pid, lambda: reach.ping(address, count, place.deadline))


def _http(place: Place, arguments: Json) -> Json:
    url, method = str(arguments["url"]), str(arguments.get("method") or "GET").upper()
    headers = {str(key): str(value) for key, value in (arguments.get("headers") or {}).items()}
    return inside(place.pid, lambda: http(url, method, headers, place.root, place.deadline))


def _connect(place: Place, arguments: Json) -> Json:
    address, port = str(arguments["address"]), int(arguments["port"])
    if arguments.get("protocol", "tcp") != "tcp":
        raise ValueError("only tcp has connections")
    # The lab host's own addresses are known here, outside the container's namespace.
    local = reach.is_local(address) and not (place.pid and address.startswith("127."))
    settle = arguments.get("settle")

    def work() -> Json:
        seconds = reach.SETTLE if local or _may_be_proxied(place, address) else 0.0
        return reach.connect(
            address, port, place.deadline, seconds if settle is None else float(settle)
        )

    return inside(place.pid, work)


def _may_be_proxied(place: Place, address: str) -> bool:
    """Tell whether a proxy may answer for whom one means.

    A container on one's own network answers for itself; anything beyond a router, and another lab
    host, may be the engine's proxy for a published port.
    """
    way = links.route(address, left(place.deadline))
    if "error" in way or way["via"] is not None:
        return True
    if place.pid is not None:
        return False
    kinds = {item["name"]: item["kind"] for item in links.interfaces(left(place.deadline))}
    return kinds.get(way["device"]) not in ("bridge", "loopback")


ANSWERS: dict[str, Callable[[Place, dict[str, Any]], Json]] = {
    "interfaces": _interfaces,
    "route": _route,
    "resolve": _resolve,
    "connect": _connect,
    "ping": _ping,
    "listeners": _listeners,
    "http": _http,
}
"""By the word in `Net.what`."""
