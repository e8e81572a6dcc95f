"""The lesson's words: the step's text, its questions, what it offers to type, hints, the solution,
and at the end the recap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Markdown, Static

from checks.message import msg
from runner.course.glossary import Term
from runner.course.lesson import Commands, Lesson, Step
from runner.tui import prose
from runner.tui.question import QuestionPane
from runner.words import tell, translate


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the pane shows of a step."""

    lesson: Lesson
    step: Step
    hints: int = 0
    """How many are shown."""
    solution: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    """Right answers that were given, by the question's id."""
    ended: bool = False
    """Whether the lesson is complete, and this is its last step."""
    following: str | None = None
    """Title of the lesson after this one."""
    glossary: Sequence[Term] = ()


class TextPane(VerticalScroll):
    """Shows one step."""

    class NextLessonAsked(Message):
        """The learner wants to go on with the lesson after this one."""

    class OfferTaken(Message):
        """The learner has clicked a command that is offered."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(id="text")
        self.shown: Shown | None = None

    async def show(self, shown: Shown, *, stay: bool = False) -> None:
        """Show a step from its beginning; `stay` keeps the place that is in view."""
        place = self.scroll_offset.y if stay else 0
        self.shown = shown
        async with self.batch():
            await self.remove_children()
            await self.mount_all(list(_parts(shown)))
        self.scroll_to(y=place, animate=False, immediate=True)

    async def show_more(self, shown: Shown) -> None:
        """Show the same step with a hint or the solution more, and bring that into view."""
        await self.show(shown, stay=True)
        await self._laid_out()
        if shown.ended:
            self.scroll_to_widget(self.query(".complete").first(), top=True, animate=False)
        elif self.query(".added"):
            self.scroll_to_widget(self.query(".added").last(), animate=False)

    def shift(self, columns: int) -> None:
        """Move the drawings in view that are too wide for the pane."""
        for block in self.query(prose.CodeBlock).filter(".-picture"):
            if self.region.overlaps(block.region):
                block.scroll_relative(x=columns, animate=False)

    async def _laid_out(self) -> None:
        """Wait until all has its place: Markdown makes its blocks after it was mounted."""
        for _ in range(2):
            done = asyncio.Event()
            self.call_after_refresh(done.set)
            await done.wait()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Pass the wish on."""
        event.stop()
        if event.button.id == "next-lesson":
            self.post_message(self.NextLessonAsked())


class Offer(Static):
    """Commands that can be typed by a key."""

    def on_click(self) -> None:
        """Have the next of them typed."""
        self.post_message(TextPane.OfferTaken())


def _parts(shown: Shown) -> Sequence[Widget]:
    step = shown.step
    number = [one.id for one in shown.lesson.steps].index(step.id) + 1
    head = msg("Step {number} of {of}", number=number, of=len(shown.lesson.steps))
    parts: list[Widget] = [
        Static(tell(head), classes="where", markup=False),
        Static(prose.inline(step.title), classes="title", markup=False),
        _markdown(step.text),
    ]
    parts += [
        QuestionPane(step, question, answered=shown.answers.get(question.id))
        for question in step.ask
    ]
    if step.try_:
        parts.append(_offer(translate("Try (F2 types it for you)"), str(step.try_)))
    for index, hint in enumerate(step.hints[: shown.hints], 1):
        title = tell(msg("Hint {number} of {of}", number=index, of=len(step.hints)))
        parts.append(_note(title, hint))
    if shown.solution:
        parts.append(
            _offer(translate("Solution (F2 types it for you)"), _typed(step.solution), "added")
        )
    if shown.ended:
        parts += _ending(shown)
    return parts


def _markdown(text: str) -> Markdown:
    return prose.LessonText(text)


def _note(title: str, text: str) -> Widget:
    note = Vertical(_markdown(text), classes="note added")
    note.border_title = title
    return note


def _offer(title: str, commands: str, classes: str = "") -> Widget:
    offer = Offer(prose.text(commands).strip(), classes=f"offer {classes}", markup=False)
    offer.border_title = title
    return offer


def _typed(commands: Commands) -> str:
    """Give commands as they are typed, with their host where it is named."""
    lines: list[str] = []
    for part in commands:
        lines += [f"# {tell(msg('on {host}:', host=part.host))}"] if part.host else []
        lines.append(part.do.strip("\n"))
    return "\n".join(lines)


def _ending(shown: Shown) -> list[Widget]:
    parts: list[Widget] = [
        Static(f"✓ {translate('The lesson is complete.')}", classes="complete", markup=False),
        _note(translate("To remember"), shown.lesson.recap),
    ]
    if shown.glossary:
        words = "\n".join(f"- **{term.word}**: {term.meaning}" for term in shown.glossary)
        parts.append(_note(translate("Words of this lesson"), words))
    if shown.following is not None:
        label = tell(msg("Next lesson: {title}", title=shown.following))
        parts.append(Button(prose.plain(label), id="next-lesson"))
    return parts
