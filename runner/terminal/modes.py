"""Modes that a program sets, resets and asks for (SM, RM, DECSET, DECRST, DECRQM)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from runner.terminal.engine import Mouse
from runner.terminal.screen import Screen
from runner.terminal.state import State

_FLAGS = {
    1: "application_cursor",
    5: "reverse_video",
    66: "application_keypad",
    1004: "focus_events",
    1006: "mouse_sgr",
    1007: "alternate_scroll",
    2004: "bracketed_paste",
    2026: "synchronized",
}
"""Private modes that only the widget heeds."""
_MICE = {9: Mouse.CLICKS, 1000: Mouse.CLICKS, 1002: Mouse.DRAGS, 1003: Mouse.MOVES}
_ALTERNATE = (47, 1047, 1049)


def set_private(screen: Screen, state: State, number: int, on: bool) -> None:
    """Do DECSET or DECRST for one mode; unknown ones are passed over."""
    if number in _FLAGS:
        flag: dict[str, Any] = {_FLAGS[number]: on}
        state.modes = replace(state.modes, **flag)
        state.everything |= number == 5
    elif number in _MICE:
        state.modes = replace(state.modes, mouse=_MICE[number] if on else Mouse.NONE)
    elif number in _ALTERNATE:
        _alternate(screen, state, number, on)
    elif number in _DOERS:
        _DOERS[number](screen, state, on)


def set_ansi(screen: Screen, state: State, number: int, on: bool) -> None:
    """Do SM or RM for one mode."""
    if number == 4:
        screen.insert = on
    elif number == 20:
        state.modes = replace(state.modes, newline=on)


def ask_private(screen: Screen, state: State, number: int) -> int:
    """Give DECRQM's answer: 1 set, 2 reset, 0 not known."""
    modes = state.modes
    known = {
        6: screen.origin,
        7: screen.autowrap,
        12: state.blink,
        25: state.visible,
        **dict.fromkeys(_ALTERNATE, modes.alternate_screen),
        **{mode: modes.mouse is mouse for mode, mouse in _MICE.items()},
        **{mode: bool(getattr(modes, name)) for mode, name in _FLAGS.items()},
    }
    return {True: 1, False: 2, None: 0}[known.get(number)]


def ask_ansi(screen: Screen, state: State, number: int) -> int:
    """Give DECRQM's answer for a mode of SM."""
    known = {4: screen.insert, 20: state.modes.newline}
    return {True: 1, False: 2, None: 0}[known.get(number)]


def _alternate(screen: Screen, state: State, number: int, on: bool) -> None:
    if on == state.modes.alternate_screen:
        return
    if on:
        if number == 1049:
            state.save(screen)
        screen.show_alternate()
    else:
        screen.show_main()
    state.modes = replace(state.modes, alternate_screen=on)
    state.everything = True
    if not on and number == 1049:
        state.restore(screen)


def _origin(screen: Screen, state: State, on: bool) -> None:
    screen.origin = on
    screen.move_to(0, 0)


def _autowrap(screen: Screen, state: State, on: bool) -> None:
    screen.autowrap = on
    if not on:
        screen.column()


def _blink(screen: Screen, state: State, on: bool) -> None:
    state.blink = on


def _visible(screen: Screen, state: State, on: bool) -> None:
    state.visible = on


def _saved(screen: Screen, state: State, on: bool) -> None:
    if on:
        state.save(screen)
    else:
        state.restore(screen)


_DOERS: dict[int, Callable[[Screen, State, bool], None]] = {
    6: _origin,
    7: _autowrap,
    12: _blink,
    25: _visible,
    1048: _saved,
}
