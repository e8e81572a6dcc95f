"""How a probe asks and judges with one piece of code: its climb.

A climb is a generator that yields named questions, is sent their answers, and ends with what was
found. `ask` drives it with the lab and keeps what came back; `judge` drives it with what was kept.
So the two can never disagree about what was asked for or how it is read, and a probe stops asking
at the first rung that is broken.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from checks.asking import Answer, Api, Lab, Net, Outcome, Request, Run
from checks.facts import Unreadable
from checks.message import Message, msg
from checks.spec import Answers
from checks.verdict import State, Verdict

T = TypeVar("T")


class Nonsense(Exception):
    """An answer that cannot be read, or none where one must be: nothing is known.

    Raised by `judge`; the shared judge makes it an errored verdict, never a failed or passed one.
    """


class Gone(Exception):
    """A container that ran a moment ago stopped or went away while it was being looked at."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a climb."""

    request: Request
    host: str | None = None
    """The lab host to ask; None is the one that the check names."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first rung that does not hold."""

    found: Message
    """What is, where something else should be."""
    look: Message
    """A command to type next."""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything holds. Said in so many words: a climb that falls off its end is no pass."""


Questions: TypeAlias = Mapping[str, Question]
"""Asked side by side, each under the name that its answer is kept by."""
Climb: TypeAlias = Generator[Questions, Answers, T]
"""A piece of a climb that ends with a T."""
End: TypeAlias = Held | Broken


class Probe:
    """What all probes share; each is a frozen dataclass with a `climb` and an `expected`."""

    __slots__ = ()

    def climb(self) -> Climb[End]:
        """Yield the questions, take the answers, end with what holds or breaks; touch nothing."""
        raise NotImplementedError

    def expected(self) -> Message:
        """Say what should be, in the words of the thing asked about."""
        raise NotImplementedError

    @property
    def negated(self) -> bool:
        """Whether a broken lab would look like a pass: no probe passes on silence alone."""
        return False

    def mistakes(self) -> Iterator[Message]:
        """Tell what makes no sense in what the author wrote, as sentences; for lint."""
        return iter(())

    def ask(self, lab: Lab, host: str, timeout: float) -> Answers:
        """Climb with the lab, at most `timeout` seconds; never raises for what the lab does."""
        asker = _Asker(lab, host, time.monotonic() + timeout)
        if next(self.mistakes(), None) is not None:
            return asker.answers
        climb = self.climb()
        try:
            questions = next(climb)
            while (answers := asker.put(questions)) is not None:
                questions = climb.send(answers)
        except (StopIteration, Gone, *_UNREADABLE):
            # Judged from the kept answers, where what is unreadable comes up again and is told.
            pass
        finally:
            climb.close()
        return asker.answers

    def judge(self, answers: Answers) -> Verdict:
        """Climb once more with the kept answers; Nonsense where they make none."""
        end = self._replay(answers)
        evidence = _evidence(answers)
        if isinstance(end, Held):
            return Verdict(State.PASSED, self.expected(), evidence=evidence)
        if isinstance(end, Broken):
            return Verdict(State.FAILED, self.expected(), end.found, end.look, evidence)
        raise Nonsense("the probe came to no end")

    def _replay(self, answers: Answers) -> End:
        for mistake in self.mistakes():
            raise Nonsense(str(mistake))
        climb = self.climb()
        try:
            questions = next(climb)
            while True:
                questions = climb.send(_kept(questions, answers))
        except StopIteration as end:
            result: End = end.value
            return result
        except Gone:
            return Broken(
                msg("a container stopped or was removed while it was being looked at"),
                msg("`docker ps -a` lists all containers, stopped ones too"),
            )
        except Nonsense:
            raise
        except _UNREADABLE as error:
            raise Nonsense(f"{type(error).__name__}: {error}") from error


class _Asker:
    """Puts questions while the time lasts and keeps every answer."""

    def __init__(self, lab: Lab, host: str, deadline: float) -> None:
        self._lab = lab
        self._host = host
        self._deadline = deadline
        self.answers: dict[str, Answer] = {}

    def put(self, questions: Questions) -> Answers | None:
        """Give the answers, or None where one of them says nothing about the lab."""
        if len(questions) == 1:
            got = [self._one(question) for question in questions.values()]
        else:
            with ThreadPoolExecutor(len(questions)) as pool:
                got = list(pool.map(self._one, questions.values()))
        answers = dict(zip(questions, got, strict=True))
        self.answers.update(answers)
        return answers if all(answer.ended for answer in got) else None

    def _one(self, question: Question) -> Answer:
        host = question.host or self._host
        left = self._deadline - time.monotonic()
        if left < min(question.request.timeout, _SHORTEST):
            why = msg("the check's time was used up before everything could be asked")
            return Answer(host, question.request, Outcome.TIMED_OUT, why=why)
        request = replace(question.request, timeout=min(question.request.timeout, left))
        return self._lab.ask(host, request)


_UNREADABLE = (Nonsense, Unreadable, KeyError, TypeError, ValueError, AttributeError)
"""What reading an answer that is not of the promised form raises."""
_SHORTEST = 0.3
"""Seconds: with less, silence would say nothing."""


def _kept(questions: Questions, answers: Answers) -> Answers:
    missing = [name for name in questions if name not in answers]
    if missing:
        raise Nonsense(f"no answer was kept for {missing[0]!r}")
    for name, question in questions.items():
        if not _same(answers[name].request, question.request):
            raise Nonsense(f"the answer kept for {name!r} is to another question")
        if not answers[name].ended:
            raise Nonsense(f"the question {name!r} had no answer")
    return {name: answers[name] for name in questions}


def _same(one: Request, other: Request) -> bool:
    """Tell whether two requests ask the same; how long one may take is no part of it."""
    return type(one) is type(other) and replace(one, timeout=0.0) == replace(other, timeout=0.0)


def _evidence(answers: Answers) -> str:
    """Show what was asked and said; the engine's long documents only by their status."""
    return "\n".join(_line(answer) for answer in answers.values())


def _line(answer: Answer) -> str:
    request = answer.request
    if isinstance(request, Api):
        return f"{answer.host}: GET {request.path}: {answer.status}"
    if isinstance(request, Run):
        return f"{answer.host}$ {request.command}\n{answer.stdout}{answer.stderr}".rstrip("\n")
    where = f" in {request.container[:12]}" if request.container else ""
    given = "".join(f" {name}={value}" for name, value in request.arguments.items())
    said = json.dumps(answer.value, ensure_ascii=False, sort_keys=True)
    return f"{answer.host}: {request.what}{where}{given}: {said}"


def ask(name: str, request: Request, host: str | None = None) -> Climb[Answer]:
    """Put one question."""
    answers = yield {name: Question(request, host)}
    return answers[name]


def net(
    name: str,
    what: str,
    container: str | None,
    arguments: Mapping[str, object] | None = None,
    *,
    host: str | None = None,
    patience: float | None = None,
) -> Climb[dict[str, object]]:
    """Put one question to our network tool; the container by its id, known to run a moment ago.

    Raises Gone where it no longer does. `patience` in seconds is how long the tool may wait.
    """
    request = Net(what, container, dict(arguments or {}), patience or PATIENCE.get(what, 3.0))
    answer = yield from ask(name, request, host)
    if not isinstance(answer.value, dict):
        raise Nonsense(f"{what} brought no object")
    error = answer.value.get("error")
    if error in ("no such container", "not running"):
        raise Gone
    return answer.value


PATIENCE = {"ping": 3.4, "connect": 3.4, "http": 4.0}
"""Seconds: the kernel reports a neighbour that does not answer ARP after three."""
