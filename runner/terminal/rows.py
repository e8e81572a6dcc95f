"""What is done to one row of cells, with no half of a wide character ever left over.

Every function that cuts into a row looks at both edges of the cut: a stub without its character,
or a character without its stub, becomes a blank.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.terminal.engine import PLAIN, Row, Style

STUB = ""
"""The second cell of a wide character."""


def blank(columns: int, style: Style = PLAIN) -> Row:
    """Make an empty row."""
    return Row([" "] * columns, [style] * columns)


def put(row: Row, x: int, cells: Sequence[str], style: Style) -> None:
    """Write whole characters, one item a cell (a `str` of one-cell characters will do)."""
    end = x + len(cells)
    old = row.cells
    if old[x] == STUB:
        old[x - 1] = " "
    if end == len(old):
        row.wrapped = row.filler = False
    elif old[end] == STUB:
        old[end] = " "
    old[x:end] = cells
    row.styles[x:end] = [style] * (end - x)


def erase(row: Row, start: int, end: int, style: Style) -> None:
    """Blank the cells from `start` to before `end`; nothing where there are none."""
    if start < end:
        put(row, start, " " * (end - start), style)


def insert(row: Row, x: int, count: int, style: Style) -> None:
    """Shift the cells from `x` to the right; what leaves the row is gone."""
    cells, columns = row.cells, len(row.cells)
    count = min(count, columns - x)
    if cells[x] == STUB:
        cells[x - 1] = cells[x] = " "
    cells[x:x] = [" "] * count
    row.styles[x:x] = [style] * count
    if cells[columns] == STUB:
        cells[columns - 1] = " "
    del cells[columns:]
    del row.styles[columns:]
    row.wrapped = row.filler = False


def delete(row: Row, x: int, count: int, style: Style) -> None:
    """Take cells out at `x`; what follows moves up, blanks come in at the end."""
    cells, columns = row.cells, len(row.cells)
    count = min(count, columns - x)
    if cells[x] == STUB:
        cells[x - 1] = " "
    if x + count < columns and cells[x + count] == STUB:
        cells[x + count] = " "
    del cells[x : x + count]
    del row.styles[x : x + count]
    cells.extend(" " * count)
    row.styles.extend([style] * count)
    row.wrapped = row.filler = False


def fitted(row: Row, columns: int) -> Row:
    """Give the row cut or filled up to another width, not wrapped anew."""
    missing = columns - len(row.cells)
    if missing >= 0:
        return Row(row.cells + [" "] * missing, row.styles + [PLAIN] * missing)
    cells = row.cells[:columns]
    if row.cells[columns] == STUB:
        cells[-1] = " "
    return Row(cells, row.styles[:columns])
