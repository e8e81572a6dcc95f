"""`serve [LESSON]`: the screen in a browser of this machine."""

from __future__ import annotations

import importlib.util
import sys
from argparse import Namespace

from checks.message import msg
from runner.cli import served
from runner.cli.consent import agree_to_course, agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.target import Target, find_step
from runner.cli.work import course_folder, open_papers, read_lesson
from runner.course.course import open_course
from runner.errors import LearnError
from runner.words import translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    served.arguments(parser)
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        metavar="N",
        help=translate("the port of 127.0.0.1; a free one where you do not choose"),
    )


def run(options: Namespace, face: Face) -> int:
    """Serve until Ctrl+C; what must be agreed to is asked here, not in the browser."""
    if importlib.util.find_spec("textual_serve") is None:
        raise LearnError(
            msg("What shows the screen in a browser is not installed."),
            remedy=msg(
                "Install the program with its extra `web`, or add what it lacks:"
                " pipx inject learn-docker-net 'textual-serve==1.1.*'"
            ),
        )
    agree_to_labs(face)
    folder = course_folder(options)
    if folder is not None:
        agree_to_course(face, folder)
    _must_exist(options)
    from runner.web.guard import Guard
    from runner.web.server import LearnServer, listen

    with listen(options.port) as listening:
        guard = Guard(listening.getsockname()[1])
        face.say(guard.url)
        face.note(
            msg(
                "Open this address in a browser on this machine. Whoever has it is root in your"
                " lab, so keep it to yourself. Ctrl+C ends it; the lab stays."
            )
        )
        face.out.flush()
        LearnServer(argv(options), guard).run(listening)
    return 0


def argv(options: Namespace) -> list[str]:
    """Give the command that draws one page."""
    given = ((name, getattr(options, name)) for name in ("lang", "course", "docker"))
    return [
        *(sys.executable, "-m", "runner.cli.main", "served"),
        *(f"--{name}={value}" for name, value in given if value is not None),
        *(["--yes"] if options.yes else []),
        *(["--no-color"] if options.no_color else []),
        *([options.target] if options.target else []),
    ]


def _must_exist(options: Namespace) -> None:
    """Refuse a lesson that there is not, here and not in the browser."""
    wanted = Target.read(options.target)
    course = open_course(course_folder(options))
    if wanted.lesson is not None:
        lesson = read_lesson(open_papers(course, options), course.find(wanted.lesson))
        if wanted.step is not None:
            find_step(lesson, wanted.step)
