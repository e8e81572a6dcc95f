"""`start [LESSON]`: begin, or go on; on the screen where the terminal can, else by lines."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from checks.message import msg
from runner.cli import step
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.errors import UsageError
from runner.words import translate

LEAST = (60, 15)
"""Columns and rows of the smallest terminal that the screen fits on."""


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    step.arguments(parser)
    parser.add_argument(
        "--line", action="store_true", help=translate("line by line, with plain prompts")
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help=translate("keep what the screen shows, as an asciicast"),
    )


def run(options: Namespace, face: Face) -> int:
    """Take the lesson in the face that fits this terminal."""
    if options.line or not fits(face):
        if options.record is not None:
            raise UsageError(
                msg("Only the screen can be recorded, and it is not shown here."),
                remedy=msg("Leave --line out, in a terminal of at least 60 columns and 15 rows."),
            )
        return step.run(options, face)
    from runner.cli.screen import run_screen

    return run_screen(options, face)


def fits(face: Face) -> bool:
    """Tell whether the screen can be shown here."""
    if not all(stream.isatty() for stream in (face.inp, face.out, face.err)):
        return False  # Textual draws on stderr
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        return False
    columns, rows = os.get_terminal_size(face.out.fileno())
    return columns >= LEAST[0] and rows >= LEAST[1]
