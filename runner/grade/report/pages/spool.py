"""Rows that wait on disk until their page is written, so that memory stays flat however many
learners there are.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any


class Spool:
    """Rows of plain data, in the order in which they came; gone once it is closed."""

    def __init__(self) -> None:
        """Open a nameless file; raises OSError."""
        self._file = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  (`close`)
        self.count = 0

    def add(self, row: Any) -> None:
        """Put a row behind the others."""
        self._file.write(json.dumps(row))
        self._file.write("\n")
        self.count += 1

    def __iter__(self) -> Iterator[Any]:
        """Give the rows; may be asked for again once all are read."""
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def __len__(self) -> int:
        """Count the rows."""
        return self.count

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()
