"""Network questions on this machine's own interfaces and sockets."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.asking import Answer, Net, Outcome
from runner.lab.channel import Channel
from runner.lab.inside import links, netlink, reach, tunnels
from runner.lab.inside.engine import Engine
from runner.lab.inside.listeners import listeners
from runner.lab.inside.netns import inside
from runner.lab.inside.topology import topology
from runner.lab.inside.web import LIMIT, http
from tests.lab.agents import agent_argv


@contextmanager
def server(handle: Callable[[socket.socket], object]) -> Iterator[int]:
    """Take one connection on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                handle(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def says(data: bytes) -> Callable[[socket.socket], object]:
    """Make a handler that hears one request and says this."""

    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(data)

    return handle


def soon() -> float:
    return time.monotonic() + 3.0


def test_loopback_is_an_interface() -> None:
    lo = next(item for item in links.interfaces(3.0) if item["name"] == "lo")
    assert (lo["kind"], lo["up"], lo["index"], lo["master"]) == ("loopback", True, 1, None)
    assert "127.0.0.1/8" in lo["addresses"]
    assert lo["mac"] == "00:00:00:00:00:00"


def test_the_way_to_oneself() -> None:
    assert links.route("127.0.0.1", 3.0) == {"via": None, "device": "lo", "source": "127.0.0.1"}


def test_topology_without_an_engine_is_what_the_kernel_knows(tmp_path: Path) -> None:
    found = topology(Engine(str(tmp_path / "none.sock")), soon())
    assert found["engine"] == "" and found["containers"] == [] and found["settled"]
    assert found["why"]["text"] == "The lab's Docker engine is not running."
    assert [item["name"] for item in found["interfaces"]] == [
        item["name"] for item in links.interfaces(3.0)
    ]
    assert all(item["tunnel"] is None for item in found["interfaces"] if item["kind"] == "veth")


def test_where_a_tunnel_leads() -> None:
    data = b"".join(
        netlink.attribute(kind, value)
        for kind, value in ((1, struct.pack("=I", 42)), (2, bytes((10, 66, 0, 12))), (4, bytes(4)))
    )
    assert tunnels.tunnel("vxlan", data) == {"id": 42, "local": None, "remotes": ["10.66.0.12"]}
    ends = netlink.attribute(6, bytes((10, 0, 0, 1))) + netlink.attribute(7, bytes((10, 0, 0, 2)))
    assert tunnels.tunnel("gre", ends) == {"id": None, "local": "10.0.0.1", "remotes": ["10.0.0.2"]}
    assert tunnels.tunnel("veth", data) is None


def test_no_way_is_unreachable() -> None:
    assert links.route("240.0.0.1", 3.0) == {"error": "unreachable"} or "via" in links.route(
        "240.0.0.1", 3.0
    )


def test_listeners_are_seen_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("0.0.0.0", 0))
        wanted_tcp = {"address": "127.0.0.1", "port": tcp.getsockname()[1]}
        wanted_udp = {"address": "0.0.0.0", "port": udp.getsockname()[1]}
        found = listeners(3.0)
        assert wanted_tcp in found["tcp"] and wanted_udp in found["udp"]

        def no_diag(*args: object, **options: object) -> Iterator[tuple[int, bytes]]:
            raise FileNotFoundError(2, "no diag module")

        monkeypatch.setattr(netlink, "ask", no_diag)
        again = listeners(3.0)
        assert wanted_tcp in again["tcp"] and wanted_udp in again["udp"]


def test_ipv6_listeners_have_ipv6_addresses() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as six:
        assert {"address": "::1", "port": six.getsockname()[1]} in listeners(3.0)["tcp"]


def test_a_server_that_waits_is_open() -> None:
    with server(lambda connection: connection.recv(1)) as port:
        assert reach.connect("127.0.0.1", port, soon(), 0.05)["result"] == "open"


def test_a_server_that_speaks_first_is_open_at_once() -> None:
    with server(lambda connection: connection.sendall(b"220 hello\r\n")) as port:
        begun = time.monotonic()
        assert reach.connect("127.0.0.1", port, begun + 60, 40.0)["result"] == "open"
        assert time.monotonic() - begun < 20


