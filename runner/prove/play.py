"""Plays one trial on a clean lab and notes every miss.

A miss does not end the trial: one proof shows all that is wrong with a lesson.

What does not stand at the first look after a solution is a miss. It is looked at again for a few
seconds, only to tell a check that came late, and wants an `eventually`, from one that never came.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checks.kinds import Name
from checks.message import Translate
from checks.spec import Role
from checks.suite import Result
from checks.verdict import State
from runner.course.lesson import Lesson, Question, Step
from runner.learn.stage import Stage, undone_by
from runner.prove.trial import Kind, Miss, Trial

SETTLE = 10.0
"""Seconds after a solution in which what it started may begin to serve."""
_PAUSE = 0.3
"""Seconds between two looks."""
_STANDS = (State.PASSED, State.UNSUPPORTED)
_BEFORE = {
    Role.NORMAL: (State.FAILED, State.SKIPPED, State.UNSUPPORTED),
    Role.CONTROL: _STANDS,
    Role.GIVEN: _STANDS,
}


@dataclass
class Notes:
    """What a trial brought so far."""

    checks: int = 0
    misses: list[Miss] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


class Player:
    """One trial on one stage whose lab is clean."""

    def __init__(self, stage: Stage, translate: Translate = str) -> None:
        """Take the stage; `translate` is for what is noted."""
        self.stage = stage
        self.notes = Notes()
        self._translate = translate

    @property
    def lesson(self) -> Lesson:
        """The lesson that is played."""
        return self.stage.lesson

    def play(self, trial: Trial) -> Notes:
        """Play it. Raises LearnError where the lab breaks: then nothing is known."""
        self.stage.set_up()
        if trial.kind == Kind.WALK.value:
            self._walk()
            return self.notes
        step = next(step for step in self.lesson.steps if step.id == trial.step)
        for earlier in self._steps_before(step):
            self.stage.enter(earlier, earlier.solution)
        if trial.kind == Kind.ALTERNATIVE.value:
            self.stage.enter(step, step.also_right[Name(trial.name)])
            self._expect_after([step])
        else:
            self._wrong_way(step, trial.name)
        return self.notes

    def _walk(self) -> None:
        self.stage.set_up()  # a set-up that cannot be repeated would break a reset half-way
        done: list[Step] = []
        for step in self._steps():
            self._expect_before(step)
            open_questions = [q for q in step.ask if not self._try_question(step, q)]
            self.stage.enter(step, step.solution)
            done.append(step)
            for question in open_questions:
                self._question(step, question)
            self._expect_after(done)

    def _steps(self) -> Iterator[Step]:
        for step in self.lesson.steps:
            if step.engines is None or step.engines.allows(self.stage.lab.engine):
                yield step

    def _steps_before(self, step: Step) -> Iterator[Step]:
        for earlier in self._steps():
            if earlier.id == step.id:
                return
            yield earlier

    def _expect_before(self, step: Step) -> None:
        """Nothing of a step may hold before it is done, and nothing may break on being asked."""
        results = self.stage.check([step], patient=False)
        for check in step.checks:
            result = results[f"{step.id}.{check.id}"]
            if result.verdict.state not in _BEFORE[check.role]:
                wanted = " or ".join(state.value for state in _BEFORE[check.role])
                self._miss(result, f"{wanted} before its step ({check.role.value})")
        self.notes.checks += len(step.checks)

    def _expect_after(self, steps: list[Step]) -> None:
        """All that was reached stands, but for what a step reached since undoes on purpose."""
        undone = undone_by(steps)
        results = self._settled(lambda: self.stage.check(steps, without=undone), undone)
        for key, result in results.items():
            if key in undone:
                continue
            self.notes.checks += 1
            if result.verdict.state not in _STANDS:
                self._miss(result, f"passed after {steps[-1].id}")

    def _settled(
        self, look: Callable[[], Mapping[str, Result]], undone: Collection[str]
    ) -> Mapping[str, Result]:
        """Look until all stands or the time is over; give the last look."""
        late: set[str] = set()
        until = time.monotonic() + SETTLE
        while True:
            results = look()
            open_ = {key for key, one in results.items() if key not in undone and _may_come(one)}
            if not open_ or time.monotonic() >= until:
                self.notes.misses += [
                    Miss(
                        key, "passed at the first look", "passed only later: wants an `eventually`"
                    )
                    for key in sorted(late - open_)
                ]
                return results
            late |= open_
            time.sleep(_PAUSE)

    def _wrong_way(self, step: Step, name: str) -> None:
        wrong = step.wrong[Name(name)]
        self.stage.enter(step, wrong.do)
        results = self.stage.check([step])
        for check in wrong.fails:
            result = results[f"{step.id}.{check}"]
            self.notes.checks += 1
            if result.verdict.state is State.FAILED:
                self.notes.said[result.check_id] = self._found(result)
            else:
                self._miss(result, f"failed on the wrong way {name}")

    def _try_question(self, step: Step, question: Question) -> bool:
        """Ask before acting; False where the lab does not know the answer yet."""
        right = self._right_answers(step, question)
        return bool(right) and not self._answer(step, question, right)

    def _question(self, step: Step, question: Question) -> None:
        right = self._right_answers(step, question)
        if not right:
            where = f"{step.id}.{question.id}"
            self.notes.misses.append(
                Miss(where, "a question that the lab can answer", "its command gives nothing")
            )
        self.notes.misses += self._answer(step, question, right)

    def _right_answers(self, step: Step, question: Question) -> list[str]:
        if question.choose is not None:
            return [question.answer or ""]
        return self.stage.values(step, question, question.knows or "")

    def _answer(self, step: Step, question: Question, right: list[str]) -> list[Miss]:
        where = f"{step.id}.{question.id}"
        misses = [
            Miss(where, f"“{value}” taken as right", judged)
            for value in right
            if (judged := self.stage.answer(step, question, value).state.value) != "passed"
        ]
        for name, value in self._wrong_answers(step, question):
            if not value:
                misses.append(Miss(where, f"a value for the wrong answer {name}", "nothing"))
                continue
            judged = self.stage.answer(step, question, value).state.value
            if judged != State.FAILED.value:
                misses.append(Miss(where, f"“{value}” ({name}) refused", judged))
        return misses

    def _wrong_answers(self, step: Step, question: Question) -> Iterable[tuple[str, str]]:
        for key in question.choose or ():
            if key != question.answer:
                yield key, key
        for name, wrong in (question.wrong or {}).items():
            if wrong.value is not None:
                yield name, wrong.value
            elif wrong.knows is not None:
                values = self.stage.values(step, question, wrong.knows)
                yield name, values[0] if values else ""

    def _miss(self, result: Result, wanted: str) -> None:
        got = result.verdict.state.value
        found = self._found(result)
        self.notes.misses.append(
            Miss(
                result.check_id,
                wanted,
                f"{got}: {found}" if found else got,
                result.verdict.evidence[-4000:],
            )
        )

    def _found(self, result: Result) -> str:
        found = result.verdict.found
        return found.render(self._translate) if found is not None else ""


def _may_come(result: Result) -> bool:
    """Tell what a program that is not up yet looks like from what broke."""
    return result.verdict.state in (State.FAILED, State.SKIPPED)
