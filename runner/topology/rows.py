"""The map in rows: one for each place on a network, for small panes and long lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.message import Message, Translate, msg
from runner.topology.canvas import Role, Row, Run, fill, fit, length, measure, safe
from runner.topology.scene import Fact, HostView, Item, Join, Mark, Plug, Scene, Section
from runner.topology.wording import fact_run, filled, heading, joined, role_of, sign, state

_NAME, _ADDRESS = 28, 20
"""Columns at most of a name with its state, and of addresses."""
_GAP = 2
SHORT, SHORTEST, NO_CABLE = 1, 3, 4
"""How much is left out of cables; see `cable_text`."""


def rows(
    scene: Scene, width: int, speak: Translate, *, dense: bool = False, cable: int = 0
) -> list[Row]:
    """Draw a scene in rows of at most `width` columns.

    `dense` puts what there is to tell about a container on its own row where there is room;
    `cable` from 0 to `NO_CABLE` leaves out more and more of the cables, which makes room.
    """
    work = _Drawing(scene, width, speak, dense, cable)
    return [fit(row, width) for row in work.draw()]


class _Drawing:
    """The work on one scene."""

    def __init__(self, scene: Scene, width: int, speak: Translate, dense: bool, cable: int) -> None:
        self._scene = scene
        self._width = width
        self._speak = speak
        self._dense = dense
        items = [item for host in scene.hosts for item in host.items]
        self._name = min(_NAME, max((measure(name_run(item).text) for item in items), default=0))
        self._address = min(_ADDRESS, max((length(self._where(one)) for one in items), default=0))
        self._cable = max(cable, self._fitting(items))

    def draw(self) -> Iterator[Row]:
        """Give all rows."""
        for number, host in enumerate(self._scene.hosts):
            if number:
                yield ()
            yield from self._host(host)
            for join in self._scene.joins:
                if join.hosts[0] == host.name:
                    yield ()
                    yield join_row(join, self._speak)

    def _host(self, host: HostView) -> Iterator[Row]:
        yield (_gutter(host.mark), *host_runs(host, self._speak))
        if host.trouble is not None:
            yield (Run("  ! "), Run(host.trouble.render(self._speak), Role.TROUBLE))
        yield from self._told(host.facts, "   ")
        for section in host.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Row]:
        bar = Run("━━ ", role_of(section.mark, Role.BRIDGE))
        first, *more = filled(heading(section, self._speak), self._width - 4)
        yield (_gutter(section.mark), bar, *first)
        for line in more:
            yield (Run("    "), *line)
        for number, item in enumerate(section.items):
            yield from self._item(item, last=number == len(section.items) - 1)

    def _item(self, item: Item, *, last: bool) -> Iterator[Row]:
        branch = ("┄" if item.mark is Mark.WANTED else "─", "└" if last else "├")
        row = [
            _gutter(item.mark),
            Run(f" {branch[1]}{branch[0]}", Role.FRAME),
            *fill([name_run(item)], self._name),
            Run(" " * _GAP),
            *fill(self._where(item), self._address),
        ]
        cable = cable_text(item, self._cable)
        if cable:
            row += [Run(" " * _GAP), Run(cable, role_of(item.mark, Role.CABLE))]
        details = [fact_run(fact, self._speak) for fact in item.facts]
        if self._dense and details:
            told = joined(details)
            if length(row) + _GAP + length(told) <= self._width:
                row += [Run(" " * _GAP), *told]
                details = []
        yield tuple(row)
        yield from self._lines(details, "     " if last else " │   ", 2)

    def _told(self, facts: Sequence[Fact], indent: str) -> Iterator[Row]:
        yield from self._lines([fact_run(fact, self._speak) for fact in facts], indent, 0)

    def _lines(self, runs: Sequence[Run], indent: str, more: int) -> Iterator[Row]:
        room = self._width - 1 - len(indent) - more
        for line in filled(runs, room):
            yield (Run(f" {indent}{' ' * more}", Role.FRAME), *line)

    def _where(self, item: Item) -> list[Run]:
        """Give an item's addresses, and its state where it does not simply run."""
        runs = [Run(", ".join(item.addresses), role_of(item.mark, Role.ADDRESS))]
        said = state(item, self._speak)
        gap = Run(" " if said and item.addresses else "")
        return [*runs, gap, Run(said, role_of(item.mark, Role.STOPPED))]

    def _fitting(self, items: Sequence[Item]) -> int:
        """Choose how much to tell of cables: as much as all rows have room for."""
        room = self._width - 4 - self._name - self._address - 2 * _GAP
        for level in range(NO_CABLE):
            if max((measure(cable_text(item, level)) for item in items), default=0) <= room:
                return level
        return NO_CABLE


def host_runs(host: HostView, speak: Translate) -> list[Run]:
    """Name a lab host, its address and its engine."""
    runs = [Run(safe(host.name), role_of(host.mark, Role.HOST))]
    if host.address:
        runs += [Run("  "), Run(host.address, Role.ADDRESS)]
    if host.engine:
        said = Message("Docker {version}", {"version": host.engine.partition("+")[0]})
        runs += [Run("  "), Run(said.render(speak), Role.NOTE)]
    return runs


def join_row(join: Join, speak: Translate) -> Row:
    """Draw a tunnel between two lab hosts."""
    what = f"{join.id} · {safe(join.network)}" if join.network else join.id
    said = msg("tunnel {what}: {one} ⇄ {other}", what=what, one=join.hosts[0], other=join.hosts[1])
    mark = join.mark
    return (_gutter(mark), Run("║ ", Role.LINK), Run(said.render(speak), role_of(mark, Role.LINK)))


def name_run(item: Item) -> Run:
    """Give an item's sign and name."""
    role = Role.CONTAINER if item.status in ("running", "restarting") else Role.STOPPED
    role = Role.CABLE if not item.is_container else role
    return Run(f"{sign(item)} {safe(item.name)}", role_of(item.mark, role))


def cable_text(item: Item, level: int) -> str:
    """Draw a cable, with less and less from level 0 on: both interfaces with their indexes and
    labels; in short; without labels; without the host's interface; not at all."""
    inside, outside = item.inside, item.outside
    if level >= NO_CABLE:
        return ""
    if inside is None:
        return f"({outside.index})" if outside is not None and level < SHORTEST else ""
    if outside is None:
        return f"{safe(inside.name)} ({inside.index})" if level < SHORTEST else safe(inside.name)
    if level == 0:
        return f"{safe(inside.name)} ({inside.index}) ── {plug_text(outside)}"
    short = f"{safe(inside.name)} {inside.index}─{outside.index}"
    if level == SHORTEST:
        return short
    label = _label(outside) if level == 1 else ""
    return f"{short} {safe(outside.name)}{label}"


def _label(plug: Plug) -> str:
    return f" “{safe(plug.label)}”" if plug.label else ""


def plug_text(plug: Plug) -> str:
    """Name an interface with its index, and what a person wrote on it."""
    return f"{safe(plug.name)} ({plug.index}){_label(plug)}"


def _gutter(mark: Mark) -> Run:
    """Give the first column: the mark of what is new, changed or gone."""
    return Run(" " if mark is Mark.WANTED else mark.value, Role.CHANGED)
