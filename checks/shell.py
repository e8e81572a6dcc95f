"""A command on a lab host and what must come of it.

What a command writes to its error output never decides by itself: many programs warn there and
are right all the same. Only an expectation that the author wrote looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from checks.absence import missing_thing
from checks.asking import Answer, Lab, Run
from checks.explain import Miss
from checks.kinds import Shell
from checks.matchers import Output
from checks.message import Message, msg
from checks.verdict import State, Verdict

_NOT_RUN = (126, 127)
"""The shell's and `docker exec`'s own word for "this could not be run at all"."""


class AnyExit(Enum):
    """Exit statuses by a word."""

    ANY = "any"
    """Whatever it is."""
    NONZERO = "nonzero"
    """The command ran and said no; needs a control. 126 and 127 are not among them: they mean that
    it did not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellAssertion:
    """A command for the lab host's bash; all that is expected of it must hold."""

    run: Shell
    """The command."""
    exit: tuple[int, ...] | AnyExit = (0,)
    """The exit statuses that are right: a number, a list, `any`, or `nonzero`."""
    stdout: Output | None = None
    """What its output must be."""
    stderr: Output | None = None
    """What its error output must be; left out, it is never looked at."""
    engine: bool = True
    """Whether a silent Docker engine explains a failure. False for a check that is about the lab
    host alone, or about the engine being down."""

    def ask(self, lab: Lab, host: str, timeout: float) -> Mapping[str, Answer]:
        """Run the command."""
        return {"run": lab.ask(host, Run(str(self.run), timeout=timeout, engine=self.engine))}

    @property
    def negated(self) -> bool:
        """Whether a broken lab would look like a pass, so that a control is needed."""
        refused = self.exit is AnyExit.NONZERO or (
            isinstance(self.exit, tuple) and 0 not in self.exit
        )
        return refused or any(out.negated for out in (self.stdout, self.stderr) if out)

    def judge(self, answers: Mapping[str, Answer]) -> Verdict:
        """Judge the exit status first, then the output, then the error output."""
        answer = answers["run"]
        evidence = evidence_of(answer)
        if not self._exit_right(answer.status):
            return _wrong_exit(self._exit_wanted(), answer, evidence)
        miss = self._miss(answer)
        if miss is None:
            return Verdict(State.PASSED, evidence=evidence)
        told = None if answer.status == 0 else missing_thing(answer.stderr)
        found, look = told or (miss.found, None)
        return Verdict(State.FAILED, miss.expected, found, look, evidence)

    def _miss(self, answer: Answer) -> Miss | None:
        miss = self.stdout.miss(answer.stdout, msg("the output")) if self.stdout else None
        if miss is None and self.stderr:
            miss = self.stderr.miss(answer.stderr, msg("the error output"))
        return miss

    def _exit_right(self, status: int | None) -> bool:
        if self.exit is AnyExit.ANY:
            return True
        if self.exit is AnyExit.NONZERO:
            return status != 0 and status not in _NOT_RUN
        return status in self.exit

    def _exit_wanted(self) -> Message:
        if isinstance(self.exit, AnyExit):
            return msg("the command runs and exits with another status than 0")
        if self.exit == (0,):
            return msg("the command succeeds (exit status 0)")
        return msg("exit status {statuses}", statuses=", ".join(map(str, self.exit)))


def _wrong_exit(expected: Message, answer: Answer, evidence: str) -> Verdict:
    told = missing_thing(answer.stderr) or missing_thing(answer.stdout) if answer.status else None
    if told is not None:
        return Verdict(State.FAILED, expected, *told, evidence)
    if answer.status == 0:
        found = msg("it succeeded (exit status 0)")
    elif said := _last_line(answer):
        found = msg("exit status {status}: “{line}”", status=answer.status, line=said)
    else:
        found = msg("exit status {status}, without a word", status=answer.status)
    return Verdict(State.FAILED, expected, found, None, evidence)


def _last_line(answer: Answer) -> str:
    """Give the last line said, where programs put the reason; error output first."""
    for text in (answer.stderr, answer.stdout):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            return lines[-1]
    return ""


def evidence_of(answer: Answer) -> str:
    """Write a command and all that it said, as a terminal shows it."""
    command = answer.request.command if isinstance(answer.request, Run) else ""
    return "".join(_ended(part) for part in (f"$ {command}", answer.stdout, answer.stderr) if part)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
