"""A lesson on a running lab: set up, typed into, checked. It keeps no record of a learner, so
that proofs, the grader's replays and a learner's session all stand on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checks.asking import Lab, Run
from checks.message import msg
from checks.spec import Check
from checks.suite import Result, Suite
from runner.closing import Closing
from runner.course.lesson import Commands, Lesson, Question, Step
from runner.errors import LearnError
from runner.learn.answers import ASKING, Judged, judge_answer

if TYPE_CHECKING:  # checking types nothing, so it need not load pexpect
    from runner.lab.typist import Entered, Typist

SET_UP = 300.0
"""Seconds that a command of a lesson's set-up may take."""

OpenShell = Callable[[str], list[str]]
"""From a lab host's name to the command line that opens an interactive shell there."""


class Stage(Closing):
    """One lesson, its variables filled in, on one lab. Use it as a context manager."""

    def __init__(self, lesson: Lesson, lab: Lab, open_shell: OpenShell) -> None:
        """Take the lesson, a lab that runs, and the way to open a shell in it."""
        self.lesson = lesson
        self.lab = lab
        self._open_shell = open_shell
        self._typists: dict[str, Typist] = {}

    @property
    def main_host(self) -> str:
        """Name the lab host for everything that names none."""
        return next(iter(self.lesson.hosts))

    def host_of(self, step: Step) -> str:
        """Name the step's lab host."""
        return step.host or self.main_host

    def set_up(self) -> None:
        """Run the lesson's set-up; LearnError with the command's own words where it fails."""
        for part in self.lesson.setup:
            host = part.host or self.main_host
            answer = self.lab.ask(host, Run(part.do, timeout=SET_UP))
            if not answer.ended or answer.status != 0:
                raise LearnError(
                    msg(
                        "The set-up of {lesson} did not work on {host}: {why}",
                        lesson=self.lesson.id,
                        host=host,
                        why=answer.why or msg("exit status {status}", status=answer.status),
                    ),
                    remedy=msg(
                        "Begin in a clean lab: learn-docker-net reset {lesson}",
                        lesson=self.lesson.id,
                    ),
                    details=answer.stderr or answer.stdout,
                )

    def enter(
        self,
        step: Step,
        commands: Commands,
        *,
        timeout: float = 180.0,
        echo: Callable[[str, str], None] | None = None,
    ) -> tuple[Entered, ...]:
        """Type commands at the prompts of the hosts that they name, in order.

        `timeout` in seconds holds for each command; `echo` is given host and command before each.
        Raises LearnError where a shell does not come back.
        """
        done: list[Entered] = []
        for part in commands:
            host = part.host or self.host_of(step)
            for entered in self._typist(host).enter(part.do, timeout):
                if echo is not None:
                    echo(host, entered.command)
                done.append(entered)
        return tuple(done)

    def check(
        self,
        steps: Iterable[Step],
        *,
        granted: Collection[str] = (),
        without: Collection[str] = (),
        patient: bool = True,
        on_result: Callable[[Result], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> dict[str, Result]:
        """Ask and judge the checks of these steps side by side, by `step.check`.

        What they need from other steps is asked too, and its results are given with theirs;
        those in `without` are asked only if another one needs them.
        Without `patient` nobody waits: `eventually` and `stays` are taken as one look.
        """
        chosen = {f"{step.id}.{check.id}" for step in steps for check in step.checks}
        chosen -= set(without)
        wanted = needed(checks_of(self.lesson), chosen, granted)
        suite = Suite(
            [(key, check if patient else _hasty(check)) for key, check in wanted.items()],
            self.lab,
            default_hosts={step.id: self.host_of(step) for step in self.lesson.steps},
            granted=granted,
        )
        return suite.run(on_result, cancel)

    def answer(self, step: Step, question: Question, value: str) -> Judged:
        """Judge a learner's answer to a question of the step."""
        return judge_answer(question, value, self.lab, self.host_of(step))

    def values(self, step: Step, question: Question, command: str) -> list[str]:
        """Give what a command of a question knows in the lab now: a value a line."""
        answer = self.lab.ask(question.host or self.host_of(step), Run(command, timeout=ASKING))
        if not answer.ended or answer.status != 0:
            return []
        return [line.strip() for line in answer.stdout.splitlines() if line.strip()]

    def close(self) -> None:
        """End the shells that were opened for typing; the lab itself goes on."""
        for typist in self._typists.values():
            typist.close()
        self._typists.clear()

    def _typist(self, host: str) -> Typist:
        if host not in self._typists:
            from runner.lab.typist import Typist

            self._typists[host] = Typist(self._open_shell(host))
        return self._typists[host]


def checks_of(lesson: Lesson) -> dict[str, Check]:
    """Give all checks of a lesson by `step.check`, in its order."""
    return {f"{step.id}.{check.id}": check for step in lesson.steps for check in step.checks}


def needed(
    checks: Mapping[str, Check], chosen: Collection[str], granted: Collection[str] = ()
) -> dict[str, Check]:
    """Give the chosen checks and all that they need, in the order of `checks`."""
    found: set[str] = set()
    waiting = list(chosen)
    while waiting:
        key = waiting.pop()
        if key in found or key not in checks:
            continue
        found.add(key)
        step = key.partition(".")[0]
        needs = (need if "." in need else f"{step}.{need}" for need in checks[key].needs)
        waiting += [need for need in needs if need not in granted]
    return {key: check for key, check in checks.items() if key in found}


def _hasty(check: Check) -> Check:
    return replace(check, eventually=None, stays=None)


def undone_by(steps: Sequence[Step]) -> dict[str, str]:
    """Tell which checks these steps of a lesson make untrue: `step.check` to the step's id.

    Where several do, the first counts: what it has undone nobody expects any more.
    """
    return {undone: step.id for step in reversed(steps) for undone in step.undoes}
