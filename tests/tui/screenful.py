"""The screen as a test uses it: an app on the small course whose labs are directories, seen as
plain text, and waited for.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from runner.course.course import open_course
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.record.settings import Settings
from runner.record.store import Store
from runner.tui.app import LearnApp
from runner.tui.map_pane import Surveyor
from runner.tui.shells import OpenShell
from tests.directory_lab import DirectoryLabs, write_course

PATIENCE = 15.0
"""Seconds that a test waits for something to come true."""


class PlainShells(Static, can_focus=True):
    """Stands in for the terminals: keeps what is typed, and runs a line when a test says so."""

    class CommandEnded(Message, namespace="shell_pane"):
        """As the real pane's."""

        def __init__(self, host: str, status: int) -> None:
            super().__init__()
            self.host = host
            self.status = status

    def __init__(self, open_shell: OpenShell, hosts: Sequence[str]) -> None:
        super().__init__("a shell", id="shell")
        self.open_shell = open_shell
        self.hosts = list(hosts)
        self.typed = ""
        self.restarts = 0
        self.closed = False

    @property
    def front(self) -> Widget:
        return self

    def on_key(self, event: events.Key) -> None:
        if event.character:
            event.stop()
            self.send_text(event.character)

    def on_paste(self, event: events.Paste) -> None:
        self.send_text(event.text)

    def send_text(self, text: str) -> None:
        self.typed += text
        self.update(f"# {self.typed}")

    def add_shell(self, host: str | None = None) -> None:
        self.hosts.append(host or self.hosts[0])

    def show_host(self, host: str) -> None:
        pass

    def search(self) -> None:
        pass

    def copy_output(self) -> None:
        pass

    def restart(self) -> None:
        self.restarts += 1
        self.typed = ""

    def close_all(self) -> None:
        self.closed = True

    def enter(self, place: Path) -> None:
        """Press Enter: run what was typed in the lab's directory, and tell that it has ended."""
        done = subprocess.run(["bash", "-c", self.typed], cwd=place, check=False)
        self.typed = ""
        self.post_message(self.CommandEnded("docker", done.returncode))


class Screenful:
    """One learner in front of the screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.labs = DirectoryLabs(folder / "labs")
        self.store = Store(folder / "record.sqlite")
        self.settings = Settings(folder / "settings.sqlite")
        self.course = write_course(folder / "course")
        self.app: LearnApp
        self.pilot: Pilot[int]

    @asynccontextmanager
    async def start(
        self,
        lesson: str | None = None,
        size: tuple[int, int] = (120, 36),
        *,
        replace: bool = False,
        survey: Callable[[Session], Surveyor] | None = None,
    ) -> AsyncIterator[Screenful]:
        """Open the app, as `start` would; `survey` gives who draws the map."""
        course = open_course(self.course)
        learner = Learner(course, self.store, self.settings, self.labs, "ann")
        self.app = LearnApp(
            learner, lesson=lesson, replace=replace, make_shells=PlainShells, survey=survey
        )
        async with self.app.run_test(size=size, notifications=True) as self.pilot:
            yield self

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until something holds; the screen is shown where it never does."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not _quietly(holds):
            if loop.time() > end:
                raise AssertionError(f"never came true: {what}\n{self.text()}")
            await asyncio.sleep(0.01)
            await self.pilot.pause()

    async def sees(self, *words: str) -> None:
        """Wait until the screen shows these words."""
        await self.until(lambda: all(word in self.text() for word in words), repr(words))

    async def misses(self, word: str) -> None:
        """Wait until the screen does not show this any more."""
        await self.until(lambda: word not in self.text(), f"without {word!r}")

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def click(self, words: str, offset: int = 1) -> None:
        """Click on words that the screen shows, `offset` columns from their beginning."""
        lines = self.text().split("\n")
        y = next(index for index, line in enumerate(lines) if words in line)
        x = cell_len(lines[y][: lines[y].index(words)]) + offset
        await self.pilot.click(offset=(x, y))

    async def drag(self, line: str, by: int) -> None:
        """Move the line between two panes by so many columns or rows."""
        region = self.app.screen.query_one(line).region
        across = region.width == 1
        start = (region.x + (0 if across else 9), region.y + (9 if across else 0))
        end = (start[0] + by, start[1]) if across else (start[0], start[1] + by)
        await self.pilot.mouse_down(offset=start)
        await self.pilot.hover(offset=end)
        await self.pilot.mouse_up(offset=end)

    def text(self) -> str:
        """Give the screen as plain text."""
        return text_of(self.app)

    @property
    def shells(self) -> PlainShells:
        return self.app.screen.query_one(PlainShells)

    @property
    def place(self) -> Path:
        """The lab's directory."""
        return self.labs.place()


def text_of(app: LearnApp) -> str:
    """Give what is on the screen, line by line, blanks at the ends left out."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


def _quietly(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except Exception:
        return False
