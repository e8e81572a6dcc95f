"""What goes wrong, or comes in an awkward moment, and how the screen goes on from there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from runner.learn.session import Session
from runner.tui.screens.lesson import LessonScreen
from tests.tui.screenful import Screenful


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
