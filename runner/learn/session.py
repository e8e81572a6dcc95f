"""A learner's way through one lesson: what is done in its lab, and the record of it.

The one core under the line mode, the single commands and the screen; it prints nothing. Whatever
takes long tells its progress to a callback.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.asking import Outcome
from checks.message import Message, msg
from checks.suite import Result
from checks.verdict import State
from runner.closing import Closing
from runner.course.lesson import Lesson, Question, Step
from runner.errors import LearnError
from runner.lab.handle import LabHandle
from runner.learn import progress
from runner.learn.answers import Judged, judge_answer
from runner.learn.desk import Desk
from runner.learn.labs import Happenings, Labs, OpenLab, Tell
from runner.learn.replay import Plan, plan
from runner.learn.report import Report
from runner.record.export import export
from runner.record.store import Checked, Store
from runner.record.times import CheckTimes

if TYPE_CHECKING:
    from runner.lab.typist import Entered
    from runner.learn.papers import Papers

COPIES = "/var/lib/learn-docker-net"
"""Where the lab keeps copies of the learner's record, a file a lesson: on the owner's volume, which
outlives the lab and which an instructor reaches from the engine outside.
"""

LARGEST_COPY = 1 << 20
"""Bytes of a copy that still carries shell logs and changed files; the record has them in any case.
"""

_SAID = frozenset({State.PASSED, State.FAILED, State.UNSUPPORTED})
"""Verdicts that say something of the lab even where their run was cut short."""

Echo = Callable[[str, str], None]
"""Is given lab host and command when a command was typed."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint, and how many there are."""

    text: str
    number: int
    of: int


