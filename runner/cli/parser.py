"""Reads one command's arguments, with the options that every command takes."""

from __future__ import annotations

import argparse

from runner.words import mark, translate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

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


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are raised as UsageError."""

    def __init__(self, *, prog: str, description: str | None = None) -> None:
        """Take the command's name and what it does."""
        super().__init__(prog=prog, description=description, allow_abbrev=False)

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
        group = self.add_argument_group(translate("everywhere"))
        group.add_argument("--lang", metavar="en|zh", help=translate("language"))
        group.add_argument("--course", metavar="DIR", help=translate("somebody else's course"))
        group.add_argument(
            "--yes", "-y", action="store_true", help=translate("answer every question with yes")
        )
        group.add_argument("--no-color", action="store_true", help=translate("no colours"))

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
