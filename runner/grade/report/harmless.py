"""What learners wrote, as data and nothing else: for spreadsheets and for XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula; some split at semicolons whatever the quotes say."""
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, halves of surrogates: what XML cannot hold, and what terminals obey."""


def clean(text: str) -> str:
    """Take out control characters but tab and line ends."""
    return _NO_TEXT.sub("", text)


def defused(cell: str) -> str:
    """Give a cell that no spreadsheet computes: an apostrophe stands before what might begin a
    formula.
    """
    text = _FORMULA.sub(r"\1'", clean(cell))
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) else text


def sheet(rows: Iterable[Sequence[str]]) -> str:
    """Give rows as CSV, every cell defused."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(map(defused, row) for row in rows)
    return text.getvalue()
