"""The images that labs are made of: making them, finding them, removing them.

`ensure` is asked before every lab, so its answer where all is there takes two commands of the
engine. All state is the engine's own: tags that carry digests, and volumes with our labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab import names, recipe
from runner.lab.build import BUILD_LABELS, Progress, build
from runner.lab.debian import Consent, ensure_debian
from runner.lab.lock import lab_lock
from runner.lab.outer import Docker
from runner.lab.recipe import Engine, Recipe
from runner.lab.template import Built, ensure_template, present

__all__ = [
    "Built",
    "Image",
    "Removed",
    "build_images",
    "ensure",
    "list_images",
    "remove_images",
]

BUILD_PATIENCE = 3600.0
"""Seconds to wait for another program that makes images."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image of ours in the outer engine."""

    name: Message
    """`the lab host with Docker 26.1`, `the course image localhost/box`, …"""
    tag: str
    size: int
    """Bytes, layers that it shares with others included."""
    created: str
    """ISO 8601, as the engine gives it."""
    current: bool
    """Whether this program uses it; else it was made from other recipes."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of removing images."""

    tags: list[str] = field(default_factory=list)
    """Those that are gone."""
    stay: dict[str, str] = field(default_factory=dict)
    """Those that the engine keeps, each with its words on it."""


def ensure(
    docker_tag: str,
    course_images: Sequence[str],
    progress: Progress,
    *,
    owner: str | None = None,
    consent: Consent | None = None,
    again: bool = False,
    docker: Docker | None = None,
) -> Built:
    """See to it that everything a lab needs is there, and say what it is called.

    With `again` what the store holds is made anew, for a lab host that ended with status 66.
    Without `consent` nothing is installed on this machine. Raises `LearnError` where something
    cannot be made, `UsageError` for an engine or a course image that is not known.
    """
    outer, holder = docker or Docker(), owner or names.owner()
    engine, courses = recipe.engine(docker_tag), _courses(course_images)
    if not again:
        found = present(outer, holder, engine, courses)
        if found is not None:
            return found
    with lab_lock("images", BUILD_PATIENCE, progress):
        _make(outer, [recipe.server(engine), *courses], progress, consent or _refuse)
        return ensure_template(outer, holder, engine, courses, progress, again=again)


def build_images(
    engines: Sequence[Engine],
    progress: Progress,
    *,
    consent: Consent | None = None,
    docker: Docker | None = None,
) -> list[str]:
    """Make the lab hosts with some engines and all course images; give the tags.

    Raises `LearnError` where one cannot be made; those made before it stay.
    """
    outer = docker or Docker()
    wanted = [recipe.server(engine) for engine in engines]
    wanted += [recipe.course(image) for image in recipe.course_images()]
    with lab_lock("images", BUILD_PATIENCE, progress):
        _make(outer, wanted, progress, consent or _refuse)
    return [item.tag for item in wanted]


def list_images(docker: Docker | None = None) -> list[Image]:
    """Give all images of ours in the outer engine, those that this program uses first."""
    outer = docker or Docker()
    current = {item.tag: item for item in all_recipes()}
    tags = _our_tags(outer)
    found = [
        Image(
            name=_name(tag, current.get(tag)),
            tag=tag,
            size=int(item["Size"]),
            created=item["Created"],
            current=tag in current or tag == recipe.DEBIAN,
        )
        for item in outer.inspect(*tags, kind="image")
        for tag in item["RepoTags"]
        if tag in tags
    ]
    return sorted(found, key=lambda image: (not image.current, image.tag))


def remove_images(
    progress: Progress, *, old_only: bool = False, docker: Docker | None = None
) -> Removed:
    """Remove our images, or only those that this program does not use.

    One that the engine keeps, because a container uses it or for another reason, is said with the
    engine's words. Raises `LearnError` where the engine does not answer.
    """
    outer, gone = docker or Docker(), Removed()
    for tag in to_remove(old_only=old_only, docker=outer):
        done = outer.run("rmi", tag, timeout=120)
        if done.ok:
            gone.tags.append(tag)
            progress(msg("Removed {tag}.", tag=tag))
        else:
            gone.stay[tag] = done.stderr.strip() or done.stdout.strip()
            progress(msg("{tag} stays: {words}", tag=tag, words=gone.stay[tag]))
    _remove_remains(outer)
    return gone


def to_remove(*, old_only: bool = False, docker: Docker | None = None) -> list[str]:
    """Give the tags that `remove_images` would try, in its order."""
    chosen = [item.tag for item in list_images(docker) if not (old_only and item.current)]
    return sorted(chosen, key=_upper_first)


def _remove_remains(docker: Docker) -> None:
    """Remove what interrupted builds of ours left without a name.

    An image that somebody built on one of ours has our labels too; one with labels of its own is
    theirs.
    """
    ids = docker.check(
        "image", "ls", "--quiet", "--no-trunc", "--filter", "dangling=true",
        "--filter", f"label={names.OURS}=1",
    ).split()  # fmt: skip
    for item in docker.inspect(*ids, kind="image"):
        labels = (item.get("Config") or {}).get("Labels") or {}
        if labels.items() <= BUILD_LABELS.items():
            docker.run("rmi", item["Id"], timeout=120)


def all_recipes() -> list[Recipe]:
    """Give the recipes of everything that this program can make."""
    hosts = [recipe.server(engine) for engine in Engine]
    return [recipe.base(), *hosts, *(recipe.course(name) for name in recipe.course_images())]


def _make(docker: Docker, wanted: Sequence[Recipe], progress: Progress, consent: Consent) -> None:
    """Make what is missing, the base first."""
    there = {tag for item in docker.inspect(*(item.tag for item in wanted), kind="image")
             for tag in item["RepoTags"]}  # fmt: skip
    missing = [item for item in wanted if item.tag not in there]
    if not missing:
        return
    docker.need_engine()
    if not docker.run("image", "inspect", recipe.base().tag).ok:
        ensure_debian(docker, progress, consent)
        build(docker, recipe.base(), progress)
    for item in missing:
        build(docker, item, progress)


def _courses(images: Sequence[str]) -> list[Recipe]:
    return [recipe.course(image) for image in sorted(set(images))]


def _our_tags(docker: Docker) -> list[str]:
    lines = docker.check(
        "image", "ls", "--filter", f"label={names.OURS}=1",
        "--format", "{{.Repository}}:{{.Tag}}",
    )  # fmt: skip
    own = (line for line in lines.split() if line.startswith(f"{recipe.SPACE}/"))
    debian = [recipe.DEBIAN] if docker.run("image", "inspect", recipe.DEBIAN).ok else []
    return sorted({*own, *debian})


def _name(tag: str, current: Recipe | None) -> Message:
    if current is not None:
        return recipe.title(current)
    if tag == recipe.DEBIAN:
        return msg("Debian as it was pulled or made")
    return msg("made by another version")


def _upper_first(tag: str) -> tuple[bool, bool, str]:
    """Sort images before what they stand on."""
    return (tag == recipe.DEBIAN, tag.startswith(f"{recipe.SPACE}/base:"), tag)


def _refuse(_: Message) -> bool:
    return False


def missing(docker_tag: str, docker: Docker | None = None) -> LearnError | None:
    """Give the error for a lab host's image that is not there; None where it is."""
    outer = docker or Docker()
    item = recipe.server(recipe.engine(docker_tag))
    if outer.run("image", "inspect", item.tag).ok:
        return None
    return LearnError(
        msg("There is no image yet of {what}.", what=recipe.title(item)),
        remedy=msg("Run `learn-docker-net images build`."),
    )
