"""Questions in a box: what happened or will happen, the way on, and what to choose.

Answered with the arrows left and right and Enter, with a choice's letter, with Escape, or by mouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from checks.message import Message, msg
from runner.errors import CourseError, LearnError
from runner.tui.prose import plain
from runner.words import mark, tell, translate

DETAILS = 12
"""Lines of another program's words that are shown."""
SHARE = 92
"""Percent of the screen's height that a box takes at most, as its style says."""
AROUND = 6
"""Lines of a box that are not words: its frame, a blank line, its choices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way on."""

    id: str
    letter: str
    label: str
    """An English template."""
    kind: str = ""
    """`main` for what Enter does, `danger` for what cannot be taken back."""


CANCEL = Choice("cancel", "escape", mark("Cancel"))
STAY = Choice("cancel", "escape", mark("Cancel"), "main")
AGAIN = Choice("again", "t", mark("Try again"), "main")
LESSONS = Choice("lessons", "q", mark("All lessons"))
CLOSE = Choice("cancel", "escape", mark("Close"), "main")


class Dialog(ModalScreen[str]):
    """A box with a text and choices; gives the chosen one's id, `cancel` for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "choose('cancel')", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_words(-1)", show=False),
        Binding("down", "scroll_words(1)", show=False),
        Binding("pageup", "scroll_words(-10)", show=False),
        Binding("pagedown", "scroll_words(10)", show=False),
    ]

    def __init__(
        self,
        title: Message,
        paragraphs: Sequence[Message | str],
        choices: Sequence[Choice],
        *,
        details: str = "",
        trouble: bool = False,
    ) -> None:
        """Take the words; `trouble` marks the box as one that tells of a failure."""
        super().__init__(classes="-trouble" if trouble else "")
        self._title = title
        self._paragraphs = paragraphs
        self._choices = choices
        self._details = details

    def compose(self) -> ComposeResult:
        """Draw the box."""
        with Vertical(id="box") as box:
            box.border_title = plain(tell(self._title))
            with VerticalScroll(id="words", can_focus=False):
                for part in self._paragraphs:
                    words = tell(part) if isinstance(part, Message) else part
                    yield Static(plain(words), classes="paragraph", markup=False)
                if self._details.strip():
                    lines = plain(self._details).strip().splitlines()[-DETAILS:]
                    yield Static("\n".join(lines), classes="details", markup=False)
            with Horizontal(id="choices"):
                for choice in self._choices:
                    yield Button(
                        self._label(choice), id=f"choose-{choice.id}", classes=f"-{choice.kind}"
                    )

    def says_what(self, other: Dialog) -> bool:
        """Tell whether this box says the same as another, whatever can be chosen."""
        return (self._title, self._paragraphs, self._details) == (
            other._title,
            other._paragraphs,
            other._details,
        )

    def on_mount(self) -> None:
        """Put the focus on what Enter does."""
        main = next((one for one in self._choices if one.kind == "main"), self._choices[0])
        self.query_one(f"#choose-{main.id}").focus()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the choices in view, however much there is to read."""
        room = event.size.height * SHARE // 100 - AROUND
        self.query_one("#words").styles.max_height = max(1, room)

    def action_scroll_words(self, lines: int) -> None:
        """Read on, or back."""
        self.query_one("#words").scroll_relative(y=lines, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the choice."""
        self.action_choose(str(event.button.id).removeprefix("choose-"))

    def on_key(self, event: events.Key) -> None:
        """Take the choice of a letter."""
        for choice in self._choices:
            if event.key == choice.letter:
                event.stop()
                self.action_choose(choice.id)

    def action_choose(self, choice: str) -> None:
        """Close with this choice."""
        if self.is_current:
            self.dismiss(choice)

    def retell(self) -> None:
        """A box keeps the language that it was opened in."""

    @staticmethod
    def _label(choice: Choice) -> str:
        key = "Esc" if choice.letter == "escape" else choice.letter
        return f"{translate(choice.label)} ({key})"


def trouble(error: LearnError, *choices: Choice) -> Dialog:
    """Tell of an error: what happened, what to do about it, another program's words."""
    words: list[Message | str] = []
    if isinstance(error, CourseError):
        for problem in error.problems:
            words.append(
                msg("{place}: {message}", place=str(problem.place), message=problem.message)
            )
            words += [problem.remedy] if problem.remedy else []
    else:
        words.append(error.message)
        words += [error.remedy] if error.remedy else []
    return Dialog(
        msg("That did not work"), words, choices or (CLOSE,), details=error.details, trouble=True
    )


def busy(error: LearnError, other: str) -> Dialog:
    """Ask what becomes of a lab that is set up for something else."""
    return Dialog(
        msg("Another lab stands"),
        [
            error.message,
            msg("There is one lab at a time. What you did in the other lesson is recorded."),
        ],
        (
            Choice("keep", "k", mark("Keep it, go there"), "main"),
            Choice("reset", "r", mark("End it, begin here"), "danger"),
            CANCEL,
        ),
    )


def confirm_solution() -> Dialog:
    """Ask whether the solution is to be shown."""
    return Dialog(
        msg("The solution"),
        [
            msg("Show this step's solution? That it was shown is counted in your record."),
            msg("A hint may be enough: each is more concrete than the one before."),
        ],
        (Choice("show", "s", mark("Show it"), "main"), Choice("hint", "h", mark("A hint")), CANCEL),
    )


def confirm_reset() -> Dialog:
    """Ask whether the lab may go."""
    return Dialog(
        msg("Reset the lesson"),
        [msg("The lab begins anew at the first step, and what was done in it goes.")],
        (Choice("reset", "r", mark("Begin anew"), "danger"), STAY),
    )


def confirm_begin_here() -> Dialog:
    """Ask whether the lab may go for a clean one at the step in view."""
    return Dialog(
        msg("Begin at this step"),
        [
            msg("The lab begins anew at this step, and what was done in it goes."),
            msg(
                "The solutions of the steps before it are typed for you; those of steps that you"
                " had not passed are counted."
            ),
        ],
        (Choice("goto", "b", mark("Begin here"), "danger"), STAY),
    )


def lost(error: LearnError) -> Dialog:
    """Tell that the lab is gone."""
    return Dialog(
        msg("The lab has to come up again"),
        [
            error.message,
            msg(
                "Where it is gone, a new one is made, and the steps that had passed are typed"
                " again for you."
            ),
        ],
        (Choice("again", "b", mark("Bring it up"), "main"), LESSONS),
        trouble=True,
    )


def agree(question: Message) -> Dialog:
    """Put a question of whoever makes the lab."""
    return Dialog(msg("May I?"), [question], (Choice("yes", "y", mark("Yes"), "main"), CANCEL))
