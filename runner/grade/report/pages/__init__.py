"""The gradebook as pages that a browser opens from a file: the class, each lesson, each learner.

The learners are read once, one at a time: a page is written for each, and what the class's pages
need of them waits on disk. Nothing in a page comes from elsewhere, and no page needs a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runner.grade.book import Book
from runner.grade.report.pages.site import Site

FOLDER = "report"


def write(book: Book, folder: Path) -> Iterator[Path]:
    """Write `report/` and give the page to begin with; raises OSError."""
    with Site(book, folder / FOLDER) as site:
        yield site.write()
