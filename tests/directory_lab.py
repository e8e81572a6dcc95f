"""A lab that is a directory: commands run there in the machine's own bash, no engine is needed.

It stands at the same seam as the real labs (`runner.learn.labs.Labs`), and a small course goes
with it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from checks.asking import Answer, Outcome, Request, Run
from checks.message import msg
from runner.errors import LearnError
from runner.lab.handle import HostHandle, LabBusy, LabHandle, LabRequest
from runner.learn.labs import Tell

RC = Path(__file__).parents[1] / "runner/lab/image/bashrc"

COURSE = """\
format: 1
id: small
title: A small course
languages: [en, zh]
lessons: [lesson-01, lesson-02]
"""

LESSON = """\
format: 1
id: lesson-01
title: Files and names
minutes: 5
goal: Make a file and give it another name.
hosts: {docker: {}}
setup: echo 42 > number
steps:
  - id: make
    title: A file
    text: |
      A **file** begins its life with `touch`.
    try: touch one
    checks:
      - id: there
        say: the file one is there
        run: test -e one
        otherwise: Make it with `touch one`.
    hints: [A command makes it., It is called touch.]
    solution: touch one
  - id: look
    title: A number
    text: Read the file number.
    ask:
      - id: number
        say: Which number is it?
        knows: cat number
        wrong:
          reversed: {value: "24", because: That is the number read from behind.}
        because: It is the answer to everything.
      - id: kind
        say: What is it?
        choose: {word: a word, digits: two digits}
        answer: digits
        because: Digits it is.
    checks:
      - id: kept
        say: the file number says 42
        run: cat number
        stdout: "42"
        role: given
    hints: [Read it., cat reads it.]
  - id: rename
    title: Another name
    text: Now call it two.
    try: mv one two
    undoes: [make.there]
    checks:
      - id: named
        say: the file two is there
        run: test -e two
        otherwise: Rename it.
      - id: kept
        needs: [named]
        say: nothing was written into it
        run: wc -c <two
        stdout: "0"
    hints: [mv renames., mv one two]
    solution: mv one two
recap: |
  A file keeps its content, whatever it is called.
"""

SECOND = """\
format: 1
id: lesson-02
title: Nothing much
minutes: 1
goal: Do nothing.
hosts: {docker: {}}
steps:
  - id: only
    title: The only step
    text: Nothing is to be done.
    checks:
      - id: here
        say: a directory is there
        run: test -d .
        role: given
    hints: [Wait., Go on.]
recap: That was it.
"""


def write_course(folder: Path) -> Path:
    """Write the small course into a folder and give it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yaml").write_text(COURSE, encoding="utf-8")
    (folder / "lesson-01-files.yaml").write_text(LESSON, encoding="utf-8")
    (folder / "lesson-02-nothing.yaml").write_text(SECOND, encoding="utf-8")
    return folder


class Happenings:
    """Events as an engine would tell them."""

    def __init__(self) -> None:
        self._lines: SimpleQueue[Mapping[str, Any] | None] = SimpleQueue()

    def happen(self, **event: Any) -> None:
        """Tell one."""
        self._lines.put(event)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self

    def __next__(self) -> Mapping[str, Any]:
        line = self._lines.get()
        if line is None:
            self._lines.put(None)
            raise StopIteration
        return line

    def close(self) -> None:
        """End it."""
        self._lines.put(None)


class DirectoryLab:
    """One lab, asked."""

    def __init__(self, folder: Path) -> None:
        """Take the directory; a lab whose directory is gone gives LOST."""
        self._folder = folder
        self.closed = False
        self.followers: list[Happenings] = []

    hosts = ("docker",)
    engine = "26.1.5"
    kernel: frozenset[str] = frozenset()

    def ask(self, host: str, request: Request) -> Answer:
        """Run a command; a file called `dead` makes the engine silent."""
        if not self._folder.is_dir():
            return Answer(host, request, Outcome.LOST, why=msg("the lab is gone"))
        if (self._folder / "dead").exists():
            return Answer(host, request, Outcome.NO_ENGINE, why=msg("the engine is dead"))
        assert isinstance(request, Run)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", request.command],
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=request.timeout,
            check=False,
        )
        return Answer(
            host, request, Outcome.ENDED, done.returncode, done.stdout, done.stderr, seconds=0.01
        )

    def write(self, host: str, path: str, text: str) -> None:
        """Keep the text as one file."""
        (self._folder / "copy.json").write_text(text, encoding="utf-8")

    def events(self, host: str) -> Happenings:
        """Follow what `happen` tells; the dead engine says nothing."""
        if not self._folder.is_dir() or (self._folder / "dead").exists():
            raise LearnError(msg("the engine is dead"))
        followed = Happenings()
        self.followers.append(followed)
        return followed

    def close(self) -> None:
        """Note it."""
        self.closed = True
        for follower in self.followers:
            follower.close()


class DirectoryLabs:
    """Makes such labs; one stands at a time."""

    def __init__(self, folder: Path) -> None:
        """Keep labs in folders under this one."""
        self.folder = folder
        self.standing: LabHandle | None = None
        self.made = 0
        self.attached: list[DirectoryLab] = []
        self.trouble: LearnError | None = None
        """Raised by whoever wants a lab."""

    def place(self, handle: LabHandle | None = None) -> Path:
        """Give a lab's directory."""
        found = handle or self.standing
        assert found is not None
        return self.folder / found.lab

    def up(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give the one that stands, or a new one."""
        if self.trouble is not None:
            raise self.trouble
        if self.standing is None:
            return self.reset(request, progress)
        if not self.standing.serves(request):
            raise LabBusy(self.standing, request)
        return self.standing

    def reset(self, request: LabRequest, progress: Tell | None = None) -> LabHandle:
        """Give a new one."""
        self.remove()
        self.made += 1
        if progress is not None:
            progress(msg("Starting the lab."))
        self.standing = LabHandle(
            lab=f"lab-{self.made}",
            owner=request.owner,
            course=request.course_id,
            lesson=request.lesson_id,
            docker=request.docker,
            purpose=request.purpose,
            created="2026-01-01T00:00:00Z",
            hosts={name: HostHandle(name, "0" * 12, "10.66.0.2") for name in request.hosts},
            expected=tuple(request.hosts),
        )
        self.place().mkdir(parents=True)
        return self.standing

    def remove(self) -> None:
        """Take the lab away, as somebody might from outside."""
        if self.standing is not None:
            shutil.rmtree(self.place(), ignore_errors=True)
            self.standing = None

    def current(self, owner: str) -> LabHandle | None:
        """Give the one that stands."""
        return self.standing

    def attach(self, handle: LabHandle) -> DirectoryLab:
        """Give the way to ask it."""
        lab = DirectoryLab(self.place(handle))
        self.attached.append(lab)
        return lab

    def happen(self, **event: Any) -> None:
        """Have the engine tell an event to all who follow it."""
        for lab in self.attached:
            for follower in lab.followers:
                follower.happen(**event)

    def shell_argv(
        self, handle: LabHandle, host: str | None = None, command: str | None = None
    ) -> list[str]:
        """Give a shell in the directory."""
        where = ["env", "-C", str(self.place(handle))]
        if command is not None:
            return [*where, "bash", "-c", command]
        return [*where, "bash", "--rcfile", str(RC), "-i"]
