"""Forms of single values: what may be written, how it is read, what the schema says of it.

A form is chosen by a field's annotation (`runner.course.declare`). Scalars are read from the text
that was written; a number is a number only where one is declared.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks import kinds
from checks.message import Message, msg
from runner.course.patterns import endless
from runner.course.reading import Reading, found, is_empty, nearest

Schema = dict[str, Any]

_INT = re.compile(r"[+-]?\d{1,15}")
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})")
_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(ms|s|m)?")
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}
_JSON_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][+-]?\d{1,2})?")
WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""What a name is."""
_PLACEHOLDER = re.compile(r"%%\{|%\{[^{}\n]*\}")


class Form(Protocol):
    """How one annotation is written."""

    def fits(self, node: Node) -> bool:
        """Tell whether a node looks like this form; for the choice inside a union."""

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the value, or tell the problem and give `BAD`; `name` is the key it stands under."""

    def schema(self) -> Schema:
        """Give the JSON Schema."""

    def wanted(self) -> Message:
        """Name it in a sentence: "a whole number"."""

    def blank(self) -> Any:
        """Give what stands in for a bad value so that reading can go on; BAD for nothing."""


def refuse(
    reading: Reading, node: Node, name: str, form: Form, remedy: Message | None = None
) -> Any:
    """Tell that a node is not of the form."""
    return reading.fail(
        node,
        msg(
            "`{name}` wants {wanted}, here stands {found}.",
            name=name,
            wanted=form.wanted(),
            found=found(node),
        ),
        remedy,
    )


@dataclass(frozen=True)
class TextForm:
    """Any text, taken as it is written: `Plain`, `Text`, `Shell`, `Name`, `Pattern`."""

    kind: object

    def fits(self, node: Node) -> bool:
        """Any scalar but nothing."""
        return isinstance(node, ScalarNode) and not is_empty(node)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the text."""
        if not isinstance(node, ScalarNode) or is_empty(node):
            return refuse(reading, node, name, self, _quote(node))
        if self.kind is kinds.Name and not WORD.fullmatch(node.value):
            return refuse(reading, node, name, self)
        if self.kind is kinds.Pattern:
            return self._pattern(reading, node)
        return reading.note(self.kind, node)

    def _pattern(self, reading: Reading, node: ScalarNode) -> Any:
        problem = pattern_problem(node.value)
        if problem is not None:
            return reading.fail(node, problem)
        return reading.note(self.kind, node)

    def schema(self) -> Schema:
        """A name is checked; elsewhere an unquoted number or `true` is a text too."""
        if self.kind is kinds.Name:
            return {"type": "string", "pattern": f"^{WORD.pattern}$"}
        if self.kind in (kinds.Text, kinds.Shell, kinds.Pattern):
            return {"type": "string"}
        return {"type": ["string", "number", "boolean"]}

    def wanted(self) -> Message:
        """By kind."""
        if self.kind is kinds.Name:
            return msg("a name of small letters, digits and hyphens")
        if self.kind is kinds.Pattern:
            return msg("a regular expression")
        return msg("shell commands") if self.kind is kinds.Shell else msg("a text")

    def blank(self) -> Any:
        """Nothing written."""
        return ""


def _quote(node: Node) -> Message | None:
    if isinstance(node, MappingNode | SequenceNode):
        return msg("A text that begins with a bracket needs quotes.")
    return None


def pattern_problem(text: str) -> Message | None:
    """Tell why a regular expression does not compile, or may take for ever; None for a good one."""
    plain = _PLACEHOLDER.sub("x", text)
    try:
        re.compile(plain, re.MULTILINE)
        if endless(plain):
            return msg(
                "The regular expression may take for ever: a repeat in it holds another one, or"
                " choices, that begin as what follows them does."
            )
    except (re.error, OverflowError, RecursionError) as error:
        return msg("The regular expression does not compile: {why}.", why=str(error))
    return None


class WholeForm:
    """A whole number."""

    def fits(self, node: Node) -> bool:
        """Digits without quotes."""
        return _unquoted(node) and _INT.fullmatch(node.value) is not None

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the number; `08` is 8 and `010` is 10."""
        return int(node.value) if self.fits(node) else refuse(reading, node, name, self)

    def schema(self) -> Schema:
        """An integer."""
        return {"type": "integer"}

    def wanted(self) -> Message:
        """As people call it."""
        return msg("a whole number")

    def blank(self) -> Any:
        """One is harmless wherever numbers are declared."""
        return 1


class NumberForm:
    """A number with or without a fraction."""

    def fits(self, node: Node) -> bool:
        """Digits and at most one point, without quotes."""
        return _unquoted(node) and _NUMBER.fullmatch(node.value) is not None

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the number."""
        return float(node.value) if self.fits(node) else refuse(reading, node, name, self)

    def schema(self) -> Schema:
        """A number."""
        return {"type": "number"}

    def wanted(self) -> Message:
        """As people call it."""
        return msg("a number")

    def blank(self) -> Any:
        """One is harmless wherever numbers are declared."""
        return 1.0


