"""`course lint|new|schema|prove|matrix|demo|translate`: for whoever writes lessons."""

from __future__ import annotations

import importlib
from argparse import Namespace
from typing import Any

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.words import mark, translate

VERBS = (
    ("lint", mark("find all that can be wrong with a course without running it")),
    ("new", mark("begin a lesson, to be filled in")),
    ("schema", mark("write the JSON schemas of the course's files")),
    ("prove", mark("have lessons prove themselves in real labs")),
    ("matrix", mark("write the table of what proofs have shown of which lesson")),
    ("demo", mark("have a lesson play itself on the screen, for pictures and recordings")),
    ("translate", mark("write what a translation still lacks, to be filled in")),
)


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    verbs = parser.verbs()
    for name, summary in VERBS:
        _module(name).arguments(verbs.verb(name, translate(summary)))


def run(options: Namespace, face: Face) -> int:
    """Do what the second word says."""
    return int(_module(options.verb).run(options, face))


def _module(verb: str) -> Any:
    return importlib.import_module(f"runner.cli.course_{verb}")
