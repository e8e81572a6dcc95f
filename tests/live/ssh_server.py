"""An ssh server on this machine with keys and a configuration of its own, and the client's side of
it: nothing of /etc/ssh or of anybody's ~/.ssh is read or changed.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 20.0
"""Seconds for the server to listen."""
_SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/learner.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv {environment}
"""
_CLIENT = """\
IdentityFile {folder}/identity
IdentitiesOnly yes
UserKnownHostsFile {folder}/known_hosts
GlobalKnownHostsFile /dev/null
"""


@dataclass(frozen=True)
class SshServer:
    """A server that lets in whoever has its one key, and a client's settings for it."""

    folder: Path
    port: int

    @property
    def endpoint(self) -> str:
        """The engine of this machine, reached through the server."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}"

    @property
    def path(self) -> str:
        """A PATH on which `ssh` is one that reads the settings here and no others."""
        return f"{self.folder}/bin{os.pathsep}{os.environ['PATH']}"

    def know(self, key: str | None) -> None:
        """Have the client know the server by this key of ours, or not at all."""
        words = "" if key is None else f"[127.0.0.1]:{self.port} {self._public(key)}"
        (self.folder / "known_hosts").write_text(words, encoding="ascii")

    def be(self, key: str) -> None:
        """Have the client come with this key of ours."""
        shutil.copy(self.folder / key, self.folder / "identity")

    def _public(self, key: str) -> str:
        return (self.folder / f"{key}.pub").read_text(encoding="ascii")


@contextlib.contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Run a server; AssertionError where none is installed."""
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert program is not None, "no sshd: CI=true tools/sshd installs one"
    found = SshServer(folder, _free_port())
    _lay_out(found)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks itself in
    process = subprocess.Popen(
        [program, "-D", "-e", "-f", str(folder / "sshd_config")],
        stdin=subprocess.DEVNULL,
        stderr=(folder / "sshd.log").open("wb"),
    )
    try:
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        process.wait()


def _lay_out(server: SshServer) -> None:
    folder = server.folder
    (folder / "bin").mkdir(parents=True)
    for key in ("host", "learner", "stranger"):
        _make_key(folder / key)
    kept = {name: os.environ[name] for name in ("PATH", "DOCKER_HOST") if name in os.environ}
    environment = " ".join(f'"{name}={value}"' for name, value in kept.items())
    (folder / "sshd_config").write_text(
        _SERVER.format(folder=folder, port=server.port, environment=environment), encoding="ascii"
    )
    (folder / "ssh_config").write_text(_CLIENT.format(folder=folder), encoding="ascii")
    ssh = folder / "bin" / "ssh"
    ssh.write_text(
        f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n', encoding="ascii"
    )
    ssh.chmod(0o755)
    server.know("host")
    server.be("learner")


def _make_key(path: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)],
        check=True,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _wait(server: SshServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        said = (server.folder / "sshd.log").read_text(encoding="utf-8", errors="replace")
        assert process.poll() is None, f"sshd ended: {said}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port)):
            return
        assert time.monotonic() < end, f"sshd does not listen: {said}"
        threading.Event().wait(0.05)
