"""Ending a lab, whatever has become of the course that it was for."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal


@pytest.mark.parametrize("text", ["id: [", ""])
def test_a_lab_ends_though_its_course_cannot_be_read(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    ended: list[str] = []

    def down(owner: str, _: object) -> bool:
        ended.append(owner)
        return True

    monkeypatch.setattr("runner.lab.lab.down", down)
    (terminal.course / "course.yaml").write_text(text)
    assert terminal.run("down") == 0
    assert len(ended) == 1
    assert "course.yaml" in terminal.err
