"""`show LESSON[/STEP]`: a lesson's text, for reading; nothing is started."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli import reading
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.target import Target, find_step
from runner.cli.work import course_folder, open_papers, read_lesson
from runner.course.course import open_course
from runner.errors import UsageError
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("target", metavar="LESSON[/STEP]", help=translate("what to read"))


def run(options: Namespace, face: Face) -> int:
    """Write the lesson, or the step."""
    course = open_course(course_folder(options))
    wanted = Target.read(options.target)
    if wanted.lesson is None:
        raise UsageError(msg("Which lesson?"), remedy=msg("`learn-docker-net list` shows them."))
    lesson = read_lesson(open_papers(course, options), course.find(wanted.lesson))
    if wanted.step:
        reading.show_step(lesson, find_step(lesson, wanted.step), face)
    else:
        reading.show_lesson(lesson, face)
    return 0
