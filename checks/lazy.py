"""A mapping whose values are made when they are first asked for.

A program that checks three things should not pay for knowing thirty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class Lazy(Mapping[str, Value]):
    """Known keys in their order; each value is made once."""

    def __init__(self, keys: Iterable[str], make: Callable[[str], Value]) -> None:
        """Take the keys and what makes the value of one."""
        self._keys = tuple(keys)
        self._make = make
        self._made: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Value:
        """Give the value of a known key; KeyError for another."""
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        """Give the keys."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        """Tell whether a key is known, without making its value."""
        return key in self._keys
