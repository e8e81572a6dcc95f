"""Draws a map at a given size: in cards where they fit, else in rows."""

from __future__ import annotations

from checks.message import Translate, msg
from runner.topology.arrange import arrange
from runner.topology.canvas import Canvas, Role, Row, Run, fit
from runner.topology.cards import cards
from runner.topology.diff import Changes, marked
from runner.topology.faint import with_wanted
from runner.topology.model import Topology
from runner.topology.rows import SHORT, SHORTEST, rows
from runner.topology.scene import Scene
from runner.topology.wanted import Wanted

CARDS_FROM = 64
"""Columns from which cards are worth their room."""


def compose(
    topology: Topology, changes: Changes | None = None, wanted: Wanted | None = None
) -> Scene:
    """Give all that is to be shown: what is there, what changed, what is wanted."""
    scene = marked(arrange(topology), changes or Changes())
    return scene if wanted is None else with_wanted(scene, wanted)


def draw(
    topology: Topology,
    width: int,
    height: int,
    changes: Changes | None = None,
    wanted: Wanted | None = None,
    speak: Translate = str,
) -> Canvas:
    """Draw a snapshot in `width` columns; pure, and never wider.

    It may be taller than `height` where there is more to show: the caller scrolls. `speak`
    translates, as `runner.words.translate` does; names and addresses stay as they are.
    """
    return draw_scene(compose(topology, changes, wanted), width, height, speak)


def draw_scene(scene: Scene, width: int, height: int, speak: Translate = str) -> Canvas:
    """Draw a scene, in the roomiest way that fits."""
    found: list[Row] = []
    for attempt in _ways(scene, max(1, width), speak):
        found = [*attempt, *_welcome(scene, width, speak)]
        if len(found) <= height:
            break
    return Canvas(tuple(found), width)


def _ways(scene: Scene, width: int, speak: Translate) -> list[list[Row]]:
    roomy = [cards(scene, width, speak)] if width >= CARDS_FROM else []
    return [
        *roomy,
        rows(scene, width, speak),
        rows(scene, width, speak, dense=True, cable=SHORT),
        rows(scene, width, speak, dense=True, cable=SHORTEST),
    ]


def _welcome(scene: Scene, width: int, speak: Translate) -> list[Row]:
    """Say what an empty map is waiting for."""
    if not scene.empty or any(host.trouble is not None for host in scene.hosts):
        return []
    words = msg("No containers yet. What you start will appear here.").render(speak)
    return [(), fit([Run(f" {words}", Role.NOTE)], width)]
