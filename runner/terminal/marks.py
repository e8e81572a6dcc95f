"""The shell's marks: OSC 133 with a count, by which a redrawn prompt's repeat is known."""

from __future__ import annotations

from collections import deque

from runner.terminal.engine import Mark, MarkKind

_WAITING = 256
"""Marks kept until they are taken; of more, the oldest go."""
_KINDS = {kind.value: kind for kind in MarkKind}


class Marks:
    """Reads marks and keeps those that are new."""

    def __init__(self) -> None:
        self._new: deque[Mark] = deque(maxlen=_WAITING)
        self._count: int | None = None

    def read(self, text: str, line: int) -> None:
        """Take what stands after `133;`, e.g. `D;0;n=12`; anything else is passed over."""
        kind, *fields = text.split(";", 8)
        if kind not in _KINDS:
            return
        status = _number(fields[0]) if fields else None
        count = next((_number(f[2:]) for f in fields if f.startswith("n=")), None)
        if kind == "D":
            if count is not None and count == self._count:
                return
            self._count = count
        else:
            status = None
        self._new.append(Mark(_KINDS[kind], line, status, count))

    def take(self) -> tuple[Mark, ...]:
        """Give the new marks, once."""
        taken = tuple(self._new)
        self._new.clear()
        return taken


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
