"""What a gradebook is written as: each form a module here with `write(book, folder)`.

A module is loaded when a run has ended, never before.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from runner.grade.book import Book

FORMS: tuple[str, ...] = ("sheets", "junit", "results", "pages")
"""Modules of this package, in the order in which they are written. Each has `write(book: Book,
folder: Path) -> Iterable[Path]`, which gives the files that a person opens."""


def write_all(book: Book, folder: Path) -> Iterator[Path]:
    """Write every form into a folder and give the files as they come; raises OSError."""
    for form in FORMS:
        module = importlib.import_module(f"{__name__}.{form}")
        yield from module.write(book, folder)
