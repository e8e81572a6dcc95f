"""`down [--all]`: the lab ended, or everything of ours removed from the engine."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from checks.message import msg
from runner.cli.consent import agree, given
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import course_folder, open_papers, open_store
from runner.course.course import open_course
from runner.errors import LearnError, UsageError
from runner.lab import lab as labs
from runner.lab.names import owner
from runner.learn.papers import Papers
from runner.record.store import Store
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--all",
        action="store_true",
        help=translate("also networks, volumes and images: everything that is ours"),
    )


def run(options: Namespace, face: Face) -> int:
    """End what there is; what the learner did stays recorded."""
    try:
        course = open_course(course_folder(options))
    except LearnError as error:  # a lab can be ended without the course that it was for
        face.error(error)
        _end(options, face)
        return 0
    store = open_store(course, options, face)
    try:
        _keep_traces(open_papers(course, options), store, face)
        _end(options, face)
        store.end_lab()
    finally:
        store.close()
    return 0


def _end(options: Namespace, face: Face) -> None:
    if options.all:
        _everything(face)
    elif not labs.down(owner(), face.tell):
        face.say(tell(msg("You have no lab.")))


def _keep_traces(papers: Papers, store: Store, face: Face) -> None:
    """Keep what a class may want of the lab before it goes."""
    from runner.cli.made import MadeLabs

    papers.keep_traces(store, MadeLabs(partial(agree, face)))


def _everything(face: Face) -> None:
    found = labs.list_all(owner(), with_images=True)
    if not found:
        face.say(tell(msg("There is nothing of ours in this engine.")))
        return
    for thing in found:
        face.say(tell(thing.told()))
    if not given(face):
        if not face.can_ask:
            raise UsageError(
                msg("This has to be agreed to, and there is no terminal to ask on."),
                remedy=msg("Run it in a terminal, or add --yes to agree beforehand."),
            )
        if not face.confirm(translate("Remove all of these?")):
            raise LearnError(msg("Nothing was removed."))
    labs.down_all(owner(), face.tell, with_images=True)
