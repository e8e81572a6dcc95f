"""A learner at the shell in the screen: keys, paste, floods, sizes, and a shell that ends."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.events import Key, Paste

from checks.message import msg
from runner.errors import LearnError
from tests.tui.terminal_stage import PATIENCE, RAW, Stage, bash, program, quoted, shells


async def test_what_is_typed_is_run_and_its_end_is_told(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("echo one $((1 + 1)); false")
        await app.sees("one 2")
        await app.until(lambda: app.ended == [("docker", 1)])
        await app.enter("true")
        await app.until(lambda: app.ended == [("docker", 1), ("docker", 0)])


async def test_a_prompt_drawn_again_ends_no_command(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.pilot.resize_terminal(50, 10)
        await app.until(lambda: app.view.engine.columns == 50)
        await app.enter("echo done")
        await app.until(lambda: app.ended)
        assert app.ended == [("docker", 0)]


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("ctrl+c", "^C"),
        ("ctrl+q", "^Q"),
        ("ctrl+p", "^P"),
        ("ctrl+d", "^D"),
        ("ctrl+@", "^@"),
        ("ctrl+underscore", "^_"),
        ("ctrl+backslash", "^\\"),
        ("ctrl+right_square_bracket", "^]"),
        ("tab", "\t|"),
        ("shift+tab", "^[[Z"),
        ("escape", "^["),
        ("backspace", "^?"),
        ("enter", "^M"),
        ("up", "^[[A"),
        ("home", "^[[H"),
        ("ctrl+left", "^[[1;5D"),
        ("shift+up", "^[[1;2A"),
        ("pageup", "^[[5~"),
        ("delete", "^[[3~"),
        ("alt+b", "^[b"),
        ("alt+full_stop", "^[."),
        ("alt+backspace", "^[^?"),
        ("ctrl+pageup", "^[[5;5~"),
        ("shift+f5", "^[[15;2~"),
        ("ctrl+shift+left", "^[[1;6D"),
    ],
)
async def test_a_key_reaches_the_program(key: str, shown: str) -> None:
    async with shells(program(RAW)) as app:
        await app.sees("ready")
        await app.pilot.press(key)
        await app.pilot.press("|")
        wanted = "|" if key == "tab" else shown + "|"
        await app.sees(wanted)
        assert app.focused is app.view


async def test_the_arrows_follow_the_program_s_mode() -> None:
    async with shells(program(quoted(r"\033[?1h") + ";" + RAW)) as app:
        await app.sees("ready")
        await app.pilot.press("up")
        await app.sees("^[OA")


async def test_text_of_an_input_method_arrives_whole() -> None:
    async with shells(program("stty raw -echo; printf ready; exec cat")) as app:
        await app.sees("ready")
        app.view.post_message(Key("网桥", "网桥"))
        app.view.post_message(Key("é", "é"))
        await app.sees("ready网桥é")


async def test_function_keys_are_the_app_s_at_a_prompt_and_a_full_screen_program_s() -> None:
    alternate = quoted(r"\033[?1049h")
    script = f"printf ready; read x; {alternate}; {RAW}"
    async with shells(program(script)) as app:
        await app.sees("ready")
        await app.pilot.press("f5", "f11")
        await app.until(lambda: app.counted == 2)
        await app.pilot.press("x", "enter")
        await app.until(lambda: app.view.engine.modes.alternate_screen)
        await app.sees("ready")
        await app.pilot.press("f5")
        await app.sees("^[[15~")
        await app.pilot.press("f11")
        await app.until(lambda: app.counted == 3)


TEXT = "".join(f"{line:04d} {'x' * 43}é\n" for line in range(200))
"""Ten thousand bytes."""


@pytest.mark.parametrize("bracketed", [True, False])
async def test_a_paste_of_ten_thousand_bytes_arrives_whole(tmp_path: Path, bracketed: bool) -> None:
    got = tmp_path / "got"
    expected = TEXT.replace("\n", "\r")
    if bracketed:
        expected = f"\x1b[200~{expected}\x1b[201~"
    size = len(expected.encode())
    switch = quoted(r"\033[?2004h") if bracketed else "true"
    script = f"{switch}; stty raw -echo; printf ready; head -c {size} >{got}; printf done"
    async with shells(program(script)) as app:
        await app.sees("ready")
        app.view.post_message(Paste(TEXT))
        await app.sees("done")
        assert got.read_bytes() == expected.encode()


async def test_a_paste_cannot_end_its_own_brackets() -> None:
    async with shells(program(quoted(r"\033[?2004h") + ";" + RAW)) as app:
        await app.sees("ready")
        app.view.post_message(Paste("a\x1b[201~\x03b"))
        await app.sees("^[[200~a[201~b^[[201~")


async def test_offered_commands_are_typed_and_several_lines_pasted(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        app.pane.send_text("echo early\n")  # the shell is not there yet
        await app.sees("> echo early", "\nearly")
        app.pane.send_text("echo typed")
        await app.sees("> echo typed")
        assert len(app.ended) == 1
        app.pane.send_text(" on\n")
        await app.sees("typed on")
        app.pane.send_text("for i in 1 2\ndo echo n$i\ndone\n")
        await app.sees("n1", "n2")
        await app.until(lambda: len(app.ended) == 3)


async def test_control_characters_in_an_offered_command_are_not_typed() -> None:
    async with shells(program(RAW)) as app:
        await app.sees("ready")
        app.pane.send_text("a\x03\x1b[31mb\n")
        await app.sees("a[31mb^M")


async def test_a_new_size_is_told() -> None:
    script = "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done"
    async with shells(program(script), size=(60, 12)) as app:
        await app.sees("12 60")
        await app.pilot.resize_terminal(40, 10)
        await app.sees("10 40")


async def test_text_is_wrapped_anew(tmp_path: Path) -> None:
    async with shells(bash(tmp_path), size=(60, 12)) as app:
        await app.sees(">")
        await app.enter("printf '%050d\\n' 7")
        await app.sees("0" * 49 + "7")
        await app.pilot.resize_terminal(30, 12)
        await app.sees("0" * 30 + "\n" + "0" * 19 + "7")
        await app.pilot.resize_terminal(60, 12)
        await app.sees("0" * 49 + "7")


async def test_a_flood_stops_at_ctrl_c_and_leaves_the_screen_awake(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("yes flood")
        await app.sees("flood\nflood")
        await app.pilot.press("f11")
        await app.until(lambda: app.counted == 1)
        await app.pilot.press("ctrl+c")
        await app.until(lambda: app.ended == [("docker", 130)])
        await app.enter("echo calm")
        await app.sees("\ncalm")


async def test_the_end_of_a_flood_is_what_is_seen(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("seq 1 30000")
        await app.sees("29995\n29996\n29997\n29998\n29999\n30000\n>")


async def test_a_shell_that_ended_says_so_and_enter_opens_it_again(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("exit 3")
        await app.sees("The shell has ended with status 3.", "Press Enter to open it again.")
        assert app.exited == ["docker"]
        await app.pilot.press("x", "enter")
        await app.until(lambda: "ended" not in app.text() and ">" in app.text())
        await app.enter("false")
        await app.until(lambda: app.ended == [("docker", 1)])


async def test_what_a_dead_program_left_switched_on_is_switched_off() -> None:
    left = quoted(r"\033[?1049h\033[?1000h\033[?2004h\033[?25l\033[31m")
    async with shells(program(left)) as app:
        await app.sees("The shell has ended.")
        modes = app.view.engine.modes
        assert not (modes.alternate_screen or modes.bracketed_paste or modes.mouse.value)


async def test_a_lab_that_is_gone_is_told_with_its_remedy_and_tried_again(tmp_path: Path) -> None:
    calls = []

    def argv(host: str) -> list[str]:
        calls.append(host)
        if len(calls) == 1:
            raise LearnError(msg("The lab host is gone."), remedy=msg("Reset the lesson."))
        return bash(tmp_path)

    async with shells(argv) as app:
        await app.sees("The lab host is gone.", "Reset the lesson.", "Press Enter")
        assert app.exited == ["docker"]
        await app.pilot.press("enter")
        await app.sees(">")
        assert calls == ["docker", "docker"]


async def test_a_typed_command_opens_an_ended_shell_again(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.pilot.press("ctrl+d")
        await app.sees("The shell has ended.")
        app.pane.send_text("echo back\n")
        await app.sees("\nback")


async def test_what_is_typed_and_pasted_while_a_shell_opens_comes_in_order(tmp_path: Path) -> None:
    may_open = threading.Event()

    def argv(host: str) -> list[str]:
        may_open.wait(PATIENCE)
        return bash(tmp_path)

    async with shells(argv) as app:
        await app.pilot.press(*"echo 1")
        app.view.post_message(Paste("2 'a b'"))
        await app.pilot.press("3")
        app.pane.send_text("4")
        await app.pilot.press("enter")
        assert not app.view.running
        may_open.set()
        await app.sees("> echo 12 'a b'34", "\n12 a b34")


async def test_what_is_typed_to_a_shell_that_was_never_shown_comes_when_it_is(
    tmp_path: Path,
) -> None:
    app = Stage(lambda host: bash(tmp_path), ("docker",))
    app.pane.display = False
    async with app.run_test(size=(60, 12)) as app.pilot:
        for character in "echo early":
            app.view.post_message(Key({" ": "space"}.get(character, character), character))
        app.view.post_message(Key("enter", "\r"))
        await app.pilot.pause()
        app.pane.display = True
        await app.sees("> echo early", "\nearly")


async def test_a_program_that_says_nothing_gets_what_was_typed_all_the_same() -> None:
    may_open = threading.Event()

    def argv(host: str) -> list[str]:
        may_open.wait(PATIENCE)
        return program("stty -echo; read line; echo got $line")

    async with shells(argv) as app:
        await app.pilot.press(*"early", "enter")
        may_open.set()
        await app.sees("got early")


async def test_a_paste_opens_an_ended_shell_again(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.pilot.press("ctrl+d")
        await app.sees("The shell has ended.")
        app.view.post_message(Paste("echo pasted"))
        await app.sees("> echo pasted")
        await app.pilot.press("enter")
        await app.sees("\npasted")


async def test_of_commands_offered_to_a_shell_that_cannot_open_the_last_is_kept(
    tmp_path: Path,
) -> None:
    refused: list[str] = []

    def argv(host: str) -> list[str]:
        if len(refused) < 3:
            refused.append(host)
            raise LearnError(msg("The lab host is gone."))
        return bash(tmp_path)

    async with shells(argv) as app:
        for number in (1, 2):
            await app.until(lambda n=number: app.exited == ["docker"] * n)  # type: ignore[misc]
            app.pane.send_text(f"echo offer {number}\n")
        await app.until(lambda: len(app.exited) == 3)
        await app.pilot.press("x", "enter")
        await app.sees("> echo offer 2", "\noffer 2")
        assert "offer 1" not in app.text()


async def test_shifted_function_keys_with_a_command_are_the_app_s() -> None:
    async with shells(program(RAW)) as app:
        await app.sees("ready")
        await app.pilot.press("shift+f6", "|")
        await app.sees("ready\n|")
