"""`list`: the lessons, and how far the learner is. Reads two small files and no lesson."""

from __future__ import annotations

from runner.cli.text import pad, safe, width
from runner.course.index import index_of
from runner.places import course_place
from runner.record.files import record_place
from runner.record.overview import overview
from runner.words import language, mark, translate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping
    from typing import Any

    from runner.cli.face import Face
    from runner.cli.parser import Parser
    from runner.record.overview import Overview

HEADS = (mark("lesson"), mark("title"), mark("minutes"), mark("progress"))


def arguments(parser: Parser) -> None:
    """Take nothing."""


def run(options: Namespace, face: Face) -> int:
    """Write the table."""
    index = index_of(options.course or course_place())
    known = overview(record_place(index["id"], options.course), face.note)
    rows = [_row(item, known.get(item["id"])) for item in index["lessons"]]
    heads = [translate(head) for head in HEADS]
    widths = [max(width(row[column]) for row in [heads, *rows]) for column in range(3)]
    _line(heads, widths, face, "dim")
    by_id = dict(zip([item["id"] for item in index["lessons"]], rows, strict=True))
    for part in index["parts"] or [{"titles": {}, "lessons": list(by_id)}]:
        if part["titles"]:
            face.say()
            face.say(face.paint("bold", _text(part["titles"])))
        for id_ in part["lessons"]:
            _line(by_id[id_], widths, face, _style(known.get(id_)))
    return 0


def _row(item: Mapping[str, Any], known: Overview | None) -> list[str]:
    minutes = str(item["minutes"]) if item["minutes"] else "?"
    return [item["id"], _text(item["titles"]) or item["id"], minutes, _progress(known)]


def _progress(known: Overview | None) -> str:
    if known is None:
        return "-"
    if known.completed:
        return translate("complete")
    return translate("{passed} of {total} checks").format(passed=known.passed, total=known.total)


def _style(known: Overview | None) -> str:
    if known is None:
        return ""
    return "green" if known.completed else "yellow"


def _line(row: list[str], widths: list[int], face: Face, style: str) -> None:
    lesson, title, minutes, progress = row
    start = f"{pad(lesson, widths[0])}  {pad(title, widths[1])}"
    middle = " " * (widths[2] - width(minutes)) + minutes
    painted = face.paint(style, progress) if style else progress
    face.say(f"{start}  {middle}  {painted}")


def _text(texts: Mapping[str, str]) -> str:
    return safe(texts.get(language()) or next(iter(texts.values()), ""))
