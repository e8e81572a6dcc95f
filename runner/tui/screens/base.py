"""What all full screens share: keys from a table of commands, menu and help made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import SystemCommand
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from checks.message import msg
from runner.errors import LearnError
from runner.tui.commands import Command, shown
from runner.tui.dialogs import CLOSE, Dialog
from runner.tui.footer import KeyBar
from runner.tui.prose import plain
from runner.words import tell, translate

if TYPE_CHECKING:
    from runner.tui.app import LearnApp


class CommandScreen(Screen[None]):
    """A screen whose commands stand in a table; `action_NAME` does each."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()

    @property
    def learn(self) -> LearnApp:
        """The app, by its own type."""
        return cast("LearnApp", self.app)

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except LearnError as error:
            self.learn.tell(error)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell where something that takes a moment broke, unless the learner has left."""
        error = event.worker.error
        here = self in self.app.screen_stack
        if event.state is WorkerState.ERROR and isinstance(error, Exception) and here:
            self.learn.tell(error)

    def menu(self) -> Iterable[SystemCommand]:
        """Give what the menu offers here."""
        for command in self.COMMANDS_HERE:
            if command.name != "menu":
                keys = " ".join(shown(key) for key in (command.key, command.other) if key)
                title = f"{translate(command.title)}  {keys}" if keys else translate(command.title)
                yield SystemCommand(title, translate(command.help), self._doing(command.name))

    def retell(self) -> None:
        """Say everything in the language in use now."""
        for bar in self.query(KeyBar):
            bar.retell()

    def say(self, words: str) -> None:
        """Show a sentence for a moment, in place of any before it."""
        self.app.clear_notifications()
        self.notify(plain(words), markup=False)

    def action_menu(self) -> None:
        """Open the menu."""
        self.app.action_command_palette()

    def action_help(self) -> None:
        """Show all keys."""
        lines = [
            f"{' '.join(shown(key) for key in (one.key, one.other) if key):>14}   "
            f"{translate(one.title)}" + (f" ({translate(one.help)})" if one.help else "")
            for one in self.COMMANDS_HERE
            if one.key or one.other
        ]
        words = [
            "\n".join(lines),
            self.typing_words(),
            tell(
                msg(
                    "A program that fills the shell's screen gets the function keys itself; F12"
                    " leads out of the shell. Panes are resized by dragging the line between them."
                )
            ),
        ]
        self.app.push_screen(Dialog(msg("Keys"), words, (CLOSE,)))

    def typed(self, event: events.Key | events.Paste) -> None:
        """See what is typed before it goes to what has the focus."""

    def typing_words(self) -> str:
        """Say where typed letters go."""
        return tell(msg("Letters work while the focus is not in a field."))

    def action_language(self) -> None:
        """Go over to the next language of the course."""
        self.learn.next_language()

    def action_theme(self) -> None:
        """Go over from dark to light, or back."""
        self.learn.turn_theme()

    def action_leave(self) -> None:
        """Leave the program; nothing is lost, so nothing is asked."""
        self.app.exit(0)

    def _doing(self, name: str) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            await self.run_action(name)

        return do
