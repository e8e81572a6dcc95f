"""`course translate LANGUAGE [LESSON…]`: overlays written or updated, to be filled in."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import course_folder
from runner.course.course import Course
from runner.errors import UsageError
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "language", metavar="LANGUAGE", help=translate("such as zh; course.yaml must name it")
    )
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help=translate("which lessons; all by default")
    )


def run(options: Namespace, face: Face) -> int:
    """Write the files and say what each still lacks."""
    from runner.course.course import open_course
    from runner.course.translation import update_overlay

    course = open_course(course_folder(options))
    _must_speak(course, options.language)
    lessons = [course.find(name) for name in options.lessons] or list(course.lessons)
    for lesson in lessons:
        done = update_overlay(course, lesson, options.language)
        words = msg(
            "{path}: missing {missing}, stale {stale}, left over {left}",
            path=str(done.path),
            missing=done.missing,
            stale=done.stale,
            left=done.left,
        )
        face.say(tell(words))
    return 0


def _must_speak(course: Course, language: str) -> None:
    own, *others = course.languages
    if language in others:
        return
    if language == own:
        message = msg("The lessons themselves are written in {language}.", language=language)
    else:
        message = msg("This course does not speak {language}.", language=language)
    raise UsageError(
        message,
        remedy=msg("Name one of the `languages` in course.yaml after the first."),
    )
