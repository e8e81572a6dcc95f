"""The live map: draws what a surveyor has seen of the lab, and asks it anew when told to.

What is drawn comes through `Surveyor`, so that this pane knows neither labs nor layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textual import events, work
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from runner.course.lesson import Lesson, Step
from runner.errors import LearnError, defect
from runner.tui.prose import plain
from runner.words import tell, translate

Runs = Sequence[tuple[str, str]]
"""A line: pieces of text, each with the role that it plays, such as `bridge` or `changed`."""

STYLES = {
    "host": "bold $foreground",
    "bridge": "bold $text-primary",
    "container": "bold $text-accent",
    "stopped": "$text-muted",
    "address": "$foreground",
    "cable": "$text-success",
    "link": "$text-secondary",
    "port": "$text-warning",
    "frame": "$foreground 50%",
    "changed": "bold $text-warning",
    "faint": "italic $text-disabled",
    "trouble": "bold $text-error",
    "note": "$text-muted",
}
SETTLE = 4.2
"""Seconds after which what had changed is not marked any more."""


class Surveyor(Protocol):
    """Looks at a lab, and draws what it has seen."""

    def look(self) -> None:
        """Ask the lab; may take its time, raises LearnError where it does not answer."""

    def aim(self, lesson: Lesson, step: Step) -> None:
        """Take what is to be shown faintly until it exists."""

    def draw(self, width: int, height: int) -> Sequence[Runs]:
        """Draw what was seen last; quick, for the event loop."""

    def forget(self) -> None:
        """Begin anew: the lab is another."""

    @property
    def moved(self) -> bool:
        """Whether something is marked as changed, and the marks are to fade."""


class MapPane(ScrollableContainer, can_focus=True):
    """Shows the map. `-stale` while the lab does not answer."""

    def __init__(self, surveyor: Surveyor | None) -> None:
        """Take who looks; None where nobody can."""
        super().__init__(Static("", id="canvas", markup=False), id="map")
        self._surveyor = surveyor
        self._looking = False
        self._again = False
        self._seen = False
        self._fading: Timer | None = None

    def aim(self, lesson: Lesson, step: Step) -> None:
        """Show what this step wants."""
        if self._surveyor is not None:
            self._surveyor.aim(lesson, step)
            self._draw()

    def forget(self) -> None:
        """Begin anew: the lab is another."""
        if self._surveyor is not None:
            self._surveyor.forget()
        self._seen = False

    def look(self) -> None:
        """Look at the lab, unless nobody sees the map; several wishes become one."""
        if self._surveyor is None or not self.is_mounted or not self.region:
            self._seen = False
            return
        if self._looking:
            self._again = True
            return
        self._looking = True
        self._look()

    def retell(self) -> None:
        """Draw in the language in use now."""
        self._draw()

    def on_show(self) -> None:
        """Look where that was left out while nobody saw it."""
        if not self._seen:
            self.call_after_refresh(self.look)

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the room that there is now."""
        self._draw()
        if not self._seen:
            self.look()

    @work(thread=True, group="map", exit_on_error=False)
    def _look(self) -> None:
        error: LearnError | None = None
        try:
            if self._surveyor is not None:
                self._surveyor.look()
        except Exception as found:
            error = found if isinstance(found, LearnError) else defect(found)
        finally:
            self.app.call_later(self._looked, error)

    def _looked(self, error: LearnError | None) -> None:
        self._looking, self._seen = False, True
        self.set_class(error is not None, "-stale")
        self.border_subtitle = plain(tell(error.message)) if error is not None else ""
        self._draw()
        if self._again:
            self._again = False
            self.look()
        elif self._surveyor is not None and self._surveyor.moved:
            if self._fading is not None:
                self._fading.stop()
            self._fading = self.set_timer(SETTLE, self._draw)

    def _draw(self) -> None:
        if self._surveyor is None or not self.is_mounted:
            return
        size = self.scrollable_content_region.size
        if size.width < 10 or size.height < 3:
            return
        rows = self._surveyor.draw(size.width, size.height)
        lines = [Content("").join(map(_run, row)) for row in rows]
        empty = Content.styled(translate("looking at the lab …"), "$text-muted")
        self.query_one("#canvas", Static).update(Content("\n").join(lines) if lines else empty)


def _run(run: tuple[str, str]) -> Content:
    text, role = run
    return Content.styled(text, STYLES[role]) if role in STYLES else Content(text)
