"""Sentences for people, kept as template and values until a face shows them.

A verdict is judged once and may be read in several languages, so it carries the English template
and what goes into it; rendering translates the template and fills it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]
"""From an English template to the reader's language; `str` itself for English."""


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
        return translate(self.text).format(**values) if values else translate(self.text)

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        values = {
            name: {"message": value.to_json()} if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return {"text": self.text, "values": values} if values else {"text": self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        """Read what `to_json` gave."""
        values = {
            name: cls.from_json(value["message"]) if isinstance(value, dict) else value
            for name, value in data.get("values", {}).items()
        }
        return cls(data["text"], values)


def msg(text: str, /, **values: Any) -> Message:
    """Make a message; the name by which sentences are found for translation."""
    return Message(text, values)
