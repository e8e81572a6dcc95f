"""Forms of values made of other values: lists, pairs, mappings, one of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checks.message import Message, msg
from runner.course.forms import Form, Schema, refuse
from runner.course.reading import BAD, Reading, entries


@dataclass(frozen=True)
class ListForm:
    """Any number of the same; a single text or number may stand without the list."""

    item: Form

    def fits(self, node: Node) -> bool:
        """A list, or a single text or number."""
        return isinstance(node, SequenceNode) or (
            isinstance(node, ScalarNode) and self.item.fits(node)
        )

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give a tuple; bad items are left out after they were told."""
        if isinstance(node, SequenceNode):
            values = [self.item.read(reading, item, name) for item in node.value]
        elif self.fits(node):
            values = [self.item.read(reading, node, name)]
        else:
            return refuse(reading, node, name, self)
        return tuple(value for value in values if value is not BAD)

    def schema(self) -> Schema:
        """An array, or one item where that may be a text or a number."""
        item = self.item.schema()
        array: Schema = {"type": "array", "items": item}
        single = [part for part in item.get("anyOf", [item]) if _scalar(part)]
        return {"anyOf": [*single, array]} if single else array

    def wanted(self) -> Message:
        """As people call it."""
        return msg("a list")

    def blank(self) -> Any:
        """None of them."""
        return ()


@dataclass(frozen=True)
class PairForm:
    """A list of fixed length, such as two bounds."""

    items: tuple[Form, ...]

    def fits(self, node: Node) -> bool:
        """A list of that length."""
        return isinstance(node, SequenceNode) and len(node.value) == len(self.items)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give a tuple."""
        if not self.fits(node):
            return refuse(reading, node, name, self)
        pairs = zip(self.items, node.value, strict=True)
        values = tuple(form.read(reading, item, name) for form, item in pairs)
        return BAD if BAD in values else values

    def schema(self) -> Schema:
        """An array of that length."""
        count = len(self.items)
        items = [form.schema() for form in self.items]
        return {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}

    def wanted(self) -> Message:
        """With the length."""
        return msg("a list of {count}", count=len(self.items))

    def blank(self) -> Any:
        """No pair can be made up."""
        return BAD


@dataclass(frozen=True)
class MapForm:
    """Values by names that the author chooses."""

    key: Form
    value: Form

    def fits(self, node: Node) -> bool:
        """A mapping."""
        return isinstance(node, MappingNode)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give a dict in the order of the file; bad entries are left out after they were told."""
        if not isinstance(node, MappingNode):
            return refuse(reading, node, name, self)
        values = {}
        for word, key_node, value_node in entries(reading, node):
            key = self._key(reading, key_node, name)
            value = self.value.read(reading, value_node, word)
            if key is not BAD and value is not BAD:
                values[key] = value
        return values

    def _key(self, reading: Reading, node: ScalarNode, name: str) -> Any:
        # A key is its text, also where YAML would read `yes`, `1.10` or nothing.
        written = ScalarNode(_STR, node.value, node.start_mark, node.end_mark, style='"')
        return self.key.read(reading, written, name)

    def schema(self) -> Schema:
        """An object with any properties, their names checked where they are names."""
        schema: Schema = {"type": "object", "additionalProperties": self.value.schema()}
        names = self.key.schema()
        if "pattern" in names:
            schema["propertyNames"] = {"pattern": names["pattern"]}
        return schema

    def wanted(self) -> Message:
        """As people call it."""
        return msg("a mapping")

    def blank(self) -> Any:
        """None of them."""
        return {}


_STR = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class ChoiceForm:
    """One of several forms; the first that looks like the node is taken."""

    options: tuple[Form, ...]

    def fits(self, node: Node) -> bool:
        """Whatever fits one of them."""
        return any(option.fits(node) for option in self.options)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Read by the first form that fits."""
        for option in self.options:
            if option.fits(node):
                return option.read(reading, node, name)
        return refuse(reading, node, name, self)

    def schema(self) -> Schema:
        """Any of them."""
        return {"anyOf": [option.schema() for option in self.options]}

    def wanted(self) -> Message:
        """All of them, joined by "or"."""
        wanted = self.options[0].wanted()
        for option in self.options[1:]:
            wanted = msg("{one} or {other}", one=wanted, other=option.wanted())
        return wanted

    def blank(self) -> Any:
        """As the first."""
        return self.options[0].blank()


def _scalar(schema: Schema) -> bool:
    return "enum" in schema or bool(set(_SCALARS) & set(_types(schema)))


_SCALARS = ("string", "number", "integer", "boolean")


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)
