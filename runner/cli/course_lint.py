"""`course lint`: all that can be wrong with a course, each with its place."""

from __future__ import annotations

import json
from argparse import Namespace

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import safe
from runner.cli.work import course_folder
from runner.errors import Exit, Problem
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help=translate("as JSON"))


def run(options: Namespace, face: Face) -> int:
    """Write the problems; the exit status is 1 where there are any."""
    from runner.course.course import open_course
    from runner.course.lint import lint

    course = open_course(course_folder(options))
    problems = lint(course)
    if options.json:
        json.dump([_data(problem) for problem in problems], face.out, ensure_ascii=False, indent=2)
        face.say()
    else:
        for problem in problems:
            face.say(f"{problem.place}: {safe(tell(problem.message))}")
            if problem.remedy is not None:
                face.say(f"  {safe(tell(problem.remedy))}")
        lessons = len(course.lessons)
        words = msg("Lessons: {lessons}. Problems: {count}.", lessons=lessons, count=len(problems))
        face.note(words)
    return int(Exit.FAILED if problems else Exit.OK)


def _data(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "file": str(place.path),
        "line": place.line,
        "column": place.column,
        "message": tell(problem.message),
        "remedy": tell(problem.remedy) if problem.remedy else None,
    }
