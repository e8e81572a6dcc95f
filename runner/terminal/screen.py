"""Printing: characters onto the grid, with wrapping, clusters, charsets and floods.

Three ways, the quickest that is right: whole lines of plain text while the screen scrolls by,
runs of one-cell characters, and one character after the other.
"""

from __future__ import annotations

from runner.terminal import rows as cells
from runner.terminal.engine import PLAIN, Row
from runner.terminal.grid import Grid
from runner.terminal.history import LINES, Line, Packed, pack
from runner.terminal.rows import STUB
from runner.terminal.width import CHANGING, JOINER, RUNS, cluster_width, joined, width

GRAPHICS = str.maketrans("_`abcdefghijklmnopqrstuvwxyz{|}~", " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")
"""DEC special graphics, as the VT100's manual shows them."""
BRITISH = str.maketrans("#", "£")
CHARSETS = {"0": GRAPHICS, "A": BRITISH, "B": None}
"""Designators of a charset; an unknown one is ASCII."""


class Screen(Grid):
    """A grid that text can be written to."""

    def __init__(self, rows: int, columns: int, history: int = LINES) -> None:
        super().__init__(rows, columns, history)
        self.autowrap = True
        self.insert = False
        self.charsets: list[dict[int, int] | None] = [None] * 4
        self.shift = 0
        """Which of the four charsets is in use."""
        self.single_shift: int | None = None
        """A charset for the next character alone."""
        self.last = ""
        """What was printed last, for REP."""
        self._joiner: tuple[int, int] | None = None
        """Where the cursor stood when a ZWJ came."""

    def text(self, text: str) -> None:
        """Print characters of any kind, no controls among them."""
        if self.single_shift is not None:
            first = _mapped(text[0], self.charsets[self.single_shift])
            self.single_shift = None
            self._print(first)
            text = text[1:]
            if not text:
                return
        self._print(_mapped(text, self.charsets[self.shift]))

    def narrow(self, text: str) -> None:
        """Print one-cell characters, none of them mapped or joined to another."""
        self._joiner = None  # it joins nothing of these, whichever way they came
        x = self.x
        end = x + len(text)
        if end < self.columns and not self.insert:
            cells.put(self.lines[self.y], x, text, self.style)
            self.x = end
            self.dirty.add(self.y)
        else:
            self._narrow_wrapped(text)
        self.last = text[-1]

    @property
    def mapping(self) -> bool:
        """Say whether characters are mapped: not every run may go to `narrow` then."""
        return self.single_shift is not None or self.charsets[self.shift] is not None

    def repeat(self, count: int) -> None:
        """Print the last character again (REP), as often as the screen has cells at most."""
        if self.last:
            self._print(self.last * min(count, self.rows * self.columns))

    def lines_of_text(self, text: str) -> None:
        """Print ASCII lines that all end with CR LF."""
        lines = text.split("\r\n")
        lines.pop()
        at = 0
        for at, line in enumerate(lines, 1):
            if line:
                self.narrow(line)
            self.x = 0
            scrolls = self.y == self.bottom
            self.line_feed()
            # From a fresh last row on, all that follows only pushes lines up.
            if scrolls and len(lines) - at > 2 and self._pushes():
                break
        if at < len(lines):
            self._joiner = None if any(lines[at:]) else self._joiner
            self._push(lines[at:])

    # One run of characters

    def _print(self, text: str) -> None:
        if self._joiner is not None:
            self._character(text[0])
            text = text[1:]
        for run in RUNS.finditer(text):
            kind = run.lastindex
            if kind == 1 and self._joiner is None:
                self.narrow(run[0])
            elif kind == 2 and self._joiner is None:
                self._wide_run(run[0])
            else:
                for character in run[0]:
                    self._character(character)

    def _wide_run(self, text: str) -> None:
        """Print wide characters that join nothing; in one go where the row has room."""
        end = self.x + 2 * len(text)
        if end >= self.columns or self.insert:
            for character in text:
                self._wide(character)
            return
        pairs = [STUB] * (2 * len(text))
        pairs[::2] = text
        cells.put(self.lines[self.y], self.x, pairs, self.style)
        self.dirty.add(self.y)
        self.x = end
        self.last = text[-1]

    def _character(self, character: str) -> None:
        joiner = self._joiner == (self.y, self.x)
        self._joiner = None
        size = width(character)
        if (size == 0 or joiner or character >= "\U0001f1e6") and self._join(character, joiner):
            return
        if size == 1:
            self.narrow(character)
        elif size == 2:
            self._wide(character)

    def _join(self, character: str, joiner: bool) -> bool:
        """Try to add to the character before the cursor; false where it stands alone."""
        row = self.lines[self.y]
        x = self.x - 1
        if x < 0:
            return False
        if character == JOINER:
            self._joiner = self.y, self.x
            return True
        wide = row.cells[x] == STUB
        x -= wide
        cluster = joined(row.cells[x], joiner, character)
        if cluster is None:
            return False
        if character not in CHANGING:
            row.cells[x] = cluster
            self.dirty.add(self.y)
            return True
        size = cluster_width(cluster)
        if size == 1 + wide:
            row.cells[x] = cluster
        elif size == 2 and x + 1 < self.columns:
            self._widen(row, x, cluster)
        else:
            return width(character) == 0
        self.dirty.add(self.y)
        return True

    def _widen(self, row: Row, x: int, cluster: str) -> None:
        style = row.styles[x]
        if self.insert:
            cells.insert(row, x + 1, 1, style)
        cells.put(row, x, (cluster, STUB), style)
        self._past(x + 2)

    def _wide(self, character: str) -> None:
        room = self.columns - self.x
        if room < 2:
            if not self.autowrap:
                self.x = self.columns - 2
            else:
                row = self.lines[self.y]
                if room == 1:
                    cells.erase(row, self.x, self.columns, self.style)
                    row.filler = True
                self._wrap()
        row = self.lines[self.y]
        if self.insert:
            cells.insert(row, self.x, 2, self.blank)
        cells.put(row, self.x, (character, STUB), self.style)
        self.dirty.add(self.y)
        self._past(self.x + 2)
        self.last = character

    def _narrow_wrapped(self, text: str) -> None:
        while text:
            if self.x >= self.columns:
                if self.autowrap:
                    self._wrap()
                else:
                    self.x = self.columns - 1
            room = self.columns - self.x
            piece, text = text[:room], text[room:]
            if text and not self.autowrap:  # all that is too long lands in the last column
                piece, text = piece[:-1] + text[-1], ""
            row = self.lines[self.y]
            if self.insert:
                cells.insert(row, self.x, len(piece), self.blank)
            cells.put(row, self.x, piece, self.style)
            self.dirty.add(self.y)
            self._past(self.x + len(piece))

    def _past(self, x: int) -> None:
        self.x = x if x < self.columns or self.autowrap else self.columns - 1

    def _wrap(self) -> None:
        row = self.lines[self.y]
        row.wrapped = True
        self.dirty.add(self.y)
        self.x = 0
        self.line_feed()

    # A flood

    def _pushes(self) -> bool:
        """Say whether a printed line only moves the others up."""
        return (
            self.y == self.bottom == self.rows - 1
            and self.top == 0
            and self.autowrap
            and not self.insert
            and self.style.bg is None
        )

    def _push(self, lines: list[str]) -> None:
        """Print lines at an empty last row; those that only pass by never become cells."""
        pieces, simple = self._pieces(lines)
        keep = self.rows - 1
        passing = len(pieces) - keep
        if passing > 0 and self.other is None:
            self.history.add(pack(row) for row in self.lines[:keep])
            if simple:
                self.history.add_plain(pieces[:passing])  # type: ignore[arg-type]
            else:
                self.history.add(pieces[:passing])
        elif self.other is None:
            self.history.add(pack(row) for row in self.lines[: len(pieces)])
        if self.other is None:
            self.scrolled += len(pieces)
        shown = [self._row(piece) for piece in pieces[max(passing, 0) :]]
        self.lines = [*self.lines[len(shown) : keep], *shown, cells.blank(self.columns)]
        self.all_dirty = True
        self.last = next((line[-1] for line in reversed(lines) if line), self.last)

    def _pieces(self, lines: list[str]) -> tuple[list[Line], bool]:
        """Break the lines into rows; true where they are all plain text."""
        columns, style = self.columns, self.style
        plain = style is PLAIN
        if plain and len(max(lines, key=len)) <= columns:
            return [line.rstrip(" ") for line in lines], True
        pieces: list[Line] = []
        for line in lines:
            for start in range(0, len(line) or 1, columns):
                part = line[start : start + columns]
                if start + columns < len(line):
                    pieces.append(Packed(part, ((style, columns),), True, False))
                elif plain or not part:
                    pieces.append(part.rstrip(" "))
                else:
                    pieces.append(Packed(part, ((style, len(part)),), False, False))
        return pieces, False

    def _row(self, piece: Line) -> Row:
        text = piece if isinstance(piece, str) else piece.cells
        missing = self.columns - len(text)
        return Row(
            [*text, *" " * missing],
            [self.style] * len(text) + [PLAIN] * missing,
            not isinstance(piece, str) and piece.wrapped,
        )


def _mapped(text: str, charset: dict[int, int] | None) -> str:
    return text if charset is None else text.translate(charset)
