"""What happens on the screen, told as a learner goes through it."""

from __future__ import annotations

from textual import events

from checks.message import msg
from runner.errors import LearnError
from tests.tui.screenful import Screenful


async def test_a_first_start_shows_the_lessons_and_takes_one(screen: Screenful) -> None:
    async with screen.start():
        await screen.sees("A small course", "Files and names", "Make a file and give it another")
        await screen.press("enter")
        await screen.sees("Step 1 of 3", "A file begins its life", "○ the file one is there")
        assert screen.labs.made == 1


async def test_a_step_is_solved_by_typing_what_is_offered(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there", "Try")
        await screen.press("f2")
        await screen.until(lambda: screen.shells.typed == "touch one")
        screen.shells.enter(screen.place)
        await screen.sees("✓ the file one is there", "all hold")
        await screen.press("f8")
        await screen.sees("Step 2 of 3")


async def test_what_the_engine_tells_is_looked_at_without_a_command(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there")
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Type="container", Action="start")
        await screen.sees("✓ the file one is there")


async def test_what_is_broken_again_is_red_again_and_says_why(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Action="start")
        await screen.sees("✓ the file one is there")
        (screen.place / "one").unlink()
        screen.labs.happen(Action="die")
        await screen.sees("✗ the file one is there")
        await screen.press("f5")
        await screen.sees("broken again", "found: exit status 1", "Make it with touch one")


async def test_an_earlier_step_that_is_broken_shows_in_the_line_of_steps(
    screen: Screenful,
) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Action="start")
        await screen.sees("[✓]○○")
        await screen.press("f8")
        await screen.sees("✓[✓]○")
        (screen.place / "one").unlink()
        screen.labs.happen(Action="die")
        await screen.sees("✗[✓]○")


