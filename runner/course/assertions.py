"""The two ways to write what a check asserts: `run` with its expectations, or `probe`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node

from checks.lazy import Lazy
from checks.message import msg
from checks.probes import PROBES
from checks.shell import ShellAssertion
from runner.course.declare import Grammar, Part
from runner.course.forms import Form, Schema
from runner.course.reading import BAD, Reading, entries, nearest


class AssertionPart(Part):
    """The keys `run`, `exit`, `stdout`, …, or `probe`, of a check and of a control."""

    def __init__(self) -> None:
        """Know the shell's keys and all probes."""
        self._grammar = Grammar()
        self._shell = self._grammar.record(ShellAssertion)
        self._probe = ProbeForm(self._grammar)
        self.keys = (*self._shell.keys, "probe")

    def read(self, reading: Reading, given: Mapping[str, Node], node: Node) -> Any:
        """Give the assertion; problems where there is none, or both."""
        if "probe" not in given and "run" not in given:
            return reading.fail(
                node,
                msg("Nothing is asserted here."),
                msg("Write `run:` with a command, or `probe:` with a probe."),
            )
        if "probe" not in given:
            return self._read_shell(reading, given, node)
        for key in self._shell.keys:
            if key in given:
                reading.fail(
                    given[key],
                    msg("`{key}` cannot stand beside `probe`.", key=key),
                    msg("It belongs to `run`."),
                )
        return self._probe.read(reading, given["probe"], "probe")

    def _read_shell(self, reading: Reading, given: Mapping[str, Node], node: Node) -> Any:
        first_text = len(reading.texts)
        values = {}
        for field in self._shell.fields:
            if field.key in given and not isinstance(field.form, Part):
                value = field.form.read(reading, given[field.key], field.key)
                if value is BAD and field.required:
                    value = field.form.blank()
                if value is not BAD:
                    values[field.name] = value
        return self._shell.make(reading, node, values, first_text)

    def forms(self) -> Iterator[tuple[str, type | None, Form]]:
        """Give the shell's keys and `probe`."""
        for key, field in self._shell.keys.items():
            if not isinstance(field.form, Part):
                yield key, ShellAssertion, field.form
        yield "probe", None, self._probe

    def grammar(self) -> Grammar:
        """Give the grammar of shell assertions and probes."""
        return self._grammar

    def rule(self) -> Schema:
        """Exactly one of the two; the shell's other keys go with `run`."""
        others = [key for key in self._shell.keys if key != "run"]
        return {
            "oneOf": [{"required": ["run"]}, {"required": ["probe"]}],
            "dependentRequired": {key: ["run"] for key in others},
        }


class ProbeForm:
    """One probe by its name, with what it asks: `{linked: {from: …, to: …}}`."""

    def __init__(self, grammar: Grammar) -> None:
        """Know all probes."""
        self.probes = Lazy(PROBES, lambda name: grammar.record(PROBES[name]))

    def fits(self, node: Node) -> bool:
        """A mapping."""
        return isinstance(node, MappingNode)

    def read(self, reading: Reading, node: Node, name: str) -> Any:
        """Give the probe."""
        if not isinstance(node, MappingNode) or len(node.value) != 1:
            return reading.fail(
                node,
                msg("`probe` wants one probe by its name, such as `linked: {from: …, to: …}`."),
                nearest("", self.probes),
            )
        for word, key, value in entries(reading, node):
            if word in self.probes:
                return self.probes[word].read(reading, value, word)
            reading.fail(
                key, msg("There is no probe `{probe}`.", probe=word), nearest(word, self.probes)
            )
        return BAD

    def schema(self) -> Schema:
        """An object with exactly one of the probes."""
        return {
            "type": "object",
            "properties": {name: form.schema() for name, form in self.probes.items()},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }

    def wanted(self) -> Any:
        """As people call it."""
        return msg("a probe")

    def blank(self) -> Any:
        """No probe can be made up."""
        return BAD
