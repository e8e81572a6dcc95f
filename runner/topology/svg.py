"""The map as a picture: one SVG that needs nothing from elsewhere, light and dark.

Widths are reckoned in columns of a monospaced font; whatever comes from a lab is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from checks.message import Translate
from runner.topology.canvas import Role, Run, cut, measure, safe
from runner.topology.rows import host_runs, join_row, name_runs, nothing, plug_text
from runner.topology.scene import HostView, Item, Join, Mark, Scene, Section
from runner.topology.sentences import sentences
from runner.topology.wording import fact_run, heading, role_of

_COLUMN, _LINE = 7.3, 18
"""Width of a column and height of a line, in px, of the font below."""
_WIDTH, _MARGIN, _GAP = 960, 16, 14
_CARD_LEAST, _CARD_MOST = 26, 46
"""Columns of a card's text."""
_DROP = 40
"""From a bar down to its cards."""
_STYLE = """
svg{--paper:#fbfaf7;--ink:#1f2328;--soft:#656d76;--line:#8c959f;--panel:#f0eee8;--card:#ffffff;
--bar:#0b6bcb;--cable:#7a4fb5;--address:#116329;--warm:#b35900;--bad:#b3261e;
background:var(--paper);font:12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){svg{--paper:#14171c;--ink:#e6e9ee;--soft:#9aa4b0;--line:#6b7683;
--panel:#1d2229;--card:#262c35;--bar:#6cb2ff;--cable:#c5a3f5;--address:#7ddf9a;--warm:#ffb454;
--bad:#ff8a80}}
text{fill:var(--ink);white-space:pre}
.paper{fill:var(--paper)}.panel{fill:var(--panel);stroke:var(--line)}
.card{fill:var(--card);stroke:var(--line)}
.card.changed,.bar.changed{stroke:var(--warm);stroke-width:2.5}
.card.faint{fill:none;stroke-dasharray:4 4}.card.stopped{stroke-dasharray:none;opacity:.75}
.bar{stroke:var(--bar);stroke-width:5;stroke-linecap:round}
.bar.faint{stroke:var(--line);stroke-dasharray:2 8;stroke-width:3}
.wire{stroke:var(--cable);stroke-width:2;fill:none}.dot{fill:var(--cable)}
.tunnel{stroke:var(--cable);stroke-width:4;stroke-dasharray:10 4;fill:none}
tspan.host{font-weight:700;font-size:14px}tspan.bridge{fill:var(--bar);font-weight:700}
tspan.container{font-weight:700}tspan.stopped,tspan.frame,tspan.note{fill:var(--soft)}
tspan.address{fill:var(--address)}tspan.cable,tspan.link{fill:var(--cable)}
tspan.port{fill:var(--bar)}tspan.changed{fill:var(--warm);font-weight:700}
tspan.faint{fill:var(--soft);font-style:italic}tspan.trouble{fill:var(--bad);font-weight:700}
"""


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
        lines = [
            measure("".join(run.text for run in line))
            for host in scene.hosts
            for item in host.items
            for line in self._lines(item)
        ]
        self._columns = min(_CARD_MOST, max(_CARD_LEAST, *lines, 0))
        self._wide = self._columns * _COLUMN + 20
        inner = _WIDTH - 4 * _MARGIN
        self._across = max(1, int((inner + _GAP) // (self._wide + _GAP)))

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
        runs = [*_mark(section.mark), *heading(section, self._speak)]
        if not section.items:
            runs += [Run(" · ", Role.FRAME), Run(nothing(self._speak), Role.NOTE)]
        y += _LINE
        self._text(x, y, runs)
        y += 10
        self._line(_classes("bar", section.mark), x + 3, y, _WIDTH - x - 3, y)
        items = section.items
        groups = [items[i : i + self._across] for i in range(0, len(items), self._across)]
        rail = y
        for number, group in enumerate(groups):
            if number:  # the bar goes on, down the left side
                bar = y + _GAP
                if any(item.inside is not None for item in group):
                    left = x - 8
                    points = f"{x + 3},{rail} {left},{rail} {left},{bar} {_WIDTH - x - 3},{bar}"
                    kind = _classes("bar", section.mark)
                    self._shapes.append(f'<polyline class="{kind}" fill="none" points="{points}"/>')
                y, rail = bar, bar
            y = self._group(group, x, y)
        return y

    def _group(self, group: Sequence[Item], x: float, y: float) -> float:
        """Draw the cards side by side, below the bar at `y`."""
        tall = max(len(self._lines(item)) for item in group)
        for number, item in enumerate(group):
            left = x + number * (self._wide + _GAP)
            self._card(item, left, y, tall * _LINE + 12)
        return y + _DROP + tall * _LINE + 12

    def _card(self, item: Item, x: float, y: float, high: float) -> None:
        top = y + _DROP
        if item.inside is not None and item.mark not in (Mark.WANTED, Mark.GONE):
            self._wire(item, x + 22, y, top)
        kind = _classes("card", item.mark)
        if item.is_container and item.status not in ("running", "restarting"):
            kind += " stopped"
        self._shapes.append(_rect(kind, x, top, self._wide, high))
        for number, line in enumerate(self._lines(item), 1):
            self._text(x + 10, top + number * _LINE, line)

    def _wire(self, item: Item, x: float, y: float, top: float) -> None:
        self._line("wire", x, y, x, top)
        self._shapes.append(f'<circle class="dot" cx="{x:g}" cy="{top:g}" r="4"/>')
        if item.outside is not None:
            text = cut(plug_text(item.outside), self._columns - 3)
            self._text(x + 10, y + _DROP / 2 + 8, [Run(text, Role.CABLE)])

    def _lines(self, item: Item) -> list[Sequence[Run]]:
        """Give what stands on a card."""
        address = role_of(item.mark, Role.ADDRESS)
        lines: list[Sequence[Run]] = [[*_mark(item.mark), *name_runs(item, self._speak)]]
        if item.inside is not None:
            lines.append([Run(plug_text(item.inside), role_of(item.mark, Role.CABLE))])
        lines += [[Run(safe(text), address)] for text in item.addresses]
        return [*lines, *([fact_run(fact, self._speak)] for fact in item.facts)]

    def _text(self, x: float, y: float, runs: Sequence[Run]) -> None:
        spans = "".join(
            f'<tspan class="{run.role.value}">{escape(_clean(run.text))}</tspan>' for run in runs
        )
        self._shapes.append(f'<text x="{x:g}" y="{y:g}">{spans}</text>')

    def _line(self, kind: str, x: float, y: float, to_x: float, to_y: float) -> None:
        ends = f'x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}"'
        self._shapes.append(f'<line class="{kind}" {ends}/>')


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
