"""Colours and attributes."""

from __future__ import annotations

import pytest

from runner.terminal.engine import PLAIN, Style
from runner.terminal.style import styled


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("", PLAIN),
        ("0", PLAIN),
        ("1;31", Style(bold=True, fg=1)),
        ("94;101", Style(fg=12, bg=9)),
        ("38;5;200;48;5;17", Style(fg=200, bg=17)),
        ("38;2;1;2;3", Style(fg=(1, 2, 3))),
        ("38:2::1:2:3", Style(fg=(1, 2, 3))),
        ("48:2:1:2:3", Style(bg=(1, 2, 3))),
        ("48:5:7", Style(bg=7)),
        ("2;3;4;5;7;8;9", Style(None, None, False, True, True, True, True, True, True, True)),
        ("4:3", Style(underline=True)),
        ("4:0", PLAIN),
        ("58;5;3;1", Style(bold=True)),
        ("1;22;4;24;31;39;41;49", PLAIN),
        ("31;", PLAIN),
        ("38;5", PLAIN),
        ("38;5;256", PLAIN),
        ("38;2;1;2", PLAIN),
        ("38;9;1", Style(bold=True)),
        ("77;1", Style(bold=True)),
        ("99999999999;1", Style(bold=True)),
        (":;:1", PLAIN),
    ],
)
def test_sgr(parameters: str, style: Style) -> None:
    assert styled(PLAIN, parameters) == style


def test_equal_looks_are_one_object() -> None:
    assert styled(styled(PLAIN, "1"), "31") is styled(PLAIN, "1;31")


def test_a_flood_of_colours_is_forgotten_again() -> None:
    for red in range(0, 256, 2):
        for green in range(0, 256, 2):
            styled(PLAIN, f"38;2;{red};{green};0")
    assert styled(PLAIN, "38;2;0;0;0") == Style(fg=(0, 0, 0))
    assert styled(styled(PLAIN, "1"), "0") is PLAIN
