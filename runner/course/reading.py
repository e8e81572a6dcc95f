"""What is kept while a file is read: its problems, its texts, and where each record stands.

Reading never stops at the first problem. A form that cannot make sense of a node says so here and
gives `BAD`; whoever asked goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks.message import Message, msg
from runner.course.yaml_nodes import MAX_REPORTED, Document
from runner.errors import CourseError, Place, Problem

T = TypeVar("T")


class _Bad:
    """The type of `BAD`."""


BAD: Final = _Bad()
"""Given by a form instead of a value, after it has told the problem."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in the file."""

    kind: object
    """Of `checks.kinds`: `Shell`, `Text`, …"""
    text: str
    node: ScalarNode


class Reading:
    """One file being read. Records are found again by identity: keep the lesson alive."""

    def __init__(self, document: Document) -> None:
        """Begin with no problems."""
        self.document = document
        self.problems: list[Problem] = []
        self.texts: list[Written] = []
        self._records: dict[int, tuple[Any, Node, int, int]] = {}

    def fail(self, node: Node, message: Message, remedy: Message | None = None) -> _Bad:
        """Note a problem at a node; CourseError at once when there are more than anybody reads."""
        return self.fail_at(self.document.place(node), message, remedy)

    def fail_at(self, place: Place, message: Message, remedy: Message | None = None) -> _Bad:
        """Note a problem at a place."""
        self.problems.append(Problem(place, message, remedy))
        if len(self.problems) >= MAX_REPORTED:
            raise CourseError(self.problems)
        return BAD

    def note(self, kind: object, node: ScalarNode) -> str:
        """Keep a text for the rules that look at all texts; gives the text."""
        self.texts.append(Written(kind, node.value, node))
        return node.value  # type: ignore[no-any-return]

    def built(self, record: Any, node: Node, first_text: int) -> None:
        """Remember where a record stands and which texts are its own."""
        self._records[id(record)] = (record, node, first_text, len(self.texts))

    def node_of(self, record: object, *where: str | int) -> Node:
        """Give the node of a record, or of something below it by keys and indexes."""
        node = self._records[id(record)][1]
        return self.document.find(node, *where)

    def texts_of(self, record: object) -> list[Written]:
        """Give the texts inside a record, those of the records in it included."""
        _, _, first, last = self._records[id(record)]
        return self.texts[first:last]

    def records(self, cls: type[T]) -> list[T]:
        """Give every record of a class, in the order of the file."""
        return [record for record, *_ in self._records.values() if isinstance(record, cls)]

    def raise_problems(self) -> None:
        """Raise CourseError with everything that was found, if anything was."""
        if self.problems:
            raise CourseError(self.problems)


def entries(reading: Reading, node: MappingNode) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Give key, key's node and value's node, telling keys that are lists or stand twice."""
    seen: dict[str, ScalarNode] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            reading.fail(
                key, msg("A key must be a single word, here stands {found}.", found=found(key))
            )
            continue
        first = seen.setdefault(key.value, key)
        if first is not key:
            line = first.start_mark.line + 1
            reading.fail(
                key, msg("`{key}` already stands on line {line}.", key=key.value, line=line)
            )
            continue
        yield key.value, key, value


def found(node: Node) -> Message:
    """Name what a node is, for "here stands …"."""
    if isinstance(node, MappingNode):
        return msg("a mapping")
    if isinstance(node, SequenceNode):
        return msg("a list")
    if is_empty(node):
        return msg("nothing")
    first = str(node.value).split("\n", 1)[0]
    return msg("`{text}`", text=first if len(first) <= 40 else first[:39] + "…")


def is_empty(node: Node) -> bool:
    """Tell whether nothing was written: `key:`, `~` or `null` without quotes."""
    return isinstance(node, ScalarNode) and not node.style and node.tag.endswith(":null")


def nearest(word: str, known: Iterable[str]) -> Message | None:
    """Make "Did you mean …?" from the known words, or list them where none is near."""
    import difflib  # here: only a mistake needs it

    words = list(known)
    close = difflib.get_close_matches(word, words[:500], n=1, cutoff=0.6) if len(word) < 60 else []
    if close:
        return msg("Did you mean `{word}`?", word=close[0])
    if not words:
        return None
    shown = ", ".join(words[:20])
    return msg("Known here: {words}.", words=shown if len(words) <= 20 else shown + ", …")
