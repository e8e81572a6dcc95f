"""`course new ID TITLE`: a lesson to fill in, with its overlays and its place in the course."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import course_folder
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("id", metavar="ID", help=translate("such as lesson-09 or challenge-03"))
    parser.add_argument("title", metavar="TITLE", help=translate("in the course's first language"))


def run(options: Namespace, face: Face) -> int:
    """Write the files and name them."""
    from runner.course.course import open_course
    from runner.course.scaffold import new_lesson

    for path in new_lesson(open_course(course_folder(options)), options.id, options.title):
        face.say(str(path))
    face.note(msg("Fill in every …; `learn-docker-net course lint` tells what is left."))
    return 0
