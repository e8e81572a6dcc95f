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
from runner.grade.work import Change, ChangedFile, LabWork, Typed, Work

EDITORS = frozenset(
    ["vi", "vim", "nvim", "nano", "pico", "emacs", "ed", "joe", "micro", "mcedit", "view"]
)
SCREENS = frozenset(
    [
        "less",
        "more",
        "man",
        "top",
        "htop",
        "watch",
        "mc",
        "tmux",
        "screen",
        "ssh",
        "telnet",
        "nsenter",
    ]
)
SHELLS = frozenset(["bash", "sh", "ash", "dash", "zsh"])
_BEFORE = frozenset(["sudo", "env", "time", "nice", "command", "exec"])
_FOLLOW = frozenset({"-f", "--follow", "-F"})


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be typed."""

    typed: Typed


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
    for typed in sorted(lab.typed, key=lambda one: place_in_time(one.at)):
        while held and place_in_time(held[0].at) < place_in_time(typed.at):
            yield held.pop(0)
        yield _act(typed, lab)
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


def _act(typed: Typed, lab: LabWork) -> Act:
    words = _words(typed.command)
    if not words or not _is_session(words):
        return Command(typed)
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


def _is_session(words: list[str]) -> bool:
    """Tell whether a command waits for somebody at the keyboard."""
    program = posixpath.basename(words[0])
    if program in EDITORS or program in SCREENS:
        return program != "nsenter" or posixpath.basename(words[-1]) in SHELLS
    if program in SHELLS:
        return all(word.startswith("-") and "c" not in word for word in words[1:])
    if program in ("tail", "journalctl"):
        return bool(_FOLLOW & set(words))
    return program == "docker" and _is_docker_session(words[1:])


def _is_docker_session(words: list[str]) -> bool:
    if words[:1] == ["container"]:
        words = words[1:]
    if words[:1] == ["attach"]:
        return True
    if words[:1] in (["logs"], ["events"], ["stats"]):
        return words[0] == "events" or bool(_FOLLOW & set(words))
    asks = any(word.startswith("-") and not word.startswith("--") and "i" in word for word in words)
    asks = asks or "--interactive" in words
    return words[:1] in (["exec"], ["run"], ["start"]) and asks and _ends_in_shell(words)


def _ends_in_shell(words: list[str]) -> bool:
    return posixpath.basename(words[-1]) in SHELLS
