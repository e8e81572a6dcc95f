"""What goes wrong, or comes in an awkward moment, and how the screen goes on from there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from textual.app import App, ComposeResult

from checks.message import msg
from runner.errors import Exit, LearnError
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.record.store import Store
from runner.tui.dialogs import Dialog
from runner.tui.known import open_titles
from runner.tui.map_pane import MapPane, Runs
from runner.tui.screens.lesson import LessonScreen
from tests.tui.screenful import PATIENCE, Screenful


class Gate:
    """Holds calls up until it is opened, and counts who came."""

    def __init__(self) -> None:
        self.came = 0
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    def wait(self) -> None:
        self.came += 1
        assert self._open.wait(20), "the gate was never opened"


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch, method: str) -> Iterator[Gate]:
    """Hold up what a session does, each time before it does it; opened at the end in any case."""
    gate = Gate()
    real = getattr(Session, method)

    def later(session: Session, *given: Any, **named: Any) -> Any:
        gate.wait()
        return real(session, *given, **named)

    monkeypatch.setattr(Session, method, later)
    try:
        yield gate
    finally:
        gate.open()


async def test_a_menu_opened_while_the_lab_comes_up_is_no_obstacle(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch, "resume") as gate:
        async with screen.start("lesson-01"):
            await screen.until(lambda: gate.came)
            await screen.press("f10")
            await screen.sees("What would you like to do?")
            gate.open()
            await screen.sees("Step 1 of 3", "○ the file one is there")
            assert isinstance(screen.app.screen, LessonScreen)


async def test_a_menu_opened_while_the_lesson_begins_anew_is_no_obstacle(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch, "reset") as gate:
        async with screen.start("lesson-01"):
            await screen.sees("Step 1 of 3")
            shells = screen.shells
            await screen.press("f10")
            await screen.press(*"reset", "enter")
            await screen.sees("begins anew at the first step")
            await screen.press("r")
            await screen.until(lambda: gate.came)
            await screen.press("f10")
            await screen.sees("What would you like to do?")
            gate.open()
            await screen.until(lambda: shells.restarts == 1)
            await screen.sees("Step 1 of 3", "○ the file one is there")


async def test_a_lab_that_is_not_waited_for_is_let_go_when_it_comes(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch, "resume") as gate:
        async with screen.start("lesson-01"):
            await screen.until(lambda: gate.came)
            lab = next(one for one in threading.enumerate() if one.name == "lab")
            await screen.press("escape")
            await screen.sees("A small course")
            await screen.until(lambda: not leaving())
            gate.open()
            await screen.until(lambda: not lab.is_alive())
            assert all(one.closed for one in screen.labs.attached)
            await screen.press("enter")
            await screen.sees("Step 1 of 3", "○ the file one is there")


def leaving() -> bool:
    return any(one.name == "leave" for one in threading.enumerate())


async def test_a_check_asked_for_again_and_again_takes_one_thread(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there")
        with slow_patience(monkeypatch) as looks:
            await screen.press(*["f5"] * 20)
            await screen.sees("checking …")
            await screen.press("f3")
            await screen.sees("Hint 1 of 2")
            assert len(looks) == 1
            looks[0].set()
            await screen.until(lambda: len(looks) == 2, "looked once more")
            looks[1].set()
            await screen.misses("checking …")
            assert len(looks) == 2


async def test_a_check_of_a_step_that_was_left_is_given_up(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("○ the file one is there")
        with slow_patience(monkeypatch) as looks:
            await screen.press("f5")
            await screen.until(lambda: looks)
            await screen.press("f8", "f8")
            await screen.sees("Step 2 of 3")
            await screen.until(looks[0].is_set, "given up")
            await screen.press("f5")
            await screen.until(lambda: len(looks) == 2)
            await screen.press("alt+q")
            await screen.sees("A small course")
            await screen.until(looks[1].is_set, "given up")


@contextmanager
def slow_patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[threading.Event]]:
    """Have each look with patience last until its event, which gives it up too, is set."""
    looks: list[threading.Event] = []
    real = Session.check

    def check(session: Session, *given: Any, patient: bool = True, **named: Any) -> Any:
        if patient and (stop := named.pop("cancel", None) or threading.Event()):
            looks.append(stop)
            assert stop.wait(20), "nobody gave it up"
        return real(session, *given, patient=False, **named)

    monkeypatch.setattr(Session, "check", check)
    try:
        yield looks
    finally:
        for one in looks:
            one.set()


def write_broken_chinese(screen: Screenful) -> None:
    folder = screen.course / "zh"
    folder.mkdir()
    (folder / "lesson-01-files.yaml").write_text("format: [1\n", encoding="utf-8")


async def test_a_language_that_cannot_be_read_is_not_taken(screen: Screenful) -> None:
    write_broken_chinese(screen)
    async with screen.start("lesson-01"):
        await screen.sees("A file begins its life")
        await screen.press("alt+l")
        await screen.sees("That did not work", "lesson-01-files.yaml:")
        await screen.press("escape")
        await screen.sees("A file begins its life", "F3 Hint")
        assert screen.settings.get("screen.language") is None
        await screen.press("f3")
        await screen.sees("Hint 1 of 2")


RECORD = LearnError(msg("The record cannot be read."), remedy=msg("Let go of it."))


def unreadable(*_: object, **__: object) -> Any:
    raise RECORD


async def test_a_record_that_cannot_be_read_is_told_once_and_lessons_are_listed(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Learner, "going_on", unreadable)
        broken.setattr(Learner, "next_lesson", unreadable)
        broken.setattr(Store, "lab", unreadable)
        async with screen.start():
            await screen.sees("The record cannot be read.", "Let go of it.")
            assert len(boxes(screen)) == 1
            await screen.press("escape")
            await screen.sees("A small course", "Files and names")
            await screen.press("down", "enter")
            await screen.sees("The record cannot be read.", "Try again")
            broken.undo()
            await screen.press("t")
            await screen.sees("Step 1 of 3")


async def test_a_record_that_is_locked_for_a_moment_costs_no_lesson(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        with monkeypatch.context() as broken:
            broken.setattr(Session, "hint", unreadable)
            broken.setattr(Session, "missing", unreadable)
            for key in ("f3", "f8"):
                await screen.press(key)
                await screen.sees("The record cannot be read.", "Let go of it.")
                await screen.press("escape")
                await screen.misses("The record cannot be read.")
            broken.setattr(Session, "answered", unreadable)
            screen.labs.happen(Action="start")
            await screen.sees("The record cannot be read.")
            assert len(boxes(screen)) == 1
        await screen.press("escape", "f3")
        await screen.sees("Hint 1 of 2")


async def test_a_defect_beside_the_screen_is_called_so(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        monkeypatch.setattr(Session, "hint", defective)
        await screen.press("f3")
        await screen.sees("This is a defect of learn-docker-net itself.", "ZeroDivisionError")


async def test_a_defect_of_the_screen_ends_it_with_one_sentence(
    screen: Screenful, capsys: pytest.CaptureFixture[str]
) -> None:
    def defective() -> None:
        raise ZeroDivisionError("by nothing")

    with pytest.raises(ZeroDivisionError):
        async with screen.start("lesson-01"):
            await screen.sees("Step 1 of 3")
            screen.app.call_later(defective)
            await screen.until(lambda: not screen.app.is_running)
    assert screen.app.return_code == Exit.ERRORED
    told = capsys.readouterr()
    said = "This is a defect of learn-docker-net itself.\nZeroDivisionError: by nothing\n"
    assert (told.out + told.err).strip() == said.strip()


def boxes(screen: Screenful) -> list[Dialog]:
    return [one for one in screen.app.screen_stack if isinstance(one, Dialog)]


async def test_what_is_still_open_at_the_end_is_said_whatever_happens_meanwhile(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()

    def later(session: Session) -> list[str]:
        gate.wait()
        return open_titles(session)

    monkeypatch.setattr("runner.tui.screens.lesson.open_titles", later)
    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        await screen.press("f8", "f8")
        await screen.sees("Step 2 of 3")
        await screen.press("f8", "f8")
        await screen.sees("Step 3 of 3", "○ the file two is there")
        await screen.press("f8")
        await screen.until(lambda: gate.came)
        (screen.place / "two").touch()
        screen.labs.happen(Action="start")
        await screen.sees("✓ the file two is there")
        await screen.until(lambda: gate.came == 2)
        gate.open()
        await screen.sees("Still open: A file, A number.")


async def test_why_nothing_can_be_checked_is_told_when_a_box_is_closed(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def silent(*_: object, **__: object) -> Any:
        asked.set()
        raise LearnError(msg("The engine is silent."))

    async with screen.start("lesson-01"):
        await screen.until(lambda: screen.labs.attached[-1].followers)
        await screen.press("f1")
        await screen.sees("Close (Esc)")
        monkeypatch.setattr(Session, "check", silent)
        screen.labs.happen(Action="start")
        await screen.until(asked.is_set)
        assert "The engine is silent." not in screen.text()
        await screen.press("escape")
        await screen.sees("The engine is silent.")


async def test_language_looks_and_the_way_back_are_there_while_a_lab_comes(
    screen: Screenful, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch, "resume") as gate:
        async with screen.start("lesson-01"):
            await screen.until(lambda: gate.came)
            await screen.sees("Esc All lessons", "F3 中文/English", "F4 Light/dark")
            await screen.press("f4")
            await screen.until(lambda: screen.app.theme == "textual-light")
            await screen.press("f3")
            await screen.sees("实验环境")
            await screen.click("F3")
            await screen.sees("Esc All lessons")
            await screen.press("escape")
            await screen.sees("A small course")


async def test_a_step_is_begun_in_a_clean_lab(screen: Screenful) -> None:
    async with screen.start("lesson-01"):
        await screen.sees("Step 1 of 3")
        await screen.press("f8", "f8")
        await screen.sees("Step 2 of 3")
        (screen.place / "stray").touch()
        await screen.press("f10")
        await screen.press(*"begin at this")
        await screen.sees("Begin at this step, in a clean lab")
        await screen.press("enter")
        await screen.sees("are typed for you", "Cancel (Esc)")
        await screen.press("enter")
        await screen.misses("are typed for you")
        assert screen.labs.made == 1, "Enter alone ends no lab"
        await screen.press("f10")
        await screen.press(*"begin at this", "enter")
        await screen.sees("are typed for you")
        await screen.press("b")
        await screen.until(lambda: screen.shells.restarts == 1)
        await screen.sees("Step 2 of 3", "✓[✓]○")
        assert screen.labs.made == 2
        assert (screen.place / "one").exists() and not (screen.place / "stray").exists()
        assert screen.store.solutions("lesson-01") == {"make": 1}


class Defective:
    """A surveyor with a defect."""

    moved = False

    def look(self) -> None:
        raise ZeroDivisionError("by nothing")

    def aim(self, lesson: object, step: object) -> None:
        pass

    def forget(self) -> None:
        pass

    def draw(self, width: int, height: int) -> Sequence[Runs]:
        return ()


async def test_a_map_that_cannot_be_drawn_anew_is_marked() -> None:
    class Alone(App[None]):
        def compose(self) -> ComposeResult:
            yield MapPane(Defective())

    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        pane = app.query_one(MapPane)
        async with asyncio.timeout(PATIENCE):
            while not pane.has_class("-stale"):
                await pilot.pause()
        assert "defect" in str(pane.border_subtitle)
