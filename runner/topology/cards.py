"""The map in cards: each network a bar, each place on it a card that hangs from a cable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.message import Translate
from runner.topology.canvas import Role, Row, Run, cut, fill, fit, fold, length, measure, safe
from runner.topology.rows import host_runs, join_row, name_run, plug_text
from runner.topology.scene import HostView, Item, Mark, Scene, Section
from runner.topology.wording import fact_run, filled, heading, role_of, state

_LEAST, _MOST = 22, 34
"""Columns of a card, frame included."""
_RAIL = 3
"""Columns left of the cards."""


@dataclass(frozen=True, slots=True)
class _Card:
    """One item as it stands on a card."""

    item: Item
    lines: tuple[Row, ...]

    @property
    def frame(self) -> Role:
        """What its outline looks like."""
        return role_of(self.item.mark, Role.FRAME)

    @property
    def edge(self) -> str:
        """What its outline is drawn with: dots where it is only wanted."""
        return "┄" if self.item.mark is Mark.WANTED else "─"


def cards(scene: Scene, width: int, speak: Translate) -> list[Row]:
    """Draw a scene in cards; `width` has room for at least one."""
    return [fit(row, width) for row in _draw(scene, width, speak)]


def _draw(scene: Scene, width: int, speak: Translate) -> Iterator[Row]:
    for number, host in enumerate(scene.hosts):
        if number:
            yield ()
        yield from _host(host, width, speak)
        for join in scene.joins:
            if join.hosts[0] == host.name:
                yield (Run(" ║", Role.LINK),)
                yield join_row(join, speak)
                yield (Run(" ║", Role.LINK),)


def _host(host: HostView, width: int, speak: Translate) -> Iterator[Row]:
    title = (Run("══ ", Role.HOST), *host_runs(host, speak), Run(" "))
    yield fill(_gutter(host.mark, title), width, "═", Role.HOST)
    if host.trouble is not None:
        yield (Run("  ! "), Run(host.trouble.render(speak), Role.TROUBLE))
    for line in filled([fact_run(fact, speak) for fact in host.facts], width - 3):
        yield (Run("   "), *line)
    for section in host.sections:
        yield from _Bay(section, width, speak).draw()


class _Bay:
    """A network's bar and the cards below it."""

    def __init__(self, section: Section, width: int, speak: Translate) -> None:
        self._section = section
        self._width = width
        self._speak = speak
        room = width - _RAIL
        wanted = max(map(self._needs, section.items), default=_LEAST)
        self._wide = min(max(wanted, _LEAST), _MOST, room)
        self._across = max(1, (room + 1) // (self._wide + 1))

    def draw(self) -> Iterator[Row]:
        """Give all rows: the bar with its heading, then groups of cards side by side."""
        made = [self._card(item) for item in self._section.items]
        groups = [made[i : i + self._across] for i in range(0, len(made), self._across)]
        wired = [n for n, group in enumerate(groups) if any(one.item.wired for one in group)]
        last = wired[-1] if wired else -1
        yield from self._heading("┳━ " if wired else "━━ ", rail=bool(wired))
        for number, group in enumerate(groups):
            yield from self._group(group, number < last, number == last)

    def _heading(self, start: str, *, rail: bool) -> Iterator[Row]:
        role = role_of(self._section.mark, Role.BRIDGE)
        first, *more = filled(heading(self._section, self._speak), self._width - 5)
        title = (Run(start, role), *first, Run(" "))
        yield fill(_gutter(self._section.mark, title), self._width, "━", role)
        for line in more:
            yield (Run(" ┃  " if rail else "    ", role), *line)

    def _group(self, group: Sequence[_Card], more: bool, last: bool) -> Iterator[Row]:
        """Draw the cards that stand side by side, with the rail on their left."""
        rail = Run(" ┃ ", Role.BRIDGE) if more else Run("   ")
        if more or last:
            yield self._bus(group, "┣" if more else "┗")
        tall = max(len(card.lines) for card in group)
        yield _beside(rail, [self._top(card) for card in group])
        for number in range(tall):
            yield _beside(rail, [self._line(card, number) for card in group])
        yield _beside(rail, [self._bottom(card) for card in group])

    def _bus(self, group: Sequence[_Card], corner: str) -> Row:
        """Draw the bar from which cables hang, each with the name of its end up here."""
        row = [Run(f" {corner}━", Role.BRIDGE)]
        end = max((number for number, card in enumerate(group) if card.item.wired), default=-1)
        for number, card in enumerate(group[: end + 1]):
            letter = "━" if number < end else " "
            row += fill(self._hanging(card.item), self._wide + 1, letter, Role.BRIDGE)
        return tuple(row)

    def _hanging(self, item: Item) -> list[Run]:
        if not item.wired:
            return []
        runs = [Run("━━┯", Role.BRIDGE)]
        if item.outside is not None:
            text = cut(plug_text(item.outside), self._wide - 5)
            runs += [Run(" "), Run(text, role_of(item.mark, Role.CABLE)), Run(" ")]
        return runs

    def _top(self, card: _Card) -> Row:
        start = "┴" if card.item.wired else card.edge
        runs = [Run(f"┌{card.edge}{start}", card.frame)]
        if card.item.inside is not None:
            text = cut(plug_text(card.item.inside), self._wide - 6)
            runs += [Run(" "), Run(text, role_of(card.item.mark, Role.CABLE)), Run(" ")]
        return (*fill(runs, self._wide - 1, card.edge, card.frame), Run("┐", card.frame))

    def _line(self, card: _Card, number: int) -> Row:
        side = Run("┊" if card.item.mark is Mark.WANTED else "│", card.frame)
        inner = card.lines[number] if number < len(card.lines) else ()
        return (side, Run(" "), *fill(inner, self._wide - 3), side)

    def _bottom(self, card: _Card) -> Row:
        return (Run(f"└{card.edge * (self._wide - 2)}┘", card.frame),)

    def _card(self, item: Item) -> _Card:
        room = self._wide - 6
        lines: list[Row] = [_title(item, self._speak)]
        lines += [(Run("  "), run) for run in _addresses(item)]
        for fact in item.facts:
            for run in fold(fact_run(fact, self._speak), room):
                lines.append((Run("  "), run))
        return _Card(item, tuple(lines))

    def _needs(self, item: Item) -> int:
        """Give the columns that a card would like to have."""
        return max(
            length(_title(item, self._speak)) + 4,
            *(measure(run.text) + 6 for run in _addresses(item)),
            *(measure(fact_run(fact, self._speak).text) + 6 for fact in item.facts),
            0 if item.inside is None else measure(plug_text(item.inside)) + 6,
            0 if item.outside is None else measure(plug_text(item.outside)) + 5,
        )


def _title(item: Item, speak: Translate) -> Row:
    """Give a card's first line: mark, sign, name, state."""
    runs = [name_run(item)]
    if item.mark in (Mark.NEW, Mark.CHANGED, Mark.GONE):
        runs.insert(0, Run(f"{item.mark.value} ", Role.CHANGED))
    said = state(item, speak)
    return (*runs, Run(f" {said}", role_of(item.mark, Role.STOPPED))) if said else tuple(runs)


def _addresses(item: Item) -> list[Run]:
    return [Run(safe(text), role_of(item.mark, Role.ADDRESS)) for text in item.addresses]


def _beside(rail: Run, parts: Sequence[Row]) -> Row:
    row = [rail]
    for number, part in enumerate(parts):
        row += [*([Run(" ")] if number else []), *part]
    return tuple(row)


def _gutter(mark: Mark, runs: Sequence[Run]) -> Row:
    """Put a mark before a title; a wanted network says it in words."""
    return (Run(mark.value if mark is not Mark.WANTED else " ", Role.CHANGED), *runs)
