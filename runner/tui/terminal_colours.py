"""The sixteen colours that programs name by number, readable on a dark and on a light theme.

Programs choose them without knowing what they stand on. So a foreground comes from the palette
that suits its background, a background from one that suits dark and light text, and what would
still be too pale to read becomes black or white. Colours given as such are left as they are.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style as RichStyle

from runner.terminal.engine import Colour, Style

Rgb = tuple[int, int, int]


def _palette(words: str) -> tuple[Rgb, ...]:
    values = [int(word, 16) for word in words.split()]
    return tuple((value >> 16, value >> 8 & 255, value & 255) for value in values)


ON_DARK = _palette(
    "1e222a f0616d 7fd36e e0b84c 6ea8ff d58bf0 4fd0d8 d0d4da"
    " 8a919c ff8a94 a5ee93 ffd97a 9cc4ff ecb0ff 8aeef4 ffffff"
)
ON_LIGHT = _palette(
    "14171c c02634 2a7d1f 8f6400 1f5fd0 9a3bb5 0f7d87 d0d4da"
    " 6b7280 d93a48 2f8f22 9c6f00 3473e8 b04ecb 0f8792 ffffff"
)
BEHIND = _palette(
    "14171c b03a46 4e9f3d c9a227 2a55b0 9a4fb8 2f9fa8 c8ccd2"
    " 5c636e ff8a94 a5ee93 ffd97a 9cc4ff ecb0ff 8aeef4 ffffff"
)
"""As backgrounds."""
READABLE = 2.5
"""The least contrast between a numbered or default foreground and its background (WCAG's ratio)."""
_DARK = 0.18
"""Luminance below which a background wants light text."""
_BLACK, _WHITE = (16, 18, 22), (255, 255, 255)


def look(style: Style, base: RichStyle) -> RichStyle:
    """Give a cell's style upon the widget's own colours.

    Where those are the outer terminal's own, the numbers go out as numbers.
    """
    if not _known(base.color) or not _known(base.bgcolor):
        return base + _rich(style, _numbered(style.fg), _numbered(style.bg))
    background = _rgb(style.bg, BEHIND)
    behind = background or _triplet(base.bgcolor)
    foreground = _rgb(style.fg, ON_DARK if luminance(behind) < _DARK else ON_LIGHT)
    if not isinstance(style.fg, tuple) and (style.fg is None or style.fg < 16):
        shown = foreground or _triplet(base.color)
        if contrast(shown, behind) < READABLE:
            foreground = max(_BLACK, _WHITE, key=lambda colour: contrast(colour, behind))
    return base + _rich(style, _colour(foreground), _colour(background))


def contrast(one: Rgb, other: Rgb) -> float:
    """Give WCAG's contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(1024)
def luminance(colour: Rgb) -> float:
    """Give WCAG's relative luminance, 0 to 1."""
    parts = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _rich(style: Style, foreground: Color | None, background: Color | None) -> RichStyle:
    return RichStyle(
        color=foreground,
        bgcolor=background,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        blink=style.blink or None,
        reverse=style.reverse or None,
        strike=style.strike or None,
    )


def _rgb(colour: Colour, palette: tuple[Rgb, ...]) -> Rgb | None:
    if colour is None or isinstance(colour, tuple):
        return colour
    return palette[colour] if colour < 16 else _three(Color.from_ansi(colour).get_truecolor())


def _colour(colour: Rgb | None) -> Color | None:
    return None if colour is None else Color.from_rgb(*colour)


def _numbered(colour: Colour) -> Color | None:
    return Color.from_ansi(colour) if isinstance(colour, int) else _colour(colour)


def _known(colour: Color | None) -> bool:
    return colour is not None and colour.triplet is not None


def _triplet(colour: Color | None) -> Rgb:
    return _BLACK if colour is None or colour.triplet is None else _three(colour.triplet)


def _three(triplet: ColorTriplet) -> Rgb:
    red, green, blue = triplet
    return red, green, blue
