"""`map`: the lab's network as it is now, drawn, told in sentences, as a picture or as data."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.work import Work, work
from runner.cli.written import put
from runner.words import translate

if TYPE_CHECKING:
    from runner.topology.canvas import Canvas
    from runner.topology.scene import Scene

NARROWEST = 40
"""Columns below which a map is not drawn; the terminal may break its lines."""
STYLES = {
    "host": "bold",
    "bridge": "cyan",
    "container": "bold",
    "stopped": "dim",
    "link": "cyan",
    "port": "green",
    "frame": "dim",
    "changed": "yellow",
    "faint": "dim",
    "trouble": "red",
    "note": "dim",
}
"""A style of the face for the roles that have one."""


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--text", action="store_true", help=translate("in sentences"))
    how.add_argument("--svg", metavar="FILE", help=translate("as a picture; - for stdout"))
    how.add_argument("--json", action="store_true", help=translate("all that is known, as JSON"))


def run(options: Namespace, face: Face) -> int:
    """Look at the lab of the learner, and show it; 3 where no host of it can be looked at."""
    with work(options, face, None, asks=True) as at:
        from runner.topology.layout import compose
        from runner.topology.snapshot import take
        from runner.topology.wanted import wanted

        topology = take(at.session.lab)
        if options.json:
            json.dump(topology.to_json(), face.out, ensure_ascii=False, indent=2)
            face.say()
        else:
            _show(compose(topology, wanted=wanted(at.lesson, at.here)), options, face, at)
    return 3 if all(host.lost is not None for host in topology.hosts) else 0


def _show(scene: Scene, options: Namespace, face: Face, at: Work) -> None:
    from runner.topology.layout import draw_scene
    from runner.topology.sentences import sentences

    if options.svg:
        from runner.topology.svg import svg

        put(options.svg, svg(scene, title=at.lesson.title, speak=translate), face)
    elif options.text:
        for line in sentences(scene, translate):
            words = line.lstrip()
            indent = line[: len(line) - len(words)]
            face.paragraph(words, first=indent, then=f"{indent}  ")
    else:
        # What is printed may be as long as it likes: the roomiest form is right.
        _print(draw_scene(scene, _width(face), sys.maxsize, translate), face)


def _print(canvas: Canvas, face: Face) -> None:
    for row in canvas.rows:
        painted = "".join(
            face.paint(STYLES[run.role.value], run.text) if run.role.value in STYLES else run.text
            for run in row
        )
        face.say(painted.rstrip())


def _width(face: Face) -> int:
    """Give the terminal's columns: a map, other than prose, may use all of them."""
    try:
        wide = (
            int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(face.out.fileno()).columns
        )
    except (OSError, ValueError):
        wide = face.columns
    return max(NARROWEST, wide)