class TruthForm:
    """`true` or `false`."""

    def fits(self, node: Node) -> bool:
        """One of the two words, without quotes."""
        return _unquoted(node) and node.value in ("true", "false")

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the truth; YAML 1.1's yes, no, on and off are refused."""
        return node.value == "true" if self.fits(node) else refuse(reading, node, name, self)

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}

    def wanted(self) -> Message:
        """As people call it."""
        return msg("`true` or `false`")

    def blank(self) -> Any:
        """The harmless one."""
        return False


class SecondsForm:
    """A length of time."""

    def fits(self, node: Node) -> bool:
        """A number with or without a unit."""
        return isinstance(node, ScalarNode) and _SECONDS.fullmatch(node.value) is not None

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give seconds."""
        match = _SECONDS.fullmatch(node.value) if isinstance(node, ScalarNode) else None
        if match is None or not math.isfinite(float(match[1])):
            return refuse(reading, node, name, self)
        return kinds.Seconds(float(match[1]) * _UNIT[match[2]])

    def schema(self) -> Schema:
        """A number, or a text with a unit."""
        return {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": f"^{_SECONDS.pattern}$"},
            ]
        }

    def wanted(self) -> Message:
        """With examples, for the units."""
        return msg("a length of time such as `5s`, `500ms` or `2m`")

    def blank(self) -> Any:
        """One second."""
        return kinds.Seconds(1.0)


class EnginesForm:
    """A range of engine versions."""

    def fits(self, node: Node) -> bool:
        """Comparisons joined by commas."""
        return isinstance(node, ScalarNode) and kinds.Engines.valid(node.value)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the range."""
        if not self.fits(node):
            return refuse(reading, node, name, self)
        return kinds.Engines(node.value)

    def schema(self) -> Schema:
        """A text of comparisons."""
        part = r"\s*(>=|<=|==|>|<)\s*\d+(\.\d+)*\s*"
        return {"type": "string", "pattern": f"^{part}(,{part})*$"}

    def wanted(self) -> Message:
        """With an example."""
        return msg("engine versions such as `>=20.10` or `>=20.10,<28`")

    def blank(self) -> Any:
        """Every engine."""
        return kinds.Engines(">=0")


@dataclass(frozen=True)
class WordForm:
    """One word of a few: an Enum or a Literal."""

    values: tuple[tuple[str, Any], ...]
    """As written, and what it means."""

    @classmethod
    def of_enum(cls, members: type[Enum]) -> WordForm:
        """By the members' values."""
        return cls(tuple((str(member.value), member) for member in members))

    @classmethod
    def of_words(cls, words: tuple[Any, ...]) -> WordForm:
        """By the words themselves."""
        return cls(tuple((str(word), word) for word in words))

    def fits(self, node: Node) -> bool:
        """One of the words."""
        return isinstance(node, ScalarNode) and node.value in dict(self.values)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give what the word means."""
        if isinstance(node, ScalarNode) and self.fits(node):
            return dict(self.values)[node.value]
        word = node.value if isinstance(node, ScalarNode) else ""
        return refuse(reading, node, name, self, nearest(word, dict(self.values)) if word else None)

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(dict(self.values))}

    def wanted(self) -> Message:
        """All of them."""
        return msg("one of {words}", words=", ".join(f"`{word}`" for word, _ in self.values))

    def blank(self) -> Any:
        """The first, which declarations put the usual one at."""
        return self.values[0][1]


class ScalarForm:
    """A single value of a JSON document: what is expected at a path."""

    def fits(self, node: Node) -> bool:
        """Any scalar, `null` included."""
        return isinstance(node, ScalarNode)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give text, number, truth or None; without quotes as JSON reads it."""
        if not isinstance(node, ScalarNode):
            return refuse(reading, node, name, self)
        if not node.style:
            if node.value in _JSON_WORDS:
                return _JSON_WORDS[node.value]
            if _JSON_NUMBER.fullmatch(node.value):
                return float(node.value) if set(".eE") & set(node.value) else int(node.value)
        return reading.note(kinds.Plain, node)

    def schema(self) -> Schema:
        """Any single value."""
        return {"type": ["string", "number", "boolean", "null"]}

    def wanted(self) -> Message:
        """As people call it."""
        return msg("a text, a number, `true`, `false` or `null`")

    def blank(self) -> Any:
        """JSON's own nothing."""
        return None


_JSON_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def _unquoted(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style
