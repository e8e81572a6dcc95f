"""`hint [LESSON[/STEP]]`: the next hint; they get more concrete."""

from __future__ import annotations

from argparse import Namespace

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.reading import markdown
from runner.cli.work import work
from runner.course.lesson import Step
from runner.learn.session import Session
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON[/STEP]",
        help=translate("the step; the one you are at where you name none"),
    )


def run(options: Namespace, face: Face) -> int:
    """Write the next hint and count it."""
    with work(options, face, options.target) as at:
        show_hint(at.session, at.here, face)
    return 0


def show_hint(session: Session, step: Step, face: Face) -> None:
    """Write a step's next hint."""
    hint = session.hint(step)
    if hint is None:
        face.say(tell(msg("There are no hints for {step}.", step=step.id)))
        return
    words = msg("Hint {number} of {of} for {step}:", number=hint.number, of=hint.of, step=step.id)
    face.say(face.paint("bold", tell(words)))
    markdown(hint.text, face)
