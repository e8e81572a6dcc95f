"""`step [LESSON[/STEP]]`: a lesson line by line, with plain prompts."""

from __future__ import annotations

from argparse import Namespace

from runner.cli.consent import agree_to_labs
from runner.cli.face import Face
from runner.cli.line_mode import LineMode
from runner.cli.parser import Parser
from runner.cli.up import bring_up
from runner.cli.work import next_target, work
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON[/STEP]",
        help=translate("where to begin; else where you were, or the first lesson not complete"),
    )
    parser.engine()
    parser.replace()


def run(options: Namespace, face: Face) -> int:
    """Bring the lab up and take the lesson from the step that the learner is at."""
    agree_to_labs(face)
    target = options.target or next_target(options, face)
    with work(options, face, target) as at:
        bring_up(at.session, options, face)
        if at.step is not None:
            at.session.go(at.step)
        return LineMode(at.session, face, options.docker).run()
