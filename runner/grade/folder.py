"""The folder of a class's results: where it is, and that one run at a time writes there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from checks.message import msg
from runner.errors import LearnError


def results_folder(class_file: Path, out: Path | None) -> Path:
    """Give the folder of a class's results: beside its file where none is named."""
    return out or class_file.with_name(f"{class_file.stem}-grades")


class Busy(LearnError):
    """Another program grades into the same folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(
            msg("Another grading run is writing to {folder}.", folder=str(folder)),
            remedy=msg("Wait until it has ended, or name another folder with --out."),
        )


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder of results; raises Busy, and LearnError for no folder."""
    import fcntl
    import os

    try:
        folder.mkdir(parents=True, exist_ok=True)
        guard = os.open(folder / ".grading.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(folder), why=error.strerror or "?"),
            remedy=msg("Name another folder with --out."),
        ) from error
    try:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(folder) from None
        yield
    finally:
        os.close(guard)
