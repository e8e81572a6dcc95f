"""`reset [LESSON]`: a clean lab in place of the one that stands."""

from __future__ import annotations

from argparse import Namespace

from runner.cli.consent import agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.up import show_lab
from runner.cli.work import work
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON",
        help=translate("whose lab; that of the lab you have where you name none"),
    )
    parser.engine()


def run(options: Namespace, face: Face) -> int:
    """Make the clean lab."""
    agree_to_labs(face)
    with work(options, face, options.target) as at:
        show_lab(at.session.reset(face.tell, options.docker), face)
    return 0
