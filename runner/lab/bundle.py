"""A classroom's images in one file: saved where there is a connection, loaded where there is none.

The file is what `docker save` gives, through gzip, which every engine loads. Before anything is
loaded the file is read through: it may name only our images, and each must carry our label, so a
wrong file cannot replace an image of the person's own.
"""

from __future__ import annotations

import glob
import gzip
import json
import os
import subprocess
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab import names, recipe
from runner.lab.build import Pace, Progress
from runner.lab.debian import Consent
from runner.lab.images import all_recipes, build_images
from runner.lab.outer import Docker, end
from runner.lab.recipe import Engine

LEVEL = 6
"""Of gzip: a third of the size; higher ones cost minutes for a few per cent."""
_CHUNK = 1 << 20
_SMALL = 4 << 20
"""Bytes; an image's own description is far smaller."""


def save(
    path: Path,
    engines: Sequence[Engine],
    progress: Progress,
    *,
    consent: Consent | None = None,
    docker: Docker | None = None,
) -> list[str]:
    """Write the lab hosts with some engines and all course images to one file; give the tags.

    What is not made yet is made first. The file appears when it is whole. Raises `LearnError`
    where an image cannot be made or the file cannot be written.
    """
    outer = docker or Docker()
    tags = [*build_images(engines, progress, consent=consent, docker=outer), recipe.base().tag]
    _remove_drafts(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    pace = Pace(progress)
    try:
        with draft.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, 0) as file:
            _pump(outer, tags, file, pace)
        draft.replace(path)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written.", path=str(path)),
            remedy=msg("Choose another place; the file takes about half a gigabyte."),
            details=str(error),
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return tags


def load(path: Path, progress: Progress, *, docker: Docker | None = None) -> list[str]:
    """Bring the images of a file that `save` wrote into the outer engine; give their tags.

    Raises `LearnError` where the file is not one of ours or the engine does not take it; then
    nothing was loaded, or only images of ours.
    """
    outer = docker or Docker()
    outer.need_engine()
    progress(msg("Reading {path}.", path=str(path)))
    tags = inspect(path, progress)
    progress(msg("Loading {count} images.", count=len(tags)))
    done = outer.run("load", "--input", str(path), timeout=1800)
    if not done.ok:
        raise LearnError(
            msg("The engine did not take the images from {path}.", path=str(path)),
            remedy=msg("Is there room on the disk? Run the command again: it may be repeated."),
            details=done.stderr.strip(),
        )
    known = {item.tag for item in all_recipes()}
    if not known & set(tags):
        progress(
            msg(
                "These images belong to another version of learn-docker-net;"
                " this one will make its own."
            )
        )
    return tags


def inspect(path: Path, progress: Progress | None = None) -> list[str]:
    """Give the tags in a file after checking that all of it is ours.

    Raises `LearnError` where it is damaged or holds anything else.
    """
    pace = Pace(progress or _silent)
    try:
        with gzip.open(path) as raw, tarfile.open(fileobj=raw, mode="r|") as tar:
            documents = dict(_documents(tar, pace))
        manifest = json.loads(documents["manifest.json"])
        tags = [tag for image in manifest for tag in _tags(image, documents)]
        _same_names(documents.get("index.json"))
    except (tarfile.TarError, zlib.error, EOFError, KeyError, ValueError, TypeError) as error:
        raise _foreign(path, repr(error)) from error
    except gzip.BadGzipFile as error:
        raise _foreign(path, str(error)) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not tags:
        raise _foreign(path, "no images")
    return tags


def _tags(image: dict[str, Any], documents: dict[str, bytes]) -> list[str]:
    """Give an image's tags; `ValueError` where it is not ours."""
    tags = [str(tag) for tag in image.get("RepoTags") or []]
    config = json.loads(documents[image["Config"]]).get("config") or {}
    if (config.get("Labels") or {}).get(names.OURS) != "1":
        raise ValueError(f"{tags} without our label")
    if not tags or not all(tag.startswith(f"{recipe.SPACE}/") for tag in tags):
        raise ValueError(f"{tags} under another name")
    return tags


def _same_names(index: bytes | None) -> None:
    """Raise `ValueError` where the newer kind of index would name an image that is not ours."""
    for image in json.loads(index or b"{}").get("manifests", []):
        name = (image.get("annotations") or {}).get("io.containerd.image.name")
        if name is not None and not str(name).startswith(f"{recipe.SPACE}/"):
            raise ValueError(f"{name} under another name")


def _documents(tar: tarfile.TarFile, pace: Pace) -> Iterator[tuple[str, bytes]]:
    """Give the small files of an archive; layers are passed over."""
    for entry in tar:
        pace.say(_so_far(entry.offset))
        if not entry.isfile() or entry.size > _SMALL or entry.name.endswith("layer.tar"):
            continue
        file = tar.extractfile(entry)
        content = file.read() if file else b""
        if content[:1] in (b"{", b"["):
            yield entry.name, content


def _so_far(size: int) -> Message:
    return msg("{size} MB so far.", size=size >> 20)


def _remove_drafts(path: Path) -> None:
    """Remove what programs that were killed have left of the same file."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*"):
        number = draft.name.removeprefix(f".{path.name}.")
        if number.isdecimal() and not _runs(int(number)):
            draft.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's, but it runs
        return True
    return True


def _pump(docker: Docker, tags: Sequence[str], file: gzip.GzipFile, pace: Pace) -> None:
    with _saving(docker, tags) as (read, failed):
        while chunk := read(_CHUNK):
            file.write(chunk)
            pace.say(_so_far(file.tell()))
        words = failed()
    if words is not None:
        raise LearnError(
            msg("The engine did not give the images out."),
            remedy=msg("Run the command again; `learn-docker-net doctor` looks for causes."),
            details=words,
        )


@contextmanager
def _saving(
    docker: Docker, tags: Sequence[str]
) -> Iterator[tuple[Callable[[int], bytes], Callable[[], str | None]]]:
    """Run `docker save`; give a way to read it, and one to ask at the end how it went."""
    process = subprocess.Popen(
        docker.argv("save", *tags),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=docker.environment,
    )
    assert process.stdout is not None  # noqa: S101  (PIPE was asked for)
    assert process.stderr is not None  # noqa: S101
    words = process.stderr

    def failed() -> str | None:
        said = words.read().decode("utf-8", "replace").strip()
        return said if process.wait() != 0 else None

    try:
        yield process.stdout.read, failed
    finally:
        end(process)


def _silent(_: object) -> None:
    pass


def _unreadable(path: Path, error: OSError) -> LearnError:
    return LearnError(
        msg("{path} cannot be read.", path=str(path)),
        remedy=msg("Name a file that `learn-docker-net images save` wrote."),
        details=str(error),
    )


def _foreign(path: Path, words: str) -> LearnError:
    return LearnError(
        msg("{path} is damaged, or not a file of learn-docker-net's images.", path=str(path)),
        remedy=msg("Write it anew with `learn-docker-net images save FILE`. Nothing was loaded."),
        details=words,
    )
