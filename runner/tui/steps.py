"""The line at the top: which lesson, which of its steps have passed, where one is."""

from __future__ import annotations

from collections.abc import Collection

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from runner.course.lesson import Lesson
from runner.tui import prose

SIGNS = {"passed": "✓", "broken": "✗", "open": "○"}
STYLES = {"passed": "$text-success", "broken": "$text-error bold", "open": "$text-muted"}


class StepLine(Widget):
    """A sign for each step, to click; the current one stands in brackets."""

    DEFAULT_CSS = """
    StepLine { height: 1; width: 1fr; background: $panel; color: $foreground; padding: 0 1;
        link-style: none; link-color: $foreground; link-background: transparent;
        link-style-hover: reverse;
    }
    """

    def __init__(self, lesson: Lesson) -> None:
        """Take the lesson; nothing has passed yet."""
        super().__init__()
        self._lesson = lesson
        self._passed: Collection[str] = ()
        self._standing: Collection[str] = ()
        self._at = ""

    def show(
        self, lesson: Lesson, at: str, passed: Collection[str], standing: Collection[str]
    ) -> None:
        """Take steps that had passed in this lab, and those that hold now."""
        self._lesson, self._at, self._passed, self._standing = lesson, at, passed, standing
        self.refresh()

    def render(self) -> Content:
        """Draw the title on the left, the steps on the right."""
        steps = Content("").join(
            self._step(number, str(step.id)) for number, step in enumerate(self._lesson.steps)
        )
        room = max(0, self.size.width - steps.cell_length - 2)
        title = Content.assemble(
            (f"{self._lesson.id}  ", "bold"), prose.plain(self._lesson.title)
        ).truncate(room, ellipsis=True)
        blank = " " * max(1, self.size.width - steps.cell_length - title.cell_length)
        return Content.assemble(title, blank, steps)

    def _step(self, number: int, step: str) -> Content:
        kind = "open"
        if step in self._passed:
            kind = "passed" if step in self._standing else "broken"
        sign = Content.styled(SIGNS[kind], STYLES[kind])
        whole = Content.assemble("[", sign, "]") if step == self._at else sign
        return whole.stylize(Style.from_meta({"@click": f"screen.go({number})"}))
