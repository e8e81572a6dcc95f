"""A lesson's Markdown as plain lines: readable on a dumb terminal and by a screen reader.

Only what lessons use is known: headings, paragraphs, lists, quotes, code, tables, emphasis. Code is
never wrapped, so that it can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from runner.cli.text import MARKS, safe, wrap

Paint = Callable[[str, str], str]

_FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_ITEM = re.compile(r"^(\s*)([-*+]|\d+[.)])\s+(.*)$")
_QUOTE = re.compile(r"^\s*>\s?(.*)$")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(`+)(.+?)\1")
_BOLD_ON, _CODE_ON, _OFF = MARKS[0], MARKS[1], MARKS[2]
_STYLE = {_BOLD_ON: "bold", _CODE_ON: "cyan"}
_MARK = re.compile(f"[{MARKS}]")


def render(markdown: str, columns: int, paint: Paint) -> Iterator[str]:
    """Give the lines of a text, wrapped to so many columns."""
    block: list[str] = []
    first, then = "", ""
    fenced = False
    for line in [*safe(markdown).strip("\n").split("\n"), ""]:
        if _FENCE.match(line):
            yield from _paragraph(block, columns, first, then, paint)
            block, fenced = [], not fenced
            continue
        if fenced or (line.startswith(("    ", "\t")) and not block) or _is_table(line):
            yield from _paragraph(block, columns, first, then, paint)
            block = []
            yield paint("cyan", f"    {line}" if fenced else line) if line.strip() else ""
            continue
        opened = _opening(line)
        if opened is not None or not line.strip():
            yield from _paragraph(block, columns, first, then, paint)
            block, first, then = [], "", ""
        if opened is not None:
            first, then, line = opened
        elif not line.strip():
            yield ""
            continue
        heading = _HEADING.match(line)
        if heading:
            yield paint("bold", inline(heading[2], paint))
            continue
        block.append(line.strip())


def inline(words: str, paint: Paint) -> str:
    """Give a line with its emphasis as style, or dropped where there is no style."""
    return "".join(_painted([_marked(words, paint)], paint))


def plain(_: str, words: str) -> str:
    """Paint nothing."""
    return words


def _marked(words: str, paint: Paint) -> str:
    """Put marks of no width around what has a style; code keeps its quotes where it has none."""
    styled = paint("cyan", "x") != "x"
    parts: list[str] = []
    last = 0
    for code in _CODE.finditer(words):
        shown = f"{_CODE_ON}{code[2]}{_OFF}" if styled else code[0]
        parts += [_emphasis(words[last : code.start()]), shown]
        last = code.end()
    return "".join([*parts, _emphasis(words[last:])])


def _emphasis(words: str) -> str:
    words = _BOLD.sub(lambda found: f"{_BOLD_ON}{found[1] or found[2]}{_OFF}", words)
    words = _ITALIC.sub(lambda found: f"{_BOLD_ON}{found[1]}{_OFF}", words)
    return _LINK.sub(lambda found: f"{found[1]} <{found[2]}>", words)


def _painted(lines: list[str], paint: Paint) -> Iterator[str]:
    """Turn marks into styles; one that goes on over a line's end is taken up on the next."""
    style = ""
    for line in lines:
        parts: list[str] = []
        last = 0
        for mark in _MARK.finditer(line):
            parts.append(
                paint(style, line[last : mark.start()]) if style else line[last : mark.start()]
            )
            style = _STYLE.get(mark[0], "")
            last = mark.end()
        parts.append(paint(style, line[last:]) if style else line[last:])
        yield "".join(parts)


def _is_table(line: str) -> bool:
    return line.lstrip().startswith("|") and line.rstrip().endswith("|")


def _opening(line: str) -> tuple[str, str, str] | None:
    """Give how a list's item or a quote opens, goes on, and its words."""
    item = _ITEM.match(line)
    if item:
        first = f"{item[1]}{'-' if item[2] in '-*+' else item[2]} "
        return first, " " * len(first), item[3]
    quote = _QUOTE.match(line)
    if quote:
        return "  ", "  ", quote[1]
    return None


def _paragraph(
    block: list[str], columns: int, first: str, then: str, paint: Paint
) -> Iterator[str]:
    if not block:
        return
    marked = _marked(" ".join(block), paint)
    yield from _painted(wrap(marked, columns, first=first, then=then), paint)
