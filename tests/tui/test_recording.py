"""What is kept of the screen: all that was seen, and nothing that acts on who plays it back."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from runner.errors import LearnError
from runner.terminal.terminal import Terminal
from runner.tui import recording
from runner.tui.recording import Unseen, recorded


class Sign(App[int]):
    """Shows words, grows, says something to the terminal, and ends."""

    said = ""

    def compose(self) -> ComposeResult:
        yield Static("at the beginning")

    def on_mount(self) -> None:
        self.call_after_refresh(self._change)

    def _change(self) -> None:
        if self.said and self._driver is not None:
            self._driver.write(self.said)
        self.query_one(Static).update("数 at the end")
        self.call_after_refresh(self.call_after_refresh, self.exit, 0)


def play(path: Path, said: str = "") -> list[list[object]]:
    app = Sign()
    app.said = said
    app.driver_class = recorded(Unseen, path, "A title")
    assert app.run(size=(60, 15)) == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    head = json.loads(lines[0])
    assert (head["version"], head["width"], head["height"]) == (2, 60, 15)
    assert head["title"] == "A title"
    return [json.loads(line) for line in lines[1:]]


def seen(events: list[list[object]]) -> list[str]:
    """Give each picture of a recording."""
    terminal = Terminal(15, 60)
    pictures = []
    for _, _, text in events:
        terminal.feed(str(text).encode())
        pictures.append("\n".join(terminal.row(y).text for y in range(15)))
    return pictures


def test_a_recording_shows_what_was_seen(tmp_path: Path) -> None:
    events = play(tmp_path / "film")
    assert [kind for _, kind, _ in events] == ["o"] * len(events)
    times = [float(str(time)) for time, _, _ in events]
    assert times == sorted(times)
    pictures = seen(events)
    assert any("at the beginning" in picture for picture in pictures)
    assert any("数 at the end" in picture for picture in pictures)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    play(tmp_path / "film")
    assert stat.S_IMODE((tmp_path / "film").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "said",
    [
        "\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?1015h\x1b[?1016h",
        "\x1b[?2004h\x1b[?1004h\x1b[?2048h",
        "\x1b[?2026$p",
        "\x1b[>25u\x1b[<u\x1b[=1;2u",
        "\x1b]52;c;c2VjcmV0\x07",
        "\x1b]22;default\x07\x1b]11;?\x1b\\",
    ],
)
def test_what_acts_on_a_terminal_is_left_out(tmp_path: Path, said: str) -> None:
    events = play(tmp_path / "film", said)
    text = "".join(str(event[2]) for event in events)
    assert not re.search(
        r"\x1b\[\?(?:100\d|101\d|2004|2048)|\$p|\x1b\[[<>=].*?u|\x1b\](?:52|22|11)", text
    )
    assert "\x1b[?1049h" in text


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(LearnError, match="cannot be recorded"):
        recorded(Unseen, path)
    assert path.read_text(encoding="utf-8") == "precious"
    with pytest.raises(LearnError, match="cannot be recorded"):
        recorded(Unseen, tmp_path / "no" / "film")


def test_a_recording_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = play(tmp_path / "whole")
    monkeypatch.setattr(recording, "LIMIT", 30)
    part = play(tmp_path / "part")
    assert 0 < len(part) < len(whole)
