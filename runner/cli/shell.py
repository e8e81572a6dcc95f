"""`shell [HOST] [-- COMMAND]`: a shell in the lab, or one command there with its exit status."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
from argparse import Namespace
from collections.abc import Sequence

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
    return run_there(argv)


def run_there(argv: Sequence[str], stdin: int | None = None) -> int:
    """Run what goes into the lab to its end, and give its status: 128+n where signal n ended it.

    Ctrl-C reaches it too, and it has to hang up what runs in the lab: that is waited for.
    """
    process = subprocess.Popen(argv, stdin=stdin)
    while process.returncode is None:
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _command(words: list[str] | None) -> str | None:
    """Give one word as it is, so that `-- 'a | b'` works; several as words."""
    if not words:
        return None
    return words[0] if len(words) == 1 else shlex.join(words)
