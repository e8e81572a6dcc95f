"""What has to be said before anything runs, asked once and remembered."""

from __future__ import annotations

import os
from pathlib import Path

from checks.message import Message, msg
from runner.cli.face import Face
from runner.errors import LearnError, UsageError
from runner.record.files import settings_file
from runner.record.settings import Settings
from runner.words import tell

PRIVILEGED = "consent.privileged"
"""Setting: the learner knows that a lab is root on this machine."""

_LAB = msg(
    "A lab host is a privileged container: whoever types in it, you or a lesson's commands, is"
    " root on this machine and could change anything here. The course's own lessons touch nothing"
    " outside their lab; what you type yourself is up to you."
)
_STRANGER = (
    "The course in {folder} is not part of this program. A course is a program: its commands run"
    " as root in a privileged container on this machine, which gives its authors every right here"
    " that root has. Take it only where you would run their programs as root."
)


def agree_to_labs(face: Face) -> None:
    """Say once that a lab is privileged, and ask; LearnError where the answer is no."""
    settings = Settings(settings_file(), notice=face.note)
    try:
        if settings.get(PRIVILEGED) is None:
            _ask(face, _LAB, msg("Run labs on this machine?"))
            settings.put(PRIVILEGED, "yes")
    finally:
        settings.close()


def agree_to_course(face: Face, folder: Path) -> None:
    """Say what somebody else's course may do, and ask; again whenever the course has changed."""
    settings = Settings(settings_file(), notice=face.note)
    name, digest = f"consent.course.{folder.resolve()}", _digest(folder)
    try:
        if settings.get(name) != digest:
            _ask(face, msg(_STRANGER, folder=str(folder)), msg("Take this course?"))
            settings.put(name, digest)
    finally:
        settings.close()


def agree(face: Face, message: Message) -> bool:
    """Put a question of the lab's makers, such as what may be installed."""
    if given(face):
        return True
    if not face.can_ask:
        raise _nobody()
    return face.confirm(tell(message))


def given(face: Face) -> bool:
    """Tell whether every question is answered beforehand."""
    return face.yes or os.environ.get("CI") == "true"


def _ask(face: Face, words: Message, question: Message) -> None:
    face.note(words)
    if given(face):
        return
    if not face.can_ask:
        raise _nobody()
    if not face.confirm(tell(question)):
        raise LearnError(
            msg("Nothing was started."), remedy=msg("Run the command again to be asked again.")
        )


def _nobody() -> UsageError:
    return UsageError(
        msg("This has to be agreed to, and there is no terminal to ask on."),
        remedy=msg("Run it in a terminal, or add --yes to agree beforehand."),
    )


def _digest(folder: Path) -> str:
    """Give a digest of all files of a course that are read from it."""
    import hashlib  # for somebody else's course alone

    from runner.course.regular import read_regular

    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        found.update(f"{file.relative_to(folder)}\0".encode())
        try:
            content = read_regular(file)  # of a larger one nothing is taken
        except OSError:
            content = b""  # nor of what cannot be read, or is no file
        found.update(hashlib.sha256(content).digest())
    return found.hexdigest()
