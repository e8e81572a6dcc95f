"""`solve LESSON/STEP`: a step's solution typed into the lab, counted, and checked."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import safe
from runner.cli.verdicts import show_step
from runner.cli.work import work
from runner.course.lesson import Step
from runner.learn.session import Session
from runner.words import tell, translate

if TYPE_CHECKING:
    from runner.lab.typist import Entered


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON/STEP",
        help=translate("the step; the one you are at where you name none"),
    )


def run(options: Namespace, face: Face) -> int:
    """Type the solution, then check the step; the exit status is that of the verdicts."""
    with work(options, face, options.target, asks=True) as at:
        return solve(at.session, at.here, face)


def solve(session: Session, step: Step, face: Face) -> int:
    """Type a step's solution, show what came of it, check the step."""
    if not step.solution:
        face.say(tell(msg("There is nothing to solve in {step}.", step=step.id)))
        return 0
    for entered in session.solve(step):
        show_entered(entered, face)
    report = session.check([step.id])
    if report.counted:
        show_step(step, list(report.counted), face)
    session.copy_record()
    return int(report.exit)


def show_entered(entered: Entered, face: Face) -> None:
    """Write a command that was typed, its output, and its status where it is not 0."""
    typed = safe(entered.command).splitlines()
    for line in typed:
        face.say(face.paint("bold", f"$ {line}" if line is typed[0] else f"> {line}"))
    shown = safe(entered.output).strip("\n").splitlines()
    if shown and shown[0].endswith(typed[0]):
        shown = shown[len(typed) :]  # the prompt's echo of what was typed
    for line in shown:
        face.say(line)
    if entered.status:
        face.say(tell(msg("(exit status {status})", status=entered.status)))
