"""`up LESSON`: the lab of a lesson, running and set up."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli.consent import agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import work
from runner.lab.handle import LabBusy, LabHandle
from runner.learn.session import Session
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("target", metavar="LESSON", help=translate("whose lab"))
    parser.engine()
    parser.replace()


def run(options: Namespace, face: Face) -> int:
    """Bring the lab up and say how to get in."""
    agree_to_labs(face)
    with work(options, face, options.target) as at:
        handle = bring_up(at.session, options, face)
        show_lab(handle, face)
    return 0


def bring_up(session: Session, options: Namespace, face: Face) -> LabHandle:
    """Bring up the lesson's lab; where another lab stands, ask whether it may go."""
    try:
        return session.start(face.tell, options.docker)
    except LabBusy as busy:
        if not options.replace and not _may_go(busy, face):
            raise
    return session.reset(face.tell, options.docker)


def show_lab(handle: LabHandle, face: Face) -> None:
    """Write what stands."""
    hosts = ", ".join(f"{host.name} ({host.address})" for host in handle.hosts.values())
    words = msg(
        "The lab for {lesson} is up with Docker {docker}: {hosts}.",
        lesson=handle.lesson,
        docker=handle.docker,
        hosts=hosts,
    )
    face.paragraph(tell(words))
    face.say(tell(msg("Get in: learn-docker-net shell")))


def _may_go(busy: LabBusy, face: Face) -> bool:
    if face.yes or not face.can_ask:
        return False  # --yes agrees to what is said, not to losing a lab
    face.note(busy.message)
    return face.confirm(translate("End it and begin in a clean lab?"))
