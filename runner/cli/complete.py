"""`complete -- WORDS…`: what may stand for the last word, one a line, a tab before its meaning.

Asked by the scripts of `completion`; `:files` alone means the names of files. Nothing is ever
raised or asked here: where nothing is known, nothing is offered.
"""

from __future__ import annotations

import contextlib
import importlib
from argparse import Action, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.cli import main
from runner.cli.face import Face
from runner.cli.parser import Parser, Verbs
from runner.course.index import index_of
from runner.places import built_in_course
from runner.words import LANGUAGES, language

Offer = tuple[str, str]
FILES = (":files", "")


def arguments(parser: Parser) -> None:
    """Take what follows `--`."""


def run(options: Namespace, face: Face) -> int:
    """Write what fits."""
    words = options.command or [""]
    with contextlib.suppress(Exception):
        for word, meaning in offers(words[:-1], words[-1]):
            face.say(f"{word}\t{meaning}" if meaning else word)
    return 0


def offers(before: list[str], last: str) -> list[Offer]:
    """Give what may stand after `before` and begins with `last`."""
    _, rest = main.split(before)
    if before and before[-1] in main.VALUED and len(rest) <= 1:
        found = _global_value(before[-1])
    elif not rest:
        found = [*_commands(), *_global_options()] if not last.startswith("-") else (
            _global_options()
        )  # fmt: skip
    else:
        found = _command(rest[0], rest[1:], last, _course(before))
    return [offer for offer in found if offer == FILES or offer[0].startswith(last)]


def _commands() -> list[Offer]:
    return [(name, main.summary(name)) for name in main.commands()]


def _global_options() -> list[Offer]:
    return [(option.split()[0], "") for option, _ in main.OPTIONS]


def _global_value(option: str) -> list[Offer]:
    if option == "--lang":
        return [(code, "") for code in LANGUAGES]
    return [FILES]


def _course(words: list[str]) -> str | None:
    """Give the folder of somebody else's course, where the words name one."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name == "--course":
            return value if equals else following
    return None


def _command(name: str, words: list[str], last: str, course: str | None) -> list[Offer]:
    if name not in main.commands():
        return []
    parser = Parser(prog=name)
    importlib.import_module(f"runner.cli.{name}").arguments(parser)
    parser.everywhere()
    actions = {option: action for action in parser._actions for option in action.option_strings}
    verbs = next((one for one in parser._actions if isinstance(one, Verbs)), None)
    valued = {option for option, action in actions.items() if action.nargs != 0}
    plain = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in valued
    ]
    if verbs is not None and plain and plain[0] in verbs.choices:
        chosen = verbs.choices[plain.pop(0)]
        actions |= {option: one for one in chosen._actions for option in one.option_strings}
        verbs, parser = None, chosen
    if words and words[-1] in actions and actions[words[-1]].nargs != 0:
        return list(_values(actions[words[-1]], last, course))
    if last.startswith("-"):
        return [(option, action.help or "") for option, action in sorted(actions.items())]
    if verbs is not None:
        return [(verb, str(one.description or "")) for verb, one in verbs.choices.items()]
    places = [action for action in parser._actions if not action.option_strings]
    index = min(len(plain), len(places) - 1)
    return list(_values(places[index], last, course)) if places else []


def _values(action: Action, last: str, course: str | None) -> Iterable[Offer]:
    if action.choices:
        return [(str(choice), "") for choice in action.choices]
    shown = str(action.metavar or "")
    if "LESSON" in shown:
        return _lessons(last, course, steps="/" in shown, slash="/" * shown.endswith("N/STEP"))
    if shown == "HOST":
        return _hosts(course)
    return [FILES] if shown.endswith(("FILE", "DIR", ".yaml")) else []


def _hosts(course: str | None) -> list[Offer]:
    from runner.cli.early import recorded

    lab = recorded("", course)
    return [(name, "") for name in lab["expected"]] if lab else []


def _lessons(last: str, course: str | None, *, steps: bool, slash: str) -> Iterator[Offer]:
    """Give lessons, with a `slash` where a step must follow; after that the lesson's steps."""
    lesson, within, _ = last.partition("/")
    for item in index_of(course or built_in_course())["lessons"]:
        titles = item["titles"]
        title = titles.get(language()) or next(iter(titles.values()), "")
        if steps and within and item["id"] == lesson:
            yield from ((f"{lesson}/{step}", "") for step in _steps(lesson, course))
        elif not within:
            yield item["id"] + slash, title


def _steps(lesson: str, course: str | None) -> list[str]:
    from runner.course.course import open_course

    folder = Path(course) if course else None
    return [str(step.id) for step in open_course(folder).lesson(lesson).steps]
