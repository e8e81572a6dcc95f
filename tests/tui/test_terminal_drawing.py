"""How the grid is drawn, and that nothing a program prints gets out of it."""

from __future__ import annotations

import itertools
import select
import sys
import time

import pytest
from rich.color import Color
from rich.style import Style as RichStyle
from textual.strip import Strip

from runner.terminal.engine import Row, Style
from runner.terminal.shell import ShellProcess
from runner.terminal.terminal import Terminal
from runner.tui import alt_keys
from runner.tui.terminal_colours import BEHIND, ON_DARK, ON_LIGHT, READABLE, contrast, look
from runner.tui.terminal_selection import word_at
from runner.tui.terminal_strip import Overlay, Painter
from tests.tui.terminal_stage import PATIENCE, program, quoted, shells

BASE = RichStyle.parse("#eeeeee on #111111")


def drawn(data: str, columns: int = 20, width: int | None = None, *over: Overlay) -> Strip:
    engine = Terminal(2, columns)
    engine.feed(data.encode())
    return Painter(BASE).strip(engine.row(0), width or columns, over)


def parts(strip: Strip) -> list[tuple[str, str]]:
    """Give texts and how they differ from plain."""
    found = []
    for text, style, _ in strip:
        assert style is not None
        marks = [name for name in ("bold", "underline", "reverse", "dim") if getattr(style, name)]
        if style.color != BASE.color:
            marks.append(f"fg {style.color.name if style.color else None}")
        if style.bgcolor != BASE.bgcolor:
            marks.append(f"bg {style.bgcolor.name if style.bgcolor else None}")
        found.append((text, " ".join(marks)))
    return found


def test_runs_that_look_alike_are_one_segment() -> None:
    strip = drawn("a\x1b[1;31mbc\x1b[0md\x1b[38;5;200me\x1b[48;2;1;2;3mf")
    assert parts(strip) == [
        ("a", ""),
        ("bc", "bold fg #f0616d"),
        ("d", ""),
        ("e", "fg #ff00d7"),
        ("f", "fg #ff00d7 bg #010203"),
        (" " * 14, ""),
    ]


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 19, 20, 21, 40])
@pytest.mark.parametrize("data", ["plain", "网桥网桥", "a网b", "e\u0301🎉👨‍👩‍👧x", "\x1b[7m网"])
def test_a_strip_is_as_wide_as_it_says(data: str, width: int) -> None:
    strip = drawn(data, 20, width)
    assert strip.cell_length == width
    assert Strip(list(strip)).cell_length == width


THEMES = {"dark": BASE, "light": RichStyle.parse("#1f1f1f on #e0e0e0")}


@pytest.mark.parametrize("theme", THEMES)
def test_numbered_colours_can_be_read_on_each_other_and_on_the_theme(theme: str) -> None:
    numbers = [None, *range(16)]
    for front, back in itertools.product(numbers, numbers):
        shown = look(Style(fg=front, bg=back), THEMES[theme])
        assert shown.color is not None
        assert shown.bgcolor is not None
        ratio = contrast(three(shown.color), three(shown.bgcolor))
        assert ratio >= READABLE, (front, back)


def three(colour: Color) -> tuple[int, int, int]:
    red, green, blue = colour.get_truecolor()
    return red, green, blue


