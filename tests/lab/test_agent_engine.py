"""HTTP as the agent speaks it, and engines that are absent or hang."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.asking import Api, Net, Outcome, Run
from runner.lab.channel import Channel
from runner.lab.inside.engine import Engine, _quote
from runner.lab.inside.httpwire import NotHttp, Wire
from tests.lab.agents import agent_argv


@contextmanager
def response(data: bytes, *, ends: bool = True) -> Iterator[Wire]:
    """Give a wire on which this comes back."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        if ends:
            theirs.shutdown(socket.SHUT_WR)
        yield Wire(ours, time.monotonic() + 0.2)


def read(data: bytes, limit: int = 1000) -> tuple[int, bytes, bool]:
    with response(data) as wire:
        status, headers = wire.head()
        return (status, *wire.body(headers, limit))


def test_a_body_ends_with_its_length_its_chunks_or_the_connection() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc") == (200, b"ab", True)
    assert read(b"HTTP/1.0 404 Not Found\r\n\r\nabc") == (404, b"abc", True)
    chunks = (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
    )
    assert read(chunks) == (200, b"abcd", True)
    assert read(b"HTTP/1.0 200\n\nabc") == (200, b"abc", True)


def test_a_body_is_read_up_to_its_limit() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcdefghi", 4) == (
        200,
        b"abcd",
        False,
    )
    assert read(b"HTTP/1.0 200 OK\r\n\r\nabcdefghi", 4) == (200, b"abcd", False)
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabcdefghi\r\n0\r\n\r\n"
    assert read(chunks, 4) == (200, b"abcd", False)


def test_a_body_that_breaks_off_is_not_whole() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") == (200, b"abc", False)
    with pytest.raises(NotHttp):
        read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc")


def test_headers_by_lower_case_name_repeated_ones_joined() -> None:
    with response(b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nset-cookie:b \r\n\r\n") as wire:
        assert wire.head() == (200, {"set-cookie": "a, b"})


@pytest.mark.parametrize(
    "data", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"x" * 99]
)
def test_what_is_not_http_is_said(data: bytes) -> None:
    with response(data) as wire, pytest.raises(NotHttp):
        wire.head()


def test_silence_is_a_timeout() -> None:
    with response(b"HTTP/1.1 200 OK\r\n", ends=False) as wire, pytest.raises(TimeoutError):
        wire.head()


def test_a_request_line_cannot_be_broken_out_of() -> None:
    assert _quote('/x?filters={"name":["a b"]}') == "/x?filters=%7B%22name%22:%5B%22a%20b%22%5D%7D"
    assert _quote("/a HTTP/1.1\r\nX: y") == "/a%20HTTP/1.1%0D%0AX:%20y"


def test_no_socket_is_no_engine_at_once(tmp_path: Path) -> None:
    assert not Engine(str(tmp_path / "none.sock")).answers()
    with Channel.open(agent_argv(engine=tmp_path / "none.sock")) as agent:
        answer = agent.ask("docker", Api("/version"))
        assert answer.outcome is Outcome.NO_ENGINE
        assert "not running" in str(answer.why)
        assert answer.seconds < 1
        assert (
            agent.ask("docker", Net("route", "web", {"to": "1.1.1.1"})).outcome is Outcome.NO_ENGINE
        )


def test_an_engine_that_hangs_is_no_engine_in_time(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as stopped:  # takes connections as a stopped process does
        stopped.bind(str(path))
        stopped.listen(64)
        with Channel.open(agent_argv(engine=path)) as agent:
            assert agent.hello["engine"] == ""
            answers = [
                agent.submit("docker", request)
                for request in (
                    Api("/version", timeout=0.5),
                    Net("interfaces", "web", timeout=0.5),
                    Run("sleep 1000", timeout=0.5),
                    Run("exit 1", timeout=0.5),
                )
            ]
            for answer in (future.result() for future in answers):
                assert answer.outcome is Outcome.NO_ENGINE
                assert answer.seconds < 0.9 + isinstance(answer.request, Run)
            assert agent.ask("docker", Run("echo fine")).stdout == "fine\n"


def test_a_full_backlog_is_no_engine_in_time(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as stopped, socket.socket(socket.AF_UNIX) as first:
        stopped.bind(str(path))
        stopped.listen(0)
        first.connect(str(path))
        engine = Engine(str(path))
        begun = time.monotonic()
        assert not engine.answers(0.3)
        assert time.monotonic() - begun < 20
