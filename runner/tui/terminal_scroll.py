"""Where in its scrollback a terminal is looked at, and what a search found there."""

from __future__ import annotations

from runner.terminal.engine import Found, Place, TerminalEngine


class View:
    """The line in the widget's first row: the screen's own, or an older one that is held."""

    def __init__(self, engine: TerminalEngine) -> None:
        self._engine = engine
        self._held: int | None = None
        self.found = Found()
        self._now = -1
        self._by_line: dict[int, list[tuple[Place, int]]] = {}

    @property
    def top(self) -> int:
        """The line that is shown in the first row."""
        if self._held is None:
            return self._engine.top_line
        return min(max(self._held, self._engine.first_line), self._engine.top_line)

    @property
    def back(self) -> int:
        """How many lines lie below what is shown; 0 while it follows the output."""
        return self._engine.top_line - self.top

    @property
    def following(self) -> bool:
        """What is shown is the screen."""
        return self._held is None

    def scroll(self, lines: int) -> bool:
        """Move by lines, up where negative. False where there is nothing more."""
        return self.show(self.top + lines)

    def show(self, top: int) -> bool:
        """Hold a line in the first row, or follow again at the end. False where nothing moves."""
        before = self.top
        self._held = max(top, self._engine.first_line)
        if self._held >= self._engine.top_line:
            self._held = None
        return self.top != before

    def follow(self) -> bool:
        """Show the screen again. False where it was shown."""
        was, self._held = self._held, None
        return was is not None

    def search(self, text: str) -> tuple[int, int]:
        """Look for a text and go to the last place; give that place's number and how many."""
        self.found = self._engine.search(text) if text else Found()
        self._now = len(self.found.places) - 1
        self._by_line = {}
        for number, places in enumerate(self.found.places):
            for place in places:
                self._by_line.setdefault(place.line, []).append((place, number))
        return self._show_found()

    def step(self, by: int) -> tuple[int, int]:
        """Go to another place found, round and round."""
        if self.found.places:
            self._now = (self._now + by) % len(self.found.places)
        return self._show_found()

    def forget(self) -> None:
        """Search for nothing any more."""
        self.found, self._now, self._by_line = Found(), -1, {}

    def places(self, line: int) -> list[tuple[Place, bool]]:
        """Give what was found on a line; true for the place that is gone to."""
        return [(place, number == self._now) for place, number in self._by_line.get(line, ())]

    def _show_found(self) -> tuple[int, int]:
        if not self.found.places:
            self.follow()
            return 0, 0
        line = self.found.places[self._now][0].line
        if not self.top <= line < self.top + self._engine.rows:
            self.show(line - self._engine.rows // 2)
        return self._now + 1, len(self.found.places)
