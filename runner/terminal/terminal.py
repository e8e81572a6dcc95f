"""The terminal engine: what sequences ask for, done to a screen.

A program reaches nothing beyond its own grid: titles are cleaned and cut, OSC 52 and whatever
else would go outward is dropped, answers are short, bounded and meant for the program alone.
"""

from __future__ import annotations

from runner.terminal import reflow, search
from runner.terminal.controls import CONTROLS, ESCAPES, SEQUENCES, designate, numbers
from runner.terminal.engine import Changes, Cursor, Found, Mark, Modes, Row
from runner.terminal.history import LINES, unpack
from runner.terminal.marks import Marks
from runner.terminal.parser import Parser
from runner.terminal.screen import Screen
from runner.terminal.state import State
from runner.terminal.style import styled

LARGEST = (500, 1000)
"""Rows and columns of the largest screen."""
_LONGEST_TITLE = 200


class Terminal:
    """A `TerminalEngine` in pure Python. Not for several threads."""

    def __init__(self, rows: int = 24, columns: int = 80, *, history: int = LINES) -> None:
        rows, columns = _sized(rows, columns)
        self.screen = Screen(rows, columns, history)
        self.state = State()
        self._marks = Marks()
        self._parser = Parser(self)
        self._shown = Cursor()
        self._directory = ""

    # What the widget asks

    @property
    def rows(self) -> int:
        """Height of the screen."""
        return self.screen.rows

    @property
    def columns(self) -> int:
        """Width of the screen."""
        return self.screen.columns

    @property
    def cursor(self) -> Cursor:
        """Where the cursor is, and how it looks."""
        screen, state = self.screen, self.state
        x = min(screen.x, screen.columns - 1)
        return Cursor(screen.y, x, state.visible, state.shape, state.blink)

    @property
    def modes(self) -> Modes:
        """What the program has switched."""
        return self.state.modes

    @property
    def title(self) -> str:
        """The title that the program gave, printable and short."""
        return self.state.title

    @property
    def directory(self) -> str:
        """The shell's directory by OSC 7; "" where unknown."""
        return self._directory

    @property
    def first_line(self) -> int:
        """Number of the oldest line that can be shown."""
        return self.screen.history.dropped if self.screen.other is None else self.top_line

    @property
    def top_line(self) -> int:
        """Number of the line in the screen's first row."""
        return self.screen.history.dropped + len(self.screen.history)

    def feed(self, data: bytes) -> None:
        """Take what the program wrote, in any pieces."""
        self._parser.feed(data)

    def resize(self, rows: int, columns: int) -> None:
        """Give the screen another size, within 1 to 500 rows and 2 to 1000 columns."""
        rows, columns = _sized(rows, columns)
        if (rows, columns) != (self.rows, self.columns):
            reflow.resize(self.screen, self.state, rows, columns)

    def row(self, y: int) -> Row:
        """Give the screen's row `y`."""
        return self.screen.lines[y]

    def line(self, number: int) -> Row:
        """Give a line by its absolute number."""
        place = number - self.top_line
        if place >= 0:
            return self.screen.lines[place]
        history = self.screen.history
        return unpack(history[len(history) + place], self.columns)

    def text(self, first: int, start: int, last: int, end: int) -> str:
        """Give the text between two places, as it is copied."""
        bottom = self.top_line + self.rows - 1
        rows = [
            self.line(number)
            for number in range(max(first, self.first_line), min(last, bottom) + 1)
        ]
        return search.copied(rows, start, end)

    def search(self, text: str, *, limit: int = 1000) -> Found:
        """Find a text in scrollback and screen."""
        return search.search(self.screen, text, limit)

    def take_changes(self) -> Changes:
        """Give what has changed since the last time."""
        screen, state, cursor = self.screen, self.state, self.cursor
        rows = range(screen.rows) if screen.all_dirty or state.everything else screen.dirty
        changes = Changes(
            frozenset(rows),
            state.everything,
            cursor != self._shown,
            state.retitled,
            state.bell,
            screen.scrolled,
        )
        screen.dirty.clear()
        screen.all_dirty = state.everything = state.retitled = state.bell = False
        screen.scrolled = 0
        self._shown = cursor
        return changes

    def take_replies(self) -> bytes:
        """Give what the program asked for."""
        taken = bytes(self.state.replies)
        self.state.replies.clear()
        return taken

    def take_marks(self) -> tuple[Mark, ...]:
        """Give the shell's marks since the last time."""
        return self._marks.take()

    def clear_history(self) -> None:
        """Forget the scrollback."""
        self.screen.history.clear()
        self.state.everything = True

    # What the parser tells

    def ascii(self, text: str) -> None:
        """Print ASCII characters."""
        if self.screen.mapping:
            self.screen.text(text)
        else:
            self.screen.narrow(text)

    def text_run(self, text: str) -> None:
        """Print characters of any kind."""
        self.screen.text(text)

    def lines(self, text: str) -> None:
        """Print ASCII lines, each ended by CR LF."""
        if not self.screen.mapping:
            self.screen.lines_of_text(text)
            return
        for line in text.split("\r\n")[:-1]:
            if line:
                self.ascii(line)
            self.new_line()

    def new_line(self) -> None:
        """Do CR LF."""
        self.screen.x = 0
        self.screen.line_feed()

    def control(self, character: str) -> None:
        """Do a C0 control."""
        doing = CONTROLS.get(character)
        if doing is not None:
            doing(self.screen, self.state)

    def sgr(self, parameters: str) -> None:
        """Change the style."""
        self.screen.style = styled(self.screen.style, parameters)

    def csi(self, prefix: str, parameters: str, between: str, final: str) -> None:
        """Do any other control sequence."""
        doing = SEQUENCES.get(prefix + between + final)
        if doing is not None:
            doing(self.screen, self.state, numbers(parameters))

    def escape(self, between: str, final: str) -> None:
        """Do an escape sequence."""
        if between in _DESIGNATORS:
            designate(self.screen, between, final)
        elif between + final == "c":
            self._reset()
        elif (doing := ESCAPES.get(between + final)) is not None:
            doing(self.screen, self.state)

    def osc(self, text: str) -> None:
        """Heed titles, the directory and the shell's marks; all else goes nowhere."""
        code, _, rest = text.partition(";")
        if code in ("0", "2"):
            self.state.title = _clean(rest)[:_LONGEST_TITLE]
            self.state.retitled = True
        elif code == "7":
            self._directory = _directory(rest)
        elif code == "133":
            line = self.top_line + self.screen.y
            self._marks.read(rest, line)
            kind = rest.partition(";")[0]
            if kind in ("A", "C", "D"):
                self.state.prompt = line if kind == "A" else None

    def _reset(self) -> None:
        """Do RIS. The scrollback is the learner's and stays."""
        screen = Screen(self.rows, self.columns)
        screen.history = self.screen.history
        screen.scrolled = self.screen.scrolled
        replies = self.state.replies
        self.screen, self.state = screen, State(replies=replies, retitled=True)


_DESIGNATORS = frozenset("()*+")


def _sized(rows: int, columns: int) -> tuple[int, int]:
    return min(max(rows, 1), LARGEST[0]), min(max(columns, 2), LARGEST[1])


def _clean(text: str) -> str:
    """Leave out what is not printable: controls, and marks that turn the writing around."""
    return "".join(filter(str.isprintable, text))


def _directory(url: str) -> str:
    """Give the path of a `file://host/path`. Our bash writes it as it is, not quoted."""
    if not url.startswith("file://"):
        return ""
    return _clean("/" + url[7:].partition("/")[2])
