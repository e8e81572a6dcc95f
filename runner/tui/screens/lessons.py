"""The list of lessons: what each is about, how long it takes, how far one is."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runner import words
from runner.errors import LearnError
from runner.learn.learner import Listed, Shelf
from runner.tui import prose
from runner.tui.commands import LIST, bindings
from runner.tui.footer import KeyBar
from runner.tui.screens.base import CommandScreen
from runner.words import translate

BAR = 10
"""Columns of a bar of progress."""


class LessonsScreen(CommandScreen):
    """Choose a lesson with the arrows and Enter, or by mouse."""

    COMMANDS_HERE = LIST
    BINDINGS: ClassVar[list[BindingType]] = bindings(LIST)

    def compose(self) -> ComposeResult:
        """Draw title, list and what the lesson under the cursor is about."""
        yield Static("", id="course", markup=False)
        yield OptionList(id="lessons", markup=False)
        yield Static("", id="goal", markup=False)
        yield KeyBar(LIST)

    def __init__(self) -> None:
        """Begin with nothing known."""
        super().__init__()
        self._told = False
        """Whether the learner was told that the record cannot be read."""

    def on_mount(self) -> None:
        """Fill the list."""
        with contextlib.suppress(LearnError):  # filling tells of it
            self._fill(self.learn.learner.next_lesson())
            return
        self._fill(None)

    def on_screen_resume(self) -> None:
        """Show how far one is by now."""
        self._fill(self._under_cursor())

    def retell(self) -> None:
        """Fill it anew."""
        super().retell()
        self._fill(self._under_cursor())

    def action_take(self) -> None:
        """Take the lesson under the cursor."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _taken(self, event: OptionList.OptionSelected) -> None:
        self.learn.take(str(event.option_id))

    @on(OptionList.OptionHighlighted)
    def _looked_at(self, event: OptionList.OptionHighlighted) -> None:
        entry = self.learn.learner.course.lessons[str(event.option_id)]
        self.query_one("#goal", Static).update(prose.inline(entry.goal(words.language())))

    def _under_cursor(self) -> str | None:
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return None
        return options.get_option_at_index(options.highlighted).id

    def _fill(self, at: str | None) -> None:
        language = words.language()
        course = self.learn.learner.course
        self.query_one("#course", Static).update(prose.plain(course.title(language)))
        options = self.query_one("#lessons", OptionList)
        options.clear_options()
        for shelf in self._shelves(language):
            if shelf.title:
                title = Content.styled(prose.plain(shelf.title), "bold $text-secondary")
                options.add_option(Option(title, disabled=True))
            options.add_options(
                Option(_line(listed, language), id=listed.entry.id) for listed in shelf.lessons
            )
        if at is not None:
            options.highlighted = options.get_option_index(at)

    def _shelves(self, language: str) -> Sequence[Shelf]:
        """Give the lessons; where the record cannot be read, without how far they are."""
        learner = self.learn.learner
        try:
            shelves = learner.shelves(language)
        except LearnError as error:
            if not self._told:
                self.learn.tell(error)
            self._told = True
            return learner.shelves(language, recorded=False)
        self._told = False
        return shelves


def _line(listed: Listed, language: str) -> Content:
    entry = listed.entry
    minutes = translate("{minutes} min").format(minutes=entry.minutes)
    return Content.assemble(
        _bar(listed),
        f"  {prose.plain(entry.title(language))}  ",
        (f"{entry.id}, {minutes}", "$text-muted"),
        (f"  ◂ {translate('your lab')}", "$text-accent") if listed.here else "",
    )


def _bar(listed: Listed) -> Content:
    known = listed.known
    if known is None:
        return Content.styled("·" * BAR, "$text-muted")
    if known.completed:
        word = translate("complete")
        return Content.styled(f"✓ {word}"[:BAR].ljust(BAR), "$text-success")
    full = round(BAR * known.passed / known.total) if known.total else 0
    return Content.assemble(("━" * full, "$text-warning"), ("·" * (BAR - full), "$text-muted"))
