"""What a string in a lesson is, so that it is read, checked and filled in rightly.

The loader, the schema and the substitution of `%{name}` all go by these annotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

Shell = NewType("Shell", str)
"""Bash. Values are quoted on substitution; lint parses it with `bash -n`."""
Pattern = NewType("Pattern", str)
"""A Python regular expression, searched with MULTILINE. Values are escaped on substitution."""
Text = NewType("Text", str)
"""Markdown or a sentence for people; translated through the overlay."""
Name = NewType("Name", str)
"""An id inside a lesson: small letters, digits and hyphens."""
Plain = NewType("Plain", str)
"""Any other string that values are put into as they are."""
Seconds = NewType("Seconds", float)
"""A length of time, written `5`, `0.5` or `5s`, `500ms`, `2m`."""


@dataclass(frozen=True, slots=True)
class Engines:
    """A range of engine versions, written `>=20.10`, `<28`, or several joined by commas."""

    text: str

    def allows(self, version: str) -> bool:
        """Tell whether a version such as `26.1.5` or `28.5.2+dfsg1` lies in the range."""
        return all(_holds(part, _numbers(version)) for part in self.text.split(","))

    @staticmethod
    def valid(text: str) -> bool:
        """Tell whether the text is a range that `allows` can read."""
        return all(_PART.fullmatch(part.strip()) for part in text.split(","))


_PART = re.compile(r"(>=|<=|==|>|<)\s*(\d+(?:\.\d+)*)")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _holds(part: str, version: tuple[int, ...]) -> bool:
    found = _PART.fullmatch(part.strip())
    if found is None:
        raise ValueError(f"not an engine range: {part!r}")
    bound = _numbers(found[2])
    # 26.1.5 is neither above nor below 26.1: compare as many numbers as the bound names.
    have = version[: len(bound)] + (0,) * (len(bound) - len(version))
    return {
        ">=": have >= bound,
        "<=": have <= bound,
        "==": have == bound,
        ">": have > bound,
        "<": have < bound,
    }[found[1]]
