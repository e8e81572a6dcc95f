"""That the learner belongs to a class: who they are there, and the values drawn for them.

Kept in a folder of its own for each course, 0700; the private key lies there too, 0600.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.message import msg
from runner.errors import LearnError
from runner.record.database import now
from runner.record.files import MEMBER, class_place

if TYPE_CHECKING:
    from runner.record.files import Folder

VERSION = 1
_FILE = "membership.json"
_KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What the learner's own program knows of their class."""

    class_id: str
    title: str
    learner: str
    name: str
    course: str
    course_digest: str
    hand_in: str = ""
    """The instructor's words: where the submission goes."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By lesson, then by variable."""
    due: Mapping[str, str] = field(default_factory=dict)
    """By lesson; ISO 8601 with the class's offset."""
    enrolment: str = ""
    """Digest of the enrolment file."""


def read_membership(course: str, folder: Folder | None = None) -> Membership | None:
    """Give the class that the learner has joined with this course; None where there is none.

    Raises LearnError where the file cannot be read or is of a newer program.
    """
    path = Path(class_place(course, folder), _FILE)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] > VERSION:
            raise _newer(path)
        return Membership(**{key: data[key] for key in data.keys() - {"version", "joined"}})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LearnError(
            msg("What is kept of your class cannot be read: {path}", path=str(path)),
            remedy=msg("Join again with the file that your instructor gave you."),
            details=str(error),
        ) from error


def save_membership(member: Membership, folder: Folder | None = None) -> None:
    """Keep a membership in place of the one before; its record is a file of its own from now on.

    Raises LearnError where the folder cannot be written.
    """
    place = _folder(member.course, folder)
    data = {"version": VERSION, "joined": now(), **asdict(member)}
    try:
        _write(place / _FILE, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        _write(place / MEMBER, f"{member.class_id}.{member.learner}\n")
    except OSError as error:
        raise _unwritable(place, error) from error


def leave(course: str, folder: Folder | None = None) -> Membership | None:
    """Take the learner out of their class; record and key are kept for a return.

    Raises LearnError where the files cannot be changed.
    """
    member = read_membership(course, folder)
    place = Path(class_place(course, folder))
    try:
        (place / MEMBER).unlink(missing_ok=True)
        (place / _FILE).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(place, error) from error
    return member


def key_file(member: Membership, folder: Folder | None = None) -> Path:
    """Give the file of the private key; each class and learner has a key of its own."""
    name = f"{member.class_id}.{member.learner}.{_KEY}"
    return Path(class_place(member.course, folder), name)


def save_key(member: Membership, private: bytes, folder: Folder | None = None) -> None:
    """Keep a private key that only its owner may read; raises LearnError."""
    place = _folder(member.course, folder)
    try:
        _write(key_file(member, folder), private.hex() + "\n")
    except OSError as error:
        raise _unwritable(place, error) from error


def read_key(member: Membership, folder: Folder | None = None) -> bytes | None:
    """Give the private key; None where there is none.

    Raises LearnError where others may read it or it is no key.
    """
    path = key_file(member, folder)
    try:
        mode = path.stat().st_mode
        words = path.read_text(encoding="ascii").strip()
        if mode & 0o077:
            raise LearnError(
                msg("Others may read your key: {path}", path=str(path)),
                remedy=msg("Take that right away: chmod 600 {path}", path=str(path)),
            )
        key = bytes.fromhex(words)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _no_key(path, str(error)) from error
    if len(key) != 32:
        raise _no_key(path, f"{len(key)} bytes, 32 are wanted")
    return key


def _folder(course: str, folder: Folder | None) -> Path:
    place = Path(class_place(course, folder))
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(place, error) from error
    return place


def _write(path: Path, text: str) -> None:
    """Write a file that is never seen half written, nor by others."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)


def _no_key(path: Path, details: str) -> LearnError:
    return LearnError(
        msg("Your key cannot be read: {path}", path=str(path)),
        remedy=msg(
            "Move that file away and join again; then send your instructor the new public key."
        ),
        details=details,
    )


def _newer(path: Path) -> LearnError:
    return LearnError(
        msg("{path} was written by a newer learn-docker-net.", path=str(path)),
        remedy=msg("Bring this program up to date."),
    )


def _unwritable(place: Path, error: OSError) -> LearnError:
    words: dict[str, Any] = {"path": str(place), "why": error.strerror or str(error)}
    return LearnError(
        msg("{path} cannot be written: {why}", **words),
        remedy=msg("Give yourself the right to write there, or set LEARN_DOCKER_NET_HOME."),
    )
