"""Setting a machine up: an engine where there is none at all, a stopped one started.

Done only as root, from the distribution's packages, and after consent; what to do is decided in
`runner.lab.facts`. It may be run again at any time: where Docker answers, nothing is done.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import threading
import time
from pathlib import Path

from checks.message import msg
from runner.errors import LearnError
from runner.lab.build import Progress
from runner.lab.contexts import any_context, current_context
from runner.lab.debian import Consent, install
from runner.lab.facts import Decision, Facts, Step, decide
from runner.lab.outer import Docker, EngineState

LOG = Path("/var/log/dockerd.log")
"""Where an engine that we start without a service manager says what it does."""
PATIENCE = 60.0
"""Seconds that a started engine gets to answer."""
_SOCKETS = ("/var/run/docker.sock", "~/.docker/run/docker.sock", "~/.docker/desktop/docker.sock")
_DESKTOPS = ("/opt/docker-desktop", "/Applications/Docker.app", "~/.docker/desktop")
_QUESTIONS = {
    Step.INSTALL: msg("There is no Docker engine here. Install the distribution's (docker.io)?"),
    Step.START: msg("The Docker engine does not run. Start it?"),
    Step.START_ALONE: msg("The Docker engine does not run. Start it?"),
}


def setup(consent: Consent, progress: Progress, *, docker: Docker | None = None) -> EngineState:
    """See to it that a Docker engine answers, and say which.

    Raises `LearnError` with the remedy where that is not for a program to do, where the person
    does not consent, or where installing or starting fails.
    """
    for _ in range(3):  # install, start, look
        outer = docker or Docker()
        facts = gather(outer)
        decision = decide(facts)
        if decision.step is Step.NOTHING:
            progress(decision.message)
            return facts.state
        _act(decision, facts, consent, progress)
    raise LearnError(
        msg("The Docker engine does not answer."),
        remedy=msg("Run `learn-docker-net doctor`: it looks for the usual causes."),
        details=facts.state.details,
    )


def gather(docker: Docker) -> Facts:
    """Look at this machine."""
    state = docker.engine_state()
    if state.answers:
        return Facts(state=state)
    home = Path.home()
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    sockets = [*_SOCKETS, f"{runtime}/docker.sock"]
    return Facts(
        state=state,
        system=platform.system(),
        docker_host=os.environ.get("DOCKER_HOST", ""),
        context=current_context(),
        contexts=any_context(),
        desktop=any(Path(place.replace("~", str(home))).exists() for place in _DESKTOPS),
        sockets=tuple(
            place for place in sockets if Path(place.replace("~", str(home))).is_socket()
        ),
        engine=_dockerd() is not None,
        apt=shutil.which("apt-get") is not None,
        root=os.geteuid() == 0,
        systemd=Path("/run/systemd/system").is_dir(),
    )


def _dockerd() -> str | None:
    return shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin")


def _act(decision: Decision, facts: Facts, consent: Consent, progress: Progress) -> None:
    if decision.step is Step.TELL:
        raise LearnError(decision.message, remedy=decision.remedy, details=facts.state.details)
    if not consent(_QUESTIONS[decision.step]):
        raise LearnError(
            decision.message,
            remedy=msg("Agree with `learn-docker-net setup --yes`, or do it yourself."),
        )
    if decision.step is Step.INSTALL:
        _install(facts, progress)
    elif decision.step is Step.START:
        _start(progress)
    else:
        _start_alone(progress)


def _install(facts: Facts, progress: Progress) -> None:
    """Install the engine, and the client where it is a package of its own and there is none."""
    client = [] if shutil.which("docker") else ["docker-cli"]
    install(["docker.io"], progress, where_known=client)
    if facts.systemd:
        _start(progress)


def _start(progress: Progress) -> None:
    progress(msg("Starting the Docker engine."))
    done = subprocess.run(
        ["systemctl", "start", "docker"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LearnError(
            msg("The Docker engine did not start."),
            remedy=msg("Look at `journalctl -u docker`."),
            details=done.stderr.strip(),
        )


def _start_alone(progress: Progress) -> None:
    """Start the engine detached from us, with its words in a file."""
    program = _dockerd()
    assert program is not None  # noqa: S101  (the decision rests on it)
    progress(msg("Starting the Docker engine; its log is {path}.", path=str(LOG)))
    with LOG.open("ab") as log:
        engine = subprocess.Popen(
            [program], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if Docker().engine_state().answers:
            return
        if engine.poll() is not None:
            break
        threading.Event().wait(0.2)
    raise LearnError(
        msg("The Docker engine did not start."),
        remedy=msg("Look at {path}.", path=str(LOG)),
        details=_tail(LOG),
    )


def _tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])
    except OSError:
        return ""
