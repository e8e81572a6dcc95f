"""What learners wrote, as data and nothing else: for spreadsheets, for XML and for pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula; some split at semicolons whatever the quotes say."""
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, halves of surrogates: what XML cannot hold, and what terminals obey."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no page shows, or what turns its writing direction."""


def clean(text: str) -> str:
    """Take out control characters but tab and line ends."""
    return _NO_TEXT.sub("", text)


def shown(text: str) -> str:
    r"""Show control characters as `\x1b` and the like; tabs and line ends stay."""
    if text.isprintable():  # nearly always, and much sooner told
        return text
    return _UNSEEN.sub(_escape, text.replace("\r\n", "\n"))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


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
