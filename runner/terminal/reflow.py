"""Another size: the main screen's text is wrapped anew, the cursor stays at its character.

The scrollback takes part, so that lines which were broken join again. Only lines that were
broken, or are now too long, cost more than a glance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from runner.terminal import rows as cells
from runner.terminal.engine import PLAIN, Row, Style
from runner.terminal.grid import TAB
from runner.terminal.history import Line, Packed, pack, unpack, written
from runner.terminal.rows import STUB
from runner.terminal.screen import Screen
from runner.terminal.state import Saved, State


@dataclass(slots=True, eq=False)
class Spot:
    """A place in the text that is followed to where it goes: index of its line, and cell."""

    line: int
    x: int


def resize(screen: Screen, state: State, rows: int, columns: int) -> None:
    """Give a screen another size."""
    saved = state.saved.get(False, Saved())
    if screen.other is None:
        spot = Spot(screen.y, screen.x)
        prompt = _prompt(screen, state.prompt, columns)
        screen.lines = _rewrapped(screen, screen.lines, spot, rows, columns, prompt)
        screen.y, screen.x = spot.line, spot.x
        if columns != screen.columns:
            state.prompt = prompt.line if prompt is not None else None
    else:
        spot = Spot(min(saved.y, screen.rows - 1), min(saved.x, screen.columns))
        screen.other = _rewrapped(screen, screen.other, spot, rows, columns, None)
        state.saved[False] = replace(saved, y=spot.line, x=spot.x)
        _crop(screen, rows, columns)
    _settle(screen, rows, columns)
    state.everything = True


def _prompt(screen: Screen, line: int | None, columns: int) -> Spot | None:
    """Give where the shell's prompt begins, if the shell will draw it anew by itself."""
    if line is None or columns == screen.columns:  # a prompt that keeps its rows needs no care
        return None
    cursor = screen.history.dropped + len(screen.history) + screen.y
    known = screen.history.dropped <= line <= cursor < line + screen.rows
    return Spot(line, 0) if known else None


