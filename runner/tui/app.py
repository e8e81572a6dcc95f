"""The screen's frame: which screens there are, language and looks, what is remembered of them.

Sessions and labs belong to `runner.learn`; this only moves between screens.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, cast

from rich.text import Text
from textual import events, work
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.message import Message as MessageToWidget
from textual.screen import Screen
from textual.worker import WorkerFailed

from checks.message import Message
from runner import words
from runner.course.lesson import Step
from runner.errors import Exit, LearnError, defect
from runner.learn.desk import Left
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.tui import dialogs, wrapping
from runner.tui.map_pane import Surveyor
from runner.tui.panes import SHARES
from runner.tui.screens.base import CommandScreen
from runner.tui.screens.lesson import LessonScreen
from runner.tui.screens.lessons import LessonsScreen
from runner.tui.screens.startup import StartupScreen
from runner.tui.shells import MakeShells, terminal_shells
from runner.words import translate

DARK, LIGHT = "textual-dark", "textual-light"
THREADS = 16
"""For what waits for lab and record; as many as cores would be too few, for they only wait."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status after SIGTERM, as a shell gives it."""

wrapping.teach()


class LearnApp(App[int], inherit_bindings=False):
    """Learn Docker networking, on the screen."""

    CSS_PATH = "theme.tcss"
    TITLE = "learn-docker-net"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar = [
        Binding("f12", "out_of_shell", show=False, priority=True),
        # Named here: Textual's own would have priority over a program that fills the shell.
        Binding("f10", "command_palette", show=False),
    ]

    def __init__(
        self,
        learner: Learner,
        *,
        lesson: str | None = None,
        step: str | None = None,
        docker: str | None = None,
        replace: bool = False,
        make_shells: MakeShells = terminal_shells,
        survey: Callable[[Session], Surveyor] | None = None,
    ) -> None:
        """Take the learner; `lesson` is taken at once, at `step` where one is named."""
        # Textual makes greys of all colours for NO_COLOR, unless they are the terminal's own.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.learner = learner
        self._lesson = lesson
        self._step = step
        self._docker = docker
        self._replace = replace
        self._make_shells = make_shells
        self._survey = survey

    def on_mount(self) -> None:
        """Show the list, and the lesson over it where one was asked for or is under way."""
        self._end_in_order()
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="wait")
        asyncio.get_running_loop().set_default_executor(pool)
        self.push_screen(LessonsScreen())
        self.theme = LIGHT if self.learner.preference("screen.theme") == "light" else DARK
        lesson = self._lesson or self.learner.going_on()
        if lesson is not None:
            self.take(lesson)

    async def on_event(self, event: events.Event) -> None:
        """Let the screen see what is typed before it is dispatched to what has the focus."""
        by_hand = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if by_hand and isinstance(self.screen, CommandScreen):
            self.screen.typed(cast("events.Key | events.Paste", event))
        await super().on_event(event)

    def _end_in_order(self) -> None:
        """Put the terminal back when somebody ends the program from outside."""
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, self.exit, None, TERMINATED)

    # Between screens --------------------------------------------------------------------------

    def take(self, lesson: str, done: str | None = None) -> None:
        """Take a lesson: its lab comes up, then it is shown; in place of the lab of one `done`."""
        session = self.learner.session(lesson, words.language())
        if self._step is not None and lesson == self._lesson:
            wanted, self._step = self._step, None
            for step in session.lesson.steps:
                if step.id == wanted:
                    session.go(step)
        self.bring_up(session, "resume", done=done)

    def take_next(self, session: Session) -> None:
        """Take the lesson after that of a session, whose lab goes unasked where it is complete."""
        following = self.learner.after(session.lesson.id)
        done = session.lesson.id if session.complete() else None
        self.leave_session(session)
        if following is not None:
            self.take(following, done)

    def bring_up(
        self, session: Session, how: str, step: Step | None = None, *, done: str | None = None
    ) -> None:
        """Show a lab come; `how`, `step` and `done` as `StartupScreen` takes them."""
        docker, self._docker = self._docker, None
        replace, self._replace = self._replace, False
        self.push_screen(StartupScreen(session, how, docker, step=step, replace=replace, done=done))

    def on_startup_screen_lab_came(self, event: StartupScreen.LabCame) -> None:
        """Show the lesson, whatever box or menu was opened over its lab's coming."""
        if event.coming not in self.screen_stack:
            event.session.close()  # the learner has gone elsewhere meanwhile
            return
        while self.screen is not event.coming:
            self.pop_screen()
        under = self.screen_stack[-2]
        if isinstance(under, LessonScreen) and under.session is event.session:
            self.pop_screen()
            under.lab_came()
            return
        self.switch_screen(
            LessonScreen(
                event.session,
                self._make_shells,
                self._survey(event.session) if self._survey else None,
                self._shares(),
            )
        )

    def leave_session(self, session: Session) -> None:
        """Go back to the list; the lab stays, and what held on to it is let go in a thread."""
        while len(self.screen_stack) > 1 and not isinstance(self.screen, LessonsScreen):
            if isinstance(self.screen, LessonScreen):
                self.screen.let_go()
            self.pop_screen()
        threading.Thread(target=session.close, name="leave", daemon=True).start()

    def on_unmount(self) -> None:
        """Let go of the lab quickly: channels that are closed end every question."""
        for screen in self.screen_stack:
            if isinstance(screen, LessonScreen):
                screen.let_go()
                threading.Thread(target=screen.session.close, daemon=True).start()

    # Troubles ---------------------------------------------------------------------------------

    def tell(self, error: Exception) -> None:
        """Tell of an error in a box; not of one that a box tells of already, nor to those who left.

        What is no LearnError is a defect, and called so.
        """
        if isinstance(error, Left):
            return
        box = dialogs.trouble(error if isinstance(error, LearnError) else defect(error))
        open_ones = (one for one in self.screen_stack if isinstance(one, dialogs.Dialog))
        if not any(one.says_what(box) for one in open_ones):
            self.push_screen(box)

    async def _dispatch_message(self, message: MessageToWidget) -> None:
        # Here, for Textual stops dispatching for whoever has let an error out.
        try:
            await super()._dispatch_message(message)
        except LearnError as error:
            self.tell(error)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a click asks for; tell where it could not be done."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except LearnError as error:
            self.tell(error)
            return True

    def _handle_exception(self, error: Exception) -> None:
        found = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(found, LearnError):
            self.tell(found)
            return
        super()._handle_exception(error)
        self._return_code = Exit.ERRORED
        said = defect(found)
        # In place of Textual's traceback, which nobody in front of a lesson can do anything with.
        self._exit_renderables[:] = [Text(f"{words.tell(said.message)}\n{said.details}")]

    # Language and looks -----------------------------------------------------------------------

    def next_language(self) -> None:
        """Go over to the course's next language, everywhere and at once, where it can be read."""
        known, before = self.learner.course.languages, words.language()
        at = known.index(before) if before in known else -1
        words.use(known[(at + 1) % len(known)])
        try:
            self._retell()
        except LearnError as error:
            words.use(before)
            self._retell()
            self.tell(error)
        else:
            self.remember("screen.language", words.language())

    def _retell(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CommandScreen):
                screen.retell()

    def turn_theme(self) -> None:
        """Go over from dark to light, or back."""
        light = self.theme == DARK
        self.theme = LIGHT if light else DARK
        self.remember("screen.theme", "light" if light else "dark")

    @work(thread=True, group="remember", exit_on_error=False)
    def remember(self, name: str, value: str) -> None:
        """Keep a preference; one that cannot be kept is no reason to stop."""
        try:
            self.learner.prefer(name, value)
        except LearnError as error:
            self.call_from_thread(self.notify, words.tell(error.message), severity="warning")

    def action_out_of_shell(self) -> None:
        """Lead out of a program that takes all keys."""
        if isinstance(self.screen, LessonScreen):
            self.screen.action_show_pane("text")

    def action_command_palette(self) -> None:
        """Open the menu, in the language in use."""
        if not CommandPalette.is_open(cast("App[object]", self)):
            self.push_screen(CommandPalette(placeholder=translate("What would you like to do?")))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Give what the menu offers on a screen."""
        if isinstance(screen, CommandScreen):
            yield from screen.menu()

    def agree(self, question: Message) -> bool:
        """Put a question of the lab's makers; for their thread."""
        answered = threading.Event()
        answers: list[str | None] = []

        def chosen(choice: str | None) -> None:
            answers.append(choice)
            answered.set()

        self.call_from_thread(self.push_screen, dialogs.agree(question), chosen)
        while not answered.wait(0.5):
            if not self.is_running:
                return False
        return answers == ["yes"]

    def _shares(self) -> Mapping[str, int]:
        kept = {name: self.learner.preference(f"screen.share.{name}") for name in SHARES}
        return {name: int(share) for name, share in kept.items() if share and share.isdecimal()}
