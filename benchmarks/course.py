"""The twenty assertions as a course of one lesson, written to a folder and read like any other."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.assertions import ASSERTIONS, SETUP, Assertion

COURSE = "benchmark"
LESSON = "lesson-01"
SHELL, PROBES = "shell", "probes"
"""The two steps: the same statements as commands and as probes."""


def write_course(folder: Path) -> Path:
    """Write the course into an empty folder and give that."""
    (folder / "course.yaml").write_text(
        f"format: 1\nid: {COURSE}\ntitle: Benchmark\nlanguages: [en]\n"
        f"parts:\n  - id: all\n    title: All\n    lessons: [{LESSON}]\n"
    )
    (folder / f"{LESSON}-twenty.yaml").write_text(_lesson())
    return folder


def _lesson() -> str:
    lines = [
        "format: 1",
        f"id: {LESSON}",
        "title: Twenty assertions",
        "goal: Tell how long twenty assertions take.",
        "minutes: 1",
        "hosts: {docker: {}}",
        "images: [localhost/box]",
        "setup: |",
        *(f"  {command}" for command in SETUP),
        "recap: Done.",
        "steps:",
        *_step(SHELL, [_as_shell(one) for one in ASSERTIONS]),
        *_step(PROBES, [_as_probe(one) for one in ASSERTIONS]),
    ]
    return "\n".join(lines) + "\n"


def _step(name: str, checks: list[list[str]]) -> list[str]:
    head = [f"  - id: {name}", f"    title: As {name}", "    text: Nothing to do.", "    checks:"]
    return head + [f"      {line}" for check in checks for line in check]


def _as_shell(one: Assertion) -> list[str]:
    return [
        *_head(one),
        f"  run: {json.dumps(one.command)}",
        f"  stdout: {{matches: {json.dumps(one.pattern)}}}",
    ]


def _as_probe(one: Assertion) -> list[str]:
    return _as_shell(one) if one.probe is None else [*_head(one), f"  probe: {one.probe}"]


def _head(one: Assertion) -> list[str]:
    return [f"- id: {one.id}", f"  say: {one.id} holds", "  role: given"]
