"""Sentences for people, kept as template and values until a face shows them.

A verdict is judged once and may be read in several languages, so it carries the English template
and what goes into it; rendering translates the template and fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]
"""From an English template to the reader's language; `str` itself for English."""

_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)(?::([<>]?\d{0,2}(?:\.\d)?[dfgs]?))?\}")
_DEPTH = 16
"""How deep messages nest at most; what is read from a file might nest without end."""


@dataclass(frozen=True, slots=True)
class Message:
    """An English template in `str.format` style and the values that it names."""

    text: str
    """The template; the key under which the catalogues hold its translation."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Strings, numbers or further messages, by the names used in the template."""

    def __str__(self) -> str:
        """Give the sentence in English."""
        return self.render(str)

    def render(self, translate: Translate) -> str:
        """Give the sentence in the language that `translate` knows."""
        values = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return _put(translate(self.text), values) if values else translate(self.text)

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        values = {
            name: {"message": value.to_json()} if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return {"text": self.text, "values": values} if values else {"text": self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], depth: int = 0) -> Message:
        """Read what `to_json` gave; ValueError, KeyError or TypeError for anything else."""
        if depth > _DEPTH:
            raise ValueError("a message nests too deeply")
        if not isinstance(data["text"], str):
            raise TypeError("a message's text is no text")
        values = {
            str(name): cls.from_json(value["message"], depth + 1)
            if isinstance(value, dict)
            else value
            for name, value in data.get("values", {}).items()
        }
        return cls(data["text"], values)


def _put(template: str, values: Mapping[str, Any]) -> str:
    """Do `str.format`'s work without its reach: the template may come from a file of a stranger.

    A name without a value stays as it stands, so that a slip in a translation hides no verdict.
    """

    def one(match: re.Match[str]) -> str:
        name, form = match[1], match[2]
        if name is None:
            return match[0][0]
        if name not in values:
            return match[0]
        try:
            return format(values[name], form or "")
        except (TypeError, ValueError):
            return str(values[name])

    return _FIELD.sub(one, template)


def msg(text: str, /, **values: Any) -> Message:
    """Make a message; the name by which sentences are found for translation."""
    return Message(text, values)
