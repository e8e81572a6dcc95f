"""`shell [HOST] [-- COMMAND]`: a shell in the lab, or one command there with its exit status."""

from __future__ import annotations

import shlex
import subprocess
from argparse import Namespace

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import work
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.usage = f"{parser.prog} [HOST] [-- COMMAND …]"
    parser.add_argument(
        "host",
        nargs="?",
        metavar="HOST",
        help=translate("the lab host; the first where you name none"),
    )


def run(options: Namespace, face: Face) -> int:
    """Run the shell or the command, and give its exit status."""
    command = _command(options.command)
    if command is None and not face.inp.isatty():
        command = "exec bash -s"  # what is piped in is the script
    with work(options, face, None) as at:
        argv = at.session.shell(options.host, command)
    face.out.flush()
    return subprocess.run(argv, check=False).returncode


def _command(words: list[str] | None) -> str | None:
    """Give one word as it is, so that `-- 'a | b'` works; several as words."""
    if not words:
        return None
    return words[0] if len(words) == 1 else shlex.join(words)
