"""The map as a picture: one SVG that needs nothing from elsewhere, light and dark.

Widths are reckoned in columns of a monospaced font; whatever comes from a lab is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from checks.message import Translate
from runner.topology.canvas import Role, Run, cut, length, safe
from runner.topology.rows import host_runs, join_row, name_run, plug_text
from runner.topology.scene import HostView, Item, Join, Mark, Scene, Section
from runner.topology.sentences import sentences
from runner.topology.wording import fact_run, filled, heading, role_of, state

_COLUMN, _LINE = 7.3, 18
"""Width of a column and height of a line, in px, of the font below."""
_WIDTH, _MARGIN, _GAP = 960, 16, 14
_CARD_LEAST, _CARD_MOST = 22, 60
"""Columns of a card's text."""
_DROP = 40
"""From a bar down to its cards."""
_LIGHT = {
    "paper": "#fbfaf7",
    "ink": "#1f2328",
    "soft": "#656d76",
    "line": "#8c959f",
    "panel": "#f0eee8",
    "card": "#ffffff",
    "bar": "#0b5cad",
    "cable": "#6f42c1",
    "address": "#116329",
    "warm": "#a04d00",
    "bad": "#b3261e",
}
_DARK = {
    "paper": "#14171c",
    "ink": "#e6e9ee",
    "soft": "#9aa4b0",
    "line": "#6b7683",
    "panel": "#1d2229",
    "card": "#262c35",
    "bar": "#6cb2ff",
    "cable": "#c5a3f5",
    "address": "#7ddf9a",
    "warm": "#ffb454",
    "bad": "#ff8a80",
}
_COLORS = """
text{{fill:{ink}}}.paper{{fill:{paper}}}.panel{{fill:{panel};stroke:{line}}}
.card{{fill:{card};stroke:{line}}}.bar{{stroke:{bar}}}.bar.faint{{stroke:{line}}}
.card.changed,.bar.changed{{stroke:{warm}}}.card.faint,.card.stopped{{fill:{panel}}}
.wire,.tunnel{{stroke:{cable}}}.dot{{fill:{cable}}}
.bridge,.port{{fill:{bar}}}.address{{fill:{address}}}.cable,.link{{fill:{cable}}}
tspan.stopped,.frame,.note{{fill:{soft}}}.changed{{fill:{warm}}}.trouble{{fill:{bad}}}
tspan.faint{{fill:{soft}}}.bar.changed,.bar{{fill:none}}
.card.changed{{fill:{card}}}"""
_SHAPES = """
text{font:12px "DejaVu Sans Mono",ui-monospace,Menlo,Consolas,monospace}
.card.changed{stroke-width:2.5}.card.faint{stroke-dasharray:4 4}
.bar{stroke-width:5;stroke-linecap:round}
.bar.changed{stroke-width:7}.bar.faint{stroke-dasharray:2 8;stroke-width:3}
.wire{stroke-width:2}.tunnel{stroke-width:4;stroke-dasharray:10 4}
.host{font-weight:700;font-size:14px}.bridge,.container,.changed,.trouble{font-weight:700}
.faint{font-style:italic}"""
# Colours are written out twice: not every program that shows pictures knows CSS variables.
_STYLE = (
    f"{_SHAPES}{_COLORS.format(**_LIGHT)}\n"
    f"@media (prefers-color-scheme:dark){{{_COLORS.format(**_DARK)}}}\n"
)


def svg(scene: Scene, *, title: str = "", speak: Translate = str) -> str:
    """Draw a scene; the sentences of the text form are in it too, for screen readers."""
    work = _Drawing(scene, speak)
    body, high = work.draw()
    told = escape(_clean("\n".join(sentences(scene, speak))))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {high}" '
        f'width="{_WIDTH}" height="{high}" role="img" aria-labelledby="title told">\n'
        f'<title id="title">{escape(_clean(title))}</title>\n<desc id="told">{told}</desc>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="paper" width="{_WIDTH}" height="{high}"/>\n{body}</svg>\n'
    )


