"""The small file by which a learner joins a class: who they are there, their values, where to hand
in. It holds nothing secret: of the class's secret only what it drew for this one learner.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from checks.message import msg
from runner.course.course import Course
from runner.course.digest import course_digest
from runner.course.variables import draw
from runner.errors import LearnError
from runner.grade.class_ import Class, Learner
from runner.grade.guarded import LONG, NoWork, mapping, name, number, text
from runner.grade.keys import drawing_key
from runner.grade.moments import put_off
from runner.grade.shallow import read_json
from runner.record.membership import Membership

VERSION = 1
SUFFIX = ".join"
MAX_BYTES = 1 << 20
"""Of an enrolment file."""


def enrolment_name(class_: Class, learner: Learner) -> str:
    """Give the name of a learner's file."""
    return f"{class_.id}-{learner.id}{SUFFIX}"


def enrolment_text(class_: Class, learner: Learner, course: Course, secret: bytes) -> str:
    """Give a learner's file; raises CourseError where a lesson cannot be read."""
    data = {
        "learn-docker-net": "enrolment",
        "version": VERSION,
        "class": class_.id,
        "title": class_.title,
        "learner": learner.id,
        "name": learner.name,
        "hand_in": class_.hand_in,
        "course": class_.course,
        "course_digest": course_digest(course),
        "due": _due(class_, learner),
        "values": drawn_values(class_, learner.id, course, secret),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def drawn_values(
    class_: Class, learner: str, course: Course, secret: bytes
) -> dict[str, dict[str, str]]:
    """Give the values drawn for a learner, of all lessons that have any."""
    key = drawing_key(secret, class_.id, learner)
    lessons = map(course.lesson, course.lessons)
    return {str(one.id): draw(one, key) for one in lessons if one.variables}


def read_enrolment(path: Path) -> Membership:
    """Read a learner's file; LearnError for anything else. It may be a stranger's."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be read: {why}", path=str(path), why=error.strerror or str(error)),
            remedy=msg("Name the file that your instructor gave you."),
        ) from error
    try:
        if len(raw) > MAX_BYTES:
            raise NoWork("it is too large")
        return _membership(mapping(read_json(raw, tokens=50_000, depth=10), "the file"), raw)
    except (NoWork, KeyError) as error:
        raise LearnError(
            msg("{path} is not what an instructor gives to join a class.", path=str(path)),
            remedy=msg(
                "Its name ends with {suffix}; ask for it again, whole and unchanged.", suffix=SUFFIX
            ),
            details=str(error),
        ) from error


def _membership(data: Mapping[str, Any], raw: bytes) -> Membership:
    if data.get("learn-docker-net") != "enrolment":
        raise NoWork("it does not say that it is one")
    if number(data["version"], "version", 1_000) > VERSION:
        raise LearnError(
            msg("The file was written by a newer learn-docker-net."),
            remedy=msg("Bring this program up to date."),
        )
    return Membership(
        class_id=name(data["class"], "class"),
        title=text(data["title"], "title"),
        learner=name(data["learner"], "learner"),
        name=text(data["name"], "name", 1_000),
        course=name(data["course"], "course"),
        course_digest=text(data["course_digest"], "course_digest", 64),
        hand_in=text(data["hand_in"], "hand_in", LONG),
        due=_texts(data["due"], "due"),
        values={
            name(lesson, "a lesson"): _texts(values, lesson)
            for lesson, values in mapping(data["values"], "values").items()
        },
        enrolment=hashlib.sha256(raw).hexdigest()[:32],
    )


def _texts(data: Any, what: str) -> dict[str, str]:
    return {name(key, what): text(value, what, LONG) for key, value in mapping(data, what).items()}


def _due(class_: Class, learner: Learner) -> dict[str, str]:
    """Give the learner's own due dates: days that were granted are in them."""
    zone = ZoneInfo(class_.zone)
    return {
        rule.lesson: put_off(rule.due, learner.extra_days)
        .astimezone(zone)
        .isoformat(timespec="minutes")
        for rule in class_.lessons
        if rule.due is not None
    }
