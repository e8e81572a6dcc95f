"""How many cells a character takes, and which ones join the cell before them.

rich measures, because Textual's compositor does so too: the grid and the picture must agree to
the cell. rich adds up code points; only a joiner (ZWJ) and VS16 look at their neighbours, so a
joiner never ends a cell's text, where it would swallow the neighbour's.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

JOINER = "\u200d"
_LONGEST = 24
"""Code points of one cluster; a longer one (stacked accents without end) stays as it is."""

NARROW = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2190-\u21ff\u2500-\u25fc\u2800-\u28ff]+"
)
"""Characters of one cell that join nothing: text of these alone needs no measuring."""

RUNS = re.compile(
    f"({NARROW.pattern})"
    r"|([\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+)"
    r"|(.)",
    re.DOTALL,
)
"""Text in runs: narrow, wide (two cells each, joining nothing), or one character to look at."""

_INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Without a look of their own, and some turn the writing around for the terminal around us."""

CHANGING = frozenset(["\ufe0f", *map(chr, range(0x1F1E6, 0x1F200))])
"""What can make a cluster wider by joining it: VS16, and a flag's second letter."""

_widths: dict[str, int] = {}


def width(character: str) -> int:
    """Give 0, 1 or 2 cells for one code point."""
    try:
        return _widths[character]
    except KeyError:
        pass
    if len(_widths) > 20_000:
        _widths.clear()
    measured = min(2, cell_len(character))
    _widths[character] = measured
    return measured


def joined(cluster: str, joiner: bool, character: str) -> str | None:
    """Give the cluster that `character` makes with the cell before it; None if it stands alone.

    `joiner`: a ZWJ was seen between the two. The answer may be the same cluster where the
    character has no width and no place in it either.
    """
    if _INVISIBLE.match(character):
        return cluster
    if joiner and character > "\xff" and not _regional(character):
        return _grown(cluster, JOINER + character)
    if _regional(character) and len(cluster) == 1 and _regional(cluster):
        return cluster + character
    if width(character) == 0:
        return _grown(cluster, character)
    return None


def _grown(cluster: str, more: str) -> str:
    return cluster + more if len(cluster) + len(more) <= _LONGEST else cluster


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def cluster_width(cluster: str) -> int:
    """Give the cells that a cluster takes, as the compositor counts them."""
    return cell_len(cluster)
