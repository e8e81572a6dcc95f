"""Due dates as instructors write them, in the class's time zone."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from checks.message import Message, msg
from runner.course.reading import nearest

_DUE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?")
END_OF_DAY = time(23, 59, 59)


def zone(name: str) -> ZoneInfo | None:
    """Find a time zone by its IANA name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def nearest_zone(name: str) -> Message | None:
    """Make "Did you mean …?" for a zone's name."""
    import difflib
    from zoneinfo import available_timezones

    known = sorted(available_timezones())
    if not known:
        return msg("This system has no time zones: install the package tzdata.")
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return nearest(close[0], close)
    return msg("It is written as `Europe/Berlin`, `Asia/Shanghai` or `UTC`.")


def due(words: str, where: ZoneInfo) -> datetime | None:
    """Read `2026-12-01 23:59`, with or without seconds, or a day, which lasts to its end.

    Gives None for anything else.
    """
    match = _DUE.fullmatch(words.strip())
    if match is None:
        return None
    try:
        day = datetime.fromisoformat(match[1])
        at = time.fromisoformat(match[2] + (match[3] or "")) if match[2] else END_OF_DAY
    except ValueError:
        return None
    return datetime.combine(day.date(), at, where)
