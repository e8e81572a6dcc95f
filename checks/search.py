"""Looking for an author's regular expression, within bounds.

Python's `re` cannot be interrupted and keeps everything else waiting, so no more is searched than
any output of a check needs; lint refuses the expressions that would take for ever even so.
"""

from __future__ import annotations

import re

from checks.message import Message, msg

MOST = 64 << 10
"""Characters of a text that are searched."""


def search(pattern: str, text: str) -> re.Match[str] | None:
    """Find a pattern in the first `MOST` characters; `^` and `$` are those of a line."""
    return re.search(pattern, text[:MOST], re.MULTILINE)


def as_searched(found: Message, text: str) -> Message:
    """Give what was found instead, and say so where not all of the text was searched."""
    if len(text) <= MOST:
        return found
    return msg("{found} (only the first {size} KiB are searched)", found=found, size=MOST >> 10)
