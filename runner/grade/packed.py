"""The file around a submission: a small ZIP that is looked into and never unpacked.

A ZIP, because the standard library reads it, an instructor can look into one with any tool, and
a lesson can be read without the others. With an ending of its own (`.ldn`), because what is called
`.zip` learners and learning platforms unpack. Of the format only what we write ourselves is taken:
stored or deflated members under names that we ask for, none twice. Whatever else stands in it makes
the whole file no submission, so that there is nothing to be tricked by.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.finding import FindingKind

SUFFIX = ".ldn"
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LARGE_MARK = b"PK\x06\x07"
_FLAGS = 0x0002 | 0x0004 | 0x0008 | 0x0800
"""Of a member: how well it is packed, its sizes stand behind it, its name is UTF-8."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may be at most, in bytes where nothing else is said."""

    file: int = 64 << 20
    """Of the file."""
    head: int = 1 << 20
    """Of the head, unpacked."""
    lesson: int = 16 << 20
    """Of one lesson, unpacked."""
    members: int = 200
    """Number of members."""
    directory: int = 64 << 10
    """Of the list of members, which is read whole."""
    tokens: int = 600_000
    """Values in one lesson's JSON: each takes some 60 bytes of memory, however short it is."""
    depth: int = 60
    """Levels of lists and mappings inside each other."""


LIMITS = Limits()


class BadSubmission(LearnError):
    """A file from which nothing counts: damaged, no submission, or made to do harm."""

    def __init__(
        self, message: Message, kind: FindingKind = FindingKind.BROKEN_FILE, details: str = ""
    ) -> None:
        """Keep what is wrong and which finding it makes."""
        super().__init__(
            message,
            remedy=msg("Ask the learner for the file as `learn-docker-net submit` wrote it."),
            details=details,
        )
        self.kind = kind


class Packed:
    """A file open for reading. Close it when done."""

    def __init__(self, source: Path | bytes, limits: Limits = LIMITS) -> None:
        """Look at the list of members; raises BadSubmission for anything odd in it."""
        self._limits = limits
        self._file = _opened(source, limits)
        try:
            _plain_end(self._file, limits)
            self._zip = zipfile.ZipFile(self._file)
            self._members = _members(self._zip, limits)
        except BadSubmission:
            self._file.close()
            raise
        except Exception as error:  # the library has many words for what is no ZIP
            self._file.close()
            raise BadSubmission(msg("It is no submission."), details=str(error)) from error

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names."""
        return tuple(self._members)

    def read(self, name: str, most: int) -> bytes:
        """Give a member whole; BadSubmission where it is missing, damaged or larger than `most`."""
        info = self._members.get(name)
        if info is None:
            raise BadSubmission(msg("It has no part {name}.", name=name))
        try:
            with self._zip.open(info) as member:
                data = _bounded(member, most)
        except Exception as error:
            message = msg("Its part {name} is damaged.", name=name)
            raise BadSubmission(message, details=str(error)) from error
        if data is None:
            megabytes = f"{most / (1 << 20):.0f}"
            raise BadSubmission(
                msg("Its part {name} is larger than {limit} MiB.", name=name, limit=megabytes)
            )
        return data

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()


def write_packed(target: Path | BinaryIO, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members in order; the same members give the same bytes. Raises OSError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            file.writestr(info, data)


def _opened(source: Path | bytes, limits: Limits) -> BinaryIO:
    if isinstance(source, bytes):
        if len(source) > limits.file:
            raise _too_large(limits)
        return io.BytesIO(source)
    try:
        # Not blocking: a name may be a pipe's, on which opening would wait for ever.
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_BINARY", 0))
    except OSError as error:
        why = error.strerror or str(error)
        raise BadSubmission(msg("It cannot be read: {why}", why=why)) from error
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > limits.file:
        os.close(handle)
        if stat.S_ISREG(facts.st_mode):
            raise _too_large(limits)
        raise BadSubmission(msg("It is no ordinary file."))
    return os.fdopen(handle, "rb")


def _too_large(limits: Limits) -> BadSubmission:
    megabytes = limits.file >> 20
    return BadSubmission(msg("It is larger than {limit} MiB.", limit=megabytes))


def _plain_end(file: BinaryIO, limits: Limits) -> None:
    """Refuse what makes the standard library read much, before it reads anything.

    The list of members is read whole, an entry of 46 bytes becoming an object of 600; a ZIP64 file
    could name one of any size.
    """
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise BadSubmission(msg("It is no submission."))
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    mark, disk, first, here, all_, length, offset, comment = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or comment or disk or first or here != all_:
        raise BadSubmission(msg("It is no submission, or only a part of one."))
    large = tail[: -_END.size].startswith(_LARGE_MARK)
    if large or all_ > limits.members or length > limits.directory:
        raise BadSubmission(msg("It holds more parts than a submission has."))
    if offset + length + _END.size != size:
        raise BadSubmission(msg("Something was put before or behind the submission."))
    file.seek(0)


def _members(file: zipfile.ZipFile, limits: Limits) -> Mapping[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for info in file.infolist():
        name = info.orig_filename
        if name in found:
            raise BadSubmission(msg("It holds {name} twice.", name=name[:80]))
        if not _ours(name, info):
            raise BadSubmission(
                msg("It holds something that no submission holds: {name}", name=name[:80])
            )
        found[name] = info
    if len(found) > limits.members:
        raise BadSubmission(msg("It holds more parts than a submission has."))
    return found


def _ours(name: str, info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is as we write them: a plain file under a plain name, in no odd way."""
    folder, _, last = name.rpartition("/")
    plain = folder in ("", "lessons") and last.replace("-", "").replace(".", "").isalnum()
    kind = info.external_attr >> 28
    return (
        plain
        and name.isascii()
        and not last.startswith(".")
        and kind in (0, 0o10)
        and not info.flag_bits & ~_FLAGS
        and info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )


def _bounded(member: IO[bytes], most: int) -> bytes | None:
    """Read at most `most` bytes, whatever the file says about its size; None where there is more.

    What is unpacked is counted, so a bomb costs no more than an honest lesson.
    """
    found = bytearray()
    while chunk := member.read(_CHUNK):
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)
