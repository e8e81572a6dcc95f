"""One question: choices to take or a value to type, and what is said about the answer."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from checks.verdict import State
from runner.course.lesson import Question, Step
from runner.learn.answers import Judged
from runner.tui import prose
from runner.words import tell, translate


class QuestionPane(Widget):
    """Posts what is answered; shows what became of it. `-right` and `-wrong` tell the state."""

    class Answered(Message):
        """The learner has given an answer."""

        def __init__(self, pane: QuestionPane, value: str) -> None:
            super().__init__()
            self.pane = pane
            self.value = value

    def __init__(self, step: Step, question: Question, *, answered: str | None) -> None:
        """Take the question; `answered` is the right answer that was given before."""
        super().__init__(classes="-right" if answered is not None else "")
        self.step = step
        self.question = question
        self._answered = answered

    def compose(self) -> ComposeResult:
        """Draw the question, the way to answer, and room for what is said then."""
        yield prose.LessonText(self.question.say)
        if self.question.choose is not None:
            options = [
                Option(Content.assemble("○ ", prose.inline(text)), id=f"choice-{key}")
                for key, text in self.question.choose.items()
            ]
            yield OptionList(*options, markup=False)
        else:
            yield Input(
                value=self._answered or "",
                placeholder=translate("your answer, then Enter"),
                compact=True,
            )
        yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Show an answer that was right before."""
        if self._answered is not None:
            self._mark(self._answered)
            self._say("✓", translate("Answered."), self.question.because)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._give(str(event.option_id).removeprefix("choice-"))

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._give(event.value)

    def _give(self, value: str) -> None:
        self._mark(value)
        if self.question.choose is None:
            self._tell(Content(translate("asking the lab …")))
        self.post_message(self.Answered(self, value))

    def judged(self, value: str, judged: Judged) -> None:
        """Show what became of an answer, and why."""
        self.set_class(judged.state is State.PASSED, "-right")
        self.set_class(judged.state is State.FAILED, "-wrong")
        if judged.state is State.PASSED:
            self._say("✓", translate("Right."), judged.because)
        elif judged.state is State.FAILED:
            reason = judged.because or (tell(judged.message) if judged.message else None)
            self._say("✗", translate("Not so."), reason)
        else:
            why = tell(judged.message) if judged.message else None
            self._say("!", translate("Nothing can be said yet."), why)
        self.call_after_refresh(self.query_one("#said").scroll_visible, animate=False)

    def _say(self, sign: str, word: str, why: str | None) -> None:
        said = Content.assemble(f"{sign} {word} ", prose.inline(why or ""))
        self._tell(said)

    def _tell(self, said: Content) -> None:
        self.query_one("#said", Static).update(said)
        self.add_class("-said")

    def _mark(self, value: str) -> None:
        """Fill the circle of the choice that was taken."""
        for number, (key, text) in enumerate((self.question.choose or {}).items()):
            taken = key.casefold() == value.strip().casefold()
            circle = "● " if taken else "○ "
            options = self.query_one(OptionList)
            options.replace_option_prompt_at_index(
                number, Content.assemble(circle, prose.inline(text))
            )
