"""`submit [LESSONS]`: one signed file of what was done, for the instructor; `--look` shows it."""

from __future__ import annotations

import json
from argparse import Namespace
from functools import partial
from pathlib import Path

from checks.message import msg
from runner.cli.consent import agree
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import safe
from runner.cli.work import course_folder, open_papers, open_store, work
from runner.course.course import open_course
from runner.errors import LearnError, UsageError
from runner.grade import handing_in
from runner.grade.chosen import chosen_lessons
from runner.grade.handing_in import Sum
from runner.learn.papers import Papers
from runner.record import membership
from runner.record.store import Store
from runner.words import tell, translate

SHOWN = 12
"""Commands of a lesson shown by `--look`; `--json` has them all."""


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "lessons",
        nargs="?",
        metavar="LESSONS",
        help=translate("such as lesson-06..lesson-10,challenge-01; all that you have begun"),
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help=translate("the file to write"))
    parser.add_argument(
        "--look", action="store_true", help=translate("show what would be handed in; write nothing")
    )
    parser.add_argument(
        "--json", action="store_true", help=translate("with --look: everything, as JSON")
    )


def run(options: Namespace, face: Face) -> int:
    """Write the submission, or show it."""
    course = open_course(course_folder(options))
    papers = open_papers(course, options)
    if papers.member is None:
        raise handing_in.not_joined()
    store = open_store(course, options, face)
    try:
        _look_once_more(options, papers, store, face)
        lessons = _lessons(options, papers, store)
        if options.look:
            return _look(options, papers, store, lessons, face)
        _write(options, papers, store, lessons, face)
        return 0
    finally:
        store.close()


def _look_once_more(options: Namespace, papers: Papers, store: Store, face: Face) -> None:
    """Ask the lab that stands what holds now and what was typed, as well as it goes."""
    lab = store.lab()
    if lab is None or lab.lesson not in papers.course.lessons:
        return
    face.tell(msg("Asking your lab for {lesson} what holds now.", lesson=lab.lesson))
    try:
        with work(options, face, lab.lesson) as at:
            at.session.check(patient=False)
        from runner.cli.made import MadeLabs

        papers.keep_traces(store, MadeLabs(partial(agree, face)))
    except LearnError as error:
        face.note(error.message)
        face.note(msg("What was recorded before is handed in."))


def _lessons(options: Namespace, papers: Papers, store: Store) -> list[str]:
    begun = handing_in.begun(papers, store)
    if options.lessons is None:
        if not begun:
            raise UsageError(
                msg("You have not begun a lesson in this class."),
                remedy=msg("Begin with: learn-docker-net start"),
            )
        return begun
    chosen = chosen_lessons(papers.course, options.lessons)
    found = [lesson for lesson in chosen if lesson in begun]
    if not found:
        raise UsageError(
            msg("You have begun none of these lessons in this class."),
            remedy=msg("Begun are: {lessons}.", lessons=", ".join(begun) or "-"),
        )
    return found


def _write(
    options: Namespace, papers: Papers, store: Store, lessons: list[str], face: Face
) -> None:
    member = papers.member
    assert member is not None  # noqa: S101 - `run` has looked
    private = membership.read_key(member, course_folder(options))
    if private is None:
        raise LearnError(
            msg(
                "Your key is missing: {path}",
                path=str(membership.key_file(member, course_folder(options))),
            ),
            remedy=msg("Join again, then send your instructor the new public key."),
        )
    target = options.out or Path(handing_in.default_name(member))
    handing_in.write(papers, store, lessons, private, target)
    for _, record in handing_in.records(papers, store, lessons):
        _line(handing_in.sum_up(record), face)
    size = f"{target.stat().st_size / 1024:.0f} KiB"
    face.paragraph(tell(msg("{path} holds it all ({size}), signed.", path=str(target), size=size)))
    if member.hand_in:
        face.paragraph(safe(tell(msg("Hand in: {where}", where=member.hand_in))))


def _look(options: Namespace, papers: Papers, store: Store, lessons: list[str], face: Face) -> int:
    found = handing_in.records(papers, store, lessons)
    if options.json:
        # ASCII, for what a lab says may hold halves of characters.
        face.say(json.dumps(dict(found), indent=1))
        return 0
    for _, record in found:
        summed = handing_in.sum_up(record)
        _line(summed, face)
        for command in summed.commands[-SHOWN:]:
            face.say("  " + safe(command).replace("\n", "↵"))
        if len(summed.commands) > SHOWN:
            more = len(summed.commands) - SHOWN
            face.say(tell(msg("  … and {count} commands before these", count=more)))
        for file in summed.files:
            face.say("  " + safe(file).replace("\n", "↵"))
    face.note(msg("Nothing was written. `--look --json` shows every word of it."))
    return 0


def _line(one: Sum, face: Face) -> None:
    words = msg(
        "{passed} of {checks} checks seen to hold, {seen} observations, {answers} answers,"
        " {hints} hints, {solutions} solutions, {commands} commands, {files} files",
        passed=one.passed,
        checks=one.checks,
        seen=one.observations,
        answers=one.answers,
        hints=one.hints,
        solutions=one.solutions,
        commands=len(one.commands),
        files=len(one.files),
    )
    face.paragraph(f"{face.paint('bold', one.lesson)}  {tell(words)}")
