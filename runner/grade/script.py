"""What a learner's log says was done in a lab, as it can be done anew: commands, files, the moments
at which checks held.

A prompt can be typed at again; an editor or a shell inside a container cannot, for the log knows
only that it was opened. In their place stand the files that they left.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from checks.verdict import State
from runner.grade.moments import place_in_time
from runner.grade.sessions import EDITORS, is_endless, is_session
from runner.grade.work import Change, ChangedFile, LabWork, Typed, Work

_BEFORE = frozenset(["sudo", "env", "time", "nice", "command", "exec"])
_INTERRUPTED = 130
"""Exit status of what Ctrl-C has ended."""
LONGEST = 10.0
"""Seconds after which Ctrl-C is pressed at the latest, where the learner did."""
UNKNOWN = 5.0
"""Seconds until then where the log does not tell."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be typed."""

    typed: Typed
    ends: float | None = None
    """Seconds after which Ctrl-C is pressed if it still runs; None lets it come to its end."""


@dataclass(frozen=True, slots=True)
class Left:
    """Files put as they were left, in place of a session that cannot be typed anew."""

    typed: Typed
    files: tuple[ChangedFile, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A moment at which the learner's record has checks hold: ask their steps."""

    at: str
    checks: tuple[str, ...]


Act = Command | Left | Held


def script_of(work: Work, lab: LabWork) -> Iterator[Act]:
    """Give what was done in one lab, in its order.

    Times are compared as moments: as texts, a whole second comes after its own fractions.
    """
    held = _held(work, lab.lab)
    before = place_in_time(lab.since)
    for typed in sorted(lab.typed, key=lambda one: place_in_time(one.at)):
        while held and place_in_time(held[0].at) < place_in_time(typed.at):
            yield held.pop(0)
        now = place_in_time(typed.at)
        yield _act(typed, lab, now - before if before else UNKNOWN)
        before = now
    yield from held


def _held(work: Work, lab: str) -> list[Held]:
    """Give the moments at which checks first held in this lab, oldest first."""
    first: dict[str, str] = {}
    for seen in work.seen:
        if seen.lab == lab and seen.state is State.PASSED:
            first.setdefault(seen.check, seen.at)
    moments: dict[str, list[str]] = {}
    for check, at in first.items():
        moments.setdefault(at, []).append(check)
    return [
        Held(at, tuple(checks))
        for at, checks in sorted(moments.items(), key=lambda one: place_in_time(one[0]))
    ]


def _act(typed: Typed, lab: LabWork, took: float) -> Act:
    """Say what becomes of a line; `took` is what it can have taken: a line is logged when it has
    ended, so it began after the one before had.
    """
    words = _words(typed.command)
    if not words or not is_session(words):
        cut = typed.status == _INTERRUPTED or (words and is_endless(words))
        return Command(typed, min(max(took, 1.0), LONGEST) if cut else None)
    here = [one for one in lab.files if one.host == typed.host]
    if words[0] in EDITORS:
        named = {posixpath.normpath(posixpath.join(typed.folder, word)) for word in words[1:]}
        found = [one for one in here if one.path in named]
        return Left(typed, tuple(found))
    return Left(typed, tuple(one for one in here if one.change is not Change.LEFT_OUT))


def _words(command: str) -> list[str]:
    """Give a command's words without what only stands before it; none where it is no plain one."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return []
    while words and (words[0] in _BEFORE or _is_assignment(words[0])):
        words = words[1:]
    return words


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()
