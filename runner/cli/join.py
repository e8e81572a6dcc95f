"""`join FILE`: become a member of a class; shows the public key that the instructor registers."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from checks.message import msg
from runner.cli.consent import agree
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import safe
from runner.cli.work import course_folder
from runner.course.course import open_course
from runner.errors import LearnError, UsageError
from runner.grade.enrolment import read_enrolment
from runner.grade.handing_in import not_joined
from runner.grade.signing import PublicKey, make_private, public_of
from runner.record import membership
from runner.record.membership import Membership
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help=translate("what your instructor gave you; without it, your class is shown"),
    )
    parser.add_argument(
        "--leave", action="store_true", help=translate("leave the class; what you did is kept")
    )


def run(options: Namespace, face: Face) -> int:
    """Join, leave, or show the class."""
    course = open_course(course_folder(options))
    folder = course_folder(options)
    if options.leave:
        member = membership.leave(course.id, folder)
        if member is None:
            raise not_joined()
        face.say(safe(tell(msg("You have left {title}.", title=member.title))))
        return 0
    present = membership.read_membership(course.id, folder)
    if options.file is None:
        if present is None:
            raise not_joined()
        _show(present, folder, face)
        return 0
    wanted = read_enrolment(options.file)
    if wanted.course != course.id:
        raise UsageError(
            msg(
                "This class takes the course {course}, not {this}.",
                course=wanted.course,
                this=course.id,
            ),
            remedy=msg("Name the folder of that course with --course."),
        )
    if present is not None and (present.class_id, present.learner) != _who(wanted):
        _agree_to_change(present, wanted, face)
    _join(wanted, folder)
    _show(wanted, folder, face)
    return 0


def _who(member: Membership) -> tuple[str, str]:
    return member.class_id, member.learner


def _join(member: Membership, folder: Path | None) -> None:
    """Keep key and membership; a key that is there already stays the learner's."""
    if membership.read_key(member, folder) is None:
        membership.save_key(member, make_private(), folder)
    membership.save_membership(member, folder)


def _show(member: Membership, folder: Path | None, face: Face) -> None:
    private = membership.read_key(member, folder)
    if private is None:
        raise LearnError(
            msg("Your key is missing: {path}", path=str(membership.key_file(member, folder))),
            remedy=msg("Join again, then send your instructor the new public key."),
        )
    who = msg(
        "You are {name} ({learner}) in {title}.",
        name=member.name,
        learner=member.learner,
        title=member.title,
    )
    face.paragraph(safe(tell(who)))
    for lesson, when in sorted(member.due.items()):
        words = msg("{lesson} is due {when}", lesson=lesson, when=when.replace("T", " "))
        face.say(safe(tell(words)))
    if member.hand_in:
        face.paragraph(safe(tell(msg("Hand in: {where}", where=member.hand_in))))
    face.say()
    face.paragraph(tell(msg("Send this line to your instructor, once:")))
    face.say(str(PublicKey(member.class_id, member.learner, public_of(private))))
    face.say()
    face.note(
        msg(
            "Your lessons have values of your own now, and a record of their own. A lab from before"
            " has the old ones: begin its lesson in a clean lab with `learn-docker-net reset`."
        )
    )


def _agree_to_change(present: Membership, wanted: Membership, face: Face) -> None:
    face.note(
        msg(
            "You are {learner} in {title} already. What you did there is kept, and comes back when"
            " you join it again.",
            learner=present.learner,
            title=present.title,
        )
    )
    if not agree(face, msg("Go over to {title}?", title=safe(wanted.title))):
        raise LearnError(msg("You stay in {title}.", title=present.title))
