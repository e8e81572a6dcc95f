"""A lesson: text, checks, shells and map, kept in step with what happens in the lab.

The screen owns which step is in view; what the lab and the record say is fetched in threads and
comes back as messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import ClassVar, cast

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from checks.message import msg
from runner import words
from runner.course.lesson import Step
from runner.errors import LearnError
from runner.learn import progress
from runner.learn.session import Session
from runner.tui import dialogs
from runner.tui.commands import LESSON, bindings
from runner.tui.footer import KeyBar
from runner.tui.known import Known, know, open_titles, standing_words, step_noted, still_open
from runner.tui.map_pane import MapPane, Surveyor
from runner.tui.offer import Offer
from runner.tui.panes import Panes
from runner.tui.question import QuestionPane
from runner.tui.screens.lab import LabScreen
from runner.tui.shells import MakeShells, Shells
from runner.tui.steps import StepLine
from runner.tui.tabs import PaneTabs
from runner.tui.watch import Watch
from runner.words import tell, translate


class LessonScreen(LabScreen):
    """One lesson whose lab is up."""

    COMMANDS_HERE = LESSON
    BINDINGS: ClassVar[list[BindingType]] = bindings(LESSON)

    def __init__(
        self,
        session: Session,
        make_shells: MakeShells,
        surveyor: Surveyor | None,
        shares: Mapping[str, int],
    ) -> None:
        """Take a session whose lab is up, and who makes the panes that come from elsewhere."""
        super().__init__(session)
        self._make_shells = make_shells
        self._surveyor = surveyor
        self._shares = shares
        self._offer = Offer()
        self._solved: set[str] = set()
        self._ended = False
        self._drawing = asyncio.Lock()
        """Held while a step is drawn, so that none is drawn into another."""
        self._leaving = False
        """Whether the learner wants to go on behind the last step, and was not told yet what is
        open.
        """
        self._warned = ""
        """The step at which the learner was told what is still open."""

    def compose(self) -> ComposeResult:
        """Place line of steps, tabs, panes and keys."""
        hosts = [str(name) for name in self.session.lesson.hosts]
        yield StepLine(self.session.lesson)
        yield PaneTabs()
        yield Panes(
            self._make_shells(self.session.shell, hosts), MapPane(self._surveyor), self._shares
        )
        yield Watch(self.session)
        yield KeyBar(LESSON)

    def on_mount(self) -> None:
        """Begin at the step that the learner is at."""
        self._watch = self.query_one(Watch)
        self._panes = self.query_one(Panes)
        self._shells = cast(Shells, self._panes.shell)
        self._watch.begin()
        self._go(None)
        self.call_after_refresh(self._panes.begin)

    def lab_came(self) -> None:
        """Go on in a new lab."""
        super().lab_came()
        self._ended = False
        self._shells.restart()
        self._panes.map.forget()
        self._watch.begin()
        self._go(None)

    def let_go(self) -> None:
        """End what listens to the lab and the shells, waiting for nothing."""
        self._watch.end()
        self._shells.close_all()

    def retell(self) -> None:
        """Go over to the language in use; lab, shells and step stay as they are."""
        super().retell()
        lesson = self.learn.learner.lesson(self.session.lesson.id, words.language())
        self.session.speak(lesson)
        self._panes.retell()
        self._panes.map.retell()
        self._step = next(step for step in lesson.steps if step.id == self._step.id)
        self._watch.follow(self._step)
        self._reshow()
        self._tell_tabs()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the panes to the new size."""
        if self.is_mounted and self.query(Panes):
            self.query_one(Panes).fit_to(event.size)
            self._tell_tabs()

    def typed(self, event: events.Key | events.Paste) -> None:
        """What is typed beside the shell is meant for it: bring it, and the focus, there first.

        A blank alone may be meant for what has the focus, so it moves nothing.
        """
        text = event.text if isinstance(event, events.Paste) else event.character
        typing = isinstance(event, events.Paste) or event.is_printable
        if not typing or not (text or "").strip() or isinstance(self.focused, Input):
            return
        if self._panes.in_use() != "shell":
            self._panes.show("shell")
            self.set_focus(self._shells.front)

    def typing_words(self) -> str:
        """Say where typed letters go."""
        return tell(
            msg(
                "Letters go to the shell, wherever the focus is but in a field. Alt with a key"
                " works while the focus is not in the shell."
            )
        )

    def action_go(self, number: int) -> None:
        """Go to a step by its place in the lesson."""
        self._go(self.session.lesson.steps[number])

    def action_back(self) -> None:
        """Go to the step before."""
        index = [step.id for step in self.session.lesson.steps].index(self._step.id)
        if index:
            self.action_go(index - 1)

    def action_forward(self) -> None:
        """Go to the step after; where this one is open, only when asked twice."""
        again, self._warned = self._warned == self._step.id, str(self._step.id)
        self._forward(again=again)

    def action_hint(self) -> None:
        """Show one hint more."""
        self._show_hint()

    def action_solution(self) -> None:
        """Show the solution, which is counted; the first time only after a question."""
        if not self._step.solution:
            self.say(tell(msg("There is nothing to solve in this step.")))
        elif self._step.id in self._solved:
            self._reshow(more=True)
        else:
            self.app.push_screen(dialogs.confirm_solution(), self._solution_chosen)

    def action_check(self) -> None:
        """Check the step now, with all the time that its checks take."""
        self._panes.note("checks", translate("checking …"))
        self._watch.check_now()

    def action_type_offer(self) -> None:
        """Type the next command that is offered into the shell."""
        taken = self._offer.take()
        if taken is None:
            self.say(tell(msg("This step offers no command; F3 gives a hint.")))
            return
        host, command = taken
        self._panes.show("shell")
        if len(self.session.lesson.hosts) > 1:
            self._shells.show_host(host)
        self._shells.send_text(command)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._panes.next()

    def action_show_pane(self, name: str) -> None:
        """Go to a pane."""
        self._panes.show(name)

    def action_map(self) -> None:
        """Show the map, or take it away."""
        self._panes.toggle_map()
        self.call_after_refresh(self._panes.map.look)

    def action_shell(self, deed: str) -> None:
        """Open another shell, search in the current one, copy its last command's output."""
        self._panes.show("shell")
        shells = self._shells
        {"add": shells.add_shell, "search": shells.search, "copy": shells.copy_output}[deed]()

    def action_lessons(self) -> None:
        """Back to the list; the lab stays."""
        self.learn.leave_session(self.session)

    def action_grow(self, name: str, by: int) -> None:
        """Move the line between panes by so many percent."""
        self._panes.grow(name, by)

    def action_drawing(self, by: int) -> None:
        """Move a drawing that is too wide by so many columns."""
        self._panes.text.shift(by)

    def on_panes_share_moved(self, event: Panes.ShareMoved) -> None:
        """Remember how much room a pane was given."""
        self.learn.remember(f"screen.share.{event.name}", str(event.share))

    def on_panes_pane_shown(self) -> None:
        """Mark it in the tabs; a map that comes into view looks at the lab."""
        self._tell_tabs()
        self.call_after_refresh(self._panes.map.look)

    def on_text_pane_offer_taken(self) -> None:
        """Type the command that was clicked."""
        self.action_type_offer()

    def on_text_pane_next_lesson_asked(self) -> None:
        """Go on with the lesson after this one."""
        self.learn.take_next(self.session)

    def on_shell_pane_command_ended(self) -> None:
        """A command in a shell has ended: look what holds now."""
        self._watch.stir()

    def on_watch_lab_stirred(self) -> None:
        """Draw the map anew."""
        self._panes.map.look()

    def on_watch_check_seen(self, event: Watch.CheckSeen) -> None:
        """Show one verdict as soon as it is there."""
        result = event.result
        self._panes.checks.judge(result.check_id, result.verdict, result.check)
        self._tell_tabs()

    def on_watch_step_checked(self, event: Watch.StepChecked) -> None:
        """Show how the step stands."""
        if event.step.id != self._step.id:
            return
        self._panes.checks.count(event.report.counted)
        if event.asked_for:
            self._panes.checks.open_first()
        self._look_around()

    def on_watch_earlier_checked(self, event: Watch.EarlierChecked) -> None:
        """Show what of the steps before is broken."""
        self._look_around()

    def on_question_pane_answered(self, event: QuestionPane.Answered) -> None:
        """Have an answer judged."""
        self._judge(event.pane, event.value)

    def _solution_chosen(self, choice: str | None) -> None:
        if choice == "show":
            self._show_solution()
        elif choice == "hint":
            self._show_hint()

    # What takes a moment: threads, and what follows ------------------------------------------

    def _go(self, step: Step | None) -> None:
        self._warned = ""
        self._leaving = False
        self._enter(step)

    @work(group="step", exit_on_error=False)
    async def _enter(self, step: Step | None) -> None:
        """Go to a step; None for the one that the record knows."""
        async with self._drawing:
            self._step = await asyncio.to_thread(step_noted, self.session, step)
            await self._show(await asyncio.to_thread(self._know))
            self._panes.map.aim(self.session.lesson, self._step)
            self._watch.follow(self._step)

    @work(group="step", exit_on_error=False)
    async def _reshow(self, *, more: bool = False) -> None:
        """Show the same step as it is known now, `more` with something added at the end."""
        async with self._drawing:
            await self._show(await asyncio.to_thread(self._know), stay=True, more=more)

    @work(group="hint", exclusive=True, exit_on_error=False)
    async def _show_hint(self) -> None:
        if await asyncio.to_thread(self.session.hint, self._step) is None:
            self.say(tell(msg("This step has no hints.")))
            return
        self._panes.show("text")
        self._reshow(more=True)

    @work(group="hint", exclusive=True, exit_on_error=False)
    async def _show_solution(self) -> None:
        await asyncio.to_thread(self.session.see_solution, self._step)
        self._solved.add(str(self._step.id))
        self._panes.show("text")
        self._reshow(more=True)

    @work(group="answer", exit_on_error=False)
    async def _judge(self, pane: QuestionPane, value: str) -> None:
        judged = await asyncio.to_thread(self.session.answer, pane.step, pane.question, value)
        if pane.is_mounted:
            pane.judged(value, judged)
        self._look_around()

    @work(group="forward", exclusive=True, exit_on_error=False)
    async def _forward(self, *, again: bool) -> None:
        missing = await asyncio.to_thread(self.session.missing, self._step)
        following = progress.next_step(self.session.lesson, self._step)
        if following is None:
            self._leaving = True
            self._look_around()
        elif missing and not again:
            names = still_open(missing, self._panes.checks.standing)
            more = tell(msg("F8 again goes on all the same."))
            self.say(f"{tell(msg('Still open: {names}.', names=names))} {more}")
        else:
            self._go(following)

    @work(group="around", exclusive=True, exit_on_error=False)
    async def _look_around(self) -> None:
        """Show how the whole lesson stands; close it when all is done."""
        known = await asyncio.to_thread(self._know)
        self._show_standing(known)
        if known.complete and not self._ended:
            self._ended = True
            self._close_lesson()
        elif self._leaving and known.complete:
            self._reshow(more=True)
        elif self._leaving:
            missing = await asyncio.to_thread(open_titles, self.session)
            self.say(tell(msg("Still open: {names}.", names=", ".join(missing))))
        self._leaving = False

    @work(group="close", exit_on_error=False)
    async def _close_lesson(self) -> None:
        """Look at all of the lesson once more; where it is complete, show how it ends."""
        try:
            report = await asyncio.to_thread(self.session.check, patient=False)
        except LearnError:
            self._ended = False
            return  # the watch tells of it
        self._ended = report.complete
        if report.complete:
            self._reshow(more=True)

    # Helpers ---------------------------------------------------------------------------------

    async def _show(self, known: Known, *, stay: bool = False, more: bool = False) -> None:
        self._offer = known.offer
        if more:
            await self._panes.text.show_more(known.shown)
        else:
            await self._panes.text.show(known.shown, stay=stay)
        await self._panes.checks.show(self._step, known.times, keep=stay)
        self._show_standing(known)

    def _show_standing(self, known: Known) -> None:
        lesson = self.session.lesson
        self.query_one(StepLine).show(
            lesson,
            str(self._step.id),
            progress.passed_steps(lesson, known.times),
            progress.standing_steps(lesson, known.times),
        )
        held, of = self._panes.checks.standing
        asked = {str(question.id) for question in self._step.ask} - set(known.shown.answers)
        last = progress.next_step(lesson, self._step) is None
        standing = standing_words(held, of, len(asked), last=last, complete=known.complete)
        self._panes.note("checks", standing)
        self._tell_tabs()

    def _tell_tabs(self) -> None:
        held, of = self._panes.checks.standing
        sign = "✗ " if self._panes.checks.trouble else ""
        self.query_one(PaneTabs).show(self._panes.at, {"checks": f"{sign}{held}/{of}"})
        self.set_class(self._panes.tabs, "-tabs")

    def _know(self) -> Known:
        """Ask the record; for a thread."""
        solved = str(self._step.id) in self._solved
        return know(self.session, self.learn.learner, self._step, solved=solved)
