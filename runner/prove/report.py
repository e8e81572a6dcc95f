"""What a proof found, as a table and, for each miss, a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from unicodedata import east_asian_width

from checks.message import Translate, msg
from runner.prove.trial import Kind, Miss, Played
from runner.words import mark

_HEAD = (
    mark("lesson"),
    mark("docker"),
    mark("rounds"),
    mark("checks"),
    mark("ways"),
    mark("wrong ways"),
    mark("seconds"),
    mark("misses"),
)


def table(played: Iterable[Played], translate: Translate = str) -> Iterator[str]:
    """Give a row for each lesson and engine."""
    rows = [tuple(translate(word) for word in _HEAD)]
    for _, group in groupby(_sorted(played), key=lambda one: (one.trial.lesson, one.docker)):
        rows.append(_row(list(group), translate))
    widths = [max(_columns(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        gaps = [" " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [row[0] + gaps[0], row[1] + gaps[1]]
        cells += [gap + cell for gap, cell in zip(gaps[2:], row[2:], strict=True)]
        yield "  ".join(cells).rstrip()


def misses(played: Iterable[Played], translate: Translate = str) -> Iterator[str]:
    """Give a paragraph for each miss."""
    for one in _sorted(played):
        for miss in one.misses:
            yield from _paragraph(one, miss, translate)


def _columns(text: str) -> int:
    """Give the columns that a text takes; Chinese letters take two."""
    return sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _sorted(played: Iterable[Played]) -> list[Played]:
    return sorted(played, key=lambda one: (one.trial.lesson, one.docker, one.trial))


def _row(group: list[Played], translate: Translate) -> tuple[str, ...]:
    first = group[0]
    if all(one.unsupported for one in group):
        reason = msg("unsupported: {why}", why=first.unsupported).render(translate)
        return (first.trial.lesson, first.docker, *["-"] * 5, reason)
    kinds = [one.trial.kind for one in group]
    return (
        first.trial.lesson,
        first.docker,
        str(len({one.trial.round for one in group})),
        str(sum(one.checks for one in group)),
        str(kinds.count(Kind.WALK.value) + kinds.count(Kind.ALTERNATIVE.value)),
        str(kinds.count(Kind.WRONG.value)),
        f"{sum(one.seconds for one in group):.0f}",
        str(sum(len(one.misses) for one in group)),
    )


def _paragraph(one: Played, miss: Miss, translate: Translate) -> Iterator[str]:
    yield f"{one.trial.key} · Docker {one.docker} · {miss.where}"
    yield "  " + msg("wanted: {what}", what=miss.wanted).render(translate)
    yield "  " + msg("got: {what}", what=miss.got).render(translate)
    for line in miss.evidence.splitlines()[-12:]:
        yield f"    {line}"
