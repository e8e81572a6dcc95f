"""What a learner hands in: gathered from their record, written as one signed file, looked into."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from checks.message import msg
from runner.course.digest import course_digest
from runner.errors import LearnError, UsageError
from runner.grade.packed import LIMITS, SUFFIX, BadSubmission
from runner.grade.submission import VERSION, Head, open_submission, write_records
from runner.learn.papers import Papers
from runner.record.export import export
from runner.record.membership import Membership
from runner.record.store import HISTORY, Store


@dataclass(frozen=True, slots=True)
class Sum:
    """One lesson in a few figures, for the learner's eyes."""

    lesson: str
    passed: int
    """Checks that were ever seen to hold."""
    checks: int
    """Checks that were ever asked."""
    observations: int
    answers: int
    hints: int
    solutions: int
    commands: Sequence[str]
    """What the lab's shells logged, `host folder# command`."""
    files: Sequence[str]
    """`host:path`, with what became of it."""


def begun(papers: Papers, store: Store) -> list[str]:
    """Name the lessons that the learner has begun, in the course's order."""
    return [one for one in papers.course.lessons if store.standing(one) is not None]


def records(
    papers: Papers, store: Store, lessons: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the record of each lesson as it is handed in, one at a time."""
    for lesson in lessons:
        yield lesson, export(store, lesson, papers.about(lesson), last=HISTORY)


def write(
    papers: Papers, store: Store, lessons: Sequence[str], private: bytes, target: Path
) -> None:
    """Write the submission in place of an earlier one; LearnError where that cannot be."""
    _must_be_ours(target)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        write_records(partial, _head(papers, store), records(papers, store, lessons), private)
        size = partial.stat().st_size
        if size > LIMITS.file:
            raise LearnError(
                msg("What you have done is larger than a submission may be."),
                remedy=msg("Hand in fewer lessons at a time: learn-docker-net submit LESSONS"),
            )
        partial.replace(target)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(target), why=error.strerror or "?"),
            remedy=msg("Name a file in a folder that you may write to."),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def default_name(member: Membership) -> str:
    """Give the submission's name where the learner gives none."""
    return f"{member.class_id}-{member.learner}{SUFFIX}"


def sum_up(record: Mapping[str, Any]) -> Sum:
    """Say in a few figures what a record tells."""
    commands, files = [], []
    for lab in record["labs"]:
        for host, traces in lab["hosts"].items():
            commands += [
                f"{host} {folder}# {command}" for _, folder, _, _, command in traces["log"]
            ]
            files += [f"{host}:{file['path']} ({file['change']})" for file in traces["files"]]
    return Sum(
        lesson=str(record["lesson"]),
        passed=sum(1 for one in record["checks"].values() if one["first_passed"]),
        checks=len(record["checks"]),
        observations=len(record["observations"]),
        answers=sum(map(len, record["answers"].values())),
        hints=sum(one["count"] for one in record["hints"].values()),
        solutions=sum(one["count"] for one in record["solutions"].values()),
        commands=commands,
        files=files,
    )


def _head(papers: Papers, store: Store) -> Head:
    member = papers.member
    if member is None:
        raise not_joined()
    return Head(
        version=VERSION,
        class_id=member.class_id,
        learner=member.learner,
        key="",
        made=store.now(),
        program=version("learn-docker-net"),
        course=papers.course.id,
        course_digest=course_digest(papers.course),
        lessons=(),
        enrolment=member.enrolment,
    )


def not_joined() -> UsageError:
    """Give the error for somebody who belongs to no class."""
    return UsageError(
        msg("You have not joined a class with this course."),
        remedy=msg("Join with the file that your instructor gave you: learn-docker-net join FILE"),
    )


def _must_be_ours(target: Path) -> None:
    """Refuse to write over what is no submission."""
    if not target.exists():
        return
    try:
        open_submission(target).close()
    except BadSubmission as error:
        raise UsageError(
            msg("{path} is there already and no submission.", path=str(target)),
            remedy=msg("Choose another name with --out."),
        ) from error
