"""A submission: one learner's work in one signed file.

`head.json` says whose it is and gives each lesson's digest; `signature` is made over its bytes;
`lessons/ID.json` are the records. All of it is the learner's own word. Reading never unpacks
anything to disk and takes no more than `Limits` allow, whatever the file says of itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from checks.message import msg
from runner.closing import Closing
from runner.grade.finding import FindingKind
from runner.grade.guarded import NoWork, mapping, moment, name, number, text
from runner.grade.moments import moment as in_seconds
from runner.grade.packed import LIMITS, BadSubmission, Limits, Packed, write_packed
from runner.grade.shallow import read_json
from runner.grade.signing import public_of, sign, signed_by
from runner.grade.work import Work
from runner.grade.work_json import work_from_json, work_to_json

VERSION = 1
HEAD = "head.json"
SIGNATURE = "signature"
_HEX = frozenset("0123456789abcdef")


class Signature(Enum):
    """What the signature is worth."""

    GOOD = "good"
    """The holder of the key in the head made this head."""
    BAD = "bad"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The small signed first part of a submission; its lessons are read one at a time."""

    version: int
    class_id: str
    learner: str
    key: str
    """The public key that the file is signed with, 64 hexadecimal digits."""
    made: str
    """UTC, by the learner's clock."""
    program: str
    """Version of the program that made it."""
    course: str
    course_digest: str
    lessons: tuple[str, ...]
    enrolment: str = ""
    """Digest of the enrolment file that the learner joined with."""


@dataclass(frozen=True, slots=True)
class _Part:
    digest: str
    size: int


class Submission(Closing):
    """A submission open for reading; a context manager. Lessons are read one at a time."""

    def __init__(self, source: Path | bytes, limits: Limits = LIMITS) -> None:
        """Read the head; raises BadSubmission where nothing of the file can count."""
        self._limits = limits
        self._packed = Packed(source, limits)
        try:
            raw = self._packed.read(HEAD, limits.head)
            self.head, self._parts = _read_head(raw, limits)
            self.signature = self._signature(raw)
            self._only_ours()
        except BaseException:
            self._packed.close()
            raise

    def work(self, lesson: str) -> Work:
        """Read one lesson; raises BadSubmission where it is missing, damaged, edited or too large.

        The other lessons may be sound all the same.
        """
        part = self._parts.get(lesson)
        if part is None:
            raise BadSubmission(msg("{lesson} is not in it.", lesson=lesson))
        data = self._packed.read(_member(lesson), self._limits.lesson)
        if len(data) != part.size or hashlib.sha256(data).hexdigest() != part.digest:
            raise BadSubmission(
                msg("{lesson} was changed after the submission was signed.", lesson=lesson),
                FindingKind.BAD_SIGNATURE,
            )
        try:
            work = work_from_json(_json(data, self._limits))
        except NoWork as error:
            message = msg("{lesson} in it is no record of a lesson.", lesson=lesson)
            raise BadSubmission(message, details=str(error)) from error
        if work.lesson != lesson:
            raise BadSubmission(msg("{lesson} in it is another lesson's record.", lesson=lesson))
        return work

    def close(self) -> None:
        """Close the file."""
        self._packed.close()

    def _signature(self, raw: bytes) -> Signature:
        if SIGNATURE not in self._packed.names:
            return Signature.MISSING
        signature = self._packed.read(SIGNATURE, 1024).decode("ascii", "replace").strip()
        good = signed_by(self.head.key, raw, signature)
        return Signature.GOOD if good else Signature.BAD

    def _only_ours(self) -> None:
        """Refuse members that the head, and so the signature, does not know of."""
        known = {HEAD, SIGNATURE, *map(_member, self._parts)}
        for member in self._packed.names:
            if member not in known:
                raise BadSubmission(
                    msg("It holds something that no submission holds: {name}", name=member)
                )


def open_submission(source: Path | bytes, limits: Limits = LIMITS) -> Submission:
    """Open a submission; raises BadSubmission where nothing of the file can count."""
    return Submission(source, limits)


def write_submission(
    target: Path | BinaryIO, head: Head, works: Iterable[Work], private: bytes
) -> None:
    """Write a signed submission; of `head`, key and lessons are put in here. Raises OSError."""
    write_records(target, head, ((one.lesson, work_to_json(one)) for one in works), private)


def write_records(
    target: Path | BinaryIO,
    head: Head,
    records: Iterable[tuple[str, Mapping[str, Any]]],
    private: bytes,
) -> None:
    """Write a signed submission of records that are plain data already. Raises OSError."""
    members: list[tuple[str, bytes]] = []
    parts: dict[str, dict[str, Any]] = {}
    for lesson, record in records:
        data = _bytes(record)
        parts[lesson] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        members.append((_member(lesson), data))
    facts = {
        "learn-docker-net": "submission",
        "version": VERSION,
        "class": head.class_id,
        "learner": head.learner,
        "key": public_of(private),
        "made": head.made,
        "program": head.program,
        "course": head.course,
        "course_digest": head.course_digest,
        "enrolment": head.enrolment,
        "lessons": parts,
    }
    raw = json.dumps(facts, indent=1).encode()
    write_packed(target, [(HEAD, raw), (SIGNATURE, sign(private, raw).encode()), *members])


def _bytes(record: Mapping[str, Any]) -> bytes:
    # Halves of characters, which JSON may carry and UTF-8 may not, become question marks.
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _member(lesson: str) -> str:
    return f"lessons/{lesson}.json"


def _json(data: bytes, limits: Limits) -> Any:
    return read_json(data, tokens=limits.tokens, depth=limits.depth)


def _read_head(raw: bytes, limits: Limits) -> tuple[Head, dict[str, _Part]]:
    try:
        data = mapping(_json(raw, limits), "the head")
        if data.get("learn-docker-net") != "submission":
            raise NoWork("it does not say that it is one")
        version = number(data.get("version"), "version", 1_000)
        if version > VERSION:
            raise BadSubmission(
                msg("It was made by a newer learn-docker-net."), FindingKind.NEWER_FORMAT
            )
        return _head(data, version)
    except (NoWork, KeyError) as error:
        raise BadSubmission(msg("It is no submission."), details=str(error)) from error


def _head(data: Mapping[str, Any], version: int) -> tuple[Head, dict[str, _Part]]:
    parts = {
        name(lesson, "a lesson"): _part(mapping(part, "a lesson's facts"))
        for lesson, part in mapping(data["lessons"], "lessons").items()
    }
    made = moment(data["made"], "made")
    if in_seconds(made) is None:
        raise NoWork("it was made at no time that there is")
    head = Head(
        version=version,
        class_id=name(data["class"], "class"),
        learner=name(data["learner"], "learner"),
        key=_hex(data["key"], 64),
        made=made,
        program=text(data["program"], "program", 60),
        course=name(data["course"], "course"),
        course_digest=_hex(data["course_digest"], 32),
        lessons=tuple(parts),
        enrolment=text(data.get("enrolment", ""), "enrolment", 64),
    )
    return head, parts


def _part(data: Mapping[str, Any]) -> _Part:
    return _Part(_hex(data["sha256"], 64), number(data["size"], "size", 1 << 40))


def _hex(value: Any, length: int) -> str:
    if not isinstance(value, str) or len(value) != length or not set(value) <= _HEX:
        raise NoWork(f"not {length} hexadecimal digits: {str(value)[:80]!r}")
    return value
