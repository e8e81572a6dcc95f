"""Rules on prose: lines that fit the screen, steps that fit a screenful, bold that is bold, code
blocks that parse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from yaml.nodes import ScalarNode

from checks.fill import fill_text
from checks.message import msg
from runner.course.shell_syntax import Script
from runner.course.yaml_nodes import Document
from runner.errors import Problem

WIDTH = 76
"""Columns; the narrowest terminal has 80, and prose is set in by two on each side."""
HEIGHT = 40
"""Lines of a step's text."""

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})\s*(\w*)")
_SHELLS = ("sh", "bash", "shell")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text of several lines and where it stands."""

    document: Document
    node: ScalarNode
    wrapped: bool = True
    """Whether its paragraphs are broken into lines; where not, only code has to fit."""
    height: int | None = HEIGHT
    """How many lines it may have."""


def check_prose(prose: Prose, values: Mapping[str, str]) -> Iterator[Problem]:
    """Tell too wide lines, with the values put in, asterisks left over, and a too long text."""
    lines = prose.node.value.rstrip("\n").split("\n")
    fenced = ""
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        code = bool(fenced) or line.startswith(("    ", "|"))
        columns = width(fill_text(line, values))
        if columns > WIDTH and (code or (prose.wrapped and " " in line.strip())):
            yield Problem(
                prose.document.place(prose.node, number),
                msg("The line is {width} columns wide; {limit} fit.", width=columns, limit=WIDTH),
            )
        if fence is not None:
            fenced = "" if fenced and line.strip().startswith(fenced) else fenced or fence[2]
    for number in _left_over(prose.node.value):
        yield Problem(
            prose.document.place(prose.node, number),
            msg("Here `**` is shown as it stands, for it opens or closes nothing."),
            msg("A mark that ends bold follows a letter; put the full stop behind it."),
        )
    if prose.height is not None and len(lines) > prose.height:
        yield Problem(
            prose.document.place(prose.node),
            msg("The text has {lines} lines; {limit} fit.", lines=len(lines), limit=prose.height),
            msg("Make two steps of it, or say it shorter."),
        )


def _left_over(text: str) -> Iterator[int]:
    """Give the first lines, from 1, of the paragraphs in which `**` is no mark."""
    if "**" not in text:
        return
    for token in MarkdownIt("commonmark").parse(text):
        plain = [child.content for child in token.children or () if child.type == "text"]
        if token.map and any("**" in words for words in plain):
            yield token.map[0] + 1


def code_blocks(document: Document, node: ScalarNode) -> Iterator[Script]:
    """Give the blocks fenced as sh or bash."""
    opened: re.Match[str] | None = None
    block: list[str] = []
    first = 1
    for number, line in enumerate(node.value.split("\n"), 1):
        fence = _FENCE.match(line)
        if opened is None:
            if fence is not None:
                opened, block, first = fence, [], number + 1
        elif fence is not None and not fence[3] and fence[2].startswith(opened[2]):
            if opened[3].lower() in _SHELLS:
                yield Script(document, node, "\n".join(block), first)
            opened = None
        else:
            block.append(line.removeprefix(opened[1]))


def width(text: str) -> int:
    """Give the columns that a terminal takes for a line."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
