"""The map in rows: one for each place on a network, for small panes and long lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.message import Message, Translate, msg
from runner.topology.canvas import Role, Row, Run, fill, fit, length, measure, safe
from runner.topology.scene import Fact, HostView, Item, Join, Mark, Plug, Scene, Section
from runner.topology.wording import fact_run, heading, role_of, sign, state

_NAME, _ADDRESS = 28, 20
"""Columns at most of a name with its state, and of addresses."""
_GAP = 2


def rows(scene: Scene, width: int, speak: Translate, *, dense: bool) -> list[Row]:
    """Draw a scene in rows of at most `width` columns.

    `dense` puts what there is to tell about a container on its own row where there is room.
    """
    work = _Drawing(scene, width, speak, dense)
    return [fit(row, width) for row in work.draw()]


class _Drawing:
    """The work on one scene."""

    def __init__(self, scene: Scene, width: int, speak: Translate, dense: bool) -> None:
        self._scene = scene
        self._width = width
        self._speak = speak
        self._dense = dense
        items = [item for host in scene.hosts for item in host.items]
        self._name = min(_NAME, max((length(self._named(item)) for item in items), default=0))
        wide = [measure(", ".join(item.addresses)) for item in items]
        self._address = min(_ADDRESS, max(wide, default=0))
        self._cable = self._fitting(items)

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
        runs = heading(section, self._speak)
        if not section.items:
            runs += [Run(" · ", Role.FRAME), Run(nothing(self._speak), Role.NOTE)]
        bar = Run("━━ ", role_of(section.mark, Role.BRIDGE))
        yield (_gutter(section.mark), bar, *runs)
        for number, item in enumerate(section.items):
            yield from self._item(item, last=number == len(section.items) - 1)

    def _item(self, item: Item, *, last: bool) -> Iterator[Row]:
        branch = ("┄" if item.mark is Mark.WANTED else "─", "└" if last else "├")
        row = [
            _gutter(item.mark),
            Run(f" {branch[1]}{branch[0]}", Role.FRAME),
            *fill(self._named(item), self._name),
            Run(" " * _GAP),
            *fill([_addresses(item)], self._address),
        ]
        cable = cable_text(item, self._cable)
        if cable:
            row += [Run(" " * _GAP), Run(cable, role_of(item.mark, Role.CABLE))]
        details = [fact_run(fact, self._speak) for fact in item.facts]
        if self._dense and details:
            wide = length(_joined(details))
            if length(row) + _GAP + wide <= self._width:
                row += [Run(" " * _GAP), *_joined(details)]
                details = []
        yield tuple(row)
        yield from self._lines(details, "     " if last else " │   ", 2)

    def _told(self, facts: Sequence[Fact], indent: str) -> Iterator[Row]:
        yield from self._lines([fact_run(fact, self._speak) for fact in facts], indent, 0)

    def _lines(self, runs: Sequence[Run], indent: str, more: int) -> Iterator[Row]:
        """Fill lines with short texts; one that is alone on its line may be cut."""
        line: list[Run] = []
        room = self._width - 1 - len(indent) - more
        for run in runs:
            if line and length(_joined([*line, run])) > room:
                yield (Run(f" {indent}{' ' * more}", Role.FRAME), *_joined(line))
                line = []
            line.append(run)
        if line:
            yield (Run(f" {indent}{' ' * more}", Role.FRAME), *_joined(line))

    def _named(self, item: Item) -> list[Run]:
        return name_runs(item, self._speak)

    def _fitting(self, items: Sequence[Item]) -> int:
        """Choose how much to tell of cables: as much as all rows have room for."""
        room = self._width - 4 - self._name - self._address - 2 * _GAP
        for level in (0, 1, 2):
            if max((measure(cable_text(item, level)) for item in items), default=0) <= room:
                return level
        return 3


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
    said = msg(
        "tunnel {id}: {one} {a} ⇄ {other} {b}",
        id=join.id.strip(),
        one=join.hosts[0],
        a=join.addresses[0],
        other=join.hosts[1],
        b=join.addresses[1],
    )
    mark = join.mark
    return (_gutter(mark), Run("║ ", Role.LINK), Run(said.render(speak), role_of(mark, Role.LINK)))


def name_runs(item: Item, speak: Translate) -> list[Run]:
    """Give an item's sign, name and, where it does not simply run, its state."""
    role = Role.CONTAINER if item.status in ("running", "restarting") else Role.STOPPED
    role = Role.CABLE if not item.is_container else role
    runs = [Run(f"{sign(item)} {safe(item.name)}", role_of(item.mark, role))]
    said = state(item, speak)
    return [*runs, Run(f" {said}", role_of(item.mark, Role.STOPPED))] if said else runs


def cable_text(item: Item, level: int) -> str:
    """Draw a cable: in full, in short, its container's end with both indexes, or not at all."""
    inside, outside = item.inside, item.outside
    if inside is None or level > 2:
        return ""
    if outside is None:
        return f"{safe(inside.name)} ({inside.index})" if level < 2 else safe(inside.name)
    if level == 0:
        return f"{safe(inside.name)} ({inside.index}) ── {plug_text(outside)}"
    short = f"{safe(inside.name)} {inside.index}─{outside.index}"
    return f"{short} {safe(outside.name)}" if level == 1 else short


def plug_text(plug: Plug) -> str:
    """Name an interface with its index, and what a person wrote on it."""
    label = f" “{safe(plug.label)}”" if plug.label else ""
    return f"{safe(plug.name)} ({plug.index}){label}"


def nothing(speak: Translate) -> str:
    """Say that a network is empty."""
    return msg("nothing plugged in").render(speak)


def _addresses(item: Item) -> Run:
    return Run(", ".join(item.addresses), role_of(item.mark, Role.ADDRESS))


def _joined(runs: Sequence[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        found += [Run(" · ", Role.FRAME), run] if found else [run]
    return found


def _gutter(mark: Mark) -> Run:
    """Give the first column: the mark of what is new, changed or gone."""
    return Run(" " if mark is Mark.WANTED else mark.value, Role.CHANGED)
