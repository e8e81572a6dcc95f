"""The step's checks: a line each, which opens to what was expected, what was found, the output it
rests on and the next place to look.

A check that has never held is open (○), one that held and is broken failed (✗): signs and words
say it, colour repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from checks.message import msg
from checks.spec import Check
from checks.verdict import State, Verdict
from runner.course.lesson import Step
from runner.learn.progress import Counted
from runner.record.times import CheckTimes
from runner.tui import prose
from runner.words import mark, tell, translate

EVIDENCE = 12
"""Lines of evidence shown."""

SIGNS = {
    "passed": ("✓", "$text-success", mark("holds")),
    "open": ("○", "$text-muted", mark("not yet")),
    "failed": ("✗", "$text-error bold", mark("broken again")),
    "skipped": ("–", "$text-muted", mark("not asked")),
    "errored": ("!", "$text-warning bold", mark("nothing is known")),
    "unsupported": ("≠", "$text-muted", mark("cannot hold here")),
    "unknown": ("·", "$text-muted", mark("not asked yet")),
}


class CheckRow(Widget, can_focus=True):
    """One check. `-unfolded` while its details are shown, `-STATE` for how it stands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "unfold", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    class Opened(Message):
        """The learner has opened or closed the details."""

    def __init__(self, key: str, check: Check) -> None:
        """Take a check and its full id; nothing is known of it yet."""
        super().__init__(classes="-unknown")
        self.key = key
        self.check = check
        self.kind = "unknown"
        self._verdict: Verdict | None = None
        self._held = False

    def compose(self) -> ComposeResult:
        """Draw the line and the details under it."""
        with Widget(classes="line"):
            yield Static(self._sign(), classes="sign", markup=False)
            yield Static(prose.inline(self.check.say), classes="say", markup=False)
        yield Static("", classes="details", markup=False)

    def remember(self, times: CheckTimes) -> None:
        """Show what the record knows."""
        self._held = times.passed_here is not None
        if times.state is not None:
            self._become(_kind(times.state, held=self._held))

    def judge(self, verdict: Verdict, check: Check) -> None:
        """Show a verdict; `check` has captured values in its texts."""
        self._held = self._held or verdict.passed
        self._verdict, self.check = verdict, check
        self._become(_kind(verdict.state, held=self._held))
        if self.has_class("-unfolded"):
            self._fill()

    def take_over(self, other: CheckRow) -> None:
        """Know what another row of the same check knew."""
        if other._verdict is not None:
            self.judge(other._verdict, self.check)
        if other.has_class("-unfolded"):
            self.open()

    def open(self) -> None:
        """Show the details."""
        self.add_class("-unfolded")
        self._fill()

    def action_unfold(self) -> None:
        """Open or close."""
        if self.has_class("-unfolded"):
            self.remove_class("-unfolded")
        else:
            self.open()
        self.post_message(self.Opened())

    def on_click(self) -> None:
        """Open or close by mouse."""
        self.action_unfold()

    def _become(self, kind: str) -> None:
        if kind != self.kind:
            self.remove_class(f"-{self.kind}")
            self.add_class(f"-{kind}")
            self.kind = kind
            if kind == "passed":
                self.remove_class("-unfolded")
        if self.is_mounted:
            self.query_one(".sign", Static).update(self._sign())
            self.query_one(".say", Static).update(prose.inline(self.check.say))

    def _sign(self) -> Content:
        sign, style, _ = SIGNS[self.kind]
        return Content.styled(sign, style)

    def _fill(self) -> None:
        self.query_one(".details", Static).update(self._details())

    def _details(self) -> Content:
        _, style, word = SIGNS[self.kind]
        parts: list[Content] = [Content.styled(translate(word), style)]
        verdict = self._verdict
        if verdict is None:
            return parts[0]
        for name in ("expected", "found", "look"):
            message = getattr(verdict, name)
            if message is not None and not verdict.passed:
                label = Content.styled(f"{translate(name)}: ", "bold")
                parts.append(Content.assemble(label, prose.inline(tell(message))))
        words = {
            State.FAILED: self.check.otherwise,
            State.UNSUPPORTED: self.check.because,
        }.get(verdict.state)
        if words:
            parts.append(prose.inline(words))
        return Content("\n").join([*parts, *_evidence(verdict)])


class CheckList(VerticalScroll):
    """The checks of one step."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(id="checks", can_focus=False)
        self._rows: dict[str, CheckRow] = {}
        self._step: Step | None = None

    async def show(
        self, step: Step, times: Mapping[str, CheckTimes], *, keep: bool = False
    ) -> None:
        """Show a step's checks as the record knows them.

        `keep` what is known of them beyond that, and which are open: the step is the same, though
        perhaps in another language.
        """
        if keep and self._step is step:
            return
        before = self._rows if keep else {}
        self._step = step
        self._rows = {
            f"{step.id}.{check.id}": CheckRow(f"{step.id}.{check.id}", check)
            for check in step.checks
        }
        rows: Sequence[Widget] = list(self._rows.values()) or [
            Static(translate("This step checks nothing."), classes="nothing", markup=False)
        ]
        async with self.batch():
            await self.remove_children()
            await self.mount_all(rows)
        for key, row in self._rows.items():
            row.remember(times.get(key, CheckTimes()))
            if key in before:
                row.take_over(before[key])

    def judge(self, key: str, verdict: Verdict, check: Check) -> None:
        """Show one check's verdict as it comes; others than this step's are left alone."""
        if key in self._rows:
            self._rows[key].judge(verdict, check)

    def count(self, counted: Sequence[Counted]) -> None:
        """Show how the checks count."""
        for item in counted:
            self.judge(item.id, item.verdict, item.check)

    def open_first(self) -> None:
        """Open the first check that does not hold, and bring it into view."""
        for row in self._rows.values():
            if row.kind in ("open", "failed", "errored"):
                row.open()
                row.scroll_visible(animate=False)
                return

    @property
    def standing(self) -> tuple[int, int]:
        """How many hold, of how many."""
        held = sum(row.kind in ("passed", "unsupported") for row in self._rows.values())
        return held, len(self._rows)

    @property
    def trouble(self) -> bool:
        """Whether one is broken again, or nothing is known of it."""
        return any(row.kind in ("failed", "errored") for row in self._rows.values())


def _kind(state: State, *, held: bool) -> str:
    return "open" if state is State.FAILED and not held else state.value


def _evidence(verdict: Verdict) -> list[Content]:
    lines = prose.plain(verdict.evidence).strip("\n").splitlines()
    if verdict.passed or not any(line.strip("$ ") for line in lines):
        return []
    shown = [Content.styled(f"│ {line}", "$text-muted") for line in lines[-EVIDENCE:]]
    if len(lines) > EVIDENCE:
        left = tell(msg("{count} lines before these", count=len(lines) - EVIDENCE))
        shown.insert(0, Content.styled(f"… {left}", "$text-muted"))
    return shown
