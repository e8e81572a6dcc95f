"""What a lesson's screen does about its lab: begin anew in a clean one, have a lost one come again,
tell why it cannot be asked.
"""

from __future__ import annotations

from runner.course.lesson import Step
from runner.errors import LearnError
from runner.learn.session import Session
from runner.tui import dialogs
from runner.tui.panes import Panes
from runner.tui.screens.base import CommandScreen
from runner.tui.watch import Watch


class LabScreen(CommandScreen):
    """A screen over a session, with panes and a watch; its lab may be another after a while."""

    def __init__(self, session: Session) -> None:
        """Take a session whose lab is up."""
        super().__init__()
        self.session = session
        self._step: Step = session.lesson.steps[0]
        """The step in view."""
        self._lost = False
        """Whether the lab is gone, and the learner knows."""
        self._untold: LearnError | None = None
        """Why nothing can be checked, where a box was open when that was found."""

    def lab_came(self) -> None:
        """Go on in a new lab."""
        self._lost = False
        self._untold = None

    def action_reset(self) -> None:
        """Begin the lesson anew, after a question."""
        self.app.push_screen(dialogs.confirm_reset(), self._anew_chosen)

    def action_begin_here(self) -> None:
        """Begin at the step in view, in a clean lab, after a question."""
        self.app.push_screen(dialogs.confirm_begin_here(), self._anew_chosen)

    def on_watch_lab_lost(self, event: Watch.LabLost) -> None:
        """Offer a new lab; once, however many checks find out."""
        if not self._lost:
            self._lost = True
            self.query_one(Watch).end()
            self.app.push_screen(dialogs.lost(event.error), self._lost_chosen)

    def on_watch_check_broke(self, event: Watch.CheckBroke) -> None:
        """Say why nothing can be checked, now or when what is in the way is closed."""
        self.query_one(Panes).note("checks", "")
        self._untold = event.error
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Tell what could not be told while a box was open."""
        if self._untold is not None and self.is_active:
            error, self._untold = self._untold, None
            self.learn.tell(error)

    def _anew_chosen(self, choice: str | None) -> None:
        if choice in ("reset", "goto"):
            self._lost = True  # and by the learner's own wish: nothing to tell
            self.query_one(Watch).end()
            self.learn.bring_up(self.session, choice, self._step)

    def _lost_chosen(self, choice: str | None) -> None:
        if choice == "again":
            self.learn.bring_up(self.session, "resume")
        else:
            self.learn.leave_session(self.session)
