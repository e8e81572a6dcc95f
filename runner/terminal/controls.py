"""The tables: what each control character and sequence does to a screen and its state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from runner.terminal import modes
from runner.terminal.engine import PLAIN, Modes, Shape
from runner.terminal.screen import CHARSETS, Screen
from runner.terminal.state import State

_HIGHEST = 99_999
"""Larger parameters are taken for this."""
_PARAMETERS = 32
"""Parameters of one sequence that are read."""

DEVICE = "\x1b[?62;22c"
"""DA1: a VT220 with colours."""
SECOND_DEVICE = "\x1b[>41;354;0c"
"""DA2: as xterm says it, so that vim speaks its mouse protocol without a limit."""

Numbers = Sequence[int]
Doing = Callable[[Screen, State, Numbers], None]


def numbers(parameters: str) -> list[int]:
    """Read parameters; one that is missing is 0, and there is always one."""
    values = []
    for text in parameters.split(";", _PARAMETERS)[:_PARAMETERS]:
        digits = text.partition(":")[0]
        values.append(min(int(digits[:6]), _HIGHEST) if digits else 0)
    return values


def _at(values: Numbers, place: int) -> int:
    return values[place] if place < len(values) else 0


def _count(values: Numbers) -> int:
    return values[0] or 1


# Control characters


def _bell(screen: Screen, state: State) -> None:
    state.bell = True


def _line_feed(screen: Screen, state: State) -> None:
    if state.modes.newline:
        screen.x = 0
    screen.line_feed()


def _carriage_return(screen: Screen, state: State) -> None:
    screen.x = 0


def _shift(charset: int) -> Callable[[Screen, State], None]:
    def shift(screen: Screen, state: State) -> None:
        screen.shift = charset

    return shift


CONTROLS: dict[str, Callable[[Screen, State], None]] = {
    "\a": _bell,
    "\b": lambda screen, state: screen.move_x(-1),
    "\t": lambda screen, state: screen.tab(),
    "\n": _line_feed,
    "\v": _line_feed,
    "\f": _line_feed,
    "\r": _carriage_return,
    "\x0e": _shift(1),
    "\x0f": _shift(0),
}

# Escape sequences


def _next_line(screen: Screen, state: State) -> None:
    screen.x = 0
    screen.line_feed()


def _set_tab(screen: Screen, state: State) -> None:
    screen.tabs.add(screen.column())


def _single_shift(charset: int) -> Callable[[Screen, State], None]:
    def shift(screen: Screen, state: State) -> None:
        screen.single_shift = charset

    return shift


def _keypad(on: bool) -> Callable[[Screen, State], None]:
    def keypad(screen: Screen, state: State) -> None:
        state.modes = replace(state.modes, application_keypad=on)

    return keypad


ESCAPES: dict[str, Callable[[Screen, State], None]] = {
    "7": lambda screen, state: state.save(screen),
    "8": lambda screen, state: state.restore(screen),
    "D": lambda screen, state: screen.line_feed(),
    "E": _next_line,
    "H": _set_tab,
    "M": lambda screen, state: screen.reverse_line_feed(),
    "N": _single_shift(2),
    "O": _single_shift(3),
    "Z": lambda screen, state: state.reply(DEVICE),
    "=": _keypad(True),
    ">": _keypad(False),
    "n": _shift(2),
    "o": _shift(3),
    "#8": lambda screen, state: screen.align(),
}


def designate(screen: Screen, between: str, final: str) -> None:
    """Do SCS: give one of the four places another charset."""
    screen.charsets["()*+".index(between)] = CHARSETS.get(final)


# Control sequences


def _down_lines(sign: int) -> Doing:
    def move(screen: Screen, state: State, values: Numbers) -> None:
        screen.move_y(sign * _count(values))
        screen.x = 0

    return move


def _row(screen: Screen, state: State, values: Numbers) -> None:
    screen.move_to(_count(values) - 1, screen.column())


def _position(screen: Screen, state: State, values: Numbers) -> None:
    screen.move_to(_count(values) - 1, max(_at(values, 1), 1) - 1)


def _column(screen: Screen, state: State, values: Numbers) -> None:
    screen.x = min(_count(values), screen.columns) - 1


def _clear_tabs(screen: Screen, state: State, values: Numbers) -> None:
    if values[0] == 0:
        screen.tabs.discard(screen.column())
    elif values[0] == 3:
        screen.tabs.clear()


def _scroll_down(screen: Screen, state: State, values: Numbers) -> None:
    if len(values) == 1:  # with five it is the mouse's highlighting
        screen.scroll_down(_count(values))


def _set(ansi: bool, on: bool) -> Doing:
    one = modes.set_ansi if ansi else modes.set_private

    def switch(screen: Screen, state: State, values: Numbers) -> None:
        for number in values:
            one(screen, state, number, on)

    return switch


def _ask_private(screen: Screen, state: State, values: Numbers) -> None:
    state.reply(f"\x1b[?{values[0]};{modes.ask_private(screen, state, values[0])}$y")


def _ask_ansi(screen: Screen, state: State, values: Numbers) -> None:
    state.reply(f"\x1b[{values[0]};{modes.ask_ansi(screen, state, values[0])}$y")


def _status(mark: str) -> Doing:
    def status(screen: Screen, state: State, values: Numbers) -> None:
        if values[0] == 5 and not mark:
            state.reply("\x1b[0n")
        elif values[0] == 6:
            y = screen.y - (screen.top if screen.origin else 0)
            x = min(screen.x, screen.columns - 1)
            state.reply(f"\x1b[{mark}{y + 1};{x + 1}R")

    return status


def _device(answer: str) -> Doing:
    def device(screen: Screen, state: State, values: Numbers) -> None:
        if values[0] == 0:
            state.reply(answer)

    return device


def _margins(screen: Screen, state: State, values: Numbers) -> None:
    screen.set_margins(_count(values) - 1, (_at(values, 1) or screen.rows) - 1)


def _shape(screen: Screen, state: State, values: Numbers) -> None:
    if values[0] <= 6:
        order = (Shape.BLOCK, Shape.BLOCK, Shape.UNDERLINE, Shape.BAR)
        state.shape = order[(values[0] + 1) // 2]
        state.blink = values[0] in (0, 1, 3, 5)


def _titles(screen: Screen, state: State, values: Numbers) -> None:
    if values[0] == 22:
        state.titles = [*state.titles[-9:], state.title]
    elif values[0] == 23 and state.titles:
        state.title = state.titles.pop()
        state.retitled = True


def _soft_reset(screen: Screen, state: State, values: Numbers) -> None:
    screen.top, screen.bottom = 0, screen.rows - 1
    screen.origin = screen.insert = False
    screen.autowrap = True
    screen.style = PLAIN
    screen.charsets = [None] * 4
    screen.shift = 0
    state.visible = True
    state.saved.pop(state.modes.alternate_screen, None)
    state.modes = replace(
        state.modes, application_cursor=False, application_keypad=False, newline=Modes().newline
    )


SEQUENCES: dict[str, Doing] = {
    "@": lambda screen, state, values: screen.insert_characters(_count(values)),
    "A": lambda screen, state, values: screen.move_y(-_count(values)),
    "B": lambda screen, state, values: screen.move_y(_count(values)),
    "C": lambda screen, state, values: screen.move_x(_count(values)),
    "D": lambda screen, state, values: screen.move_x(-_count(values)),
    "E": _down_lines(1),
    "F": _down_lines(-1),
    "G": _column,
    "H": _position,
    "I": lambda screen, state, values: screen.tab(_count(values)),
    "J": lambda screen, state, values: screen.erase_screen(values[0]),
    "?J": lambda screen, state, values: screen.erase_screen(values[0]),
    "K": lambda screen, state, values: screen.erase_line(values[0]),
    "?K": lambda screen, state, values: screen.erase_line(values[0]),
    "L": lambda screen, state, values: screen.insert_lines(_count(values)),
    "M": lambda screen, state, values: screen.delete_lines(_count(values)),
    "P": lambda screen, state, values: screen.delete_characters(_count(values)),
    "S": lambda screen, state, values: screen.scroll_up(_count(values)),
    "T": _scroll_down,
    "X": lambda screen, state, values: screen.erase_characters(_count(values)),
    "Z": lambda screen, state, values: screen.tab(-_count(values)),
    "`": _column,
    "a": lambda screen, state, values: screen.move_x(_count(values)),
    "b": lambda screen, state, values: screen.repeat(_count(values)),
    "c": _device(DEVICE),
    ">c": _device(SECOND_DEVICE),
    "d": _row,
    "e": lambda screen, state, values: screen.move_y(_count(values)),
    "f": _position,
    "g": _clear_tabs,
    "h": _set(True, True),
    "l": _set(True, False),
    "?h": _set(False, True),
    "?l": _set(False, False),
    "$p": _ask_ansi,
    "?$p": _ask_private,
    "n": _status(""),
    "?n": _status("?"),
    "r": _margins,
    "s": lambda screen, state, values: state.save(screen),
    "u": lambda screen, state, values: state.restore(screen),
    "t": _titles,
    " q": _shape,
    "!p": _soft_reset,
}
"""By prefix, intermediate characters and final. What is not here is passed over."""
