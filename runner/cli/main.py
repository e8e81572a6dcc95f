"""The command line's start: finds the command, loads its one module, turns errors into exit codes.

Imports nothing of weight, so that `--help` and `list` come at once; each command is a module with
`arguments(parser)` and `run(options, face) -> int`.
"""

from __future__ import annotations

import os
import sys

from runner import words
from runner.words import mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "learn-docker-net"
BROKEN_PIPE = 141
"""Exit status where the reader of stdout went away, as a shell gives it for SIGPIPE."""

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        mark("Learn"),
        (
            ("start", mark("begin, or go on where you were")),
            ("serve", mark("the same in a browser on this machine")),
            ("list", mark("the lessons, and how far you are")),
            ("show", mark("read a lesson or a step")),
            ("step", mark("take a lesson line by line, with plain prompts")),
            ("check", mark("see what holds in the lab and what does not")),
            ("answer", mark("answer a question of a step")),
            ("hint", mark("get the next hint")),
            ("solve", mark("have a step's solution typed into the lab")),
            ("goto", mark("a clean lab with everything before a step done")),
        ),
    ),
    (
        mark("The lab"),
        (
            ("up", mark("bring up the lab of a lesson")),
            ("shell", mark("a shell in the lab, or one command there")),
            ("map", mark("the lab's network: bridges, containers, cables")),
            ("reset", mark("a clean lab in place of the one you have")),
            ("down", mark("end the lab, or remove all that is ours")),
        ),
    ),
    (
        mark("A class"),
        (
            ("join", mark("become a member of a class")),
            ("submit", mark("one signed file of what you did, to hand in")),
            ("enroll", mark("files for a class's learners, and their keys")),
            ("grade", mark("judge a whole class, and write its gradebook")),
        ),
    ),
    (
        mark("The program"),
        (
            ("doctor", mark("look at the machine, the engine and the lab")),
            ("setup", mark("get everything ready that a lab needs")),
            ("images", mark("build, list, carry and remove images")),
            ("course", mark("write a course: lint, new, schema, prove, matrix, demo, translate")),
            ("completion", mark("a script that completes commands in your shell")),
        ),
    ),
)
HIDDEN = ("complete", "served")
"""Commands for the completion scripts and for the server's pages alone."""
PLAIN = ("list",)
"""Commands that take nothing but what all take."""
QUICK = ("list", "show", "check", "answer", "hint", "map", "completion", "complete")
"""Commands that end within seconds, and so hold no more at their end than while they ran."""

OPTIONS: tuple[tuple[str, str], ...] = (
    ("--lang en|zh", mark("language; else the locale's")),
    ("--course DIR", mark("somebody else's course; says what that means, and asks")),
    ("--yes", mark("answer every question with yes")),
    ("--no-color", mark("no colours; the variable NO_COLOR does the same")),
    ("--version", mark("the program's version")),
    ("--help", mark("this; after a command, what it takes")),
)
VALUED = ("--lang", "--course", "--docker")
FLAGS = ("--yes", "-y", "--no-color")


def entry() -> int:
    """Run the command line of the process; the console script's way in."""
    arguments = sys.argv[1:]
    _, rest = split(arguments)
    if rest and rest[0] not in QUICK and not rest[0].startswith("-"):
        return main(arguments)
    import gc

    gc.disable()
    return _leave(main(arguments))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status; raises nothing."""
    try:
        status = _dispatch(list(arguments))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # what was being typed keeps its line
        return 130
    except BrokenPipeError:
        _forget_stdout()
        return BROKEN_PIPE


def commands() -> list[str]:
    """Name all commands in the order of the help."""
    return [name for _, members in GROUPS for name, _ in members]


def summary(command: str) -> str:
    """Give a command's one line, in the language in use."""
    found = [text for _, members in GROUPS for name, text in members if name == command]
    return words.translate(found[0]) if found else ""


def _dispatch(arguments: list[str]) -> int:
    first, rest = split(arguments)
    words.use(language(arguments))
    if not rest:
        sys.stderr.write(overview())
        return 2
    if rest[0] in ("--help", "-h", "help"):
        sys.stdout.write(overview())
        return 0
    if rest[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"{NAME} {version(NAME)}\n")
        return 0
    from runner.cli.running import run_command

    return run_command(rest[0], first + rest[1:])


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part the options that stand before the command from what follows."""
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if word in VALUED:
            index += 2
        elif word in FLAGS or word.startswith(tuple(f"{option}=" for option in VALUED)):
            index += 1
        else:
            break
    return arguments[:index], arguments[index:]


def language(arguments: Sequence[str]) -> str:
    """Give the language that the command line asks for, else the locale's."""
    for index, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith("--lang="):
            return word[len("--lang=") :]
    return words.from_locale(os.environ)


def overview() -> str:
    """Give the help of the whole program."""
    lines = [
        words.translate("Learn Docker networking in your own terminal."),
        "",
        words.translate("Usage: {name} [OPTIONS] COMMAND …").format(name=NAME),
    ]
    for title, members in (*GROUPS, (mark("Options"), OPTIONS)):
        lines += ["", words.translate(title)]
        lines += [f"  {name:<13} {words.translate(text)}" for name, text in members]
    closing = words.translate("`{name} COMMAND --help` tells what a command takes.")
    lines += ["", closing.format(name=NAME)]
    return "\n".join(lines) + "\n"


def _leave(status: int) -> int:
    """End the process without taking the interpreter apart, which takes longer than `list` does.

    What was registered for the end is run first. Where a thread is still at work, or a stream
    takes no more, the status is given back: then the interpreter does what it always does.
    """
    import atexit

    threading = sys.modules.get("threading")
    if threading is not None:
        others = set(threading.enumerate()) - {threading.main_thread()}
        if not all(one.daemon for one in others):
            return status
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return status
    os._exit(status)


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere: the reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(entry())
