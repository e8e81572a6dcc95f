"""Waiting until a lab can be worked in: its agent answers, and its engine.

Both are conditions that are asked for, under one deadline. A lab whose learner broke the engine
on purpose is still a lab: only a new one must have an engine that answers.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from checks.asking import Api, Run
from checks.message import msg
from runner.errors import LearnError
from runner.lab.running import RunningLab

DEADLINE = 60.0
"""Seconds that a lab gets to be ready."""
_PAUSE = 0.02
_JOURNAL = "journalctl --no-pager --quiet --lines=25 --output=cat"
_UNIT_OVER = "systemctl is-failed --quiet docker.service"


def wait_ready(lab: RunningLab, *, deadline: float = DEADLINE) -> None:
    """Wait for the agent and the engine of every host, side by side.

    Raises `LearnError` with the journal's last lines where one is not ready in time, and at once
    where its engine's unit failed.
    """
    until = time.monotonic() + deadline
    with ThreadPoolExecutor(len(lab.hosts)) as pool:
        for waiting in [pool.submit(_wait_engine, lab, host, until) for host in lab.hosts]:
            waiting.result()


def wait_agents(lab: RunningLab, *, deadline: float = DEADLINE) -> None:
    """Wait for the agent of every host, whatever state its engine is in."""
    until = time.monotonic() + deadline
    for host in lab.hosts:
        _wait_agent(lab, host, until)


def settle(lab: RunningLab, *, deadline: float = DEADLINE) -> None:
    """Wait until each engine answers or its unit has failed; a lab started again may hold either.

    Raises `LearnError` where an agent does not answer.
    """
    until = time.monotonic() + deadline
    for host in lab.hosts:
        _wait_agent(lab, host, until)
        _engine_answers(lab, host, until)


def _wait_agent(lab: RunningLab, host: str, until: float) -> None:
    why = None
    while time.monotonic() < until:
        answer = lab.ask(host, Run("true", engine=False))
        if answer.ended:
            return
        why = answer.why
        if not _alive(lab, host):
            break
        lab.refresh()
        threading.Event().wait(_PAUSE)
    raise LearnError(
        msg("The lab host {host} does not answer: {why}", host=host, why=why or msg("no words")),
        remedy=msg("Run `learn-docker-net reset`; `learn-docker-net doctor` looks for causes."),
        details=_log(lab, host),
    )


def _wait_engine(lab: RunningLab, host: str, until: float) -> None:
    _wait_agent(lab, host, until)
    if _engine_answers(lab, host, until):
        return
    raise LearnError(
        msg("The Docker engine in the lab host {host} did not start.", host=host),
        remedy=msg("Run `learn-docker-net reset`; `learn-docker-net doctor` looks for causes."),
        details=lab.ask(host, Run(_JOURNAL, engine=False)).stdout or _log(lab, host),
    )


def _engine_answers(lab: RunningLab, host: str, until: float) -> bool:
    while time.monotonic() < until:
        # With the engine's socket unit in place this waits inside, it does not come back empty.
        if lab.ask(host, Api("/_ping", timeout=2.0)).ended:
            return True
        if lab.ask(host, Run(_UNIT_OVER, engine=False)).status == 0:
            return False
        threading.Event().wait(_PAUSE)
    return False


def _alive(lab: RunningLab, host: str) -> bool:
    found = lab.docker.inspect(lab.handle.hosts[host].container)
    return bool(found) and found[0]["State"]["Status"] == "running"


def _log(lab: RunningLab, host: str) -> str:
    """Give what the container itself said, where there is no agent to read the journal."""
    done = lab.docker.run("logs", "--tail", "25", lab.handle.hosts[host].container)
    return f"{done.stdout}{done.stderr}".strip()
