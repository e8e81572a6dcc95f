"""Asks the lab by itself when something has happened there: a command ended, the engine told an
event. Typing never waits for it: checks run in threads, and what they bring comes as messages.

The step in view is asked at once (after a blink in which bursts gather); what has passed before is
looked at when things are quiet, so that it turns red again where it was broken. Of each kind of
look one runs at a time, and none outlives what it was for: threads are few.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from textual import work
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from checks.suite import Result
from checks.verdict import State
from runner.course.lesson import Step
from runner.errors import LearnError, defect
from runner.learn.desk import Left, NoLab
from runner.learn.progress import passed_steps
from runner.learn.report import Report
from runner.learn.session import Session
from runner.tui.happenings import Happenings

GATHER = 0.04
"""Seconds in which what happens together is taken together."""
QUIET = 1.5
"""Seconds without news before earlier steps are looked at."""
LATER = 1.5
"""Seconds between looks at a check that says `eventually`."""
LOOKS = 8
"""Such looks after one trigger."""
BACKOFF = 15.0
"""Seconds that news during a check waits at most: a check may cause events itself."""


class Watch(Widget):
    """Has no looks; posts what it finds."""

    DEFAULT_CSS = "Watch { display: none; }"

    class CheckSeen(Message):
        """One check was asked and judged; the rest of its step follows."""

        def __init__(self, result: Result) -> None:
            super().__init__()
            self.result = result

    class StepChecked(Message):
        """All checks of a step were asked."""

        def __init__(self, step: Step, report: Report, *, asked_for: bool) -> None:
            super().__init__()
            self.step = step
            self.report = report
            self.asked_for = asked_for
            """Whether the learner had asked for it."""

    class EarlierChecked(Message):
        """Steps that had passed before were looked at again."""

        def __init__(self, report: Report) -> None:
            super().__init__()
            self.report = report

    class LabLost(Message):
        """The lab does not stand any more."""

        def __init__(self, error: NoLab) -> None:
            super().__init__()
            self.error = error

    class LabStirred(Message):
        """Something has happened in the lab."""

    class CheckBroke(Message):
        """Checking was not possible."""

        def __init__(self, error: LearnError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, session: Session) -> None:
        """Take a session whose lab is up."""
        super().__init__()
        self._session = session
        self._step: Step | None = None
        self._happenings: Happenings | None = None
        self._due: Timer | None = None
        self._rest: Timer | None = None
        self._asking = False
        self._again = False
        self._patient = False
        """Whether a look that the learner asked for runs, and whether they asked once more."""
        self._once_more = False
        self._looking_back = False
        self._stop = threading.Event()
        """Ends the looks under way: what they look at is not in view any more."""
        self._looks = 0
        self._wait = GATHER

    def follow(self, step: Step) -> None:
        """Look at this step from now on, and at once."""
        if self._step is not None and self._step.id != step.id:
            self._give_up()
            self._stop = threading.Event()
        self._step = step
        self._looks = LOOKS
        self._ask_soon(0.01)

    def begin(self) -> None:
        """Listen to the engines of the lab; again after a new lab has come."""
        self.end()
        self._stop = threading.Event()
        self._happenings = Happenings(self._session, self._news)
        self._happenings.start()

    def end(self) -> None:
        """Listen and look no more. Quick; the threads end by themselves."""
        self._give_up()
        if self._happenings is not None:
            self._happenings.stop()
            self._happenings = None

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        self.end()

    def stir(self) -> None:
        """A command has ended, or the engine has told something: look."""
        self._looks = LOOKS
        self._wait = GATHER
        self._ask_soon(GATHER)
        self.post_message(self.LabStirred())

    def check_now(self) -> None:
        """Look with patience: `eventually` and `stays` get their time.

        Asked for again meanwhile, however often, it looks once more after that.
        """
        if self._patient:
            self._once_more = True
        elif self._step is not None:
            self._patient = True
            self._ask(self._step, self._stop, asked_for=True)

    class _Happened(Message):
        """An engine has told an event; from a thread."""

    def _news(self) -> None:
        self.post_message(self._Happened())

    def on_watch__happened(self, event: _Happened) -> None:
        """Look soon; what comes while checks run may be their own doing, and can wait longer."""
        event.stop()
        if self._asking:
            self._again = True
            return
        self._looks = LOOKS
        self._ask_soon(self._wait)
        self.post_message(self.LabStirred())

    def _ask_soon(self, seconds: float) -> None:
        if self._asking:
            self._again = True
        elif self._due is None:
            self._due = self.set_timer(seconds, self._go)

    def _go(self) -> None:
        self._due = None
        if self._step is None or self._asking:
            return
        self._asking = True
        self._again = False
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        self._ask(self._step, self._stop)

    def _give_up(self) -> None:
        self._stop.set()
        self._once_more = False

    @work(thread=True, group="check", exit_on_error=False)
    def _ask(self, step: Step, stop: threading.Event, *, asked_for: bool = False) -> None:
        pending = False
        try:
            report = self._session.check(
                [step.id], on_result=self._seen, cancel=stop, patient=asked_for
            )
            if not stop.is_set():
                pending = _may_come(report)
                self.post_message(self.StepChecked(step, report, asked_for=asked_for))
        except Exception as error:
            self._broke(error)
        finally:
            if asked_for:
                self.app.call_later(self._looked_with_patience)
            else:
                self.app.call_later(self._asked, pending)

    def _broke(self, error: Exception) -> None:
        if isinstance(error, NoLab):
            self.post_message(self.LabLost(error))
        elif not isinstance(error, Left):
            told = error if isinstance(error, LearnError) else defect(error)
            self.post_message(self.CheckBroke(told))

    def _looked_with_patience(self) -> None:
        self._patient = False
        if self._once_more:
            self._once_more = False
            self.check_now()

    def _seen(self, result: Result) -> None:
        self.post_message(self.CheckSeen(result))

    def _asked(self, pending: bool) -> None:
        self._asking = False
        if self._again:
            self._ask_soon(self._wait)
            self._wait = min(BACKOFF, self._wait * 2)
            return
        self._wait = GATHER
        if pending and self._looks > 0:
            self._looks -= 1
            self._rest = self.set_timer(LATER, self._go)
        else:
            self._rest = self.set_timer(QUIET, self._look_back)

    def _look_back(self) -> None:
        self._rest = None
        if not self._looking_back and not self._stop.is_set():
            self._looking_back = True
            self._ask_earlier(self._step, self._stop)

    @work(thread=True, group="earlier", exit_on_error=False)
    def _ask_earlier(self, but: Step | None, stop: threading.Event) -> None:
        lesson = self._session.lesson
        try:
            passed = passed_steps(lesson, self._session.times()) - {but.id if but else ""}
            others: Sequence[str] = [step.id for step in lesson.steps if step.id in passed]
            if others:
                report = self._session.check(others, cancel=stop, patient=False)
                self.post_message(self.EarlierChecked(report))
            self._session.copy_record()
        except NoLab as error:
            self.post_message(self.LabLost(error))
        except LearnError:
            return  # the step in view tells of it
        except Exception as error:
            self._broke(error)
        finally:
            self.app.call_later(self._looked_back)

    def _looked_back(self) -> None:
        self._looking_back = False


def _may_come(report: Report) -> bool:
    """Tell whether a check that may take its time does not hold yet."""
    return any(
        item.check.eventually and item.verdict.state is State.FAILED for item in report.counted
    )
