"""What a run is about, from a class file: course, lessons, submissions, keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from runner.course.course import Course, open_course
from runner.course.digest import course_digest
from runner.grade import keys
from runner.grade.chosen import chosen_lessons
from runner.grade.class_ import Class, Learner, LessonRule, Where
from runner.grade.finding import Finding
from runner.grade.handed_in import gather, with_sources
from runner.grade.keys import Registry
from runner.grade.plain import to_plain
from runner.grade.result import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about."""

    class_: Class
    rules: tuple[LessonRule, ...]
    """The lessons to be judged, in the class's order."""
    mode: Mode
    """How submissions are judged; labs are looked at live beside them."""
    program: str
    course_digest: str
    files: Mapping[str, Path]
    """The learners' submissions."""
    keys: Mapping[str, bytes | None]
    """By which the learners' values are drawn."""
    registry: Registry = field(default_factory=Registry)
    """Whose public keys are whose, and since when they are enrolled."""
    findings: tuple[Finding, ...] = ()
    """What was noticed when the submissions were gathered."""

    @property
    def matter(self) -> str:
        """Tell runs apart: only one of the same matter can be gone on with."""
        rules = [to_plain(rule) for rule in self.rules]
        facts = [self.class_.id, self.course_digest, self.program, self.mode.value, rules]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def enrolled(self, learner: str) -> str:
        """Tell when a learner was enrolled; empty where nobody knows."""
        known = self.registry.learners.get(learner)
        return known.enrolled if known is not None else ""

    def source(self, learner: Learner) -> str:
        """Tell from what a learner is judged: a file as it is now, or an engine; and by what."""
        values = self.keys.get(learner.id)
        drawn = hashlib.sha256(values).hexdigest()[:16] if values else ""
        own = [drawn, learner.extra_days, self.registry.key(learner.id)]
        if learner.source.where is Where.ENGINE:
            return json.dumps([to_plain(learner.source), *own])
        file = self.files.get(learner.id)
        try:
            state = file.stat() if file is not None else None
        except OSError:
            state = None
        told = None if state is None else [str(file), state.st_size, state.st_mtime_ns]
        return json.dumps([told, *own])

    def whole(self, learner: Learner) -> str:
        """Tell from what all that a learner handed in is looked at: that, and what was noticed when
        it was gathered, such as a second file.
        """
        own = [to_plain(one) for one in self.findings if one.learner == learner.id]
        noticed = hashlib.sha256(json.dumps(own).encode()).hexdigest()[:16]
        return f"{self.source(learner)} {noticed}"


def make_plan(class_: Class, lessons: str | None = None, *, mode: Mode = Mode.SUBMISSION) -> Plan:
    """Look at what was handed in and at the class's secret.

    `lessons` chooses some, `lesson-06..lesson-10,challenge-01`. Raises LearnError as the course,
    the secret and the registry do, UsageError for a lesson that the course does not have.
    """
    course = open_course(class_.course_folder)
    handed_in = gather(class_)
    secret = keys.read_secret(class_.path)
    drawn = {
        one.id: None if secret is None else keys.drawing_key(secret, class_.id, one.id)
        for one in class_.learners
    }
    return Plan(
        class_=with_sources(class_, handed_in),
        rules=_rules(class_, course, lessons),
        mode=mode,
        program=version("learn-docker-net"),
        course_digest=course_digest(course),
        files=handed_in.files,
        keys=drawn,
        registry=keys.read_registry(class_.path),
        findings=handed_in.findings,
    )


def _rules(class_: Class, course: Course, lessons: str | None) -> tuple[LessonRule, ...]:
    """Give the rules of the lessons to be judged; one that the class does not count weighs 0."""
    if lessons is None:
        return class_.lessons
    return tuple(
        class_.rule(lesson) or LessonRule(lesson=lesson, weight=0.0)
        for lesson in chosen_lessons(course, lessons)
    )
