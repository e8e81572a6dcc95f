"""A picture of the screen: its own fonts left out, wide characters in their places."""

from __future__ import annotations

import io
import re

from rich.console import Console
from rich.text import Text

from runner.tui.picture import plain_picture


def picture(*lines: str) -> str:
    console = Console(record=True, width=40, file=io.StringIO())
    for line in lines:
        console.print(Text(line))
    return console.export_svg(title="t")


def test_nothing_is_fetched() -> None:
    drawn = plain_picture(picture("plain"))
    assert "@font-face" not in drawn
    assert "url(" not in drawn.replace("url(#", "")
    assert re.findall(r"font-family:\s*(\S+)", drawn) == ["'DejaVu"] * 2


def test_narrow_text_keeps_its_length() -> None:
    assert re.search(r'x="0" y="20" textLength="61"[^>]*>plain<', plain_picture(picture("plain")))


def test_wide_characters_take_two_columns_each() -> None:
    drawn = plain_picture(picture("a数b & c"))
    found = re.search(r'x="([^"]*)" y="20" clip-path[^>]*>a数b', drawn)
    assert found is not None
    places = [float(place) for place in found[1].split()]
    assert places[:4] == [0, 12.2, 36.6, 48.8]
    assert len(places) == len("a数b & c")
