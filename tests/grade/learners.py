"""A class of the small course with submissions of every kind, as honest programs write them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from checks.asking import Answer, Outcome, Run
from checks.observation import Observation, Sample
from checks.verdict import State
from runner.course.course import open_course
from runner.course.digest import course_digest
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.keys import Registered, Registry, write_registry
from runner.grade.signing import public_of
from runner.grade.submission import Head, write_submission
from runner.grade.work import Answered, Help, LabWork, Seen, Typed, Work
from tests.directory_lab import write_course
from tests.grade.making import digest_of

ASKED: Mapping[str, tuple[str, int, str]] = {
    "make.there": ("test -e one", 0, ""),
    "look.kept": ("cat number", 0, "42\n"),
    "rename.named": ("test -e two", 0, ""),
    "rename.kept": ("wc -c <two", 0, "0\n"),
}
"""The checks of lesson-01: command, and what it gives where all is right."""
TIMES = {
    "make.there": "2026-11-20T10:00:00.000Z",
    "look.kept": "2026-11-20T10:01:00.000Z",
    "rename.named": "2026-11-20T10:02:00.000Z",
    "rename.kept": "2026-11-20T10:02:00.000Z",
}
STARTED = "2026-11-20T09:59:00.000Z"
MADE = "2026-11-20T12:00:00.000Z"

CLASS = """\
format: 1
id: net-2026
title: Networks
course: course
submissions: handed-in
lessons:
{rules}
learners:
{learners}
"""


def seen(
    check: str,
    status: int | None = None,
    said: str | None = None,
    *,
    at: str | None = None,
    lab: str = "0a1b2c3d",
    state: State | None = None,
    objects: Mapping[str, Mapping[str, str]] | None = None,
) -> Seen:
    """Give an observation of a check of lesson-01, by default one that holds."""
    command, right, words = ASKED[check]
    status = right if status is None else status
    answer = Answer(
        "docker",
        Run(command),
        Outcome.ENDED,
        status=status,
        stdout=words if said is None else said,
    )
    when = at or TIMES[check]
    held = State.PASSED if status == right and said in (None, words) else State.FAILED
    return Seen(
        check=check,
        at=when,
        lab=lab,
        first=held is State.PASSED,
        state=state or held,
        observation=Observation(
            check,
            when,
            0.1,
            "26.1.5",
            samples=(Sample({"run": answer}),),
            objects=objects or {},
        ),
    )


def perfect(digest: str = "", lab: str = "0a1b2c3d") -> Work:
    """Give lesson-01 done without a slip."""
    return Work(
        lesson="lesson-01",
        digest=digest,
        started=STARTED,
        completed=TIMES["rename.kept"],
        seen=tuple(seen(check, lab=lab) for check in ASKED),
        answers=(
            Answered(question="look.number", at=MADE, value="42", correct=True, known=("42",)),
            Answered(question="look.kind", at=MADE, value="digits", correct=True),
        ),
        labs=(logged("touch one", "echo 42 >number", "mv one two", lab=lab),),
    )


def logged(*commands: str, lab: str = "0a1b2c3d", by: str = "", at: str = STARTED) -> LabWork:
    """Give a lab in whose shell this was typed."""
    typed = tuple(
        Typed(host="docker", folder="/root", command=one, status=0, at=at, by=by)
        for one in commands
    )
    return LabWork(lab=lab, engine="26.1.5", since=STARTED, typed=typed)


def half(digest: str = "", lab: str = "0a1b2c3d") -> Work:
    """Give lesson-01 half done, with help."""
    return replace(
        perfect(digest, lab),
        completed=None,
        seen=(
            seen("make.there", lab=lab),
            seen("look.kept", lab=lab),
            seen("rename.named", 1, lab=lab),
        ),
        hints=(Help(step="rename", count=1, at="2026-11-20T10:01:30.000Z"),),
    )


def private_of(learner: str) -> bytes:
    """Give a learner's private key."""
    return hashlib.sha256(learner.encode()).digest()


def submit(folder: Path, learner: str, works: Iterable[Work], private: bytes | None = None) -> Path:
    """Hand in: write a learner's submission into the class's folder."""
    target = folder / "handed-in" / f"{learner}.ldn"
    target.parent.mkdir(exist_ok=True)
    head = Head(
        version=1,
        class_id="net-2026",
        learner=learner,
        key="",
        made=MADE,
        program="0.1.0",
        course="small",
        course_digest=course_digest(open_course(folder / "course")),
        lessons=(),
    )
    write_submission(target, head, works, private or private_of(learner))
    return target


def write_class(
    folder: Path, learners: Iterable[str], rules: str = "  - lesson-01", engines: str = ""
) -> Class:
    """Write class file, course and registry; `engines` are further lines of the learners."""
    write_course(folder / "course")
    names = list(learners)
    lines = "\n".join(f"  - {{id: {name}, name: {name.title()}}}" for name in names) + engines
    path = folder / "class.yaml"
    path.write_text(CLASS.format(rules=rules, learners=lines), encoding="utf-8")
    keys = {name: Registered(enrolled=STARTED, key=public_of(private_of(name))) for name in names}
    write_registry(path, Registry(learners=keys))
    return load_class(path)


def class_of(folder: Path, count: int) -> Class:
    """Write a class in which every third learner is perfect, every third half done, the rest
    absent.
    """
    names = [f"s{number:03}" for number in range(count)]
    class_ = write_class(folder, names)
    digest = digest_of(folder / "course", "lesson-01")
    for number, name in enumerate(names):
        lab = f"{number:08x}"
        if number % 3 == 0:
            submit(folder, name, [perfect(digest, lab)])
        elif number % 3 == 1:
            submit(folder, name, [half(digest, lab)])
    return class_
