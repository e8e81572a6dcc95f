"""The map in cards: each network a bar, each place on it a card that hangs from a cable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.message import Translate
from runner.topology.canvas import Role, Row, Run, cut, fill, fit, length, measure, safe
from runner.topology.rows import host_runs, join_row, name_runs, nothing, plug_text
from runner.topology.scene import HostView, Item, Mark, Scene, Section
from runner.topology.wording import fact_run, heading, role_of

_LEAST, _MOST = 22, 44
"""Columns of a card, frame included."""
_RAIL = 3
"""Columns left of the cards."""


@dataclass(frozen=True, slots=True)
class _Card:
    """One item as it will stand on a card."""

    item: Item
    lines: tuple[Row, ...]

    @property
    def wired(self) -> bool:
        """Whether a cable leads to it."""
        return self.item.inside is not None and self.item.mark not in (Mark.WANTED, Mark.GONE)


def cards(scene: Scene, width: int, speak: Translate) -> list[Row]:
    """Draw a scene in cards; `width` has room for at least one."""
    work = _Drawing(scene, width, speak)
    return [fit(row, width) for row in work.draw()]


class _Drawing:
    """The work on one scene."""

    def __init__(self, scene: Scene, width: int, speak: Translate) -> None:
        self._scene = scene
        self._width = width
        self._speak = speak
        made = [self._card(item) for host in scene.hosts for item in host.items]
        wide = max((self._needs(card) for card in made), default=_LEAST)
        self._wide = min(max(wide, _LEAST), _MOST, width - _RAIL)
        self._across = max(1, (width - _RAIL + 1) // (self._wide + 1))

    def draw(self) -> Iterator[Row]:
        """Give all rows."""
        for number, host in enumerate(self._scene.hosts):
            if number:
                yield ()
            yield from self._host(host)
            for join in self._scene.joins:
                if join.hosts[0] == host.name:
                    yield (Run(" ║", Role.LINK),)
                    yield join_row(join, self._speak)
                    yield (Run(" ║", Role.LINK),)

    def _host(self, host: HostView) -> Iterator[Row]:
        title = (Run("══ ", Role.HOST), *host_runs(host, self._speak), Run(" "))
        yield fill(_gutter(host.mark, title), self._width, "═", Role.HOST)
        if host.trouble is not None:
            yield (Run("  ! "), Run(host.trouble.render(self._speak), Role.TROUBLE))
        for fact in host.facts:
            yield (Run("   "), fact_run(fact, self._speak))
        for section in host.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Row]:
        found = [self._card(item) for item in section.items]
        groups = [found[i : i + self._across] for i in range(0, len(found), self._across)]
        wired = [number for number, group in enumerate(groups) if any(c.wired for c in group)]
        last = wired[-1] if wired else -1
        role = role_of(section.mark, Role.BRIDGE)
        title = [Run("┳━ " if wired else "━━ ", role), *heading(section, self._speak)]
        if not section.items:
            title += [Run(" · ", Role.FRAME), Run(nothing(self._speak), Role.NOTE)]
        yield fill(_gutter(section.mark, (*title, Run(" "))), self._width, "━", role)
        for number, group in enumerate(groups):
            yield from self._group(group, number < last, number == last)

    def _group(self, group: Sequence[_Card], more: bool, last: bool) -> Iterator[Row]:
        """Draw the cards that stand side by side, with the rail on their left."""
        rail = Run(" ┃ ", Role.BRIDGE) if more else Run("   ")
        if more or last:
            yield self._bus(group, "┣" if more else "┗")
        tall = max(len(card.lines) for card in group)
        yield self._across_all(rail, [self._top(card) for card in group])
        for number in range(tall):
            yield self._across_all(rail, [self._line(card, number) for card in group])
        yield self._across_all(rail, [self._bottom(card) for card in group])

    def _across_all(self, rail: Run, parts: Sequence[Row]) -> Row:
        row = [rail]
        for number, part in enumerate(parts):
            row += [*([Run(" ")] if number else []), *part]
        return tuple(row)

    def _bus(self, group: Sequence[_Card], corner: str) -> Row:
        """Draw the bar from which cables hang, each with the name of its end up here."""
        row = [Run(f" {corner}━", Role.BRIDGE)]
        end = max((number for number, card in enumerate(group) if card.wired), default=-1)
        for number, card in enumerate(group[: end + 1]):
            letter = "━" if number < end else " "
            row += fill(self._hanging(card), self._wide + 1, letter, Role.BRIDGE)
        return tuple(row)

    def _hanging(self, card: _Card) -> list[Run]:
        if not card.wired:
            return []
        outside = card.item.outside
        role = role_of(card.item.mark, Role.CABLE)
        runs = [Run("━━┯", Role.BRIDGE)]
        if outside is not None:
            text = cut(plug_text(outside), self._wide - 6)
            runs += [Run(" "), Run(text, role), Run(" ")]
        return runs

    def _top(self, card: _Card) -> Row:
        inside = card.item.inside
        line = _edge(card)
        if inside is None or card.item.mark is Mark.WANTED:
            return (Run(f"┌{line * (self._wide - 2)}┐", self._frame(card)),)
        text = cut(plug_text(inside), self._wide - 7)
        start = "┴" if card.wired else line
        runs = [Run(f"┌{line}{start} ", self._frame(card)), Run(text, Role.CABLE), Run(" ")]
        return (*fill(runs, self._wide - 1, line, self._frame(card)), Run("┐", self._frame(card)))

    def _line(self, card: _Card, number: int) -> Row:
        side = Run("┊" if card.item.mark is Mark.WANTED else "│", self._frame(card))
        inner = card.lines[number] if number < len(card.lines) else ()
        return (side, Run(" "), *fill(inner, self._wide - 3), side)

    def _bottom(self, card: _Card) -> Row:
        return (Run(f"└{_edge(card) * (self._wide - 2)}┘", self._frame(card)),)

    def _frame(self, card: _Card) -> Role:
        return role_of(card.item.mark, Role.FRAME)

    def _card(self, item: Item) -> _Card:
        name = name_runs(item, self._speak)
        if item.mark in (Mark.NEW, Mark.CHANGED, Mark.GONE):
            name = [Run(f"{item.mark.value} ", Role.CHANGED), *name]
        role = role_of(item.mark, Role.ADDRESS)
        addresses = [(Run(f"  {safe(text)}", role),) for text in item.addresses]
        facts = [(Run("  "), fact_run(fact, self._speak)) for fact in item.facts]
        return _Card(item, (tuple(name), *addresses, *facts))

    def _needs(self, card: _Card) -> int:
        """Give the columns that a card would like to have."""
        plugs = [plug for plug in (card.item.inside, card.item.outside) if plug is not None]
        return max(
            *(length(line) + 4 for line in card.lines),
            *(measure(plug_text(plug)) + 7 for plug in plugs),
            _LEAST,
        )


def _edge(card: _Card) -> str:
    return "┄" if card.item.mark is Mark.WANTED else "─"


def _gutter(mark: Mark, runs: Sequence[Run]) -> Row:
    """Put a mark before a title; a wanted network says it in words."""
    return (Run(mark.value if mark is not Mark.WANTED else " ", Role.CHANGED), *runs)
