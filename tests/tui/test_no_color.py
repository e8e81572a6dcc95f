"""Without colours the screen sends none, and focus and choice can be seen all the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pexpect
import pytest

from tests.tui.screenful import Screenful

SGR = re.compile(r"\x1b\[([\d;:]*)m")


def colours(written: str) -> set[str]:
    """Give the parameters that choose a colour; 39 and 49 are the terminal's own."""
    chosen = {part for found in SGR.findall(written) for part in re.split("[;:]", found)}
    return {part for part in chosen if re.fullmatch(r"3[0-8]|4[0-8]|9[0-7]|10[0-7]", part)}


def test_no_colour_is_sent(own_home: Path) -> None:
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    screen = pexpect.spawn(
        sys.executable,
        ["-m", "runner.cli.main", "--yes", "start"],
        env={**environment, "LEARN_DOCKER_NET_HOME": str(own_home), "NO_COLOR": "1"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=30,
    )
    try:
        screen.expect_exact("lesson-01")
        written = str(screen.before)
        screen.send("\x1bOP")  # F1
        screen.expect_exact("Esc")
        written += str(screen.before)
        screen.send("\r")
        screen.expect_exact("lesson-02")
        written += str(screen.before)
        screen.send("q")
        screen.expect(pexpect.EOF)
        written += str(screen.before)
        assert "\x1b[7" in written, "the keys stand out"
        assert colours(written) == set()
    finally:
        screen.close(force=True)


async def test_focus_and_choice_are_seen(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screen.start():
        await screen.until(lambda: "Files and names" in looking(screen, "underline"))
        assert "Nothing much" not in looking(screen, "underline")
        await screen.press("enter")
        await screen.sees("○ the file one is there", "━ Shell ━")
        await screen.press("f6", "f6")
        await screen.sees("━ Checks ━")
        await screen.until(lambda: "the file one is there" in looking(screen, "reverse"))
        assert "F2 Type" in looking(screen, "reverse")
        await screen.press("f10")
        await screen.sees("What would you like to do?")
        await screen.until(lambda: "All lessons" in looking(screen, "underline"))
        await screen.press("down")
        await screen.until(lambda: "All lessons" not in looking(screen, "underline"))
        await screen.press("escape", "f4")
        await screen.until(lambda: "Show it (s)" in looking(screen, "underline"))
        assert "Cancel" not in looking(screen, "underline")
        await screen.press("escape")
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(lambda: "▌Checks 0/1▐" in looking(screen, "underline"))
        await screen.press("f8", "f8", "f12")
        await screen.sees("Which number is it?")
        await screen.pilot.click("QuestionPane Input")
        await screen.press(*"0192", "left")
        await screen.until(lambda: "2" in looking(screen, "underline"))
        assert "0" not in looking(screen, "underline")


def looking(screen: Screenful, how: str) -> str:
    """Give what is drawn so: `reverse`, `underline`."""
    lines = screen.app.screen._compositor.render_strips()
    return "\n".join(
        "".join(part.text for part in line if part.style is not None and getattr(part.style, how))
        for line in lines
    )
