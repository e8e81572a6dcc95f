"""A lab comes: what goes on, since when, and what to do where it does not work."""

from __future__ import annotations

import threading
import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message as Event
from textual.widgets import Static

from checks.message import Message
from runner.course.lesson import Step
from runner.errors import LearnError, defect
from runner.lab.handle import LabBusy
from runner.learn.desk import Left
from runner.learn.session import Session
from runner.tui import dialogs
from runner.tui.commands import STARTUP, bindings
from runner.tui.footer import KeyBar
from runner.tui.prose import plain
from runner.tui.screens.base import CommandScreen
from runner.words import mark, tell, translate

LINES = 8
"""Sentences that stay in view."""
HOW = {
    "resume": mark("The lab comes up"),
    "clean": mark("A clean lab comes up"),
    "reset": mark("The lesson begins anew"),
    "goto": mark("A clean lab comes up"),
}


class StartupScreen(CommandScreen):
    """Brings a session's lab up in a thread; posts `LabCame` when it can be used."""

    COMMANDS_HERE = STARTUP
    BINDINGS: ClassVar[list[BindingType]] = bindings(STARTUP)

    class LabCame(Event):
        """The session's lab is up."""

        def __init__(self, session: Session, coming: StartupScreen) -> None:
            super().__init__()
            self.session = session
            self.coming = coming
            """The screen that showed it come."""

    class Told(Event):
        """The lab's makers say what goes on."""

        def __init__(self, message: Message) -> None:
            super().__init__()
            self.message = message

    class LabFailed(Event):
        """The lab did not come."""

        def __init__(self, error: LearnError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        session: Session,
        how: str,
        docker: str | None,
        *,
        step: Step | None = None,
        replace: bool = False,
        done: str | None = None,
    ) -> None:
        """Take a session; `how` is a key of `HOW`, for `goto` with its step.

        `replace` ends another lab unasked; `done` names a lesson of whose lab that is true because
        nothing in it is needed any more.
        """
        super().__init__()
        self._session = session
        self._how = how
        self._docker = docker
        self._step = step
        self._replace = replace
        self._done = done
        self._since = time.monotonic()
        self._told: list[Message] = []

    def compose(self) -> ComposeResult:
        """Draw the box."""
        with Vertical(id="coming") as box:
            box.border_title = plain(self._session.lesson.title)
            yield Static("", id="head", markup=False)
            yield Static("", id="told", markup=False)
            yield Static("", id="goal", markup=False)
        yield KeyBar(STARTUP)

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#goal", Static).update(plain(self._session.lesson.goal))
        self.set_interval(1.0, self._tick)
        self._begin()

    def retell(self) -> None:
        """Say it anew."""
        super().retell()
        self._tick()
        self._show()

    def action_leave_it(self) -> None:
        """Back to the list; what was begun ends by itself."""
        self.learn.leave_session(self._session)

    def on_startup_screen_told(self, event: Told) -> None:
        """Show the sentence."""
        self._told.append(event.message)
        self._show()

    def on_startup_screen_lab_failed(self, event: LabFailed) -> None:
        """Say what is in the way, and offer ways on."""
        error = event.error
        if isinstance(error, Left) or self not in self.app.screen_stack:
            return  # the learner has gone elsewhere meanwhile
        if isinstance(error, LabBusy):
            if self._replace or error.present.lesson == self._done:
                self._go_on("reset", error)
                return
            dialog = dialogs.busy(error, error.present.lesson)
        else:
            dialog = dialogs.trouble(error, dialogs.AGAIN, dialogs.LESSONS)
        self.app.push_screen(dialog, lambda choice: self._go_on(choice, error))

    def _go_on(self, choice: str | None, error: LearnError) -> None:
        if choice == "again":
            self._begin()
        elif choice == "reset":
            self._how = "clean"
            self._begin()
        elif choice == "keep" and isinstance(error, LabBusy):
            self.learn.leave_session(self._session)
            self.learn.take(error.present.lesson)
        else:
            self.learn.leave_session(self._session)

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._told.clear()
        self._tick()
        # No worker: leaving the program would wait for its thread. What is left half done is
        # cleared by the next start.
        threading.Thread(target=self._bring_up, name="lab", daemon=True).start()

    def _tick(self) -> None:
        seconds = int(time.monotonic() - self._since)
        clock = f"  {seconds} s" if seconds else ""
        self.query_one("#head", Static).update(f"{translate(HOW[self._how])} …{clock}")

    def _show(self) -> None:
        lines = [f"· {plain(tell(message))}" for message in self._told[-LINES:]]
        self.query_one("#told", Static).update("\n".join(lines))

    def _bring_up(self) -> None:
        def say(message: Message) -> None:
            self.post_message(self.Told(message))

        try:
            if self._how == "goto" and self._step is not None:
                self._session.goto(self._step, say, self._docker)
            elif self._how == "reset":
                self._session.reset(say, self._docker)
            else:
                self._session.resume(say, self._docker, clean=self._how == "clean")
            self.post_message(self.LabCame(self._session, self))
        except LearnError as error:
            self.post_message(self.LabFailed(error))
        except Exception as error:
            self.post_message(self.LabFailed(defect(error)))
