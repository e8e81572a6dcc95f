"""Times as records and engines write them, brought to one kind: seconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY = 86400.0
"""Seconds."""
CLOCK = 300.0
"""Seconds by which two machines' clocks may differ."""
_DIGITS = 11
"""Of seconds since 1970, for the next three thousand years."""


def moment(text: str | None) -> float | None:
    """Read ISO 8601 or whole seconds since 1970; None for what is no time.

    The engine writes a container's creation in both ways, with up to nine digits of a second. A
    time without a zone is taken for UTC; the year 1, which the engine writes for never, is no time.
    """
    if not text:
        return None
    try:
        if text.isdecimal():
            return float(text) if len(text) <= _DIGITS else None
        found = datetime.fromisoformat(text)
        seconds = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return seconds if seconds > 0 else None


def place_in_time(text: str) -> float:
    """Give what times are sorted by, whatever their precision; what is no time comes first."""
    return moment(text) or 0.0


def told(seconds: float) -> str:
    """Write a moment as records do."""
    found = datetime.fromtimestamp(seconds, UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put_off(due: datetime, days: float) -> datetime:
    """Give a due date so many days later, by the calendar and clocks of its zone."""
    return due + timedelta(days=days)


def days_late(at: float | None, due: datetime | None, extra: float = 0.0) -> float:
    """Give the days from a due date to a moment, 0 where it was in time or nothing is due.

    Days are those of the due date's zone: one on which clocks are changed is a day like another.
    """
    if at is None or due is None:
        return 0.0
    end = put_off(due, extra)
    seconds = at - end.timestamp()
    if seconds <= 0:
        return 0.0
    try:
        by_the_clock = (datetime.fromtimestamp(at, end.tzinfo) - end).total_seconds()
    except (OverflowError, ValueError, OSError):  # within a day of the year 10,000
        by_the_clock = seconds
    return (by_the_clock if by_the_clock > 0 else seconds) / DAY
