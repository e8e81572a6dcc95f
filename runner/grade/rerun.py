"""One lab's log played in a fresh lab, and the checks asked when the learner's record has them
hold.
"""

from __future__ import annotations

import base64
import posixpath
import shlex
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from checks.asking import Run
from checks.message import msg
from runner.course.lesson import Lesson
from runner.errors import LearnError
from runner.grade.anew import judge_anew
from runner.grade.finding import Finding
from runner.grade.lies import TIMEOUT, lies
from runner.grade.script import Command, Held, Left, script_of
from runner.grade.work import Change, ChangedFile, LabWork, Seen, Typed, Work
from runner.lab.handle import LabHandle
from runner.lab.outer import Docker
from runner.lab.running import RunningLab, shell_argv
from runner.lab.typist import Stuck, Typist
from runner.learn import progress
from runner.learn.stage import Stage

COMMAND = 60.0
"""Seconds that one command may take."""
PIECE = 48_000
"""Bytes of a file that are put on one command line."""
_MOVES = ("cd", "pushd", "popd")


class Rerun:
    """A fresh lab in which a log is played. Use it as a context manager."""

    def __init__(self, lesson: Lesson, handle: LabHandle, docker: Docker, deadline: float) -> None:
        """Take the lesson, its variables filled in, and the lab; `deadline` is of `monotonic`."""
        self.notes: list[str] = []
        """What could not be typed anew."""
        self._lesson = lesson
        self._handle = handle
        self._docker = docker
        self._deadline = deadline
        self._lab = RunningLab(handle, docker)
        self._stage = Stage(lesson, self._lab, self._shell)
        self._typists: dict[str, Typist] = {}
        self._folders: dict[str, str] = {}
        self._seen: list[Seen] = []

    def __enter__(self) -> Rerun:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the shells; the lab goes on."""
        for host in list(self._typists):
            self._close(host)
        self._stage.close()
        self._lab.close()

    def play(self, work: Work, lab: LabWork, stop: threading.Event) -> Work:
        """Play a log and give the work with what was seen here in place of what was handed in.

        Raises LearnError where the lesson cannot be set up, or the time is over before all is done.
        """
        self._stage.set_up()
        last = lab.since or work.started
        for act in script_of(work, lab):
            if stop.is_set():
                break
            if time.monotonic() > self._deadline:
                raise LearnError(msg("The replay took longer than it may and was given up."))
            if isinstance(act, Held):
                self._ask(work, act.at, {check.partition(".")[0] for check in act.checks})
                last = act.at
            elif isinstance(act, Left):
                self._leave(act.typed, act.files)
                last = act.typed.at
            else:
                self._type(act)
                last = act.typed.at
        if not stop.is_set():
            self._ask(work, last, {str(step.id) for step in self._lesson.steps})
        return replace(work, seen=tuple(self._seen))

    def lies(self, learner: str) -> tuple[Finding, ...]:
        """Look whether the commands have put something else in place of the lab's own programs."""
        until = time.monotonic() + 2 * TIMEOUT
        return tuple(lies(self._lab, learner, str(self._lesson.id), until))

    def _ask(self, work: Work, at: str, steps: Collection[str]) -> None:
        """Ask steps; what was seen counts as of the time at which the learner saw it."""
        so_far = judge_anew(self._lesson, replace(work, seen=tuple(self._seen)))
        times = {key: one.times for key, one in so_far.items()}
        results = self._stage.check(
            [step for step in self._lesson.steps if step.id in steps],
            granted=progress.granted(self._lesson, times),
        )
        self._seen += [
            Seen(
                check=key,
                at=at,
                lab=self._handle.lab,
                first=False,
                state=one.verdict.state,
                observation=one.observation,
            )
            for key, one in results.items()
        ]

    def _type(self, act: Command) -> None:
        typed = act.typed
        if typed.host not in self._handle.hosts:
            self._note(typed)
            return
        left = max(1.0, min(COMMAND, self._deadline - time.monotonic()))
        try:
            typist = self._typist(typed.host)
            self._enter(typist, act, left)
        except Stuck:
            self._close(typed.host)
            self._note(typed)

    def _enter(self, typist: Typist, act: Command, left: float) -> None:
        """Type a command, and end it as the learner did, or where it does not end: the shell has
        more to do. Raises Stuck where it cannot be ended.
        """
        typed = act.typed
        try:
            if typed.command.split()[:1] and typed.command.split()[0] not in _MOVES:
                self._go(typist, typed, left)
            typist.enter(typed.command, left if act.ends is None else min(left, act.ends))
        except Stuck:
            if act.ends is None:
                self._note(typed)
            typist.interrupt()
        self._folders[typed.host] = typed.folder

    def _note(self, typed: Typed) -> None:
        self.notes.append(f"{typed.host}: {typed.command}")

    def _go(self, typist: Typist, typed: Typed, left: float) -> None:
        """Be in the folder that the command was typed in: with several shells that may change."""
        if typed.folder and self._folders.get(typed.host, "/root") != typed.folder:
            typist.enter(f"cd -- {shlex.quote(typed.folder)}", left)

    def _leave(self, typed: Typed, files: Sequence[ChangedFile]) -> None:
        """Put files as a session left them."""
        self._note(typed)
        for file in files:
            for command in putting(file):
                if not self._run(file.host, command):
                    self.notes.append(f"{file.host}: {file.path}")
                    break

    def _run(self, host: str, command: str) -> bool:
        answer = self._lab.ask(host, Run(command, timeout=10.0, engine=False))
        return answer.ended and answer.status == 0

    def _typist(self, host: str) -> Typist:
        if host not in self._typists:
            self._typists[host] = Typist(self._shell(host))
            self._folders[host] = "/root"
        return self._typists[host]

    def _close(self, host: str) -> None:
        typist = self._typists.pop(host, None)
        if typist is not None:
            typist.close()

    def _shell(self, host: str) -> list[str]:
        return shell_argv(self._handle, host, docker=self._docker)


def putting(file: ChangedFile) -> Iterator[str]:
    """Give the commands that put a file as it was left, each short enough for a command line."""
    path, folder = shlex.quote(file.path), shlex.quote(posixpath.dirname(file.path))
    if file.change is Change.REMOVED:
        yield f"rm -f -- {path}"
    elif file.change is Change.LINK:
        yield f"mkdir -p -- {folder} && ln -sfn -- {shlex.quote(file.target)} {path}"
    elif file.change is Change.WRITTEN:
        yield f"mkdir -p -- {folder} && : >{path}"
        for start in range(0, len(file.content), PIECE):
            packed = base64.b64encode(file.content[start : start + PIECE]).decode()
            yield f"echo {packed} | base64 -d >>{path}"
        yield f"chmod {file.mode & 0o7777:o} -- {path}"
