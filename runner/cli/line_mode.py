"""A lesson taken line by line: a step is read out, a word at the prompt does the rest.

Nothing moves the cursor and nothing needs colour, so that it serves screen readers, slow lines and
dumb terminals; commands may be piped in as well, one a line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from checks.message import Message, msg
from checks.verdict import State
from runner.cli import answer, hint, reading, solve
from runner.cli.face import Face
from runner.cli.shell import run_there
from runner.cli.target import find_step
from runner.cli.text import safe
from runner.cli.verdicts import closing, show_report, show_step
from runner.course.lesson import Step
from runner.errors import Exit, LearnError
from runner.learn.progress import next_step, standing_steps
from runner.learn.session import Session
from runner.words import mark, tell, translate

HELP = (
    ("read", mark("read the step again")),
    (
        "shell",
        mark("a shell in the lab, or one command: `shell [HOST --] COMMAND`"),
    ),
    ("check", mark("see what holds")),
    ("answer", mark("answer the step's question: `answer VALUE`")),
    ("hint", mark("get a hint; each is more concrete than the one before")),
    ("solution", mark("read the solution; counted")),
    ("solve", mark("have the solution typed into the lab; counted")),
    ("next", mark("go on, once the step has passed")),
    ("skip", mark("go on all the same")),
    ("back", mark("read the step before")),
    ("steps", mark("the lesson's steps, and which have passed")),
    ("goto", mark("`goto STEP`: a clean lab with everything before that step done")),
    ("reset", mark("begin the lesson anew in a clean lab")),
    ("help", mark("this")),
    ("quit", mark("leave; the lab stays, `step` goes on here")),
)


class LineMode:
    """One learner at one prompt."""

    def __init__(self, session: Session, face: Face, docker: str | None = None) -> None:
        """Take a session whose lab is up."""
        self._session = session
        self._face = face
        self._docker = docker
        self._step = session.at()
        self._over = False
        self._status = Exit.OK
        self._doing: dict[str, Callable[[str], None]] = {
            name: getattr(self, f"_do_{name}") for name, _ in HELP
        }

    def run(self) -> int:
        """Read and do commands until the learner leaves; give the exit status.

        It is 0 but where commands were piped in and one of them could not be done.
        """
        reading.show_head(self._session.lesson, self._face)
        self._face.say()
        self._go(self._step)
        while not self._over:
            line = self._read()
            if line is None:
                break
            self._do(line.strip())
        return int(self._status)

    def _read(self) -> str | None:
        """Give the next line, None at the end of input."""
        steps = self._session.lesson.steps
        number = next(index for index, one in enumerate(steps, 1) if one.id == self._step.id)
        prompt = f"{number}/{len(steps)} {self._step.id}> "
        self._face.say()
        self._face.out.flush()
        if self._face.inp is sys.stdin and sys.stdin.isatty():
            return _ask(prompt)
        line = self._face.inp.readline()
        if not line:
            return None
        self._face.say(f"{prompt}{safe(line.strip())}")  # a log shows what was asked for
        return line

    def _do(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        known = self._find(name.lower())
        if known is None:
            return
        try:
            self._doing[known](rest.strip())
        except LearnError as error:
            self._face.error(error)
            if not self._face.inp.isatty():
                self._status = error.exit
        except KeyboardInterrupt:
            self._tell(msg("Stopped."))

    def _find(self, name: str) -> str | None:
        """Give the command that a word or its beginning means; say so where it means none."""
        if name in ("", "?"):
            return "help" if name else None
        fitting = [name] if name in self._doing else [
            known for known in self._doing if known.startswith(name)
        ]  # fmt: skip
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            self._tell(msg("That could be any of: {names}.", names=", ".join(fitting)))
        else:
            self._tell(msg("There is no {name} here; `help` tells what there is.", name=name))
        if not self._face.inp.isatty():
            self._status = Exit.USAGE
        return None

    def _tell(self, message: Message) -> None:
        self._face.paragraph(tell(message))

    def _go(self, step: Step) -> None:
        self._step = step
        self._session.go(step)
        reading.show_step(self._session.lesson, step, self._face)
        self._face.say()
        self._tell(msg("Now: shell, check, hint, next; `help` tells more."))

    def _do_read(self, _: str) -> None:
        reading.show_step(self._session.lesson, self._step, self._face)

    def _do_shell(self, words: str) -> None:
        host, command = self._host_and_command(words)
        if not command and not self._face.inp.isatty():
            self._tell(msg("There is no terminal for a shell: `shell COMMAND` runs one command."))
            return
        if not command:
            self._tell(msg("A shell on {host}; leave it with `exit`.", host=host))
        self._face.out.flush()
        argv = self._session.shell(host, command or None)
        quiet = subprocess.DEVNULL if command else None  # what is piped in are our commands
        status = run_there(argv, quiet)
        if command and status:
            self._tell(msg("(exit status {status})", status=status))

    def _host_and_command(self, words: str) -> tuple[str, str]:
        """Read `[HOST] [--] [COMMAND]`; a host may be called `docker`."""
        first, _, rest = words.partition(" -- ")
        hosts = self._session.lesson.hosts
        if first.strip() in hosts:
            return first.strip(), rest.strip()
        if words.startswith("-- "):
            words = words[3:]
        return str(self._step.host or next(iter(hosts))), words

    def _do_check(self, _: str) -> None:
        report = self._session.check([self._step.id])
        if not report.counted:
            self._tell(msg("This step checks nothing."))
            return
        show_step(self._step, list(report.counted), self._face)
        if not report.having(State.FAILED, State.ERRORED, State.SKIPPED):
            self._face.say()
            self._tell(msg("All of this step holds: `next` goes on."))
        self._session.copy_record()

    def _do_answer(self, words: str) -> None:
        if not words:
            for question in self._step.ask:
                reading.show_question(question, self._face)
            self._tell(msg("Answer with `answer VALUE`, or `answer QUESTION VALUE`."))
            return
        question, value = answer.find_question(self._step, words.split())
        answer.show_judged(self._session.answer(self._step, question, value), self._face)

    def _do_hint(self, _: str) -> None:
        hint.show_hint(self._session, self._step, self._face)

    def _do_solution(self, _: str) -> None:
        if not self._step.solution:
            self._tell(msg("There is nothing to solve in {step}.", step=self._step.id))
            return
        self._session.see_solution(self._step)
        reading.show_commands(self._step, self._step.solution, self._face)

    def _do_solve(self, _: str) -> None:
        solve.solve(self._session, self._step, self._face)

    def _do_next(self, _: str) -> None:
        missing = self._session.missing(self._step)
        if missing:
            self._tell(msg("Not yet: {missing}.", missing=", ".join(missing)))
            self._tell(msg("`check` and `answer` settle it; `skip` goes on all the same."))
            return
        self._do_skip("")

    def _do_skip(self, _: str) -> None:
        following = next_step(self._session.lesson, self._step)
        if following is None:
            self._end()
        else:
            self._go(following)

    def _do_back(self, _: str) -> None:
        steps = self._session.lesson.steps
        index = next(number for number, one in enumerate(steps) if one.id == self._step.id)
        if index == 0:
            self._tell(msg("This is the first step."))
        else:
            self._go(steps[index - 1])

    def _do_steps(self, _: str) -> None:
        passed = standing_steps(self._session.lesson, self._session.times())
        for number, step in enumerate(self._session.lesson.steps, 1):
            here = ">" if step.id == self._step.id else " "
            state = translate("passed") if step.id in passed else translate("open")
            self._face.paragraph(f"{step.id}  {step.title} ({state})", first=f"{here} {number}  ")

    def _do_goto(self, name: str) -> None:
        if not name:
            self._tell(msg("`goto STEP`: a step's name or number."))
            return
        step = find_step(self._session.lesson, name)
        if self._may_clean():
            self._session.goto(step, self._face.tell, self._docker)
            self._go(step)

    def _do_reset(self, _: str) -> None:
        if self._may_clean():
            self._session.reset(self._face.tell, self._docker)
            self._go(self._session.lesson.steps[0])

    def _do_help(self, _: str) -> None:
        for name, text in HELP:
            self._face.paragraph(translate(text), first=f"  {name:<10}")

    def _do_quit(self, _: str) -> None:
        self._over = True
        self._tell(msg("Go on with: learn-docker-net step"))

    def _may_clean(self) -> bool:
        question = translate("The lab begins anew, and what was done in it goes. Go on?")
        return not self._face.can_ask or self._face.yes or self._face.confirm(question)

    def _end(self) -> None:
        """Check all of the lesson; where it is complete, close it."""
        report = self._session.check()
        self._session.copy_record()
        if not report.complete:
            show_report(report, self._face)
            return
        reading.markdown(self._session.lesson.recap, self._face)
        self._face.say()
        for line in closing(report):
            self._face.paragraph(self._face.paint("green", line))
        self._tell(msg("`quit` leaves; `learn-docker-net start` takes the next lesson."))


def _ask(prompt: str) -> str | None:
    if os.environ.get("TERM") != "dumb":
        import readline  # noqa: F401  (gives `input` a history and editing)
    try:
        return input(prompt)
    except EOFError:
        sys.stdout.write("\n")
        return None
