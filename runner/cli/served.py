"""`served`: the screen as a page of `serve` shows it; for the server alone."""

from __future__ import annotations

from argparse import Namespace

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON[/STEP]",
        help=translate("where to begin; else where you were, or the list of lessons"),
    )
    parser.engine()


def run(options: Namespace, face: Face) -> int:
    """Draw it, in packets on stdout."""
    from runner.cli.screen import run_screen

    return run_screen(options, face)
