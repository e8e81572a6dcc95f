"""Panes, tabs, footer, menu and help: what the frame of a lesson's screen does for a learner."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Size
from textual.widget import Widget

from tests.tui.screenful import Screenful

LINES = ("left", "text", "shell")
"""Panes that end at a line which can be moved."""


async def test_reset_another_shell_and_the_language_have_keys_in_the_footer(
    screen: Screenful,
) -> None:
    async with screen.start("lesson-01", (200, 50)):
        await screen.sees("Shift+F6 New shell", "Shift+F7 Reset", "Shift+F1 中文/English")
        await screen.press("shift+f6")
        await screen.until(lambda: len(screen.shells.hosts) == 2)
        await screen.press("shift+f1")
        await screen.sees("Shift+F7 重置")
        await screen.press("shift+f1", "shift+f7")
        await screen.sees("begins anew at the first step")
        await screen.press("escape")
        assert screen.labs.made == 1
        await screen.misses("begins anew")
        await screen.click("Shift+F7 Reset")
        await screen.sees("begins anew at the first step")
        await screen.press("r")
        await screen.until(lambda: screen.labs.made == 2)


async def test_a_narrow_footer_keeps_the_function_keys(screen: Screenful) -> None:
    async with screen.start("lesson-01", (120, 36)):
        await screen.sees("F1 Help", "F9 Map", "Shift+F6 New shell", "F10 Menu")
        assert "Shift+F1" not in screen.text()
        await screen.pilot.resize_terminal(80, 24)
        await screen.sees("F1 ?", "F9 Map F10 Menu")


async def test_a_small_screen_has_tabs_and_a_large_one_panes(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("╭─ Lesson", "╭─ Shell", "╭─ Checks")
        await screen.pilot.resize_terminal(80, 24)
        await screen.sees("▌Lesson▐", "Checks 0/1", "Step 1 of 3")
        assert "a shell" not in screen.text()
        await screen.press("f6")
        await screen.sees("▌Checks 0/1▐", "○ the file one is there")
        await screen.press("f2")
        await screen.sees("▌Shell▐", "# touch one")
        await screen.press("f12")
        await screen.sees("▌Lesson▐")
        await screen.pilot.resize_terminal(120, 36)
        await screen.sees("╭─ Lesson", "# touch one", "○ the file one is there")
        await screen.pilot.resize_terminal(200, 50)
        await screen.sees("╭─ Map")


def changed(pane: Widget, before: int, *, taller: bool) -> Callable[[], bool]:
    """Give whether a pane is taller than it was, or lower."""
    return lambda: pane.size.height > before if taller else pane.size.height < before


def sizes(screen: Screenful) -> list[Size]:
    return [screen.app.screen.query_one(f"#{name}").size for name in LINES]


async def test_panes_are_resized_by_mouse_and_keys_and_stay_so(screen: Screenful) -> None:
    async with screen.start("lesson-01", (160, 44)):
        await screen.sees("Step 1 of 3", "─ Map ─")
        left, text, shell = (screen.app.screen.query_one(f"#{name}") for name in LINES)
        before = left.size.width
        await screen.drag("#split-left", by=-30)
        await screen.until(lambda: left.size.width < before - 10)
        await screen.press("f5")  # so that the list of checks wants room
        await screen.sees("Make it with touch one.")
        for name, pane, to, more in (("text", text, 5, True), ("shell", shell, -9, False)):
            before = pane.size.height
            await screen.drag(f"#split-{name}", by=to)
            await screen.until(changed(pane, before, taller=more))
        for key, pane in (("up", shell), ("down", shell), ("plus", text), ("minus", text)):
            before = pane.size.height
            await screen.press(f"alt+{key}")
            await screen.until(changed(pane, before, taller=key in ("down", "minus")))
        before, kept = left.size.width, screen.settings.get("screen.share.left")
        await screen.press("alt+greater_than_sign")
        await screen.until(lambda: left.size.width > before)
        await screen.until(lambda: screen.settings.get("screen.share.left") != kept)
        moved = sizes(screen)
    async with screen.start(size=(160, 44)):
        await screen.sees("Step 1 of 3", "─ Map ─")
        await screen.press("f5")
        await screen.until(lambda: sizes(screen) == moved)


WIDE = """
      ~~~
      +--------+          a bridge that all of them share          +--------+
      | one    |---------------------------------------------------| two    |
      +--------+                                                   +--------+
      ~~~
"""


async def test_a_wide_drawing_is_moved_by_the_arrows(screen: Screenful) -> None:
    lesson = screen.course / "lesson-01-files.yaml"
    told = "      A **file** begins its life with `touch`.\n"
    lesson.write_text(lesson.read_text().replace(told, told + WIDE), encoding="utf-8")
    async with screen.start("lesson-01"):
        await screen.sees("│ +--------+", "| one")
        assert "two    |" not in screen.text()
        await screen.press("f12", *["right"] * 3)
        await screen.sees("| two    |")
        assert "| one" not in screen.text()
        await screen.press(*["left"] * 3)
        await screen.sees("| one")
        await screen.press("f1")
        await screen.sees("→   Wide drawing: go right")


async def test_the_menu_and_the_help_know_every_key(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f10")
        await screen.sees("What would you like to do?", "Next hint", "Reset the lesson")
        await screen.press(*"anoth")
        await screen.until(lambda: "Next hint" not in screen.text())
        await screen.press("enter")
        await screen.until(lambda: len(screen.shells.hosts) == 2)
        await screen.press("f1")
        await screen.sees("Check now", "Light or dark")
        await screen.press("escape")
        await screen.misses("Light or dark")


async def test_the_smallest_screen_keeps_the_menu(screen: Screenful) -> None:
    async with screen.start("lesson-01", (60, 15)):
        await screen.sees("Step 1 of 3", "F10 Menu")
        await screen.press("f10")
        await screen.sees("What would you like to do?")


async def test_only_the_key_out_of_the_shell_goes_before_the_shell(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        first = {
            key
            for place in (screen.app, screen.app.screen)
            for key, binding in place._bindings
            if binding.priority
        }
        assert first == {"f12"}


async def test_a_long_box_keeps_its_choices_in_view(screen: Screenful) -> None:
    async with screen.start("lesson-01", size=(80, 24)):
        await screen.sees("Step 1 of 3")
        await screen.press("f1")
        await screen.sees("Help: all keys", "Close (Esc)")
        assert "F12 leads out" not in screen.text()
        await screen.press("pagedown", "pagedown", "down")
        await screen.sees("the line between them.", "Close (Esc)")
        await screen.press("enter")
        await screen.misses("Close (Esc)")
