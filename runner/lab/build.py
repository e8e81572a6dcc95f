"""Making images, with progress and with what is already made kept.

The engine's own layer cache makes a build resumable: what an interrupted one finished is not done
again. Both the classic builder and BuildKit are used as they come; the context goes over stdin.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab.names import OURS, ROLE, Role
from runner.lab.outer import Docker, Done
from runner.lab.recipe import Recipe, title

Progress = Callable[[Message], None]

MIRROR_VARIABLE = "LEARN_DOCKER_NET_MIRROR"
"""Environment variable that names the Debian mirror for images; else deb.debian.org."""
PACE = 2.0
"""Seconds between two sentences about one thing that takes long."""

BUILD_LABELS = {OURS: "1", ROLE: Role.BUILD.value}
"""Of every image that we make."""

_STEP = re.compile(r"^(?:Step |#\d+ \[(?:[\w-]+ )?)(\d+)/(\d+)")
_DOING = re.compile(r"^(?:#\d+ [\d.]+ )?(Get:\d+ .*|Unpacking .*|Setting up .*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def build(docker: Docker, recipe: Recipe, progress: Progress) -> str:
    """Make the image of a recipe and give its tag.

    Raises `LearnError` with the build's last lines where it fails.
    """
    progress(msg("Making {what}.", what=title(recipe)))
    watch = _Watch(recipe, progress)
    arguments = {recipe.base_argument: recipe.base, **recipe.arguments, **_surroundings()}
    done = docker.follow(
        "build",
        *_builder_options(docker),
        "--file", recipe.dockerfile,
        "--tag", recipe.tag,
        *(word for name, value in BUILD_LABELS.items() for word in ("--label", f"{name}={value}")),
        *(word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")),
        "-",
        on_line=watch.line,
        input=recipe.context(),
        environment=_builder_environment(docker),
    )  # fmt: skip
    if not done.ok:
        raise failed(recipe, done)
    return recipe.tag


def failed(recipe: Recipe, done: Done) -> LearnError:
    """Give the error for a build that ended badly, with what it said last."""
    lines = [line for line in _COLOUR.sub("", done.stdout).splitlines() if line.strip()]
    wanted = [line for line in lines if re.search(r"engine [\d.]+ wanted", line)]
    if wanted:
        return LearnError(
            msg("Cannot make {what}: {words}.", what=title(recipe), words=wanted[-1].strip()),
            remedy=msg("Choose another engine with `--docker`."),
            details="\n".join(lines[-20:]),
        )
    return LearnError(
        msg("Cannot make {what}.", what=title(recipe)),
        remedy=msg(
            "Is the Debian mirror within reach? Run the command again: what is made is kept."
            " Without a connection, `learn-docker-net images load FILE` brings the images."
        ),
        details="\n".join(lines[-20:]),
    )


class Pace:
    """Lets a sentence through every two seconds, and drops those between."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._said = progress, time.monotonic()

    def say(self, message: Message) -> None:
        """Pass a sentence on unless one was said just before."""
        if time.monotonic() - self._said >= PACE:
            self._said = time.monotonic()
            self._progress(message)


class _Watch:
    """Turns a build's lines into sentences about its steps."""

    def __init__(self, recipe: Recipe, progress: Progress) -> None:
        self._what, self._pace = title(recipe), Pace(progress)
        self._step = ("1", "?")

    def line(self, text: str) -> None:
        step, doing = _STEP.match(text), _DOING.match(text)
        if step:
            self._step = (step[1], step[2])
        if step or doing:
            number, of = self._step
            self._pace.say(
                msg("Making {what}: step {number} of {of}: {words}",
                    what=self._what, number=number, of=of, words=doing[1][:48] if doing else "…")
            )  # fmt: skip


def _surroundings() -> dict[str, str]:
    """Give build arguments that say how to reach the mirror and do not change the image."""
    found = {name: os.environ[name] for name in _PROXIES if os.environ.get(name)}
    mirror = os.environ.get(MIRROR_VARIABLE)
    return found | ({"MIRROR": mirror} if mirror else {})


def _builder_options(docker: Docker) -> list[str]:
    if has_buildx(docker):
        return ["--progress=plain", "--load"]
    return ["--force-rm"]  # the classic builder else leaves the container of a step that failed


def _builder_environment(docker: Docker) -> dict[str, str]:
    """Name the builder: the engine's own, which sees the images that the next ones stand on."""
    if has_buildx(docker):
        return {"DOCKER_BUILDKIT": "1", "BUILDX_BUILDER": "default"}
    return {"DOCKER_BUILDKIT": os.environ.get("DOCKER_BUILDKIT", "0")}


def has_buildx(docker: Docker) -> bool:
    """Tell whether the command line has BuildKit's client; without it the classic way is used."""
    return docker.run("buildx", "version").ok
