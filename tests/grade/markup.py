"""Pages as a test reads them: elements, texts, tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = frozenset({"meta", "br", "rect", "link", "img", "input", "hr"})


@dataclass(eq=False)
class Node:
    """An element."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, blanks made one."""
        return " ".join("".join(self._texts()).split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", class_: str = "") -> list[Node]:
        """Find elements in it."""
        return [
            one
            for one in self.walk()
            if tag in ("", one.tag) and (not class_ or class_ in one.classes)
        ]

    def by_id(self, id_: str) -> Node:
        """Find the one element of an id."""
        [found] = [one for one in self.walk() if one.attributes.get("id") == id_]
        return found

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif "sr" not in child.classes:
                yield from child._texts()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        assert len(node.attributes) == len(attrs), "an attribute stands twice"
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def end(self) -> Node:
        self.close()
        assert self._open == [self.root], f"never closed: {[one.tag for one in self._open]}"
        return self.root


def read(path: Path) -> Node:
    """Read a page; AssertionError where its elements do not nest."""
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.end()


def pages(home: Path) -> dict[str, Node]:
    """Read all pages of a report by their names."""
    return {str(path.relative_to(home)): read(path) for path in sorted(home.rglob("*.html"))}
