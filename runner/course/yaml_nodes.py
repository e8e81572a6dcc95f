"""From a YAML file to nodes that know their line and column, within limits.

A course may be a stranger's: size, depth, number of nodes and what aliases expand to are bounded
before anything walks the tree. Values stay the text that was written; whoever reads a node decides
what it means, so that YAML 1.1's `on`, `1.10` and `08` surprise nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks.message import Message, msg
from runner.course.regular import MAX_BYTES, read_regular
from runner.errors import CourseError, Place, Problem

MAX_DEPTH = 40
"""Of lists and mappings inside each other."""
MAX_NODES = 50_000
"""Of lists, mappings and texts, aliases counted as often as they are used."""
MAX_TEXT = 4 * MAX_BYTES
"""Characters of all texts together, aliases counted as often as they are used."""
MAX_REPORTED = 100
"""Problems told of one file; a file with more is no lesson, and each costs time to explain."""

_SAFE_BOUND = 2_000
"""The composer is recursive C and crashes the process at some 20,000 levels; a file that could
possibly be deeper than this is measured by its events first."""
_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset(
    _TAG + name
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML forbids, and what it takes for a line break where no editor shows one."""
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file, composed."""

    path: Path
    source: str
    """The text of the file."""
    root: MappingNode

    def place(self, node: Node, line: int = 0) -> Place:
        """Give a node's place; `line` counts from 1 inside a text and moves the place there."""
        start = node.start_mark
        if line and isinstance(node, ScalarNode) and node.style == "|":
            return Place(self.path, start.line + 1 + line, 1)
        if line > 1:
            last = min(start.line + line, node.end_mark.line + 1)
            return Place(self.path, last, 1)
        return Place(self.path, start.line + 1, start.column + 1)

    def find(self, node: Node, *where: str | int) -> Node:
        """Walk down from a node; where the way ends, the last node on it is given."""
        for step in where:
            below = _child(node, step)
            if below is None:
                return node
            node = below
        return node