def _settle(screen: Screen, rows: int, columns: int) -> None:
    screen.tabs = {stop for stop in screen.tabs if stop < columns}
    first = -(-screen.columns // TAB) * TAB
    screen.tabs.update(range(first, columns, TAB))
    screen.rows, screen.columns = rows, columns
    screen.top, screen.bottom = 0, rows - 1
    if not screen.autowrap:
        screen.column()
    screen.dirty.clear()
    screen.all_dirty = True


def _crop(screen: Screen, rows: int, columns: int) -> None:
    """Cut the alternate screen: its program draws it anew, so nothing is wrapped."""
    away = max(0, screen.y - rows + 1)
    lines = [cells.fitted(row, columns) for row in screen.lines[away : away + rows]]
    lines.extend(cells.blank(columns) for _ in range(rows - len(lines)))
    screen.lines = lines
    screen.y -= away
    screen.x = min(screen.x, columns - 1)


def _rewrapped(
    screen: Screen, old: list[Row], spot: Spot, rows: int, columns: int, prompt: Spot | None
) -> list[Row]:
    """Give the main screen's new rows; the spots are moved, the history replaced.

    A prompt's rows are emptied, not wrapped: the shell goes up by as many rows as it had drawn, and
    draws it anew.
    """
    height = max(spot.line + 1, *(y + 1 for y, row in enumerate(old) if written(row)), 1)
    full = height == len(old)
    dropped = screen.history.dropped
    lines: list[Line] = [*screen.history, *(pack(row) for row in old[:height])]
    top = Spot(len(screen.history), 0)
    spot.line += top.line
    if prompt is not None:
        prompt.line -= dropped
        lines = _around_prompt(lines, prompt, top, spot, screen.columns, columns)
        prompt.line += dropped
    elif columns != screen.columns:
        lines = _wrapped(lines, (top, spot), screen.columns, columns)
    first = _first(len(lines), top.line, spot.line, rows, full)
    spot.line -= first
    screen.history.replace(lines[:first])
    shown = [unpack(line, columns) for line in lines[first : first + rows]]
    shown.extend(cells.blank(columns) for _ in range(rows - len(shown)))
    return shown


def _around_prompt(
    lines: list[Line], prompt: Spot, top: Spot, cursor: Spot, before: int, columns: int
) -> list[Line]:
    """Wrap what stands above the prompt; leave as many empty rows as the prompt had."""
    above, height = lines[: prompt.line], len(lines) - prompt.line
    inside = [spot for spot in (top, cursor) if spot.line >= prompt.line]
    made = _wrapped(above, [top] if top not in inside else [], before, columns)
    for spot in inside:
        spot.line += len(made) - prompt.line
        spot.x = min(spot.x, columns - 1)
    prompt.line = len(made)
    return [*made, *[""] * height]


def _first(total: int, top: int, cursor: int, rows: int, full: bool) -> int:
    """Say which line comes to stand at the top.

    The same as before where all fits. A full screen stays full, with lines from the scrollback; a
    cleared one does not get them back.
    """
    if total - top > rows:
        return min(total - rows, cursor)
    return min(top, max(0, total - rows)) if full else top


def _wrapped(lines: list[Line], spots: Sequence[Spot], before: int, columns: int) -> list[Line]:
    """Wrap lines anew; the spots move along."""
    waiting = sorted(spots, key=lambda spot: spot.line)
    made: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if isinstance(line, Packed):
            while end < len(lines) and isinstance(line, Packed) and line.wrapped:
                line = lines[end]
                end += 1
        here = [spot for spot in waiting if at <= spot.line < end] if waiting else []
        waiting = [spot for spot in waiting if spot.line >= end]
        if end == at + 1 and _fits(lines[at], columns, here):
            for spot in here:
                spot.line = len(made)
            made.append(lines[at])
        else:
            made.extend(_paragraph(lines[at:end], at, here, before, columns, len(made)))
        at = end
    return made


def _fits(line: Line, columns: int, here: Sequence[Spot]) -> bool:
    if isinstance(line, Packed):
        if line.wrapped:
            return False
        line_cells: str | tuple[str, ...] = line.cells
    else:
        line_cells = line
    return len(line_cells) <= columns and all(spot.x <= columns for spot in here)


def _paragraph(
    lines: Sequence[Line], at: int, here: Sequence[Spot], before: int, columns: int, start: int
) -> list[Line]:
    """Wrap the rows of one broken line anew; `start` is where they come to stand."""
    texts: list[str] = []
    styles: list[Style] = []
    offsets = []
    for line in lines:
        offsets.append(len(texts))
        row = unpack(line, before if isinstance(line, Packed) and line.wrapped else 0)
        upto = len(row.cells) - (1 if row.wrapped and row.filler else 0)
        texts += row.cells[:upto]
        styles += row.styles[:upto]
    places = [offsets[spot.line - at] + spot.x for spot in here]
    missing = max([*places, 0]) - len(texts)
    if missing > 0:
        texts += " " * missing
        styles += [PLAIN] * missing
    made, starts = _cut(texts, styles, columns)
    goes_on = isinstance(lines[-1], Packed) and lines[-1].wrapped
    for spot, place in zip(here, places, strict=True):
        index = bisect_right(starts, place) - 1
        spot.line, spot.x = start + index, min(place - starts[index], columns)
    if goes_on:
        made[-1].wrapped = True
    return [pack(row) for row in made]


def _cut(texts: list[str], styles: list[Style], columns: int) -> tuple[list[Row], list[int]]:
    made: list[Row] = []
    starts: list[int] = []
    at = 0
    while at < len(texts) or not made:
        end = at + columns
        filler = end < len(texts) and texts[end] == STUB
        if filler:
            end -= 1
        row = Row(texts[at:end], styles[at:end], wrapped=end < len(texts), filler=filler)
        missing = columns - len(row.cells)
        row.cells += " " * missing
        row.styles += [PLAIN] * missing
        made.append(row)
        starts.append(at)
        at = end
    return made, starts
