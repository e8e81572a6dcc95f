"""`course matrix [RESULTS…]`: what proofs have shown, as a table beside the course."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import course_folder
from runner.errors import Exit
from runner.places import data_folder
from runner.words import translate

KEPT = "proofs.json"
PAGE = "proofs.md"


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "results",
        nargs="*",
        type=Path,
        metavar="RESULTS",
        help=translate("files that proofs have written; the usual one where none is named"),
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        default=Path("docs"),
        help=translate("where proofs.json and proofs.md lie; docs where you do not choose"),
    )


def run(options: Namespace, face: Face) -> int:
    """Bring the table up to date: lessons that have changed since they were proved leave it."""
    from runner.course.course import open_course
    from runner.files import write_whole
    from runner.prove import matrix
    from runner.prove.results import Results

    course = open_course(course_folder(options))
    files = options.results or [data_folder() / "proofs" / f"{course.id}.json"]
    played = [one for path in files for one in Results.read(path).all()]
    found = matrix.gather(course, played, matrix.read(options.to / KEPT))
    matrix.write(options.to / KEPT, found)
    page = [*_HEAD, *matrix.markdown(course, found)]
    write_whole(options.to / PAGE, "\n".join(page) + "\n")
    for line in matrix.markdown(course, found):
        face.say(line)
    face.note(msg("The table is kept in {path}.", path=str(options.to / PAGE)))
    return int(Exit.OK)


_HEAD = (
    "# What is proved",
    "",
    "Rounds without a miss × what one round holds: how often a check was judged, right ways played"
    " (the walk through the whole lesson and the alternatives), wrong ways that had to fail, and"
    " the seconds of all trials one after the other. From the second round on the values are drawn"
    " as for a learner of a class. `learn-docker-net course prove` makes such results,"
    " `learn-docker-net course matrix` this page; a lesson that has changed since leaves it.",
    "",
)
