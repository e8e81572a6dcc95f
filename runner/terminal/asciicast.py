"""Recording what a terminal shows, as an asciicast v2 file.

The format: docs.asciinema.org/manual/asciicast/v2.
Only what programs write is kept, never what is typed: a password that is not shown is not kept.
"""

from __future__ import annotations

import codecs
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from runner.closing import Closing


class Recorder(Closing):
    """Writes a recording as it happens; what is written so far is always a whole file."""

    def __init__(
        self,
        path: Path,
        *,
        rows: int,
        columns: int,
        title: str = "",
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Begin a new file, for its owner alone. Raises OSError where it cannot be made."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        self._clock = clock
        self._start = clock()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        size = {"version": 2, "width": columns, "height": rows, "timestamp": int(now())}
        self._line({**size, "title": title} if title else size)

    def output(self, data: bytes) -> None:
        """Record what a program wrote."""
        if text := self._decode(data):
            self._event("o", text)

    def resize(self, rows: int, columns: int) -> None:
        """Record another size."""
        self._event("r", f"{columns}x{rows}")

    def close(self) -> None:
        """End the recording. May be called twice."""
        self._file.close()

    def _event(self, code: str, text: str) -> None:
        self._line([round(self._clock() - self._start, 6), code, text])

    def _line(self, value: object) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._file.flush()
