"""Runs one command: its arguments read, its errors shown, its exit status given."""

from __future__ import annotations

import importlib
import sys
from types import SimpleNamespace

from runner import words
from runner.cli import main
from runner.cli.face import Face

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import Any


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run the command of this name; KeyboardInterrupt and BrokenPipeError go on up."""
    face = Face(color="--no-color" not in arguments)
    try:
        return _run(name, list(arguments))
    except SystemExit as done:  # argparse has printed a command's help
        return int(done.code or 0)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        from runner.errors import Exit, LearnError

        if isinstance(error, LearnError):
            face.error(error)
            return int(error.exit)
        _defect()
        return int(Exit.ERRORED)


def _run(name: str, arguments: list[str]) -> int:
    if name not in main.commands() and name not in main.HIDDEN:
        raise _unknown(name)
    module = importlib.import_module(f"runner.cli.{name}")
    options = _plain(arguments) if name in main.PLAIN else None
    if options is None:
        options = _parsed(name, module, arguments)
    _speak(options)
    return int(module.run(options, Face(color=not options.no_color, yes=options.yes)))


def _plain(arguments: list[str]) -> Any:
    """Read the options of a command that takes only what all take; None for anything else.

    It spares `list` argparse, which takes as long as all the rest of it.
    """
    options = SimpleNamespace(lang=None, course=None, yes=False, no_color=False, command=None)
    rest = iter(arguments)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in ("--lang", "--course"):
            setattr(options, name[2:], value if equals else next(rest, None))
            if not getattr(options, name[2:]):
                return None
        elif word in main.FLAGS:
            setattr(options, "no_color" if word == "--no-color" else "yes", True)
        else:
            return None
    return options


def _parsed(name: str, module: Any, arguments: list[str]) -> Namespace:
    from argparse import Namespace

    from runner.cli.parser import Parser

    parser = Parser(prog=f"{main.NAME} {name}", description=main.summary(name) or None)
    module.arguments(parser)
    parser.everywhere()
    plain, command = _before_dashes(arguments)
    found: Namespace = parser.parse_args(plain, Namespace(command=command))
    return found


def _before_dashes(arguments: list[str]) -> tuple[list[str], list[str] | None]:
    """Part what follows `--`, which belongs to somebody else."""
    if "--" not in arguments:
        return arguments, None
    index = arguments.index("--")
    return arguments[:index], arguments[index + 1 :]


def _speak(options: Namespace) -> None:
    """Refuse a language that nobody speaks; a course of somebody else may speak more than we."""
    asked = options.lang
    if asked is None or asked in words.LANGUAGES or options.course is not None:
        return
    from checks.message import msg
    from runner.errors import UsageError

    raise UsageError(
        msg("There is no language {asked} here.", asked=asked),
        remedy=msg("Take one of: {known}.", known=", ".join(words.LANGUAGES)),
    )


def _unknown(name: str) -> Exception:
    from checks.message import msg
    from runner.cli.nearest import nearest
    from runner.errors import UsageError

    if name.startswith("-"):
        message = msg("There is no option {name} here.", name=name)
    else:
        message = msg("There is no command {name}.", name=name)
    near = nearest(name, main.commands())
    remedy = (
        msg("Did you mean {near}?", near=near)
        if near
        else msg("`{program} --help` lists the commands.", program=main.NAME)
    )
    return UsageError(message, remedy=remedy)


def _defect() -> None:
    """Show what only the program's authors can mend; not as a failed check would look."""
    import traceback

    sys.stdout.flush()
    traceback.print_exc()
    sys.stderr.write(words.translate("This is a defect of learn-docker-net itself.") + "\n")
