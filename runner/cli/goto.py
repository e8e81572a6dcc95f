"""`goto LESSON/STEP`: a clean lab in which everything before that step is done."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli.consent import agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import work
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("target", metavar="LESSON/STEP", help=translate("where to go"))
    parser.engine()


def run(options: Namespace, face: Face) -> int:
    """Make the lab, type the solutions, say where the learner is."""
    agree_to_labs(face)
    with work(options, face, options.target) as at:
        step = at.step or at.lesson.steps[0]
        at.session.goto(step, face.tell, options.docker)
        words = msg(
            "The lab is ready for {step}. Go on: learn-docker-net step {lesson}",
            step=step.id,
            lesson=at.lesson.id,
        )
        face.say(tell(words))
    return 0
