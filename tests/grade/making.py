"""Classes, works and submissions as tests need them, and files that no program of ours writes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from checks.asking import Answer, Outcome, Run
from checks.observation import Observation, Sample
from checks.verdict import State
from runner.course.course import open_course
from runner.course.digest import course_digest, lesson_digest
from runner.grade.signing import sign
from runner.grade.submission import Head, write_submission
from runner.grade.work import Answered, Change, ChangedFile, Help, LabWork, Seen, Typed, Work
from runner.record.times import CheckTimes
from tests.directory_lab import write_course

PRIVATE = bytes(range(32))
OTHER = bytes(range(1, 33))
AT = "2026-11-20T10:00:00.000Z"

CLASS = """\
format: 1
id: net-2026
title: Networks
course: course
zone: Europe/Berlin
hand_in: Moodle, task 3
submissions: handed-in
lessons: [lesson-01, lesson-02]
learners:
  - {id: ada, name: Ada}
  - {id: ben, name: Ben}
"""


def write_class(folder: Path, text: str = CLASS) -> Path:
    """Write a class file beside the small course; give its path."""
    write_course(folder / "course")
    path = folder / "class.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def seen(check: str = "make.there", status: int = 0, said: str = "") -> Seen:
    """Give an observation of a shell check of the small course."""
    answer = Answer("docker", Run("test -e one"), Outcome.ENDED, status=status, stdout=said)
    observation = Observation(check, AT, 0.1, "26.1.5", samples=(Sample({"run": answer}),))
    state = State.PASSED if status == 0 else State.FAILED
    return Seen(
        check=check, at=AT, lab="0a1b2c3d", first=status == 0, state=state, observation=observation
    )


def work(lesson: str = "lesson-01", said: str = "", digest: str = "ab" * 16) -> Work:
    """Give a record in which something of every kind stands."""
    return Work(
        lesson=lesson,
        digest=digest,
        values={"name": "web01"},
        started=AT,
        completed=None,
        times={"make.there": CheckTimes(AT, AT, State.PASSED, AT, AT)},
        seen=(seen(said=said), seen("look.kept", 1)),
        answers=(
            Answered(question="look.number", at=AT, value="42", correct=True, known=("42",)),
            Answered(question="look.kind", at=AT, value="digits", correct=True),
        ),
        hints=(Help(step="make", count=2, at=AT),),
        solutions=(Help(step="rename", count=1, at=AT),),
        labs=(
            LabWork(
                lab="0a1b2c3d",
                engine="26.1.5",
                since=AT,
                typed=(Typed(host="docker", folder="/root", command="touch one", status=0, at=AT),),
                files=(
                    ChangedFile(
                        host="docker",
                        path="/etc/docker/daemon.json",
                        change=Change.WRITTEN,
                        size=2,
                        content=b"{}",
                    ),
                ),
            ),
        ),
    )


def head(learner: str = "ada", course: Path | None = None, **more: Any) -> Head:
    """Give the facts of a submission."""
    facts: dict[str, Any] = {
        "version": 1,
        "class_id": "net-2026",
        "learner": learner,
        "key": "",
        "made": AT,
        "program": "0.1.0",
        "course": "small",
        "course_digest": "0" * 32 if course is None else course_digest(open_course(course)),
        "lessons": (),
    }
    return Head(**{**facts, **more})


def submission(works: Iterable[Work] | None = None, private: bytes = PRIVATE, **more: Any) -> bytes:
    """Give a submission as an honest program makes it."""
    target = io.BytesIO()
    write_submission(target, head(**more), [work()] if works is None else works, private)
    return target.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    """Take a submission apart."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def pack(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Put a file together as a forger would, with what is given and nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            file.writestr(name, data)
    return target.getvalue()


def forged(record: bytes, lesson: str = "lesson-01", private: bytes = PRIVATE) -> bytes:
    """Give a validly signed submission whose one lesson is whatever these bytes are."""
    import hashlib

    parts = members(submission(private=private))
    facts = json.loads(parts["head.json"])
    facts["lessons"] = {lesson: {"sha256": hashlib.sha256(record).hexdigest(), "size": len(record)}}
    raw = json.dumps(facts).encode()
    return pack(
        {
            "head.json": raw,
            "signature": sign(private, raw).encode(),
            f"lessons/{lesson}.json": record,
        }
    )


def digest_of(course: Path, lesson: str) -> str:
    """Give a lesson's digest."""
    return lesson_digest(open_course(course), lesson)