@pytest.mark.parametrize("palette", [ON_DARK, ON_LIGHT, BEHIND])
def test_the_sixteen_colours_are_told_apart(palette: tuple[tuple[int, int, int], ...]) -> None:
    for one, other in itertools.combinations(palette[:8], 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 60


def test_colours_given_as_such_are_left_alone() -> None:
    shown = look(Style(fg=(20, 20, 20), bg=(21, 21, 21)), BASE)
    assert shown.color == Color.from_rgb(20, 20, 20)


def test_the_terminal_s_own_colours_go_out_as_numbers() -> None:
    shown = look(Style(fg=4, bg=200), RichStyle.parse("default on default"))
    assert shown.color is not None and shown.color.number == 4
    assert shown.bgcolor is not None and shown.bgcolor.number == 200


def test_overlays_turn_what_is_turned() -> None:
    strip = drawn("ab\x1b[7mcd", 6, None, Overlay(1, 3))
    assert parts(strip) == [("a", ""), ("b", "reverse"), ("c", ""), ("d", "reverse"), ("  ", "")]


def test_a_style_is_laid_over_and_turned_again() -> None:
    over = RichStyle(underline=True)
    strip = drawn("abcd", 4, None, Overlay(0, 3, over), Overlay(1, 2))
    assert parts(strip) == [
        ("a", "underline"),
        ("b", "underline reverse"),
        ("c", "underline"),
        ("d", ""),
    ]


def test_hidden_text_is_not_drawn() -> None:
    assert drawn("a\x1b[8msecret\x1b[0mb", 10).text == "a      b  "


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("curl http://172.17.0.2:80/x?a=1 now", 7, "http://172.17.0.2:80/x?a=1"),
        ("--network=net1,", 3, "--network=net1"),
        ("see (there)", 5, "there"),
        ("see (there)", 4, "("),
        ("网桥 bridge", 1, "网桥"),
        ("a   b", 2, "   "),
    ],
)
def test_a_double_click_takes_what_belongs_together(text: str, column: int, word: str) -> None:
    engine = Terminal(2, 40)
    engine.feed(text.encode())
    row: Row = engine.row(0)
    start, end = word_at(row, column)
    assert "".join(row.cells[start:end]) == word


def test_alt_is_kept_for_punctuation_digits_and_backspace() -> None:
    from textual._xterm_parser import XTermParser
    from textual.events import Key

    alt_keys.teach()
    parser = XTermParser()
    names = []
    for character in ".", "f", "F", "1", "\x7f", "-":
        events = parser.feed(f"\x1b{character}")
        names += [event.key for event in events if isinstance(event, Key)]
    assert names == ["alt+full_stop", "alt+f", "alt+shift+f", "alt+1", "alt+backspace", "alt+minus"]
    assert alt_keys.character("alt+full_stop") == "."
    assert alt_keys.character("ctrl+a") is None


async def test_the_cursor_is_seen_where_it_is_on_whole_characters_and_when_it_is_on() -> None:
    async with shells(program("printf '网桥\\b\\b'; read x; printf '\\033[?25l'; cat")) as app:
        await app.sees("网桥")
        await app.until(lambda: app.view.engine.cursor.x == 2)
        marked = [s.text for s in app.view.render_line(0) if s.style and s.style.reverse]
        assert marked == ["桥"]
        await app.pilot.press("enter")
        await app.until(lambda: not app.view.engine.cursor.visible)
        assert not any(s.style and s.style.reverse for s in app.view.render_line(1))


EVIL = (
    r"\033]52;c;aGVsbG8=\a\033]0;evil\033[31m title\a\033]8;;http://evil.example\aevil-link\033]8;;\a"
    r"\033P+q544e\033\\\033_Gi=1;AAAA\033\\\033[?1049h\033[?1049l\033[5i\033[21t\a\016\033[>4;2m"
    r"\033]133;D;0;n=1\a\033c"
)
_APP = """
from textual.app import App
from runner.tui.shell_pane import ShellPane

class Small(App):
    def compose(self):
        yield ShellPane(lambda host: ["sh", "-c", {script!r}], ["x"])

Small().run()
"""


def test_nothing_that_a_program_prints_reaches_the_terminal_around_it() -> None:
    script = f"{quoted(EVIL)}; echo tame; exec cat"
    outer = ShellProcess([sys.executable, "-c", _APP.format(script=script)], rows=20, columns=80)
    seen, end = b"", time.monotonic() + PATIENCE
    while b"tame" not in seen and time.monotonic() < end and not outer.ended:
        select.select([outer.descriptor], [], [], 0.05)
        seen += outer.read()
    outer.close()
    assert b"tame" in seen, seen[-500:]
    for never in b"]52", b"evil", b"]8;", b"\x1bP", b"\x1b_", b"[5i", b"[21t", b"\x1bc":
        assert never not in seen.replace(b"evil-link", b""), never


async def test_a_program_s_clipboard_request_changes_nothing() -> None:
    async with shells(program(f"{quoted(EVIL)}; echo tame; exec cat")) as app:
        await app.sees("tame")
        assert app.clipboard == ""
