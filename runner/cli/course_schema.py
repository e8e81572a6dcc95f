"""`course schema`: the JSON schemas of a course's files, made from the program's declarations."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help=translate("write them as files into this folder; else the lesson's goes to stdout"),
    )


def run(options: Namespace, face: Face) -> int:
    """Write the schemas."""
    from runner.course.schema import schema_text, schemas, write_schemas

    if options.to is None:
        face.out.write(schema_text(next(iter(schemas().values()))))
        return 0
    for path in write_schemas(options.to):
        face.say(str(path))
    return 0
