"""`course demo LESSON`: a lesson plays itself on the screen, in a lab and a record of its own."""

from __future__ import annotations

import os
import re
import tempfile
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from checks.message import Message, msg
from runner import words
from runner.cli.consent import agree, agree_to_course, agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.start import fits
from runner.cli.work import course_folder
from runner.course.course import Course, open_course
from runner.errors import Exit, LearnError, UsageError
from runner.words import translate

_SIZE = re.compile(r"(\d{2,3})x(\d{2,3})")


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("lesson", metavar="LESSON", help=translate("which lesson"))
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help=translate("keep it as an asciicast")
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help=translate("keep a picture (SVG) of each step when it is passed"),
    )
    parser.add_argument(
        "--size",
        type=_size,
        metavar="COLUMNSxROWS",
        help=translate("draw on no terminal, in this size, such as 120x36"),
    )
    parser.add_argument(
        "--pace",
        type=float,
        default=1.0,
        metavar="X",
        help=translate("how slow: 1 for people, 0 as fast as it goes"),
    )
    parser.engine()


def run(options: Namespace, face: Face) -> int:
    """Play it; the exit status is 3 where it did not come out."""
    if options.size is None and not fits(face):
        raise UsageError(
            msg("There is no terminal here that the screen fits on."),
            remedy=msg("Add --size 120x36 to draw on none."),
        )
    agree_to_labs(face)
    folder = course_folder(options)
    if folder is not None:
        agree_to_course(face, folder)
    course = open_course(folder)
    lesson = course.find(options.lesson)
    with tempfile.TemporaryDirectory(prefix="learn-docker-net-") as home:
        played = _play(course, lesson, Path(home), options, face)
    if isinstance(played, LearnError):
        face.error(played)
        return int(Exit.ERRORED)
    return int(Exit.OK if played else Exit.FAILED)


def _play(
    course: Course, lesson: str, home: Path, options: Namespace, face: Face
) -> LearnError | bool:
    """Play it; tell whether it came to its end, and what it waited for in vain."""
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    if options.size is not None:
        # Before Textual is imported: nobody can be asked which colours there are.
        os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    from runner.cli.made import MadeLabs
    from runner.lab.names import PROOF, owner
    from runner.lab.sweep import down_all
    from runner.learn.learner import Learner
    from runner.record.settings import Settings
    from runner.record.store import Store
    from runner.tui.demo import DemoApp, Pace
    from runner.tui.survey import Survey

    def consent(question: Message) -> bool:
        return agree(face, question)

    driver = _driver(options, course.lessons[lesson].title(words.language()))
    if options.pictures is not None:
        options.pictures.mkdir(parents=True, exist_ok=True)
    whose = f"{owner()}{PROOF}demo"  # never the learner's own lab
    store, settings = Store(home / "record.sqlite"), Settings(home / "settings.sqlite")
    try:
        learner = Learner(course, store, settings, MadeLabs(consent), whose)
        app = DemoApp(
            learner,
            lesson,
            pace=Pace().times(options.pace),
            docker=options.docker,
            pictures=options.pictures,
            survey=Survey,
        )
        app.driver_class = driver
        ended = app.run(size=options.size)
        return app.trouble or ended == 0
    finally:
        settings.close()
        store.close()
        down_all(whose)


def _driver(options: Namespace, title: str) -> Any:
    """Give what draws: on the terminal or on none, kept or not."""
    from runner.tui.recording import Terminal, Unseen, recorded

    plain = Terminal if options.size is None else Unseen
    return plain if options.record is None else recorded(plain, options.record, title)


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(words.translate("a size is columns, an x and rows, such as 120x36"))
    return int(found[1]), int(found[2])
