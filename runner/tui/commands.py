"""What a learner can do with one key, in the footer, the menu and the help alike.

Function keys, with Shift or without, work wherever the focus is, other keys while it is not in a
shell or a field. A program that fills the shell's screen (an editor, `top`) gets the function keys
itself; F12 leads out. On a lesson's screen a letter alone is no command: who types beside the
shell means the shell.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from runner.words import mark


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do."""

    name: str
    """The screen's `action_NAME` does it; may carry arguments, as Textual writes them."""
    key: str
    """A function key; empty for what has none."""
    other: str
    """A key that a shell or a field would take; empty for none."""
    label: str
    """For the footer; empty keeps it out of there."""
    title: str
    """For the menu and the help."""
    help: str = ""
    spare: bool = False
    """Left out of a footer that has no room for all."""


_TEXT = mark("while the focus is in the text")

LESSON = (
    Command("help", "f1", "", mark("Help"), mark("Help: all keys")),
    Command(
        "type_offer",
        "f2",
        "",
        mark("Type"),
        mark("Type the offered command into the shell"),
        mark("one command each time; Enter is left to you"),
    ),
    Command("hint", "f3", "", mark("Hint"), mark("Next hint")),
    Command(
        "solution",
        "f4",
        "",
        mark("Solve"),
        mark("Show the step's solution"),
        mark("it is counted"),
    ),
    Command("check", "f5", "", mark("Check"), mark("Check now")),
    Command("next_pane", "f6", "", mark("Pane"), mark("Next pane")),
    Command("back", "f7", "", mark("Back"), mark("Previous step")),
    Command("forward", "f8", "", mark("Next"), mark("Next step")),
    Command("map", "f9", "", mark("Map"), mark("Show or hide the map")),
    Command(
        "shell('add')",
        "shift+f6",
        "alt+a",
        mark("New shell"),
        mark("Another shell"),
        spare=True,
    ),
    Command(
        "reset",
        "shift+f7",
        "",
        mark("Reset"),
        mark("Reset the lesson"),
        mark("a clean lab, from the first step"),
        spare=True,
    ),
    Command(
        "begin_here",
        "",
        "",
        "",
        mark("Begin at this step, in a clean lab"),
        mark("the steps before it are typed for you"),
    ),
    Command(
        "language",
        "shift+f1",
        "alt+l",
        mark("中文/English"),
        mark("中文 / English"),
        mark("the other language"),
        spare=True,
    ),
    Command("menu", "f10", "", mark("Menu"), mark("Menu of everything")),
    Command("drawing(12)", "", "right", "", mark("Wide drawing: go right"), _TEXT),
    Command("drawing(-12)", "", "left", "", mark("Wide drawing: go left"), _TEXT),
    Command("shell('search')", "", "alt+slash", "", mark("Search the shell's text")),
    Command("shell('copy')", "", "alt+y", "", mark("Copy the last command's output")),
    Command("theme", "", "alt+d", "", mark("Light or dark")),
    Command("grow('left', 4)", "", "alt+greater_than_sign", "", mark("Wider text")),
    Command("grow('left', -4)", "", "alt+less_than_sign", "", mark("Narrower text")),
    Command("grow('text', -4)", "", "alt+plus", "", mark("Taller list of checks")),
    Command("grow('text', 4)", "", "alt+minus", "", mark("Lower list of checks")),
    Command("grow('shell', -4)", "", "alt+up", "", mark("Taller map")),
    Command("grow('shell', 4)", "", "alt+down", "", mark("Taller shell")),
    Command("lessons", "", "alt+q", "", mark("All lessons"), mark("the lab stays")),
    Command("leave", "", "", "", mark("Leave the program"), mark("the lab stays")),
)
"""On the screen of a lesson."""

LIST = (
    Command("help", "f1", "question_mark", mark("Help"), mark("Help: all keys")),
    Command("take", "enter", "", mark("Take"), mark("Take the lesson")),
    Command("language", "f3", "l", mark("中文/English"), mark("中文 / English")),
    Command("theme", "f4", "d", mark("Light/dark"), mark("Light or dark")),
    Command("menu", "f10", "colon", mark("Menu"), mark("Menu of everything")),
    Command("leave", "", "q", mark("Leave"), mark("Leave the program")),
)
"""On the list of lessons."""

STARTUP = (
    Command("help", "f1", "question_mark", mark("Help"), mark("Help: all keys")),
    Command("leave_it", "escape", "", mark("All lessons"), mark("All lessons")),
    Command("language", "f3", "l", mark("中文/English"), mark("中文 / English")),
    Command("theme", "f4", "d", mark("Light/dark"), mark("Light or dark")),
    Command("menu", "f10", "colon", mark("Menu"), mark("Menu of everything")),
)
"""While a lab comes up."""

_SHOWN = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "plus": "+",
    "minus": "-",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
}


def bindings(commands: tuple[Command, ...]) -> list[BindingType]:
    """Give the keys of commands for a screen."""
    return [
        Binding(key, command.name, command.title, show=False)
        for command in commands
        for key in (command.key, command.other)
        if key and key != "enter"
    ]


IN_SHELL = frozenset(command.key for command in LESSON if command.key)
"""Keys that a shell leaves to the screen while no program fills it."""


def shown(key: str) -> str:
    """Give a key as it is written on the keyboard."""
    *held, base = key.split("+")
    is_function = base.startswith("f") and len(base) > 1
    written = _SHOWN.get(base, base.upper() if held or is_function else base)
    return "+".join([*(name.capitalize() for name in held), written])
