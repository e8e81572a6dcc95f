"""From a class file to what a run needs: course, lessons, submissions, keys."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from runner.course.course import Course, open_course
from runner.course.digest import course_digest
from runner.grade import keys
from runner.grade.chosen import chosen_lessons
from runner.grade.class_ import Class, LessonRule
from runner.grade.handed_in import gather, with_sources
from runner.grade.result import Mode
from runner.grade.run import Plan


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


def results_folder(class_file: Path, out: Path | None) -> Path:
    """Give the folder of a class's results: beside its file where none is named."""
    return out or class_file.with_name(f"{class_file.stem}-grades")
