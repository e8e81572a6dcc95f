"""A picture of the screen as an SVG that needs nothing from elsewhere."""

from __future__ import annotations

import re

FONT = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace"
_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_FAMILY = re.compile(r"font-family:[^;}]*")


def plain_picture(svg: str) -> str:
    """Take the fonts out of an exported screenshot that a viewer would have to fetch.

    Its texts carry their lengths, so they stand right in any monospaced font.
    """
    return _FAMILY.sub(f"font-family: {FONT}", _FONT_FACE.sub("", svg))
