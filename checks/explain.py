"""Telling a reader how a text differs from what was wanted, in one sentence each.

Only what helps to see the difference is quoted here; the whole output goes with the verdict as
its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.message import Message, msg

_ALIKE = 0.45
"""From this share of common characters on, a line may be what the learner meant."""
_LINES = 400
_WIDTH = 300
"""How much of an output is searched for the nearest line: comparing is slow, readers are few."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that was not met."""

    expected: Message
    found: Message


def fold(line: str) -> str:
    """Give a line with runs of blanks made one and none at its ends."""
    return " ".join(line.split())


def near(wanted: str, text: str) -> Message:
    """Tell what stands in `text` in place of a wanted line or part of a line."""
    lines = [fold(line) for line in text.splitlines() if line.strip()]
    if not lines:
        return msg("it is empty")
    if len(lines) == 1:
        return msg("“{line}”", line=lines[0])
    line = nearest_line(wanted, lines)
    if line is None:
        return msg("nothing like it in {count} lines; the first: “{line}”", **_first(lines))
    return msg("not there; the nearest line: “{line}”", line=line)


def _first(lines: list[str]) -> dict[str, object]:
    return {"count": len(lines), "line": lines[0]}


def nearest_line(wanted: str, lines: list[str]) -> str | None:
    """Give the line that is most like `wanted`, None where none is."""
    import difflib  # Only a failure pays for it.

    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(fold(wanted)[:_WIDTH])
    best, best_ratio = None, _ALIKE
    for line in lines[:_LINES]:
        matcher.set_seq1(line[:_WIDTH])
        if matcher.real_quick_ratio() <= best_ratio or matcher.quick_ratio() <= best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best, best_ratio = line, ratio
    return best


def starts(text: str) -> Message:
    """Tell how an output begins that should be empty."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        return msg("“{line}”", line=lines[0])
    return msg("{count} lines; the first: “{line}”", **_first(lines))


def difference(wanted: str, have: str) -> Miss:
    """Tell the first line in which two different texts differ."""
    expected, found = wanted.split("\n"), have.split("\n")
    number = next(
        (n for n, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b),
        min(len(expected), len(found)),
    )
    return Miss(_numbered(expected, number), _numbered(found, number))


def _numbered(lines: list[str], number: int) -> Message:
    if number >= len(lines):
        return msg("no line {number}", number=number + 1)
    return msg("line {number}: “{line}”", number=number + 1, line=lines[number])