def test_nobody_there_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert reach.connect("127.0.0.1", port, soon(), 0.1)["result"] == "refused"


def test_taken_and_dropped_without_a_word_is_reset() -> None:
    with server(lambda connection: None) as port:
        assert reach.connect("127.0.0.1", port, soon(), 1.0)["result"] == "reset"

    def slam(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with server(slam) as port:
        assert reach.connect("127.0.0.1", port, soon(), 1.0)["result"] == "reset"


def test_a_full_backlog_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        held = [socket.socket() for _ in range(3)]
        for sock in held:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
        assert reach.connect("127.0.0.1", port, time.monotonic() + 0.2, 0)["result"] == "timeout"
        for sock in held:
            sock.close()


def page(url: str, method: str = "GET", **headers: str) -> dict[str, object]:
    return http(url, method, headers, "", soon())


def test_gets_a_page() -> None:
    asked: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        asked.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 3\r\n\r\nhi\n")

    with server(handle) as port:
        found = page(f"http://localhost:{port}/a?b=c#d", **{"Host": "site.test", "X-A": "b"})
    assert found["status"] == 200 and found["body"] == "hi\n" and found["error"] is None
    assert found["headers"] == {"server": "x", "content-length": "3"}
    first, *lines = asked[0].decode().split("\r\n")
    assert first == "GET /a?b=c HTTP/1.1"
    assert "Host: site.test" in lines and "X-A: b" in lines
    assert sum(line.startswith("Host:") for line in lines) == 1


def test_a_head_has_no_body_to_wait_for() -> None:
    with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")) as port:
        assert page(f"http://127.0.0.1:{port}", "HEAD")["status"] == 200


def test_a_long_page_is_cut() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        try:
            for _ in range(400):
                connection.sendall(b"x" * 65536)
        except OSError:
            pass

    with server(handle) as port:
        assert page(f"http://127.0.0.1:{port}/")["body"] == "x" * LIMIT


@pytest.mark.parametrize(
    ("sent", "error"), [(b"", "reset"), (b"SSH-2.0\r\n\r\n", "no http"), (b"HTTP/1.1 ", "no http")]
)
def test_what_is_no_page_says_why(sent: bytes, error: str) -> None:
    with server(says(sent)) as port:
        assert page(f"http://127.0.0.1:{port}/")["error"] == error


def test_pages_that_cannot_be_had_say_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert page(f"http://127.0.0.1:{port}/")["error"] == "refused"
    assert http("http://a..b/", "GET", {}, "/nonexistent", soon())["error"] == "name: no server"


def test_work_elsewhere_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    assert inside(None, lambda: 5) == 5
    assert threading.active_count() == before


@pytest.fixture(scope="module")
def agent() -> Iterator[Channel]:
    with Channel.open(agent_argv()) as channel:
        yield channel


def ask(agent: Channel, what: str, **arguments: object) -> Answer:
    return agent.ask("docker", Net(what, None, arguments))


def test_questions_in_the_lab_host_itself(agent: Channel) -> None:
    assert ask(agent, "interfaces").value["netns"] > 0
    assert ask(agent, "resolve", name="localhost").value["addresses"] == ["127.0.0.1"]
    assert ask(agent, "route", to="127.0.0.1").value["device"] == "lo"
    assert ask(agent, "connect", address="127.0.0.1", port=1).value["result"] == "refused"
    assert "tcp" in ask(agent, "listeners").value


@pytest.mark.parametrize(
    ("what", "arguments"),
    [
        ("connect", {"address": "web", "port": 80}),
        ("connect", {"address": "127.0.0.1"}),
        ("connect", {"address": "127.0.0.1", "port": 99999}),
        ("connect", {"address": "127.0.0.1", "port": 1, "protocol": "udp"}),
        ("ping", {"address": "::1"}),
        ("route", {"to": "nowhere"}),
        ("http", {"url": "ftp://x/"}),
        ("http", {"url": "http://x/", "method": "POST"}),
        ("resolve", {}),
    ],
)
def test_questions_without_sense_are_broken(
    agent: Channel, what: str, arguments: dict[str, object]
) -> None:
    answer = ask(agent, what, **arguments)
    assert answer.outcome is Outcome.BROKEN
    assert answer.why is not None
