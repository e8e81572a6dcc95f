"""`course translate [LESSON…]`: overlays written or updated, to be filled in."""

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
        "lessons", nargs="*", metavar="LESSON", help=translate("which lessons; all by default")
    )
    parser.add_argument(
        "--to",
        metavar="LANGUAGE",
        help=translate("one language; all that course.yaml names by default"),
    )


def run(options: Namespace, face: Face) -> int:
    """Write the files and say what each still lacks."""
    from runner.course.course import open_course
    from runner.course.translation import update_overlay

    course = open_course(course_folder(options))
    lessons = [course.find(name) for name in options.lessons] or list(course.lessons)
    updated = (
        update_overlay(course, lesson, language)
        for language in _languages(course, options.to)
        for lesson in lessons
    )
    for done in updated:
        words = msg(
            "{path}: missing {missing}, stale {stale}, left over {left}",
            path=str(done.path),
            missing=done.missing,
            stale=done.stale,
            left=done.left,
        )
        face.say(tell(words))
    return 0


def _languages(course: Course, wanted: str | None) -> tuple[str, ...]:
    """Give the languages to translate to."""
    own, *others = course.languages
    if wanted is None:
        return tuple(others)
    if wanted in others:
        return (wanted,)
    if wanted == own:
        message = msg("The lessons themselves are written in {language}.", language=wanted)
    else:
        message = msg("This course does not speak {language}.", language=wanted)
    raise UsageError(
        message,
        remedy=msg("Name one of the `languages` in course.yaml after the first."),
    )
