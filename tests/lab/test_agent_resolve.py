"""Names as a program in a container would look them up."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.lab.inside import resolve as module
from runner.lab.inside.resolve import Config, read_config, resolve

Zone = Callable[[str], bytes | None]
"""From a name to the flags and answers after the question; None stays silent."""


def record(kind: int, data: bytes) -> bytes:
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def wire_name(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def address(text: str) -> bytes:
    return b"\0" + record(1, socket.inet_aton(text))


def code(number: int) -> bytes:
    return bytes([number])


@contextmanager
def server(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Serve a zone on 127.0.0.1, on a free port; gives the names asked for."""
    asked: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        monkeypatch.setattr(module, "PORT", sock.getsockname()[1])

        def serve() -> None:
            while True:
                query, sender = sock.recvfrom(512)
                if query == b"end":
                    return
                name, after = module._read_name(query, 12)
                asked.append(name)
                found = zone(name)
                if found is not None:
                    count = 1 if len(found) > 1 else 0
                    head = (
                        query[:2]
                        + bytes([0x81, 0x80 | found[0]])
                        + struct.pack(">HHHH", 1, count, 0, 0)
                    )
                    sock.sendto(head + query[12 : after + 4] + found[1:], sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield asked
        finally:
            sock.sendto(b"end", sock.getsockname())
            thread.join()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "hosts").write_text(
        "127.0.0.1\tlocalhost\n::1 localhost ip6-localhost\n"
        "172.17.0.2\tcentos01-alias 0a1b2c3d4e5f centos01 # linked\n"
        "172.17.0.9 twice\n172.17.0.8 twice\n"
    )
    return tmp_path


def conf(root: Path, text: str) -> None:
    (root / "etc" / "resolv.conf").write_text(text)


def look(root: Path, name: str, seconds: float = 2.0) -> dict[str, object]:
    return resolve(name, str(root), time.monotonic() + seconds)


def test_the_hosts_file_comes_first(root: Path) -> None:
    expected = {"addresses": ["172.17.0.2"], "from": "hosts", "server": None, "error": None}
    assert look(root, "centos01-alias") == expected
    assert look(root, "CENTOS01.") == expected
    assert look(root, "twice")["addresses"] == ["172.17.0.9", "172.17.0.8"]
    assert look(root, "localhost")["addresses"] == ["127.0.0.1"]
    assert look(root, "ip6-localhost")["addresses"] == ["::1"]
    assert look(root, "linked")["error"] == "no server"


def test_an_address_is_its_own_answer(root: Path) -> None:
    assert look(root, "10.1.2.3") == {
        "addresses": ["10.1.2.3"],
        "from": None,
        "server": None,
        "error": None,
    }


def test_without_files_there_is_no_server(tmp_path: Path) -> None:
    assert look(tmp_path, "web")["error"] == "no server"


def test_files_that_are_traps_are_passed_over(root: Path) -> None:
    (root / "etc" / "hosts").unlink()
    os.mkfifo(root / "etc" / "hosts")
    (root / "etc" / "resolv.conf").mkdir()
    assert look(root, "web")["error"] == "no server"


def test_resolv_conf_as_the_c_library_reads_it() -> None:
    text = (
        "# comment\nnameserver 127.0.0.11\nnameserver bad\n nameserver 10.0.0.1 ; more\n"
        "domain old\nsearch a.test b.test .\noptions ndots:0 timeout:2 edns0 attempts:3\n"
    )
    assert read_config(text) == Config(("127.0.0.11", "10.0.0.1"), ("a.test", "b.test"), 0, 2.0)
    assert read_config("") == Config((), (), 1, 5.0)


def test_asks_the_server(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    with server(lambda name: address("172.19.0.3"), monkeypatch) as asked:
        found = look(root, "db")
    assert found == {
        "addresses": ["172.19.0.3"],
        "from": "dns",
        "server": "127.0.0.1",
        "error": None,
    }
    assert asked == ["db"]


def test_search_list_and_ndots(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.1\nsearch a.test b.test\noptions ndots:2\n")

    def zone(name: str) -> bytes:
        return address("10.0.0.1") if name == "www.db.b.test" else code(3)

    with server(zone, monkeypatch) as asked:
        assert look(root, "www.db")["addresses"] == ["10.0.0.1"]
        assert asked == ["www.db.a.test", "www.db.b.test"]
        asked.clear()
        assert look(root, "x.y.z")["error"] == "not found"
        assert asked == ["x.y.z", "x.y.z.a.test", "x.y.z.b.test"]
        asked.clear()
        assert look(root, "www.db.")["error"] == "not found"
        assert asked == ["www.db"]


def test_follows_an_alias(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.1\n")

    def zone(name: str) -> bytes:
        return b"\0" + record(5, wire_name("real.test")) if name == "www" else address("10.0.0.7")

    with server(zone, monkeypatch) as asked:
        assert look(root, "www")["addresses"] == ["10.0.0.7"]
    assert asked == ["www", "real.test"]


def test_an_alias_of_itself_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    with server(lambda name: b"\0" + record(5, wire_name("www")), monkeypatch):
        assert look(root, "www")["error"] == "not found"


def test_a_server_that_fails_does_not_know_the_name(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    with server(lambda name: code(2), monkeypatch):
        assert look(root, "db")["error"] == "not found"


def test_silence_is_a_timeout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    begun = time.monotonic()
    with server(lambda name: None, monkeypatch) as asked:
        assert look(root, "db", 1.3)["error"] == "timeout"
    assert 1 < time.monotonic() - begun < 20
    assert asked == ["db", "db"]


def test_the_next_server_is_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.7\nnameserver 127.0.0.1\n")  # nobody is on 127.0.0.7
    with server(lambda name: address("10.0.0.1"), monkeypatch):
        assert look(root, "db")["server"] == "127.0.0.1"


def test_a_closed_port_is_no_server(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(root, "nameserver 127.0.0.7\n")
    with server(lambda name: None, monkeypatch):
        assert look(root, "db")["error"] == "no server"


@pytest.mark.parametrize("name", ["", "a..b", "ü", "x" * 64, "a." * 130 + "b", ".", "a b"])
def test_strange_names_are_not_found(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    with server(lambda name: code(3), monkeypatch):
        assert look(root, name)["error"] == "not found"


@pytest.mark.parametrize("junk", [b"\xc0", b"\xc0\x0c" * 50, b"\x3f" + b"a" * 9, b"\xff" * 40])
def test_junk_from_the_server_is_survived(
    root: Path, monkeypatch: pytest.MonkeyPatch, junk: bytes
) -> None:
    conf(root, "nameserver 127.0.0.1\n")
    with server(lambda name: b"\0" + junk, monkeypatch):
        assert look(root, "db")["error"] == "not found"
