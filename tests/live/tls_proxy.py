"""An engine's socket behind TLS on this machine, as an engine of another machine is reached."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

ENGINE = "/var/run/docker.sock"


@contextlib.contextmanager
def tls_proxy(keys: Path) -> Iterator[int]:
    """Serve the local engine to whoever has a certificate of the same authority; give the port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(keys / "ca.pem"))
    context.load_cert_chain(keys / "cert.pem", keys / "key.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, context), daemon=True).start()
        yield server.getsockname()[1]
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = server.accept()
            threading.Thread(target=_serve, args=(plain, context), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        client = context.wrap_socket(plain, server_side=True)
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(ENGINE)
        with client, engine:
            _carry(client, engine)


def _carry(client: ssl.SSLSocket, engine: socket.socket) -> None:
    """Carry bytes both ways until one side has ended."""
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, engine)
        selector.register(engine, selectors.EVENT_READ, client)
        while True:
            for key, _ in selector.select():
                source, target = key.fileobj, key.data
                data = source.recv(65536)  # type: ignore[union-attr]
                while isinstance(source, ssl.SSLSocket) and source.pending():
                    data += source.recv(source.pending())
                if not data:
                    return
                target.sendall(data)
