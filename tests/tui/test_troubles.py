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