class Session(Closing):
    """One learner, one lesson (its variables filled in, its texts in their language)."""

    def __init__(
        self,
        course_id: str,
        lesson: Lesson,
        store: Store,
        labs: Labs,
        owner: str,
        papers: Papers | None = None,
    ) -> None:
        """Take the lesson, the record, where labs come from, and what goes with the record where
        it is copied; nothing is started.
        """
        self.lesson = lesson
        self.store = store
        self._course_id = course_id
        self._papers = papers
        self._desk = Desk(course_id, lesson, store, labs, owner, papers)
        self._passed: frozenset[str] = frozenset()
        """The steps that had passed when last looked at: the record forgets them with the lab."""

    def start(self, tell: Tell, docker: str | None = None) -> LabHandle:
        """Bring up the lab, set the lesson up where the lab is new, and note the start.

        Raises LabBusy where the lab is set up for something else, LearnError as the lab does.
        """
        return self._desk.up(tell, docker).handle

    def resume(self, tell: Tell, docker: str | None = None, *, clean: bool = False) -> LabHandle:
        """Go on where the learner was. In a lab that had to be made for it, the solutions of the
        steps that had passed are typed first; `clean` makes one in any case.

        Raises as `start` does, and where a shell does not come back.
        """
        again = plan(self.lesson, self.store, self._passed)
        before = self.store.lab()
        seat = self._desk.clean(tell, docker) if clean else self._desk.up(tell, docker)
        if before is None or before.id != seat.handle.lab:
            self._replay(again, tell)
        return seat.handle

    def reset(self, tell: Tell, docker: str | None = None) -> LabHandle:
        """Give the lesson a clean lab in place of whatever stands."""
        self._passed = frozenset()
        return self._desk.clean(tell, docker).handle

    def speak(self, lesson: Lesson) -> None:
        """Go on with the same lesson in another language; the lab and the record stay."""
        self.lesson = lesson
        self._desk.speak(lesson)

    @property
    def lab(self) -> OpenLab:
        """The way to ask the lab that stands; raises NoLab where the lesson has none."""
        return self._desk.seat().lab

    def events(self, host: str) -> Happenings:
        """Follow the events of a lab host's engine; raises NoLab, LearnError where it is silent."""
        return self._desk.seat().lab.events(host)

    def attach(self, lab: OpenLab | None = None) -> LabHandle:
        """Go on in the lab that stands; `lab` is one that was attached to it already.

        Raises NoLab where the lesson has none.
        """
        return self._desk.seat(lab).handle

    def check(
        self,
        steps: Sequence[str] | None = None,
        *,
        on_result: Callable[[Result], None] | None = None,
        cancel: threading.Event | None = None,
        patient: bool = True,
    ) -> Report:
        """Ask and judge the checks of these steps (all of them for None) and record it.

        What did not come to its end, as `cancel` was set or the lab was let go, is not recorded.
        Raises NoLab where there is no lab to ask, Left where the session was closed.
        """
        seat = self._desk.seat()
        began = time.monotonic()
        before = {} if seat.bare else self.store.times(self.lesson.id)
        results = seat.stage.check(
            [step for step in self.lesson.steps if steps is None or step.id in steps],
            granted=progress.granted(self.lesson, before),
            on_result=on_result,
            cancel=cancel,
            patient=patient,
        )
        seconds = time.monotonic() - began
        if not self._desk.holds(seat) or (cancel is not None and cancel.is_set()):
            results = {key: one for key, one in results.items() if one.verdict.state in _SAID}
        else:
            self._must_be_there(results.values())
        if seat.bare:
            return self._report(results, {}, seconds, steps, bare=True)
        found = (Checked(key, one.verdict, one.observation) for key, one in results.items())
        self.store.save_checks(self.lesson.id, seat.handle.lab, found)
        times = self.store.times(self.lesson.id)
        self._passed = progress.passed_steps(self.lesson, times)
        return self._report(results, times, seconds, steps)

    def answer(self, step: Step, question: Question, value: str) -> Judged:
        """Judge an answer and record it, unless nothing can be said about it."""
        host = step.host or next(iter(self.lesson.hosts))
        lab = None if question.choose is not None else self._desk.seat().lab
        judged = judge_answer(question, value, lab, host)
        if judged.state is not State.ERRORED:
            key = f"{step.id}.{question.id}"
            right = judged.state is State.PASSED
            self.store.answer(self.lesson.id, key, value.strip(), right, judged.known)
        return judged

    def answered(self) -> frozenset[str]:
        """Give the questions answered right, `step.question`."""
        given = self.store.answers(self.lesson.id)
        return frozenset(key for key, found in given.items() if any(one.correct for one in found))

    def hint(self, step: Step) -> Hint | None:
        """Give the next hint, the last one again when all are shown; None where there is none."""
        if not step.hints:
            return None
        number = self.store.show_hint(self.lesson.id, step.id, len(step.hints))
        return Hint(step.hints[number - 1], number, len(step.hints))

    def solve(self, step: Step, echo: Echo | None = None) -> tuple[Entered, ...]:
        """Type the step's solution into the lab, and count it; empty where there is none.

        Raises LearnError where a shell does not come back.
        """
        stage = self._desk.seat().stage
        if not step.solution:
            return ()
        self.store.use_solution(self.lesson.id, step.id)
        return stage.enter(step, step.solution, echo=echo)

    def see_solution(self, step: Step) -> None:
        """Count that the learner has read the step's solution."""
        self.store.use_solution(self.lesson.id, step.id)

    def times(self) -> progress.Times:
        """Give the recorded times of the lesson's checks."""
        return self.store.times(self.lesson.id)

    def complete(self) -> bool:
        """Tell whether the lesson is: every check and question of it, as recorded."""
        return progress.complete(self.lesson, self.times(), self.answered())

    def missing(self, step: Step) -> list[str]:
        """Name what the step still wants: its questions, and `check` where that has not passed."""
        answered = self.answered()
        wanted = [str(one.id) for one in step.ask if f"{step.id}.{one.id}" not in answered]
        stands = step.id in progress.standing_steps(self.lesson, self.times())
        return wanted if stands else [*wanted, "check"]

    def goto(
        self, step: Step, tell: Tell, docker: str | None = None, echo: Echo | None = None
    ) -> None:
        """Give a clean lab in which the solutions of all earlier steps were typed.

        A solution counts as used only where the learner had not passed that step before. Raises
        LearnError where a solution does not do what its checks ask.
        """
        before = self.store.times(self.lesson.id)
        self._desk.clean(tell, docker)
        for earlier in self.lesson.steps:
            if earlier.id == step.id:
                break
            tell(msg("Typing the solution of {step}.", step=earlier.id))
            if earlier.solution and not _ever_passed(earlier, before):
                self.store.use_solution(self.lesson.id, earlier.id)
            self._desk.seat().stage.enter(earlier, earlier.solution, echo=echo)
            self._must_stand(earlier)
        self.store.at_step(self.lesson.id, step.id)

    def shell(self, host: str | None = None, command: str | None = None) -> list[str]:
        """Give the command line of a shell in the lab, or of one command there."""
        return self._desk.shell(host, command)

    def at(self) -> Step:
        """Give the step that the learner is at; the first where nothing is recorded."""
        standing = self.store.standing(self.lesson.id)
        wanted = standing.step if standing else None
        return next((step for step in self.lesson.steps if step.id == wanted), self.lesson.steps[0])

    def go(self, step: Step) -> None:
        """Note the step that the learner is at."""
        self.store.at_step(self.lesson.id, step.id)

    def copy_record(self) -> bool:
        """Put a copy of the record into the lab, as well as it goes; tell whether it went."""
        seat = self._desk.seat()
        with contextlib.suppress(LearnError):
            self._desk.keep_traces()
            about = self._papers.about(self.lesson.id) if self._papers else {}
            text = _copied(export(self.store, self.lesson.id, about))
            path = f"{COPIES}/{self._course_id}-{self.lesson.id}.json"
            seat.lab.write(seat.lab.hosts[0], path, text)
            return True
        return False

    def close(self) -> None:
        """Let go of the lab, which goes on; for any thread, and what still runs ends by Left."""
        self._desk.close()

    def _report(
        self,
        results: Mapping[str, Result],
        times: progress.Times,
        seconds: float,
        steps: Sequence[str] | None,
        *,
        bare: bool = False,
    ) -> Report:
        answered = self.answered()
        if bare:
            counted = progress.count_bare(self.lesson, results, steps=steps)
        else:
            counted = progress.count(self.lesson, results, times, steps=steps)
        complete = progress.complete(self.lesson, times, answered)
        if complete and steps is None:
            self.store.complete(self.lesson.id)
        standing = self.store.standing(self.lesson.id)
        return Report(
            lesson=self.lesson,
            counted=counted,
            engine=next(
                (one.observation.engine for one in results.values() if one.observation), ""
            ),
            seconds=seconds,
            complete=complete,
            completed=standing.completed if standing else None,
            bare=bare,
            at=standing.step if standing else None,
            answered=answered,
        )

    def _must_be_there(self, results: Iterable[Result]) -> None:
        """Raise NoLab where no question was answered because there is no lab."""
        answers = [
            answer
            for result in results
            if result.observation is not None
            for sample in result.observation.samples
            for answer in sample.answers.values()
        ]
        if answers and all(answer.outcome is Outcome.LOST for answer in answers):
            missing = self._desk.missing()
            if missing is not None:
                raise missing

    def _replay(self, again: Plan, tell: Tell) -> None:
        """Type what had passed; a step that does not pass this time is where the learner goes on.

        The record follows step by step, so that a replay cut short is told truly.
        """
        for number, step in enumerate(again.steps, 1):
            tell(
                msg(
                    "Catching up, {number} of {of}: {title}",
                    number=number,
                    of=len(again.steps),
                    title=step.title,
                )
            )
            self._desk.seat().stage.enter(step, step.solution)
            if self.check([step.id]).having(State.FAILED, State.ERRORED):
                tell(msg("That did not do what it did before; you go on there."))
                self.store.at_step(self.lesson.id, step.id)
                return
            following = progress.next_step(self.lesson, step)
            self.store.at_step(self.lesson.id, (following or step).id)
        self.store.at_step(self.lesson.id, again.at.id)

    def _must_stand(self, step: Step) -> None:
        report = self.check([step.id])
        wrong = report.having(State.FAILED, State.ERRORED)
        if wrong:
            raise LearnError(
                msg(
                    "The solution of {step} was typed, and {check} is {state}.",
                    step=step.id,
                    check=wrong[0].id,
                    state=Message(wrong[0].verdict.state.value),
                ),
                remedy=msg("Tell the course's authors; `check` shows the details."),
                details=wrong[0].verdict.evidence,
            )


def _copied(record: dict[str, Any]) -> str:
    """Write a record as text; where files make it large, without what labs knew."""
    # ASCII, for what a lab says may hold halves of characters.
    text = json.dumps(record)
    return text if len(text) <= LARGEST_COPY else json.dumps({**record, "labs": []})


def _ever_passed(step: Step, times: Mapping[str, CheckTimes]) -> bool:
    """Tell whether the learner has passed the step before, in whatever lab."""
    keys = [f"{step.id}.{check.id}" for check in step.checks]
    return bool(keys) and all(key in times and times[key].first_passed for key in keys)
