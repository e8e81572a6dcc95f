"""What the instructor keeps beside the class file: the class's secret, the learners' public keys.

The secret draws the learners' values and never leaves this machine; its file is 0600. Public keys
may be seen by anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from checks.message import msg
from runner.errors import LearnError
from runner.files import write_whole
from runner.record.database import now

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One learner in the registry; times in UTC, ISO 8601."""

    enrolled: str = ""
    """When their first enrolment file was made."""
    key: str | None = None
    """The public key, 64 hexadecimal digits."""
    added: str = ""
    before: tuple[str, ...] = ()
    """Keys that this one took the place of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The learners of a class whom enrolment knows."""

    learners: Mapping[str, Registered] = field(default_factory=dict)
    secret: str = ""
    """A mark of the secret, to know whether it is still the one that drew the values."""

    def key(self, learner: str) -> str | None:
        """Give a learner's public key."""
        known = self.learners.get(learner)
        return None if known is None else known.key

    def holder(self, key: str) -> str | None:
        """Name the learner whose key it is, or was."""
        for learner, known in self.learners.items():
            if key == known.key or key in known.before:
                return learner
        return None

    def with_(self, learner: str, entry: Registered) -> Registry:
        """Give the registry with another entry for a learner."""
        return replace(self, learners={**self.learners, learner: entry})


def secret_file(path: Path) -> Path:
    """Give the file of a class's secret."""
    return path.with_suffix(".secret")


def registry_file(path: Path) -> Path:
    """Give the file of a class's public keys."""
    return path.with_suffix(".keys.json")


def enrolled_at(path: Path, learner: str) -> str:
    """Tell when a learner of the class at `path` was first enrolled; empty where never."""
    known = read_registry(path).learners.get(learner)
    return "" if known is None else known.enrolled


def drawing_key(secret: bytes, class_id: str, learner: str) -> bytes:
    """Give the key by which one learner's values are drawn: nobody can tell another's from it."""
    words = f"learn-docker-net values\0{class_id}\0{learner}".encode()
    return hmac.new(secret, words, hashlib.sha256).digest()


def read_secret(path: Path) -> bytes | None:
    """Give the secret of the class at `path`; None where it has none.

    Raises LearnError where others may read it, or it is none.
    """
    file = secret_file(path)
    try:
        mode = file.stat().st_mode
        words = file.read_text(encoding="ascii").strip()
        found = bytes.fromhex(words)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from error
    if len(found) != 32:
        raise _unreadable(file, f"{len(found)} bytes, 32 are wanted")
    if mode & 0o077:
        raise LearnError(
            msg("Others may read the class's secret: {path}", path=str(file)),
            remedy=msg("Take that right away: chmod 600 {path}", path=str(file)),
        )
    return found


def ensure_secret(path: Path) -> bytes:
    """Give the secret of a class, made where it has none.

    Raises LearnError as `read_secret` does, and where values were drawn by another one.
    """
    registry = read_registry(path)
    found = read_secret(path)
    if found is None and not registry.secret:
        found = secrets.token_bytes(32)
        write_secret(path, found)
    if found is None or registry.secret not in ("", _mark(found)):
        raise LearnError(
            msg(
                "The learners' values were drawn with another secret than {path} holds.",
                path=str(secret_file(path)),
            ),
            remedy=msg(
                "Bring that file back from your copy. Without it nobody's values can be told any"
                " more: remove {registry} as well and enrol the class anew.",
                registry=str(registry_file(path)),
            ),
        )
    if not registry.secret:
        write_registry(path, replace(registry, secret=_mark(found)))
    return found


def write_secret(path: Path, secret: bytes) -> None:
    """Keep a class's secret for its owner's eyes alone; raises LearnError."""
    _write(secret_file(path), secret.hex() + "\n", 0o600)


def read_registry(path: Path) -> Registry:
    """Read the public keys of the class at `path`; empty where there are none.

    Raises LearnError where the file is damaged or of a newer program.
    """
    file = registry_file(path)
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["version"] > VERSION:
            raise LearnError(
                msg("{path} was written by a newer learn-docker-net.", path=str(file)),
                remedy=msg("Bring this program up to date."),
            )
        learners = {id_: _entry(entry) for id_, entry in data["learners"].items()}
        return Registry(learners=learners, secret=str(data["secret"]))
    except FileNotFoundError:
        return Registry()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(file, str(error)) from error


def write_registry(path: Path, registry: Registry) -> None:
    """Write the public keys, whole or not at all; raises LearnError."""
    data = {
        "version": VERSION,
        "secret": registry.secret,
        "learners": {
            id_: {
                "enrolled": entry.enrolled,
                "key": entry.key,
                "added": entry.added,
                "before": list(entry.before),
            }
            for id_, entry in sorted(registry.learners.items())
        },
    }
    _write(registry_file(path), json.dumps(data, indent=1, ensure_ascii=False) + "\n", 0o644)


def enrolled(registry: Registry, learner: str) -> Registry:
    """Note that a learner's enrolment file was made; the first time counts."""
    entry = registry.learners.get(learner, Registered())
    return registry.with_(learner, replace(entry, enrolled=entry.enrolled or now()))


def registered(registry: Registry, learner: str, key: str) -> Registry:
    """Give a learner a key; one before it is remembered."""
    entry = registry.learners.get(learner, Registered())
    if entry.key == key:
        return registry
    before = (*entry.before, entry.key) if entry.key else entry.before
    return registry.with_(learner, replace(entry, key=key, added=now(), before=before))


def _entry(data: Any) -> Registered:
    return Registered(
        enrolled=str(data["enrolled"]),
        key=None if data["key"] is None else str(data["key"]),
        added=str(data["added"]),
        before=tuple(map(str, data["before"])),
    )


def _mark(secret: bytes) -> str:
    return hmac.new(secret, b"learn-docker-net mark", hashlib.sha256).hexdigest()[:16]


def _write(path: Path, text: str, mode: int) -> None:
    try:
        write_whole(path, text, mode)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(path), why=error.strerror or "?"),
            remedy=msg("Give yourself the right to write there."),
        ) from error


def _unreadable(path: Path, details: str) -> LearnError:
    return LearnError(
        msg("{path} cannot be read.", path=str(path)),
        remedy=msg("Bring it back from your copy."),
        details=details,
    )
