"""What has changed from one scene to the next, and marks for it.

What is not shown is not compared: an address's lease or a counter makes no mark.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from runner.topology.scene import Fact, HostView, Item, Join, Key, Mark, Scene, Section

Part = HostView | Section | Item | Fact | Join
P = TypeVar("P", HostView, Section, Item, Fact, Join)


@dataclass(frozen=True, slots=True)
class Changes:
    """The parts that differ, by their keys."""

    added: frozenset[Key] = frozenset()
    changed: frozenset[Key] = frozenset()
    removed: Mapping[Key, tuple[Part, ...]] = field(default_factory=dict)
    """What has gone, by the key of what it was in; that itself is still there."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.added or self.changed or self.removed)

    def mark(self, key: Key) -> Mark:
        """Give the mark of a part that is there."""
        if key in self.added:
            return Mark.NEW
        return Mark.CHANGED if key in self.changed else Mark.NONE


def compare(before: Scene, after: Scene) -> Changes:
    """Tell what has changed; a part that moved to another network is gone here and new there."""
    old, new = dict(_parts(before)), dict(_parts(after))
    both = old.keys() & new.keys()
    removed: dict[Key, tuple[Part, ...]] = {}
    for key, (parent, part) in old.items():
        if key not in new and (parent == TOP or parent in new):
            removed[parent] = (*removed.get(parent, ()), part)
    return Changes(
        added=frozenset(new.keys() - old.keys()),
        changed=frozenset(key for key in both if _core(old[key][1]) != _core(new[key][1])),
        removed=removed,
    )


TOP: Key = ()
"""What hosts and tunnels between them are in."""


def _parts(scene: Scene) -> Iterator[tuple[Key, tuple[Key, Part]]]:
    """Give each part by its key, with the key of what it is in."""
    for host in scene.hosts:
        yield host.key, (TOP, host)
        yield from ((fact.key, (host.key, fact)) for fact in host.facts)
        for section in host.sections:
            yield section.key, (host.key, section)
            yield from ((fact.key, (section.key, fact)) for fact in section.facts)
            for item in section.items:
                yield item.key, (section.key, item)
                yield from ((fact.key, (item.key, fact)) for fact in item.facts)
    yield from ((join.key, (TOP, join)) for join in scene.joins)


def _core(part: Part) -> Part:
    """Give a part without what has keys of its own."""
    if isinstance(part, HostView):
        return replace(part, facts=(), sections=())
    if isinstance(part, Section):
        return replace(part, facts=(), items=())
    if isinstance(part, Item):
        return replace(part, facts=())
    return part


def marked(scene: Scene, changes: Changes) -> Scene:
    """Give the scene with marks, and with what has gone put back where it was."""
    if not changes:
        return scene
    work = _Marking(changes)
    return Scene(
        tuple(work.host(host) for host in scene.hosts),
        work.parts(scene.joins, TOP, Join),
    )


class _Marking:
    """The work of marking one scene."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def host(self, host: HostView) -> HostView:
        """Mark a host and all that is in it."""
        return replace(
            host,
            mark=self._changes.mark(host.key),
            facts=self.parts(host.facts, host.key, Fact),
            sections=tuple(map(self._section, self.parts(host.sections, host.key, Section))),
        )

    def parts(self, there: tuple[P, ...], parent: Key, kind: type[P]) -> tuple[P, ...]:
        """Mark what is in one parent, and add what has gone from it."""
        marked: list[P] = [_with(part, self._changes.mark(part.key)) for part in there]
        for part in self._changes.removed.get(parent, ()):
            if isinstance(part, kind):
                marked.append(_with(part, Mark.GONE))  # noqa: PERF401  (mypy follows this)
        return tuple(marked)

    def _section(self, section: Section) -> Section:
        if section.mark is Mark.GONE:
            gone = tuple(_with(item, Mark.GONE) for item in section.items)
            return replace(section, items=gone)
        return replace(
            section,
            facts=self._facts(section.facts, section),
            items=tuple(
                replace(item, facts=self._facts(item.facts, item))
                for item in self.parts(section.items, section.key, Item)
            ),
        )

    def _facts(self, facts: tuple[Fact, ...], parent: Section | Item) -> tuple[Fact, ...]:
        """Mark facts; those of something new are new with it, and need no mark of their own."""
        if parent.mark in (Mark.NEW, Mark.GONE):
            return facts
        return self.parts(facts, parent.key, Fact)


def _with(part: P, mark: Mark) -> P:
    """Put a mark on a part; what is gone has no cable any more."""
    if mark is Mark.GONE and isinstance(part, Item):
        return replace(part, mark=mark, inside=None, outside=None)
    return replace(part, mark=mark)


class Recent:
    """Remembers scenes, to tell what has changed in the last few seconds."""

    def __init__(self, seconds: float = 4.0) -> None:
        """Take how long a change stays marked."""
        self._seconds = seconds
        self._seen: deque[tuple[float, Scene]] = deque()

    def note(self, scene: Scene, now: float) -> Changes:
        """Take the newest scene, give what differs from that of some seconds ago.

        `now` is a moment of `time.monotonic`. May be called again with the same scene, to let
        marks fade.
        """
        self._seen.append((now, scene))
        while len(self._seen) > 1 and self._seen[1][0] <= now - self._seconds:
            self._seen.popleft()
        return compare(self._seen[0][1], scene)

    def forget(self) -> None:
        """Begin anew, as after a reset: the next scene is no change."""
        self._seen.clear()