async def test_hints_get_more_concrete_and_are_there_again_later(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f3")
        await screen.sees("Hint 1 of 2", "A command makes it.")
        await screen.pilot.resize_terminal(60, 15)
        await screen.press("f3")
        await screen.sees("Hint 2 of 2", "It is called touch.")
        await screen.pilot.resize_terminal(120, 36)
    async with screen.start():
        await screen.sees("Hint 2 of 2")
    assert screen.store.hints("lesson-01") == {"make": 2}


async def test_the_solution_is_asked_about_counted_and_typed(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f4")
        await screen.sees("is counted in your record")
        assert screen.store.solutions("lesson-01") == {}
        await screen.press("escape")
        await screen.misses("is counted in your record")
        await screen.press("f4")
        await screen.sees("is counted in your record")
        await screen.press("enter")
        await screen.sees("Solution (F2 types it for you)")
        assert screen.store.solutions("lesson-01") == {"make": 1}
        await screen.press("f2")
        assert screen.shells.typed == "touch one"


async def test_what_is_said_to_an_answer_comes_into_view(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8")
        await screen.sees("Which number is it?")
        await screen.pilot.resize_terminal(80, 10)
        screen.app.screen.query_one("QuestionPane Input").focus()
        await screen.press("2", "4", "enter")
        await screen.sees("That is the number read from behind.")


async def test_a_command_typed_beside_the_shell_goes_there(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        screen.app.screen.query_one("#text").focus()
        for character in "docker ps -aq":
            screen.app.post_message(
                events.Key({" ": "space", "-": "minus"}.get(character, character), character)
            )
        screen.app.post_message(events.Key("enter", "\r"))
        await screen.until(lambda: screen.shells.typed == "docker ps -aq\r")
        assert screen.shells.has_focus
        await screen.sees("Step 1 of 3")
        await screen.pilot.resize_terminal(80, 24)
        await screen.press("f6", "f6")
        await screen.sees("▌Lesson▐")
        screen.app.post_message(events.Paste("docker info"))
        await screen.sees("▌Shell▐")
        await screen.until(lambda: screen.shells.typed.endswith("docker info"))


async def test_questions_are_answered_by_keys_and_say_why(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8")
        await screen.sees("Which number is it?", "○ a word", "○ two digits")
        await screen.pilot.click("QuestionPane Input")
        await screen.press("2", "4", "enter")
        await screen.sees("✗ Not so. That is the number read from behind.")
        await screen.press("backspace", "backspace", "4", "2", "enter")
        await screen.sees("✓ Right. It is the answer to everything.")
        await screen.press("tab", "down", "enter")
        await screen.sees("● two digits", "✓ Right. Digits it is.")
        assert set(screen.store.answers("lesson-01")) == {"look.number", "look.kind"}
    async with screen.start():
        await screen.sees("✓ Answered. It is the answer to everything.")


async def test_a_question_is_answered_by_mouse(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8")
        await screen.sees("○ a word")
        await screen.pilot.click("QuestionPane OptionList", offset=(3, 0))
        await screen.sees("● a word", "✗ Not so.")


async def test_an_open_step_is_left_only_when_asked_twice(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there")
        await screen.press("f8")
        await screen.sees("Still open", "0 of 1 hold")
        assert "Step 1 of 3" in screen.text()
        await screen.press("f8")
        await screen.sees("Step 2 of 3")
        await screen.press("f7")
        await screen.sees("Step 1 of 3")


async def test_reset_begins_anew_in_a_clean_lab(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        (screen.place / "one").touch()
        await screen.press("f8", "f8")
        await screen.sees("Step 2 of 3")
        await screen.press(*"docker rm", "enter")
        assert screen.labs.made == 1, "a command typed beside the shell resets nothing"
        await screen.press("f10")
        await screen.press(*"reset", "enter")
        await screen.sees("begins anew at the first step")
        await screen.press("enter")
        assert screen.labs.made == 1, "Enter alone does not reset"
        await screen.press("f10")
        await screen.press(*"reset", "enter")
        await screen.sees("begins anew at the first step")
        await screen.press("r")
        await screen.sees("Step 1 of 3", "○ the file one is there")
        assert screen.labs.made == 2
        assert screen.shells.restarts == 1
        assert not (screen.place / "one").exists()


async def test_a_lab_that_is_gone_is_made_anew_and_caught_up_with(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Action="start")
        await screen.sees("all hold")
        await screen.press("f8")
        await screen.sees("Step 2 of 3")
        screen.labs.remove()
        await screen.press("f5")
        await screen.sees("The lab has to come up again")
        await screen.press("enter")
        await screen.until(lambda: screen.shells.restarts == 1)
        await screen.sees("Step 2 of 3", "✓[✓]○")
        assert (screen.place / "one").exists()


async def test_coming_back_goes_on_where_one_was(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8")
        await screen.sees("Step 2 of 3")
    async with screen.start():
        await screen.sees("Step 2 of 3")
        assert screen.labs.made == 1


async def test_an_engine_that_is_gone_breaks_nothing(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "dead").touch()
        for follower in screen.labs.attached[-1].followers:
            follower.close()
        await screen.sees("! the file one is there")
        (screen.place / "dead").unlink()
        (screen.place / "one").touch()
        await screen.sees("✓ the file one is there")  # it is listened to again by itself


async def test_a_lab_that_does_not_come_tells_the_remedy(screen: Screenful) -> None:
    screen.labs.trouble = LearnError(
        msg("Docker does not answer."), remedy=msg("Start it."), details="connect: refused"
    )
    async with screen.start("lesson-01"):
        await screen.sees("Docker does not answer.", "Start it.", "connect: refused")
        screen.labs.trouble = None
        await screen.press("t")
        await screen.sees("Step 1 of 3")


async def test_another_lessons_lab_is_kept_or_ended(screen: Screenful) -> None:
    async with screen.start("lesson-02"):
        await screen.sees("The only step")
    async with screen.start("lesson-01"):
        await screen.sees("Another lab stands", "set up for lesson-02")
        await screen.press("escape")
        await screen.sees("A small course")
        await screen.press("home", "down", "enter")
        await screen.until(lambda: screen.app.screen.query("StepLine"))
        assert screen.labs.made == 1
    async with screen.start("lesson-01"):
        await screen.sees("Another lab stands")
        await screen.press("k")
        await screen.sees("The only step")
    async with screen.start("lesson-01"):
        await screen.sees("Another lab stands")
        await screen.press("r")
        await screen.sees("Step 1 of 3", "Files and names")
        assert screen.labs.made == 2
    async with screen.start("lesson-02", replace=True):
        await screen.sees("The only step")
        assert screen.labs.made == 3


async def test_the_language_changes_at_once_and_is_remembered(screen: Screenful) -> None:
    folder = screen.course / "zh"
    folder.mkdir()
    (folder / "lesson-01-files.yaml").write_text(
        "format: 1\nlesson: lesson-01\ntitle: 文件和名字\n"
        "steps: {make: {title: 一个文件, text: 用 `touch` 创建。,"
        " checks: {there: {say: 文件 one 在那里}}}}\n",
        encoding="utf-8",
    )
    async with screen.start("lesson-01"):
        await screen.sees("A file begins its life", "○ the file one is there")
        await screen.press("alt+l")
        await screen.sees("一个文件", "○ 文件 one 在那里")
        assert screen.shells.restarts == 0
        await screen.press("alt+l")
        await screen.sees("A file begins its life")
        await screen.press("alt+l")
        await screen.sees("一个文件")
    assert screen.settings.get("screen.language") == "zh"


async def test_marks_that_turn_text_round_are_shown_and_not_obeyed(screen: Screenful) -> None:
    lesson = screen.course / "lesson-01-files.yaml"
    written = lesson.read_text().replace("A **file** begins", "A \u202efile\u2066 begins")
    printing = r"printf 'evil\342\200\256txt'; test -e one"
    lesson.write_text(written.replace("run: test -e one", f"run: {printing}"), encoding="utf-8")
    async with screen.start("lesson-01"):
        await screen.sees(r"A \u202efile\u2066 begins")
        await screen.press("f5")
        await screen.sees(r"evil\u202etxt")
        assert not {"\u202e", "\u2066"} & set(screen.text())


async def test_light_and_dark_is_remembered(screen: Screenful) -> None:
    async with screen.start():
        await screen.sees("A small course")
        await screen.press("d")
        await screen.until(lambda: screen.settings.get("screen.theme") == "light")
    async with screen.start():
        await screen.sees("A small course")
        assert screen.app.theme == "textual-light"


async def test_the_end_of_a_lesson_leads_on(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        (screen.place / "one").touch()
        screen.labs.happen(Action="start")
        await screen.sees("all hold")
        for name, value in (("number", "42"), ("kind", "digits")):
            screen.store.answer("lesson-01", f"look.{name}", value, True)
        await screen.press("f8")
        await screen.sees("Step 2 of 3", "✓ the file number says 42")
        await screen.press("f8")
        await screen.sees("Step 3 of 3")
        (screen.place / "one").rename(screen.place / "two")
        screen.labs.happen(Action="start")
        await screen.sees("The lesson is complete.", "A file keeps its content", "Next lesson")
        await screen.misses("F8 goes on")
        standing = screen.store.standing("lesson-01")
        assert standing is not None and standing.completed is not None
        await screen.pilot.click("#next-lesson")
        await screen.sees("The only step")
        assert screen.labs.made == 2, "nothing of a complete lesson's lab is needed: none asks"


async def test_leaving_asks_nothing_and_is_quick(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        shells = screen.shells
        await screen.press("alt+q")
        await screen.sees("A small course")
        await screen.until(lambda: shells.closed)
        await screen.until(lambda: screen.labs.attached[-1].closed)
        await screen.press("q")
        await screen.until(lambda: screen.app.return_code == 0)
    assert screen.labs.standing is not None


async def test_everything_can_be_done_by_mouse(screen: Screenful) -> None:
    async with screen.start(size=(80, 24)):
        await screen.sees("Files and names")
        await screen.click("Files and names")
        await screen.sees("Step 1 of 3", "Checks 0/1")
        await screen.click("F3 Hint")
        await screen.sees("Hint 1 of 2")
        await screen.click("Checks 0/1")
        await screen.sees("▌Checks 0/1▐", "○ the file one is there")
        await screen.click("the file one is there")
        await screen.sees("Make it with touch one.")
        await screen.click("[○]○○", 3)
        await screen.sees("Checks 1/1")
        await screen.click(" Lesson ")
        await screen.sees("Step 2 of 3")
        await screen.click("two digits")
        await screen.sees("✓ Right. Digits it is.")
        await screen.click("F7 Back")
        await screen.sees("Step 1 of 3")
        await screen.click("touch one")
        await screen.sees("▌Shell▐", "# touch one")


async def test_keys_pressed_in_a_hurry_end_where_they_lead(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8", "f3", "f7", "f8", "f3", "f5")
        await screen.sees("Hint")
        await screen.until(lambda: not screen.app.screen.query("Dialog"))
