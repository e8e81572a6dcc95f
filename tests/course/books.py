"""A good lesson and a small course for tests to spoil."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
GOOD = (DATA / "good.yaml").read_text(encoding="utf-8")


def spoiled(*changes: tuple[str, str]) -> str:
    """Give the good lesson with texts replaced; each must be there exactly once."""
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in good.yaml"
        text = text.replace(old, new)
    return text


def write_lesson(folder: Path, text: str = GOOD) -> Path:
    """Write a lesson file."""
    path = folder / "lesson-07-aliases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def write_course(folder: Path, lesson: str = GOOD, languages: str = "[en]") -> Path:
    """Write a course of one lesson; gives the folder."""
    (folder / "course.yaml").write_text(
        f"format: 1\nid: small\ntitle: Small\nlanguages: {languages}\nlessons: [lesson-07]\n",
        encoding="utf-8",
    )
    write_lesson(folder, lesson)
    return folder
