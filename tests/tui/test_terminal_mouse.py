"""The mouse at the shell, the scrollback, copying and searching."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import MouseEvent, MouseMove, MouseScrollDown, MouseScrollUp
from textual.widgets import Static

from tests.tui.terminal_stage import RAW, Stage, bash, program, quoted, shells

TEXT = "printf 'see /etc/hosts: two words\\r\\n网桥 bridge\\r\\nend\\r\\n'; exec cat"


async def drag(app: Stage, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Select with the left button, by column and row."""
    await app.pilot.mouse_down(app.view, offset=start)
    await app.pilot.hover(app.view, offset=end)
    await app.pilot.mouse_up(app.view, offset=end)


async def test_what_is_selected_is_marked_and_copied() -> None:
    async with shells(program(TEXT)) as app:
        await app.sees("end")
        await drag(app, (4, 0), (13, 0))
        assert app.clipboard == "/etc/hosts"
        marked = [s.text for s in app.view.render_line(0) if s.style and s.style.reverse]
        assert marked == ["/etc/hosts"]
        await app.pilot.press("x")
        await app.sees("x")
        assert not any(s.style and s.style.reverse for s in app.view.render_line(0))


async def test_a_selection_over_lines_takes_whole_wide_characters() -> None:
    async with shells(program(TEXT)) as app:
        await app.sees("end")
        await drag(app, (20, 0), (1, 1))  # the second cell of a wide character
        assert app.clipboard == "words\n网"
        await drag(app, (1, 1), (4, 1))
        assert app.clipboard == "网桥"


async def test_a_click_alone_selects_and_copies_nothing() -> None:
    async with shells(program(TEXT)) as app:
        await app.sees("end")
        await app.pilot.click(app.view, offset=(4, 0))
        assert app.clipboard == ""


@pytest.mark.parametrize(("times", "copied"), [(2, "/etc/hosts"), (3, "see /etc/hosts: two words")])
async def test_more_clicks_take_the_word_and_the_line(times: int, copied: str) -> None:
    async with shells(program(TEXT)) as app:
        await app.sees("end")
        await app.pilot.click(app.view, offset=(7, 0), times=times)
        assert app.clipboard == copied


async def test_a_wrapped_line_is_copied_as_one() -> None:
    async with shells(program("printf '%050d' 7; exec cat"), size=(20, 8)) as app:
        await app.sees("0007")
        await app.pilot.click(app.view, offset=(3, 1), times=3)
        assert app.clipboard == "0" * 49 + "7"


async def test_a_program_that_asked_gets_the_mouse() -> None:
    async with shells(program(quoted(r"\033[?1002;1006h") + ";" + RAW)) as app:
        await app.sees("ready")
        await app.pilot.mouse_down(app.view, offset=(4, 2))
        await app.sees("^[[<0;5;3M")
        app.view.post_message(moved(app, MouseMove, 6, 3, button=1))
        await app.sees("^[[<32;7;4M")
        await app.pilot.mouse_up(app.view, offset=(6, 3))
        await app.sees("^[[<0;7;4m")
        app.view.post_message(moved(app, MouseScrollUp))
        await app.sees("^[[<64;1;1M")
        assert app.clipboard == ""


async def test_shift_keeps_the_mouse_from_the_program() -> None:
    async with shells(program(quoted(r"\033[?1003;1006h") + ";" + RAW)) as app:
        await app.sees("ready")
        await app.pilot.click(app.view, offset=(1, 0), times=2, shift=True)
        assert app.clipboard == "ready"


async def test_all_moves_are_told_once_a_cell_where_they_were_asked_for() -> None:
    async with shells(program(quoted(r"\033[?1003;1006h") + ";" + RAW)) as app:
        await app.sees("ready")
        for _ in range(2):
            app.view.post_message(moved(app, MouseMove, 8, 1))
        app.view.post_message(moved(app, MouseMove, 9, 1))
        await app.sees("^[[<35;9;2M^[[<35;10;2M")


async def test_the_wheel_is_arrows_for_a_full_screen_program_without_a_mouse() -> None:
    async with shells(program(quoted(r"\033[?1049h") + ";" + RAW)) as app:
        await app.sees("ready")
        app.view.post_message(moved(app, MouseScrollDown))
        await app.sees("^[[B^[[B^[[B")


def moved(
    app: Stage, kind: type[MouseEvent], x: int = 0, y: int = 0, button: int = 0
) -> MouseEvent:
    """Give an event of the mouse."""
    return kind(app.view, x, y, 0, 0, button, False, False, False, x, y)


async def test_older_lines_are_scrolled_to_and_typing_leads_back(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("seq 100 199")
        await app.until(lambda: app.ended)
        await app.sees("199\n>")
        app.view.post_message(moved(app, MouseScrollUp))
        await app.sees("↑ 3")
        await app.pilot.press("shift+pageup")
        await app.sees("↑ 14")
        await app.pilot.press("shift+home")
        await app.sees("seq 100 199", "100\n101")
        await app.pilot.press("shift+pagedown")
        assert "100\n" not in app.text()
        await app.pilot.press("a")
        await app.sees("> a")
        assert "↑" not in app.text()


async def test_output_does_not_move_what_is_read_in_the_scrollback(tmp_path: Path) -> None:
    script = "seq 100 150; read x; seq 200 250; exec cat"
    async with shells(program(script)) as app:
        await app.sees("150")
        await app.pilot.press("shift+home")
        await app.sees("101\n102")
        app.view.send(b"\r")
        await app.until(lambda: app.view.engine.top_line > 80)
        await app.sees("101\n102")


async def test_a_text_is_searched_for_from_the_newest_place_up(tmp_path: Path) -> None:
    async with shells(program("seq 100 180; exec cat")) as app:
        await app.sees("180")
        app.pane.action_search()
        await app.pilot.press(*"11")
        await app.sees("119")
        count = app.query_one("SearchBar Static", Static)
        await app.until(lambda: str(count.render()) == "10/10")
        await app.pilot.press("enter", "up")
        await app.until(lambda: str(count.render()) == "8/10")
        await app.pilot.press("escape")
        assert app.focused is app.view
        await app.pilot.press("z")
        await app.sees("180\nz")


async def test_the_last_command_s_output_is_copied_without_a_mouse(tmp_path: Path) -> None:
    async with shells(bash(tmp_path), size=(40, 6)) as app:
        await app.sees(">")
        app.pane.copy_output()
        assert app.clipboard == ""
        for line in "echo not this", "seq 20", "true":
            count = len(app.ended)
            await app.enter(line)
            await app.until(lambda count=count: len(app.ended) > count)  # type: ignore[misc]
            if line == "seq 20":
                app.pane.copy_output()
        assert app.clipboard == "\n".join(map(str, range(1, 21)))
