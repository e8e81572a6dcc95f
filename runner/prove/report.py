"""What a proof found, as a table and, for each miss, a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from checks.message import Translate, msg
from runner.prove.trial import Kind, Miss, Played

_HEAD = ("lesson", "docker", "rounds", "checks", "ways", "wrong ways", "seconds", "misses")


def table(played: Iterable[Played], translate: Translate = str) -> Iterator[str]:
    """Give a row for each lesson and engine."""
    rows = [tuple(translate(word) for word in _HEAD)]
    for _, group in groupby(_sorted(played), key=lambda one: (one.trial.lesson, one.docker)):
        rows.append(_row(list(group), translate))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join(cells).rstrip()


def misses(played: Iterable[Played], translate: Translate = str) -> Iterator[str]:
    """Give a paragraph for each miss."""
    for one in _sorted(played):
        for miss in one.misses:
            yield from _paragraph(one, miss, translate)


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
