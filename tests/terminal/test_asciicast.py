"""Recordings as asciicast files."""

from __future__ import annotations

import json
from pathlib import Path

from runner.terminal.asciicast import Recorder


def test_a_recording_is_a_header_and_its_events(tmp_path: Path) -> None:
    times = iter([10.0, 10.5, 11.25, 12.0])
    path = tmp_path / "lesson.cast"
    recorder = Recorder(
        path, rows=24, columns=80, title="Lesson", clock=lambda: next(times), now=lambda: 1e9
    )
    with recorder:
        recorder.output("é".encode()[:1])
        recorder.output("é".encode()[1:] + b"\x1b[m")
        recorder.resize(30, 100)
    header, *events = map(json.loads, path.read_text("utf-8").splitlines())
    assert header == {
        "version": 2,
        "width": 80,
        "height": 24,
        "timestamp": 1_000_000_000,
        "title": "Lesson",
    }
    assert events == [[0.5, "o", "é\x1b[m"], [1.25, "r", "100x30"]]
    assert path.stat().st_mode & 0o777 == 0o600
