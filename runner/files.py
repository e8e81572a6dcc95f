"""Files that are written whole: whoever reads one finds the old state or the new."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole(path: Path, mode: int = 0o644) -> Iterator[IO[str]]:
    """Give a file to write to; at the end it takes the place of what `path` held.

    Makes the folder where it is missing. Raises OSError where the disk does not take it; then, as
    after any other exception, the old state stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        aside = Path(file.name)
        try:
            yield file.file
            file.flush()
            os.fsync(file.fileno())
            aside.chmod(mode)
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Put `text` in place of what `path` held, as `whole` does."""
    with whole(path, mode) as file:
        file.write(text)
