"""Judges answers to a step's questions: a choice by its key, a value by what the lab knows now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.asking import Answer, Lab, Run
from checks.message import Message, msg
from checks.verdict import State
from runner.course.lesson import Question

ASKING = 15.0
"""Seconds that a command which knows an answer may take."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an answer."""

    state: State
    """PASSED, FAILED, or ERRORED where the lab could not be asked."""
    because: str | None = None
    """The author's words on this answer, in Markdown."""
    message: Message | None = None
    """Why nothing can be said, or how the answer should look."""
    known: tuple[str, ...] | None = None
    """What the lab's own command said; None for a choice and where it could not be asked."""


def judge_answer(question: Question, value: str, lab: Lab | None, host: str) -> Judged:
    """Judge `value`; `lab` may be None for a choice."""
    given = _normal(value)
    if question.choose is not None:
        return _judge_choice(question, question.choose, given)
    if lab is None or question.knows is None:
        return Judged(State.ERRORED, message=msg("There is no lab to compare the value with."))
    asked = host_of(question, host)
    right = _known(lab, asked, question.knows)
    if isinstance(right, Message):
        return Judged(State.ERRORED, message=right)
    known = tuple(sorted(right))
    if given in right:
        return Judged(State.PASSED, because=question.because, known=known)
    because = _reproach(question, given, lab, asked)
    return Judged(State.FAILED, because=because, known=known)


def host_of(question: Question, default: str) -> str:
    """Name the lab host that knows the answer."""
    return question.host or default


def _judge_choice(question: Question, choices: Mapping[str, str], given: str) -> Judged:
    keys = {_normal(key): key for key in choices}
    if given not in keys:
        return Judged(
            State.FAILED,
            message=msg("Answer with one of: {choices}.", choices=", ".join(choices)),
        )
    if keys[given] == question.answer:
        return Judged(State.PASSED, because=question.because)
    wrong = (question.wrong or {}).get(keys[given])
    return Judged(State.FAILED, because=wrong.because if wrong else None)


def _reproach(question: Question, given: str, lab: Lab, host: str) -> str | None:
    """Find the author's words on a wrong value that was foreseen."""
    for wrong in (question.wrong or {}).values():
        if wrong.value is not None and given == _normal(wrong.value):
            return wrong.because
        if wrong.knows is not None:
            known = _known(lab, host, wrong.knows)
            if not isinstance(known, Message) and given in known:
                return wrong.because
    return None


def _known(lab: Lab, host: str, command: str) -> set[str] | Message:
    answer = lab.ask(host, Run(command, timeout=ASKING))
    if not answer.ended or answer.status != 0:
        return _why(answer)
    values = {_normal(line) for line in answer.stdout.splitlines()} - {""}
    return values or msg("The lab does not know an answer yet: do the step before first.")


def _why(answer: Answer) -> Message:
    if answer.why is not None:
        return answer.why
    said = answer.stderr.strip() or answer.stdout.strip()
    return msg(
        "The lab cannot be compared with yet: {said}", said=said.splitlines()[-1] if said else "?"
    )


def _normal(value: str) -> str:
    return " ".join(value.split()).casefold()
