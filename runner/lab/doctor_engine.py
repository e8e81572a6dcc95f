"""What doctor says about the outer engine: reached or not, versions, the kind of engine it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

from checks.message import Message, msg
from runner.lab.finding import Finding, bad, ok, warn
from runner.lab.outer import Docker, EngineState, Reach

OLDEST = (20, 10)
"""The oldest outer engine that labs were tried on."""
_SETUP = msg("Run `learn-docker-net setup`: it installs one, or says what to do.")


def examine_engine(docker: Docker, state: EngineState) -> list[Finding]:
    """Say whether the outer engine can be used, and of which kind it is."""
    if not state.answers:
        return [unreachable(state)]
    return [_versions(docker, state), *_kind(engine_info(docker))]


def unreachable(state: EngineState) -> Finding:
    """Say why the engine is not within reach, and the way on."""
    if state.reach is Reach.NO_CLIENT:
        return bad("engine", msg("There is no docker program on this machine."), _SETUP)
    if state.reach is Reach.FORBIDDEN:
        return bad(
            "engine",
            msg("You are not allowed to use the Docker engine."),
            msg("Run `sudo usermod -aG docker $USER`, then log in again."),
            details=state.details,
        )
    said = state.details.lower()
    if "is too new" in said or "is too old" in said:
        return _no_common_api(state)
    return bad("engine", msg("The Docker engine does not answer."), _wake(), details=state.details)


def _no_common_api(state: EngineState) -> Finding:
    """A 29.0 to 29.2 client and an engine before 25, or a client before 25 and such an engine."""
    newest = re.search(r"[Mm]aximum supported API version is ([\d.]+)", state.details)
    if newest:
        return bad(
            "api",
            msg(
                "The docker program ({client}) is too new for this engine and does not step back.",
                client=state.client or msg("unknown"),
            ),
            msg(
                "Update the docker program to 29.3 or later, or set DOCKER_API_VERSION={version}.",
                version=newest[1],
            ),
            details=state.details,
        )
    return bad(
        "api",
        msg("The docker program ({client}) is too old for this engine.", client=state.client),
        msg("Update the docker program; unset DOCKER_API_VERSION if it is set."),
        details=state.details,
    )


def _wake() -> Message:
    if host := os.environ.get("DOCKER_HOST"):
        return msg("DOCKER_HOST is {host}: start that engine, or unset DOCKER_HOST.", host=host)
    if context := os.environ.get("DOCKER_CONTEXT"):
        return msg(
            "DOCKER_CONTEXT is {context}: start that engine, or unset DOCKER_CONTEXT.",
            context=context,
        )
    return msg(
        "Start it (Docker Desktop, or `sudo systemctl start docker`);"
        " `docker context ls` shows where the client looks."
    )


def _versions(docker: Docker, state: EngineState) -> Finding:
    # What the client says here is what it went down to for this engine.
    spoken = docker.run("version", "--format", "{{.Client.APIVersion}}").stdout.strip()
    values = {"client": state.client, "engine": state.version, "api": spoken or state.api}
    said = msg("Docker engine {engine}, client {client}; they speak API {api}.", **values)
    numbers = tuple(int(part) for part in re.findall(r"\d+", state.version)[:2])
    if numbers < OLDEST:
        return warn("engine", said, msg("Labs need engine 20.10 or later: update it."), **values)
    return ok("engine", said, **values)


def _kind(info: dict[str, Any]) -> Iterator[Finding]:
    if info.get("OSType", "linux") != "linux":
        yield bad(
            "containers",
            msg("The engine runs {kind} containers.", kind=info["OSType"]),
            msg("Switch Docker Desktop to Linux containers."),
        )
    options = " ".join(info.get("SecurityOptions") or [])
    if "rootless" in options:
        yield bad(
            "rootless",
            msg("The engine runs without root: labs cannot have an engine of their own in it."),
            msg("Use an engine that runs as root, for example with `docker context use default`."),
        )
    elif "userns" in options:
        yield warn(
            "user namespaces",
            msg("The engine maps users (userns-remap); lab hosts switch that off for themselves."),
            msg("Nothing, unless a lab does not start: then use an engine without it."),
        )
    version = info.get("CgroupVersion", "")
    if version:
        yield ok("cgroups", msg("Control groups version {version}.", version=version), v=version)


def engine_info(docker: Docker) -> dict[str, Any]:
    """Give what `docker info` knows; nothing where it fails."""
    done = docker.run("info", "--format", "{{json .}}")
    try:
        info = json.loads(done.stdout)
    except ValueError:
        return {}
    return info if isinstance(info, dict) else {}