def read_document(path: Path) -> Document:
    """Read a file whose top level is a mapping; CourseError for anything else, never slow."""
    source = _read_text(path)
    if _possible_depth(source) > _SAFE_BOUND:
        _refuse_depth(path, source)
    try:
        root = yaml.compose(source, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CourseError([_yaml_problem(path, source, error)]) from None
    if not isinstance(root, MappingNode):
        place = Place(path) if root is None else _place(path, root)
        raise _refusal(place, msg("A mapping is wanted here: lines of `key: value`."))
    _Measure(path).visit(root, 1)
    return Document(path, source, root)


def _read_text(path: Path) -> str:
    try:
        data = read_regular(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refusal(Place(path), msg("Cannot be read: {reason}", reason=reason)) from None
    if len(data) > MAX_BYTES:
        raise _refusal(
            Place(path), msg("The file is larger than {limit} KiB.", limit=MAX_BYTES // 1024)
        )
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(
            Place(path),
            msg("The file begins with a byte order mark."),
            msg("Save it as UTF-8 without one."),
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = _place_at(path, data[: error.start].decode())
        raise _refusal(
            place, msg("This byte is not UTF-8."), msg("Save the file as UTF-8.")
        ) from None
    _refuse_characters(path, text)
    return text


def _refuse_characters(path: Path, text: str) -> None:
    """Refuse what editors do not show and what would be typed into the lab as something else."""
    if "\r" in text:
        raise _refusal(
            _place_at(path, text[: text.index("\r")]),
            msg("The line ends in a carriage return."),
            msg("Save the file with Unix line ends (LF)."),
        )
    odd = _ODD.search(text)
    if odd is not None:
        raise _refusal(
            _place_at(path, text[: odd.start()]),
            msg("There is an invisible character, U+{code}.", code=f"{ord(odd[0]):04X}"),
            msg("Remove it; where it is meant, write it as an escape in double quotes."),
        )
    if "\t" in text:
        problems = [
            Problem(
                Place(path, number, line.index("\t") + 1),
                msg("There is a tab."),
                msg("Indent with spaces; where a tab is meant, write \\t in double quotes."),
            )
            for number, line in enumerate(text.split("\n"), 1)
            if "\t" in line
        ]
        raise CourseError(problems[:MAX_REPORTED])


def _place_at(path: Path, before: str) -> Place:
    lines = before.split("\n")
    return Place(path, len(lines), len(lines[-1]) + 1)


def _place(path: Path, node: Node) -> Place:
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)


def _refusal(place: Place, message: Message, remedy: Message | None = None) -> CourseError:
    return CourseError([Problem(place, message, remedy)])


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == str(step):
                return value  # type: ignore[no-any-return]
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


def _possible_depth(source: str) -> int:
    """Bound the depth from above: each block level takes a column, each flow level a bracket."""
    longest = max(map(len, source.split("\n")))
    return 2 * longest + source.count("[") + source.count("{")


def _refuse_depth(path: Path, source: str) -> None:
    depth = 0
    try:
        for event in yaml.parse(source, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                start = event.start_mark
                place = Place(path, start.line + 1, start.column + 1) if start else Place(path)
                raise _refusal(place, _too_deep())
    except yaml.YAMLError as error:
        raise CourseError([_yaml_problem(path, source, error)]) from None


def _place_of_depth(path: Path, source: str) -> Place:
    """Say where brackets first stand too deep; those within texts count too: near enough."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", source):
        depth += 1 if bracket[0] in "[{" else -1
        if depth == MAX_DEPTH:  # the mapping around all of it is one level, too
            return _place_at(path, source[: bracket.start()])
    return Place(path)


def _too_deep() -> Message:
    return msg("Lists and mappings are nested deeper than {limit} levels.", limit=MAX_DEPTH)


class _Measure:
    """Counts nodes, depth and characters of a tree as if its aliases were written out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[int, tuple[int, int, int]] = {}
        self._open: set[int] = set()

    def visit(self, node: Node, level: int) -> tuple[int, int, int]:
        """Give nodes, characters and height below and including this node."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._fresh(node, level)
        nodes, characters, height = known
        if level + height - 1 > MAX_DEPTH:
            raise _refusal(_place(self._path, node), _too_deep())
        if nodes > MAX_NODES or characters > MAX_TEXT:
            message = msg("Written out, this is more than {limit} nodes.", limit=MAX_NODES)
            if nodes <= MAX_NODES:
                message = msg("Written out, this is more than {limit} characters.", limit=MAX_TEXT)
            raise _refusal(_place(self._path, node), message, msg("Use fewer aliases."))
        return known

    def _fresh(self, node: Node, level: int) -> tuple[int, int, int]:
        if node.tag not in _TAGS:
            tag = node.tag.replace(_TAG, "!!")
            raise _refusal(
                _place(self._path, node),
                msg("The tag `{tag}` is not read here.", tag=tag),
                msg("Write the value without a tag."),
            )
        if isinstance(node, ScalarNode):
            return 1, len(node.value), 0
        if id(node) in self._open:
            raise _refusal(_place(self._path, node), msg("The alias contains itself."))
        if level > MAX_DEPTH:
            raise _refusal(_place(self._path, node), _too_deep())
        self._open.add(id(node))
        parts = node.value
        if isinstance(node, MappingNode):
            parts = [part for pair in node.value for part in pair]
        below = [self.visit(part, level + 1) for part in parts]
        self._open.remove(id(node))
        nodes = 1 + sum(part[0] for part in below)
        return nodes, sum(part[1] for part in below), 1 + max((p[2] for p in below), default=0)


def _yaml_problem(path: Path, source: str, error: yaml.YAMLError) -> Problem:
    """Put the parser's words into ours where they are known, else quote them."""
    if "maximum nesting depth" in str(error):  # libyaml's own limit; it looks ahead of our count
        return Problem(_place_of_depth(path, source), _too_deep())
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    said = " ".join(
        part for part in (getattr(error, "context", ""), getattr(error, "problem", "")) if part
    )
    message, remedy = _known_complaint(said)
    return Problem(place, message, remedy)


_COMPLAINTS: tuple[tuple[str, Message, Message], ...] = (
    (
        "mapping values are not allowed",
        msg("There is a colon where none can stand."),
        msg("A text that holds `: ` needs quotes, or a block after `|`."),
    ),
    (
        "could not find expected ':'",
        msg("A line without `key:` stands among lines that have one."),
        msg("Indent it deeper if it belongs to the text above."),
    ),
    (
        "did not find expected key",
        msg("A key is wanted here."),
        msg("Look at the indentation of this line, and at the quotes before it."),
    ),
    (
        "did not find expected '-' indicator",
        msg("A list item (`- …`) is wanted here."),
        msg("Look at the indentation of this line."),
    ),
    (
        "expected a single document",
        msg("A second document begins here."),
        msg("One file holds one: remove the `---`."),
    ),
    (
        "found unexpected end of stream",
        msg("A quote or bracket is still open at the end of the file."),
        msg("Close it."),
    ),
    (
        "cannot start any token",
        msg("This character cannot begin a text."),
        msg("Put the text into quotes."),
    ),
    (
        "found undefined alias",
        msg("No anchor of this name stands above."),
        msg("A text that begins with `*` needs quotes."),
    ),
)
_SPACES = re.compile(r"\s+")


def _known_complaint(said: str) -> tuple[Message, Message | None]:
    for words, message, remedy in _COMPLAINTS:
        if words in said:
            return message, remedy
    return msg("Not YAML: {said}", said=_SPACES.sub(" ", said) or "?"), None
