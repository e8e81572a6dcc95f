"""`course prove [LESSON…]`: solutions typed, wrong ways tried, every verdict compared."""

from __future__ import annotations

import os
import threading
from argparse import Namespace
from pathlib import Path

from checks.message import Message, msg
from runner.cli.consent import agree, agree_to_course, agree_to_labs
from runner.cli.face import Face
from runner.cli.parser import ENGINES, Parser
from runner.cli.text import safe
from runner.cli.work import course_folder
from runner.course.course import Course
from runner.errors import Exit
from runner.places import data_folder
from runner.prove.trial import Played
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help=translate("which lessons; all by default")
    )
    parser.add_argument(
        "--docker",
        action="append",
        choices=(*ENGINES, "all"),
        help=translate("the lab's engine, may be repeated; 26.1 where you do not choose"),
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help=translate("so many rounds; from the second on with drawn values"),
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=min(os.cpu_count() or 1, 8),
        metavar="N",
        help=translate("so many labs side by side; one a processor core where you do not choose"),
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help=translate("leave out what passed in an earlier run and has not changed since"),
    )
    parser.add_argument(
        "--proved",
        type=Path,
        metavar="FILE",
        help=translate("leave out what this table of proofs shows of the lessons as they are"),
    )
    parser.add_argument(
        "--share",
        type=_share,
        metavar="K/N",
        help=translate("with --proved: take the Kth of N even parts of those left out in again"),
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="FILE",
        help=translate("where the results are kept, as JSON"),
    )


def run(options: Namespace, face: Face) -> int:
    """Prove on each engine, print table and misses; the exit status is 1 on any miss."""
    from runner.course.course import open_course
    from runner.prove import report

    agree_to_labs(face)
    folder = course_folder(options)
    if folder is not None:
        agree_to_course(face, folder)
    course = open_course(folder)
    played = _prove(course, options, face)
    for line in report.table(played, translate):
        face.say(line)
    for line in report.misses(played, translate):
        face.say(safe(line))
    return int(Exit.FAILED if any(one.misses for one in played) else Exit.OK)


def _prove(course: Course, options: Namespace, face: Face) -> list[Played]:
    from runner.prove.prove import Plan, Proof
    from runner.prove.results import Results

    lessons = [course.find(name) for name in options.lessons] or list(course.lessons)
    path = options.results or data_folder() / "proofs" / f"{course.id}.json"
    results = Results.read(path) if options.resume else Results.begin(path)
    said = _Said(face)
    played: list[Played] = []
    for docker in _engines(options):
        _images(docker, face)
        plan = Plan(
            course,
            _chosen(course, lessons, docker, options),
            docker,
            options.repeat,
            options.jobs,
            options.resume,
        )
        proof = Proof(
            plan, results, progress=said.progress, on_played=said.played, translate=translate
        )
        played += proof.run()
    face.note(msg("The results are kept in {path}.", path=str(path)))
    return played


def _chosen(course: Course, lessons: list[str], docker: str, options: Namespace) -> list[str]:
    """Leave out what is proved already, but for the share of it that is proved again."""
    if options.proved is None:
        return lessons
    from runner.prove import matrix
    from runner.prove.share import share

    shown = matrix.read(options.proved)
    stale = matrix.stale(course, shown, docker)
    known = [lesson for lesson in lessons if lesson not in stale]
    again = share(known, shown, docker, *options.share) if options.share else []
    return [lesson for lesson in lessons if lesson in stale or lesson in again]


def _share(text: str) -> tuple[int, int]:
    """Read `2/3`; ValueError, which the parser tells, for anything else."""
    first, _, each = text.partition("/")
    share = int(first), int(each)
    if not 1 <= share[0] <= share[1]:
        raise ValueError(text)
    return share


def _engines(options: Namespace) -> list[str]:
    wanted = options.docker or ["26.1"]
    return [engine for engine in ENGINES if engine in wanted or "all" in wanted]


def _images(docker: str, face: Face) -> None:
    """Make the images before any lab wants them, where somebody can still be asked."""
    from runner.lab import images, recipe

    def consent(question: Message) -> bool:
        return agree(face, question)

    images.build_images([recipe.engine(docker)], face.tell, consent=consent)


class _Said:
    """Tells how far a proof is; called from several threads."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._lock = threading.Lock()

    def progress(self, message: Message) -> None:
        """Say nothing: a lab is made for every trial."""

    def played(self, one: Played) -> None:
        """Say what came of a trial."""
        outcome = msg("misses: {count}", count=len(one.misses)) if one.misses else msg("good")
        if one.unsupported:
            outcome = msg("unsupported")
        words = msg(
            "Docker {docker} {trial}: {outcome} ({seconds} s)",
            docker=one.docker,
            trial=one.trial.key,
            outcome=tell(outcome),
            seconds=f"{one.seconds:.0f}",
        )
        with self._lock:
            self._face.tell(words)
