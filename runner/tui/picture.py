"""A picture of the screen as an SVG that needs nothing from elsewhere."""

from __future__ import annotations

import html
import re
from itertools import accumulate

from rich.cells import cell_len

FONT = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace"
_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_FAMILY = re.compile(r"font-family:[^;}]*")
_TEXT = re.compile(
    r'(<text [^>]*\bx=")(?P<x>[\d.]+)("[^>]*?) textLength="(?P<length>[\d.]+)"'
    r"([^>]*>)(?P<text>[^<]*)</text>"
)


def plain_picture(svg: str) -> str:
    """Take the fonts out of an exported screenshot that a viewer would have to fetch.

    Its texts carry their lengths, so they stand right in any monospaced font; wide characters,
    for which those lengths are too short, get a place each.
    """
    return _TEXT.sub(_placed, _FAMILY.sub(f"font-family: {FONT}", _FONT_FACE.sub("", svg)))


def _placed(found: re.Match[str]) -> str:
    text = html.unescape(found["text"])
    if cell_len(text) == len(text):
        return found[0]
    column = float(found["length"]) / len(text)
    starts = accumulate((cell_len(letter) for letter in text[:-1]), initial=0)
    places = " ".join(f"{float(found['x']) + column * start:.5g}" for start in starts)
    return f"{found[1]}{places}{found[3]}{found[5]}{found['text']}</text>"
