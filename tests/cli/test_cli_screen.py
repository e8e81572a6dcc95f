"""What the command line says about the screen where there is none, and of its recordings."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import Terminal


def test_lines_are_not_recorded(terminal: Terminal, tmp_path: Path) -> None:
    film = tmp_path / "film"
    assert terminal.run("start", "--record", str(film)) == 2
    assert "Only the screen can be recorded" in terminal.err
    assert not film.exists()


def test_a_demonstration_needs_a_terminal_or_a_size(terminal: Terminal) -> None:
    assert terminal.run("course", "demo", "lesson-01") == 2
    assert "--size 120x36" in terminal.err


def test_a_size_is_columns_and_rows(terminal: Terminal) -> None:
    for size in ("big", "120", "1x1", "120x36x2"):
        assert terminal.run("course", "demo", "lesson-01", "--size", size) == 2
        assert "such as 120x36" in terminal.err


def test_a_demonstration_writes_over_nothing(terminal: Terminal, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_text("precious", encoding="utf-8")
    words = ("course", "demo", "lesson-01", "--size", "80x24", "--record", str(film))
    assert terminal.run(*words) != 0
    assert "cannot be recorded to" in " ".join(terminal.err.split())
    assert film.read_text(encoding="utf-8") == "precious"
