"""What our images are made of, and the digest that names each one.

An image's tag carries a digest of everything that goes into it, so an image that is there is the
right one, and a changed file makes a new one. What Debian's mirror gives is not part of it: the
same recipe made a month later may hold newer packages.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from pathlib import Path

from checks.message import Message, msg
from runner.errors import UsageError

SPACE = "localhost/learn-docker-net"
"""What the names of all our images in the outer engine begin with."""
DEBIAN = f"{SPACE}/debian:trixie"
"""Debian as it was pulled or made, before anything of ours."""
COURSE_SPACE = "localhost"
"""Where the course's images stand inside a lab: `localhost/box`."""
FOLDER = Path(__file__).parent / "image"
_INSIDE = Path(__file__).parent / "inside"


class Engine(Enum):
    """The engines that a lab can have: the tag, and the Debian suite that has it."""

    V20 = ("20.10", "bookworm")
    V26 = ("26.1", "trixie")
    V28 = ("28.5", "sid")

    @property
    def tag(self) -> str:
        """The version's first two parts, as `--docker` takes it."""
        return self.value[0]

    @property
    def suite(self) -> str:
        """The Debian suite whose package it is."""
        return self.value[1]


DEFAULT = Engine.V26
"""Debian stable's."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One image: its Dockerfile, the folders it copies from, what it stands on."""

    name: str
    """Last part of the image's name."""
    folders: tuple[str, ...]
    """Folders and files of `image/`; the first holds the Dockerfile."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Build arguments that make a different image."""
    base: str = DEBIAN
    """The image it is built on."""
    base_argument: str = "DEBIAN"
    prefix: str = ""
    """What the tag begins with, for people who list images."""

    @property
    def dockerfile(self) -> str:
        """Its Dockerfile's path in the context."""
        return f"{self.folders[0]}/Dockerfile"

    @property
    def digest(self) -> str:
        """Twelve hex digits over everything that goes in."""
        seed = hashlib.sha256(self.base.encode())
        seed.update(repr(sorted(self.arguments.items())).encode())
        for path, content in _files(self.folders):
            seed.update(f"{path}\0{len(content)}\0".encode())
            seed.update(content)
        return seed.hexdigest()[:12]

    @property
    def tag(self) -> str:
        """The full name that the image gets in the outer engine."""
        return f"{SPACE}/{self.name}:{self.prefix}{self.digest}"

    def context(self) -> bytes:
        """Give the build context as a tar archive, the same on every machine."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path, content in _files(self.folders):
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                entry.mode = 0o755 if content.startswith(b"#!") else 0o644
                tar.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


@cache
def base() -> Recipe:
    """Give the recipe that all others stand on."""
    return Recipe("base", ("base",))


@cache
def server(engine: Engine) -> Recipe:
    """Give the recipe of a lab host."""
    return Recipe(
        "host",
        ("host", "bashrc", "inside"),
        {"ENGINE_SUITE": engine.suite, "ENGINE_VERSION": engine.tag},
        base().tag,
        "BASE",
        f"{engine.tag}-",
    )


@cache
def tools_digest() -> str:
    """Give the digest of the tools in a lab host; they are the same whatever the engine."""
    return replace(server(DEFAULT), arguments={}).digest


@cache
def course(image: str) -> Recipe:
    """Give the recipe of a course image by the name it has in a lab, such as `localhost/box`.

    Raises `UsageError` for a name that is not a course image's.
    """
    known = course_images()
    if image not in known:
        raise UsageError(
            msg("There is no course image {name}.", name=image),
            remedy=msg("The course images: {names}.", names=", ".join(known)),
        )
    name = image.removeprefix(f"{COURSE_SPACE}/")
    return Recipe(name, (name,), {}, base().tag, "BASE")


@cache
def course_images() -> tuple[str, ...]:
    """Give the names of all course images: the folders of `image/` that are not ours to run."""
    folders = {path.parent.name for path in FOLDER.glob("*/Dockerfile")} - {"base", "host"}
    return tuple(f"{COURSE_SPACE}/{name}" for name in sorted(folders))


def engine(tag: str) -> Engine:
    """Give the engine by its tag; a longer version such as `26.1.5` means its first two parts.

    Raises `UsageError` for one that we have no lab host with.
    """
    for known in Engine:
        if tag == known.tag or tag.startswith(f"{known.tag}."):
            return known
    raise UsageError(
        msg("There is no lab host with Docker {version}.", version=tag),
        remedy=msg("Choose one of {versions}.", versions=", ".join(known.tag for known in Engine)),
    )


def title(recipe: Recipe) -> Message:
    """Give the words by which progress and lists call an image."""
    if recipe.name == "base":
        return msg("the base of all images")
    if recipe.name == "host":
        return msg("the lab host with Docker {version}", version=recipe.prefix.rstrip("-"))
    return msg("the course image {name}", name=f"{COURSE_SPACE}/{recipe.name}")


@cache
def _files(folders: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """Give path in the context and content of each file, in a fixed order.

    Read once a process: name and content of an image stay together while somebody edits.
    """
    return tuple(found for folder in folders for found in _folder(folder))


def _folder(folder: str) -> Iterator[tuple[str, bytes]]:
    place = _INSIDE if folder == "inside" else FOLDER / folder
    for path in [place] if place.is_file() else sorted(place.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            inner = "" if path == place else f"/{path.relative_to(place).as_posix()}"
            yield f"{folder}{inner}", path.read_bytes()
