"""Measuring, wrapping and making text safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.cli.prose import plain, render
from runner.cli.text import cut, pad, safe, width, wrap


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("网桥", 4), ("e\u0301", 1), ("", 0)])
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(pad(text, 10)) == 10


def test_control_sequences_are_shown_and_not_obeyed() -> None:
    assert safe("a\x1b[2Jb\rc\r\nd\x07\x9b") == "a\\x1b[2Jb\\x0dc\nd\\x07\\x9b"
    assert safe("evil \u202e txt") == "evil \\u202e txt"
    assert safe("\u061c\u200e\u200f") == "\\u061c\\u200e\\u200f"


def test_half_a_character_is_shown_and_a_whole_one_stays() -> None:
    assert safe("caf\udce9 é 网 \U0001f433") == "caf\\udce9 é 网 \U0001f433"


def test_a_paragraph_is_wrapped_with_its_indent() -> None:
    assert wrap("one two three four", 11, first="- ") == ["- one two", "  three", "  four"]


def test_a_long_word_stays_whole() -> None:
    assert wrap("a " + "x" * 30 + " b", 10) == ["a", "x" * 30, "b"]


def test_chinese_breaks_anywhere_but_before_a_stop() -> None:
    assert wrap("网桥网桥网桥。", 8) == ["网桥网桥", "网桥。"]
    assert wrap("网桥网桥。", 8) == ["网桥网", "桥。"]
    assert wrap("网桥（桥）网", 8) == ["网桥", "（桥）网"]


@given(st.text("ab 网,。`", max_size=60), st.integers(4, 20))
def test_wrapping_loses_no_letter_and_keeps_the_width(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    longest = max((width(word) for word in text.split(" ")), default=0)
    assert all(width(line) <= max(columns, longest) for line in lines)


def test_what_is_cut_off_is_counted() -> None:
    assert cut("1\n2\n3\n", 2, 80) == (["2", "3"], 1)
    assert cut("", 2, 80) == ([], 0)
    assert cut("x" * 20, 1, 5) == (["xxxx…"], 0)


TEXT = """\
# Bridges

A **bridge with
many ports** joins *interfaces*; see `bridge link` and
[the manual](https://example.org/x).

- one thing that is long enough to be wrapped
- two
  goes on

    indented   code

```sh
docker   ps --format '{{.Names}}'  # never wrapped, however long it becomes
```

| a | b |
> quoted
"""


def test_markdown_becomes_plain_lines() -> None:
    assert list(render(TEXT, 40, plain)) == [
        "Bridges",
        "",
        "A bridge with many ports joins",
        "interfaces; see `bridge link` and the",
        "manual <https://example.org/x>.",
        "",
        "- one thing that is long enough to be",
        "  wrapped",
        "- two goes on",
        "",
        "    indented   code",
        "",
        "    docker   ps --format '{{.Names}}'  # never wrapped, however long it becomes",
        "",
        "| a | b |",
        "  quoted",
        "",
    ]


def test_a_style_goes_on_over_the_end_of_a_line_and_ends_on_each() -> None:
    lines = list(render("a **b c d e**", 5, lambda style, words: f"<{style}:{words}>"))
    assert lines[:2] == ["a <bold:b c>", "<bold:d e>"]
