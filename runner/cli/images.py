"""`images build|list|save|load|remove`: what labs are made of."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from checks.message import Message, msg
from runner.cli.consent import agree
from runner.cli.face import Face
from runner.cli.parser import ENGINES, Parser
from runner.cli.text import pad, width
from runner.errors import Exit, LearnError
from runner.lab import bundle, images, sweep
from runner.lab.names import owner
from runner.lab.outer import Docker
from runner.lab.recipe import Engine
from runner.words import mark, tell, translate

_HEADS = (mark("image"), mark("size"), mark("made"), mark("in use"))


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    verbs = parser.verbs()
    build = verbs.verb("build", translate("make the images that are missing"))
    _engines(build)
    verbs.verb("list", translate("list the images that are there"))
    save = verbs.verb("save", translate("write all images to one file, for machines without a net"))
    save.add_argument("file", type=Path, metavar="FILE")
    _engines(save)
    load = verbs.verb("load", translate("bring in the images of such a file"))
    load.add_argument("file", type=Path, metavar="FILE")
    remove = verbs.verb("remove", translate("remove our images from the engine"))
    remove.add_argument(
        "--old", action="store_true", help=translate("only those that are not used any more")
    )


def run(options: Namespace, face: Face) -> int:
    """Do what the second word says; 1 where an image that was to be removed stays."""
    verbs: dict[str, Callable[[Namespace, Face], int | None]] = {
        "build": _build,
        "list": _list,
        "save": _save,
        "load": _load,
        "remove": _remove,
    }
    return verbs[options.verb](options, face) or 0


def _engines(parser: Parser) -> None:
    parser.add_argument(
        "--docker",
        action="append",
        choices=(*ENGINES, "all"),
        help=translate("the lab's engine, may be repeated; 26.1 where you do not choose"),
    )


def _chosen(options: Namespace) -> Sequence[Engine]:
    wanted = options.docker or ["26.1"]
    return [engine for engine in Engine if engine.tag in wanted or "all" in wanted]


def _build(options: Namespace, face: Face) -> None:
    def consent(question: Message) -> bool:
        return agree(face, question)

    for tag in images.build_images(_chosen(options), face.tell, consent=consent):
        face.say(tag)


def _list(_: Namespace, face: Face) -> None:
    found = images.list_images()
    if not found:
        face.say(tell(msg("There are no images yet. Make them: learn-docker-net images build")))
        return
    rows = [tuple(translate(head) for head in _HEADS)]
    for image in found:
        used = translate("yes") if image.current else translate("no, older")
        rows.append((image.tag, f"{image.size / 1e6:.0f} MB", image.created[:10], used))
    widths = [max(width(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [pad(cell, columns) for cell, columns in zip(row, widths, strict=True)]
        face.say("  ".join(cells).rstrip())


def _save(options: Namespace, face: Face) -> None:
    def consent(question: Message) -> bool:
        return agree(face, question)

    bundle.save(options.file, _chosen(options), face.tell, consent=consent)
    size = f"{options.file.stat().st_size / 1e6:.0f} MB"
    face.say(tell(msg("{path} holds everything ({size}).", path=str(options.file), size=size)))


def _load(options: Namespace, face: Face) -> None:
    for tag in bundle.load(options.file, face.tell):
        face.say(tag)


def _remove(options: Namespace, face: Face) -> int:
    if sweep.others(Docker(), owner()):
        raise LearnError(
            msg("The images stay: somebody else has labs in this engine."),
            remedy=msg("Remove them when those labs have ended."),
        )
    chosen = images.to_remove(old_only=options.old)
    if not chosen:
        face.say(tell(msg("There is nothing of ours in this engine.")))
        return 0
    for tag in chosen:
        face.say(tag)
    if not agree(face, msg("Remove all of these?")):
        raise LearnError(msg("Nothing was removed."))
    gone = images.remove_images(face.tell, old_only=options.old)
    return int(Exit.FAILED if gone.stay else Exit.OK)
