"""A class of any size with recorded work, as the real submission writer writes it.

What one learner did in a real lab is given to every learner anew: with the names drawn for them and
ids of their own, so that it is judged as theirs and nobody shares anything. Lessons beyond those
recorded are copies of them under other ids.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.course.course import Course, open_course
from runner.course.digest import course_digest, lesson_digest
from runner.course.variables import draw
from runner.grade import keys
from runner.grade.keys import Registered, ensure_secret, write_registry
from runner.grade.signing import public_of
from runner.grade.submission import Head, write_submission
from runner.grade.work import Work
from runner.grade.work_json import work_from_json

RECORDED = Path(__file__).parents[1] / "runner/grade/demo/recorded.json.gz"
CLASS = "bench"
ENROLLED = "2026-11-01T00:00:00.000Z"
_ID = re.compile(r"(?<![\w.])(?:[0-9a-f]{64}|[0-9a-f]{12}|[0-9a-f]{8})\b")


def recorded() -> dict[str, dict[str, Any]]:
    """Give the recorded lessons by id, as JSON data."""
    with gzip.open(RECORDED) as file:
        found: dict[str, dict[str, Any]] = json.load(file)
    return found


def write_course(folder: Path, lessons: int) -> Course:
    """Write a course of so many lessons, copies of the recorded ones in turn."""
    folder.mkdir(parents=True)
    source, names = open_course(), list(recorded())
    order = [f"lesson-{number:02}" for number in range(1, lessons + 1)]
    (folder / "course.yaml").write_text(
        "format: 1\nid: benchmark\ntitle: Benchmark\nlanguages: [en]\n"
        f"lessons: [{', '.join(order)}]\n"
    )
    for number, lesson in enumerate(order):
        original = names[number % len(names)]
        text = source.file(original).read_text(encoding="utf-8")
        text = re.sub(rf"^id: {original}$", f"id: {lesson}", text, flags=re.MULTILINE)
        (folder / f"{lesson}-copy.yaml").write_text(text, encoding="utf-8")
    return open_course(folder)


def write_class(folder: Path, learners: int, lessons: int) -> Path:
    """Write class file, course, keys and every learner's submission; give the class file."""
    course = write_course(folder / "course", lessons)
    ids = [f"s{number:03}" for number in range(learners)]
    path = folder / "class.yaml"
    members = "\n".join(f"  - {{id: {one}, name: Learner {one}}}" for one in ids)
    first, *_, last = course.lessons
    path.write_text(
        f"format: 1\nid: {CLASS}\ntitle: Benchmark\ncourse: course\nsubmissions: handed-in\n"
        f"lessons: [{first}..{last}]\nlearners:\n{members}\n"
    )
    secret = ensure_secret(path)
    write_registry(
        path,
        replace(
            keys.read_registry(path),
            learners={one: _registered(one) for one in ids},
        ),
    )
    (folder / "handed-in").mkdir()
    originals = list(recorded().values())
    digests = {lesson: lesson_digest(course, lesson) for lesson in course.lessons}
    for one in ids:
        key = keys.drawing_key(secret, CLASS, one)
        works = (
            _work(originals[number % len(originals)], course, lesson, key, one, digests[lesson])
            for number, lesson in enumerate(course.lessons)
        )
        write_submission(
            folder / "handed-in" / f"{one}.ldn", _head(course, one), works, _private(one)
        )
    return path


def reversed_class(path: Path) -> None:
    """Turn the order of the learners in a class file round."""
    head, members = path.read_text().split("learners:\n")
    lines = reversed(members.splitlines())
    path.write_text(f"{head}learners:\n" + "\n".join(lines) + "\n")


def _work(
    original: Mapping[str, Any], course: Course, lesson: str, key: bytes, learner: str, digest: str
) -> Work:
    """Give a recorded lesson as this learner's own."""
    values = draw(course.lesson(lesson), key)
    text = _own_ids(json.dumps({**original, "lesson": lesson}), f"{learner} {lesson}")
    text = _own_names(text, original["values"], values)
    work = work_from_json(json.loads(text))
    seen = work.seen
    if hashlib.sha256(f"{learner} {lesson}".encode()).digest()[0] < 64:
        seen = seen[: len(seen) // 2]  # every fourth lesson was left in the middle
    return replace(work, digest=digest, values=values, seen=seen)


def _own_names(text: str, theirs: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Put drawn values in place of the recorded ones, all at once: they may be each other's."""
    by_word = {theirs[name]: values[name] for name in theirs}
    words = "|".join(sorted(map(re.escape, by_word), key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{words})(?![\w-])", lambda match: by_word[match[0]], text)


def _own_ids(text: str, whose: str) -> str:
    """Give ids of the same length that only this learner has; a short one begins its long one."""

    def own(match: re.Match[str]) -> str:
        if not match[0].strip("0123456789"):
            return match[0]  # a number
        if len(match[0]) == 8:
            return hashlib.sha256(f"{whose} {match[0]}".encode()).hexdigest()[:8]
        return hashlib.sha256(f"{whose} {match[0][:12]}".encode()).hexdigest()[: len(match[0])]

    return _ID.sub(own, text)


def _head(course: Course, learner: str) -> Head:
    return Head(
        version=1,
        class_id=CLASS,
        learner=learner,
        key="",
        made="2026-11-24T02:00:00.000Z",
        program="0.1.0",
        course=course.id,
        course_digest=course_digest(course),
        lessons=(),
    )


def _registered(learner: str) -> Registered:
    return Registered(enrolled=ENROLLED, key=public_of(_private(learner)))


def _private(learner: str) -> bytes:
    return hashlib.sha256(f"benchmark {learner}".encode()).digest()
