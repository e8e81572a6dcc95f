"""SGR: from a style and parameters to the next style, remembered.

Programs repeat a few dozen of them endlessly, so the cache makes a colour change one look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runner.terminal.engine import PLAIN, Colour, Style

_ENOUGH = 8192
"""Entries of the cache; a flood of true colours starts it anew."""

_SET: dict[int, dict[str, Any]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    5: {"blink": True},
    6: {"blink": True},
    7: {"reverse": True},
    8: {"hidden": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    25: {"blink": False},
    27: {"reverse": False},
    28: {"hidden": False},
    29: {"strike": False},
    39: {"fg": None},
    49: {"bg": None},
}
_SET.update({30 + n: {"fg": n} for n in range(8)})
_SET.update({40 + n: {"bg": n} for n in range(8)})
_SET.update({90 + n: {"fg": 8 + n} for n in range(8)})
_SET.update({100 + n: {"bg": 8 + n} for n in range(8)})

_cache: dict[tuple[Style, str], Style] = {}
_known: dict[Style, Style] = {PLAIN: PLAIN}


def styled(style: Style, parameters: str) -> Style:
    """Give the style after `CSI parameters m`. What is not understood changes nothing."""
    try:
        return _cache[style, parameters]
    except KeyError:
        pass
    if len(_cache) >= _ENOUGH:
        _cache.clear()
        _known.clear()
        _known[PLAIN] = PLAIN
    after = _apply(style, parameters)
    after = _known.setdefault(after, after)
    _cache[style, parameters] = after
    return after


def erased(style: Style) -> Style:
    """Give the look of what is erased while `style` is on: its background alone (BCE)."""
    if style.bg is None:
        return PLAIN
    made = Style(bg=style.bg)
    if len(_known) < 2 * _ENOUGH:
        return _known.setdefault(made, made)
    return made


def _apply(style: Style, parameters: str) -> Style:
    groups = parameters.split(";")
    at = 0
    while at < len(groups):
        group = groups[at]
        at += 1
        code, *subs = group.split(":")
        number = _number(code)
        if number == 0:
            style = PLAIN
        elif number == 4:
            style = style._replace(underline=not subs or subs[0] not in ("0",))
        elif number in (38, 48, 58):
            if subs:
                colour, known = _from_subs(subs)
            else:
                colour, known, at = _from_groups(groups, at)
            if known and number != 58:  # 58 colours the underline, which we do not draw
                style = style._replace(fg=colour) if number == 38 else style._replace(bg=colour)
        elif number in _SET:
            style = style._replace(**_SET[number])
    return style


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else (-1 if text else 0)


def _from_subs(subs: list[str]) -> tuple[Colour, bool]:
    """Read `38:5:n`, `38:2:r:g:b` and `38:2:space:r:g:b`."""
    values = [_number(sub) for sub in subs]
    if values[0] == 5 and len(values) >= 2:
        return _indexed(values[1])
    if values[0] == 2 and len(values) >= 4:
        return _mixed(values[2:5] if len(values) >= 5 else values[1:4])
    return None, False


def _from_groups(groups: list[str], at: int) -> tuple[Colour, bool, int]:
    """Read `38;5;n` and `38;2;r;g;b` from what follows; the place after it comes back too."""
    kind = _number(groups[at]) if at < len(groups) else -1
    reading: dict[int, tuple[int, Callable[[list[int]], tuple[Colour, bool]]]] = {
        5: (1, lambda values: _indexed(values[0])),
        2: (3, _mixed),
    }
    if kind not in reading:
        return None, False, at + 1
    count, read = reading[kind]
    values = [_number(group) for group in groups[at + 1 : at + 1 + count]]
    if len(values) < count:
        return None, False, len(groups)
    return *read(values), at + 1 + count


def _indexed(number: int) -> tuple[Colour, bool]:
    return (number, True) if 0 <= number <= 255 else (None, False)


def _mixed(values: list[int]) -> tuple[Colour, bool]:
    if all(0 <= value <= 255 for value in values):
        return (values[0], values[1], values[2]), True
    return None, False
