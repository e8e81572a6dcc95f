"""`start [LESSON]`: begin, or go on; the lab is brought up and the lesson taken."""

from __future__ import annotations

from argparse import Namespace

from runner.cli import step
from runner.cli.face import Face
from runner.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    step.arguments(parser)


def run(options: Namespace, face: Face) -> int:
    """Take the lesson in the face that fits this terminal; for now that is always the lines."""
    return step.run(options, face)