class _Drawing:
    """The work on one scene: shapes are collected from top to bottom."""

    def __init__(self, scene: Scene, speak: Translate) -> None:
        self._scene = scene
        self._speak = speak
        self._shapes: list[str] = []

    def draw(self) -> tuple[str, int]:
        """Give the shapes and the height."""
        y = float(_MARGIN)
        for number, host in enumerate(self._scene.hosts):
            if number:
                y = self._between(y, host)
            y = self._host(host, y)
        return "\n".join(self._shapes) + "\n", int(y + _MARGIN)

    def _between(self, y: float, host: HostView) -> float:
        """Draw the tunnels that end at a host, between it and the ones above."""
        for join in self._scene.joins:
            if join.hosts[1] == host.name:
                y = self._tunnel(join, y)
        return y + _GAP

    def _tunnel(self, join: Join, y: float) -> float:
        x = _MARGIN * 3
        self._line("tunnel", x, y, x, y + 2 * _LINE)
        self._text(x + 12, y + _LINE + 4, join_row(join, self._speak)[2:])
        return y + 2 * _LINE - _GAP

    def _host(self, host: HostView, y: float) -> float:
        place = len(self._shapes)
        self._shapes.append("")  # the panel, once its height is known
        top, x = y, 2.0 * _MARGIN
        y += _LINE + 6
        self._text(x, y, [*_mark(host.mark), *host_runs(host, self._speak)])
        if host.trouble is not None:
            y += _LINE
            self._text(x, y, [Run("! " + host.trouble.render(self._speak), Role.TROUBLE)])
        for fact in host.facts:
            y += _LINE
            self._text(x, y, [fact_run(fact, self._speak)])
        for section in host.sections:
            y = self._section(section, x, y + _LINE)
        y += _MARGIN
        self._shapes[place] = _rect("panel", _MARGIN, top, _WIDTH - 2 * _MARGIN, y - top)
        return y

    def _section(self, section: Section, x: float, y: float) -> float:
        columns = int((_WIDTH - 2 * x) / _COLUMN)
        first, *more = filled(heading(section, self._speak), columns - 2)
        for line in ([*_mark(section.mark), *first], *more):
            y += _LINE
            self._text(x, y, line)
        y += 10
        self._line(_classes("bar", section.mark), x + 3, y, _WIDTH - x - 3, y)
        return self._cards(section, x, y)

    def _cards(self, section: Section, x: float, y: float) -> float:
        """Draw all cards of a network below its bar at `y`; give where they end."""
        items, columns = section.items, self._columns(section.items)
        across = max(1, int((_WIDTH - 2 * x + _GAP) // (_wide(columns) + _GAP)))
        rail = y
        for first in range(0, len(items), across):
            group = items[first : first + across]
            wired = any(item.wired for item in group)
            if first and wired:  # the bar goes on, down the left side
                bar, left, right = y + _GAP, x - 8, _WIDTH - x - 3
                points = f"{x + 3:g},{rail:g} {left:g},{rail:g} {left:g},{bar:g} {right:g},{bar:g}"
                kind = _classes("bar", section.mark)
                self._shapes.append(f'<polyline class="{kind}" points="{points}"/>')
                y = rail = bar
            y = self._group(group, x, y, y + (_DROP if wired else _GAP), columns)
        return y

    def _group(self, group: Sequence[Item], x: float, y: float, top: float, columns: int) -> float:
        """Draw cards side by side at `top`, below the bar at `y`."""
        high = max(len(self._lines(item)) for item in group) * _LINE + 12
        for number, item in enumerate(group):
            left = x + number * (_wide(columns) + _GAP)
            self._card(item, left, top, _wide(columns), high)
            if item.wired:
                self._wire(item, left + 22, y, top, columns)
        return top + high

    def _card(self, item: Item, x: float, y: float, wide: float, high: float) -> None:
        kind = _classes("card", item.mark)
        if item.is_container and item.status not in ("running", "restarting"):
            kind += " stopped"
        self._shapes.append(_rect(kind, x, y, wide, high))
        for number, line in enumerate(self._lines(item), 1):
            self._text(x + 10, y + number * _LINE, line)

    def _wire(self, item: Item, x: float, y: float, top: float, columns: int) -> None:
        self._line("wire", x, y, x, top)
        self._shapes.append(f'<circle class="dot" cx="{x:g}" cy="{top:g}" r="4"/>')
        if item.outside is not None:
            text = cut(plug_text(item.outside), columns - 3)
            self._text(x + 10, y + _DROP / 2 + 6, [Run(text, Role.CABLE)])

    def _columns(self, items: Sequence[Item]) -> int:
        """Give the columns of text that the cards of a network have."""
        lines = [line for item in items for line in self._lines(item)]
        return min(_CARD_MOST, max(_CARD_LEAST, *map(length, lines), 0))

    def _lines(self, item: Item) -> list[Sequence[Run]]:
        """Give what stands on a card."""
        address = role_of(item.mark, Role.ADDRESS)
        said = Run(f" {state(item, self._speak)}", role_of(item.mark, Role.STOPPED))
        lines: list[Sequence[Run]] = [[*_mark(item.mark), name_run(item), said]]
        if item.inside is not None:
            lines.append([Run(plug_text(item.inside), role_of(item.mark, Role.CABLE))])
        lines += [[Run(safe(text), address)] for text in item.addresses]
        return [*lines, *([fact_run(fact, self._speak)] for fact in item.facts)]

    def _text(self, x: float, y: float, runs: Sequence[Run]) -> None:
        spans = "".join(
            f'<tspan class="{run.role.value}">{escape(_clean(run.text))}</tspan>' for run in runs
        )
        self._shapes.append(f'<text xml:space="preserve" x="{x:g}" y="{y:g}">{spans}</text>')

    def _line(self, kind: str, x: float, y: float, to_x: float, to_y: float) -> None:
        ends = f'x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}"'
        self._shapes.append(f'<line class="{kind}" {ends}/>')


def _wide(columns: int) -> float:
    """Give the width of a card with so many columns of text."""
    return columns * _COLUMN + 20


def _classes(kind: str, mark: Mark) -> str:
    role = role_of(mark, Role.PLAIN)
    return kind if role is Role.PLAIN else f"{kind} {role.value}"


def _mark(mark: Mark) -> list[Run]:
    known = mark in (Mark.NEW, Mark.CHANGED, Mark.GONE)
    return [Run(f"{mark.value} ", Role.CHANGED)] if known else []


def _rect(kind: str, x: float, y: float, wide: float, high: float) -> str:
    size = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
    return f'<rect class="{kind}" {size} rx="6"/>'


def _clean(text: str) -> str:
    """Leave out what XML has no way to write."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
