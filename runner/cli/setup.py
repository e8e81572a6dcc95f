"""`setup`: everything that a lab needs: an engine where there is none, and the images."""

from __future__ import annotations

from argparse import Namespace

from checks.message import Message, msg
from runner.cli.consent import agree
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.lab import images, install, recipe
from runner.words import tell, translate


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.engine()
    parser.add_argument(
        "--no-images", action="store_true", help=translate("see to the engine alone")
    )


def run(options: Namespace, face: Face) -> int:
    """Set up; may be run again at any time."""

    def consent(question: Message) -> bool:
        return agree(face, question)

    state = install.setup(consent, face.tell)
    if not options.no_images:
        tag = options.docker or recipe.DEFAULT.tag
        images.ensure(tag, recipe.course_images(), face.tell, consent=consent)
    words = msg(
        "Everything is ready (Docker {version}). Begin: learn-docker-net start",
        version=state.version,
    )
    face.say(tell(words))
    return 0
