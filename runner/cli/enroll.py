"""`enroll CLASS.yaml`: a file for each learner to join with; `--add` registers public keys."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from checks.message import msg
from runner.cli.consent import agree
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import pad, safe, width
from runner.course.course import open_course
from runner.errors import LearnError, UsageError
from runner.grade import keys
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.enrolment import enrolment_name, enrolment_text
from runner.grade.signing import PublicKey, read_keys
from runner.words import mark, tell, translate

MAX_MAIL = 16 << 20
"""Bytes read of a file with keys."""
_HEADS = (mark("learner"), mark("name"), mark("file"), mark("key"))


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="CLASS.yaml", help=translate("the class")
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help=translate("folder for the learners' files; `enrol` beside the class file"),
    )
    parser.add_argument(
        "--add",
        action="append",
        metavar="TEXT|FILE",
        help=translate("register the public keys in a text or a file; may be repeated"),
    )

    parser.add_argument(
        "--demo",
        type=Path,
        metavar="DIR",
        help=translate("make a class of twelve in a new folder, to try grading on"),
    )
    parser.add_argument(
        "--schema",
        action="store_true",
        help=translate("write the JSON Schema of class files to stdout, for your editor"),
    )


def run(options: Namespace, face: Face) -> int:
    """Write the files, or register keys."""
    if options.schema:
        from runner.grade.class_schema import class_schema_text

        face.out.write(class_schema_text())
        return 0
    if options.demo is not None:
        return _demo(options.demo, face)
    if options.file is None:
        raise UsageError(msg("Which class?"), remedy=msg("Name its file: enroll CLASS.yaml"))
    class_ = load_class(options.file)
    if options.add:
        return _add(class_, options.add, face)
    folder = options.out or options.file.parent / "enrol"
    _write(class_, folder, face)
    _show(class_, folder, face)
    return 0


def _demo(folder: Path, face: Face) -> int:
    from runner.grade.demo import make_demo

    path = make_demo(folder)
    face.say(str(path))
    face.note(
        msg(
            "Twelve learners of every kind, none of them real."
            " Grade them: learn-docker-net grade {path}",
            path=str(path),
        )
    )
    return 0


def _write(class_: Class, folder: Path, face: Face) -> None:
    course = open_course(class_.course_folder)
    secret = keys.ensure_secret(class_.path)
    registry = keys.read_registry(class_.path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for learner in class_.learners:
            text = enrolment_text(class_, learner, course, secret)
            (folder / enrolment_name(class_, learner)).write_text(text, encoding="utf-8")
            registry = keys.enrolled(registry, learner.id)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(folder), why=error.strerror or "?"),
            remedy=msg("Name another folder with --out."),
        ) from error
    keys.write_registry(class_.path, registry)
    face.tell(
        msg(
            "The class's secret is in {secret}: keep a copy, show it to nobody.",
            secret=str(keys.secret_file(class_.path)),
        )
    )


def _show(class_: Class, folder: Path, face: Face) -> None:
    registry = keys.read_registry(class_.path)
    rows = [[translate(head) for head in _HEADS]]
    for learner in class_.learners:
        known = translate("registered") if registry.key(learner.id) else "-"
        name = enrolment_name(class_, learner)
        rows.append([learner.id, safe(learner.name).replace("\n", " "), name, known])
    widths = [max(width(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        cells = [pad(cell, columns) for cell, columns in zip(row, widths, strict=True)]
        face.say("  ".join(cells).rstrip())
    face.note(
        msg(
            "Give each learner their file from {folder}. They run `learn-docker-net join FILE` and"
            " send you a line, which `enroll --add` registers.",
            folder=str(folder),
        )
    )


def _add(class_: Class, given_texts: list[str], face: Face) -> int:
    """Register what can be; all that is in the way of the rest is told in the end."""
    registry = keys.read_registry(class_.path)
    problems: list[LearnError] = []
    for found in _found(given_texts):
        try:
            if isinstance(found, LearnError):
                raise found
            registry = _register(class_, registry, found, face)
        except LearnError as problem:
            problems.append(problem)
            continue
        keys.write_registry(class_.path, registry)
        face.say(tell(msg("The key of {learner} is registered.", learner=found.learner)))
    for one in problems:
        face.error(one)
    return max((int(one.exit) for one in problems), default=0)


def _found(given_texts: list[str]) -> Iterator[PublicKey | LearnError]:
    for given_text in given_texts:
        try:
            yield from read_keys(_words(given_text))
        except LearnError as problem:
            yield problem


def _words(given_text: str) -> str:
    """Give the text itself, or what is in the file that it names."""
    if "ldn-key:" in given_text:
        return given_text
    try:
        with Path(given_text).open("rb") as file:
            data = file.read(MAX_MAIL)
    except (OSError, ValueError) as error:
        raise UsageError(
            msg("`{words}` is neither a public key nor a file.", words=given_text[:80]),
            remedy=msg("A key begins with `ldn-key:`; put it into quotes."),
        ) from error
    return data.decode("utf-8", "replace")


def _register(
    class_: Class, registry: keys.Registry, public: PublicKey, face: Face
) -> keys.Registry:
    if public.class_id != class_.id:
        raise UsageError(
            msg(
                "The key of {learner} is for the class {other}.",
                learner=public.learner,
                other=public.class_id,
            ),
            remedy=msg("Register it there."),
        )
    if class_.learner(public.learner) is None:
        raise UsageError(
            msg("{learner} is not in this class.", learner=public.learner),
            remedy=msg("Add them to the roster or to `learners` first."),
        )
    holder = registry.holder(public.key)
    if holder not in (None, public.learner):
        raise LearnError(
            msg("{learner} sent the key of {other}.", learner=public.learner, other=str(holder)),
            remedy=msg("One of them has copied. Each learner joins on their own account."),
        )
    before = registry.key(public.learner)
    if before not in (None, public.key):
        _agree_to_change(public, face)
    return keys.registered(registry, public.learner, public.key)


def _agree_to_change(public: PublicKey, face: Face) -> None:
    face.note(
        msg(
            "{learner} has another key already. Submissions signed with that one will be told.",
            learner=public.learner,
        )
    )
    if not agree(face, msg("Take the new key?")):
        raise LearnError(msg("Nothing was registered."))
