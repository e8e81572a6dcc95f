"""Reads one command's arguments, with the options that every command takes."""

from __future__ import annotations

import argparse

from runner.words import mark, translate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

ENGINES = ("20.10", "26.1", "28.5")
"""The inner engines that a lab host can run."""

ARGPARSE = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
    mark("not allowed with argument %s"),
    mark("one of the arguments %s is required"),
    mark("ignored explicit argument %r"),
)
"""What argparse says by itself, so that our catalogues hold it."""


Verbs = argparse._SubParsersAction
"""Holds the parsers of a command's second word."""


class _Formatter(argparse.HelpFormatter):
    """Help of a fixed width; asking for the terminal's would load a module that nothing needs."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=80)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are raised as UsageError."""

    def __init__(self, *, prog: str, description: str | None = None) -> None:
        """Take the command's name and what it does."""
        super().__init__(
            prog=prog, description=description, allow_abbrev=False, formatter_class=_Formatter
        )
        self._verbs: Verbs[Parser] | None = None

    def verbs(self) -> Parser:
        """Let the command take a second word, `options.verb`, each with arguments of its own."""
        self._verbs = self.add_subparsers(
            dest="verb", metavar="VERB", required=True, parser_class=Parser
        )
        return self

    def verb(self, name: str, summary: str) -> Parser:
        """Give the parser of a second word."""
        assert self._verbs is not None  # noqa: S101  (`verbs` comes first)
        found: Parser = self._verbs.add_parser(name, help=summary, description=summary)
        return found

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing, so that one place shows all errors."""
        from checks.message import Message, msg
        from runner.errors import UsageError

        raise UsageError(
            Message("{words}", {"words": message}),
            remedy=msg("`{command} --help` tells what it takes.", command=self.prog),
        )

    def everywhere(self) -> None:
        """Add the options that every command takes."""
        for known in self._verbs.choices.values() if self._verbs is not None else ():
            known._global(keep=True)
        self._global(keep=False)

    def _global(self, *, keep: bool) -> None:
        """Add them; `keep` leaves a value alone that was given before the second word."""
        group = self.add_argument_group(translate("everywhere"))
        default: dict[str, Any] = {"default": argparse.SUPPRESS} if keep else {}
        group.add_argument("--lang", metavar="en|zh", help=translate("language"), **default)
        group.add_argument(
            "--course", metavar="DIR", help=translate("somebody else's course"), **default
        )
        group.add_argument(
            "--yes",
            "-y",
            action="store_true",
            help=translate("answer every question with yes"),
            **default,
        )
        group.add_argument(
            "--no-color", action="store_true", help=translate("no colours"), **default
        )

    def engine(self) -> None:
        """Add the choice of the lab's engine."""
        self.add_argument(
            "--docker",
            choices=ENGINES,
            help=translate("the Docker engine inside the lab; 26.1 where you do not choose"),
        )

    def replace(self) -> None:
        """Add the leave to end another lesson's lab."""
        self.add_argument(
            "--replace",
            action="store_true",
            help=translate("end a lab that is set up for something else"),
        )
