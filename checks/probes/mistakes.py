"""What an author can get wrong in a probe beyond its form; lint tells it with its place.

Values that are still to be filled in (`%{port}`) are given the benefit of the doubt.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checks.message import Message, msg

Mistakes = Iterator[Message]
"""Full sentences, in the order in which they are met."""

HIGHEST_PORT = 65535


def port(key: str, value: str | None) -> Mistakes:
    """A port is a whole number."""
    if not _open(value) and not (_whole(value) and 0 < int(str(value)) <= HIGHEST_PORT):
        yield msg(
            "`{key}` wants a port from 1 to 65535, here stands `{text}`.", key=key, text=value
        )


def number(key: str, value: str | None) -> Mistakes:
    """A count is a whole number."""
    if not _open(value) and not _whole(value):
        yield msg("`{key}` wants a whole number, here stands `{text}`.", key=key, text=value)


def subnet(key: str, value: str | None) -> Mistakes:
    """A subnet has a prefix length."""
    if _open(value):
        return
    try:
        ipaddress.ip_network(str(value), strict=False)
    except ValueError:
        yield msg(
            "`{key}` wants a subnet such as `172.17.0.0/16`, here stands `{text}`.",
            key=key,
            text=value,
        )


def differ(key: str, one: str | None, other_key: str, other: str | None) -> Mistakes:
    """Two ends are two containers."""
    if one is not None and one == other:
        yield msg("`{key}` and `{other}` are the same container.", key=key, other=other_key)


def _whole(value: str | None) -> bool:
    return value is not None and value.isascii() and value.isdigit()


def _open(value: str | None) -> bool:
    """Tell whether there is nothing to look at: left out, or not filled in yet."""
    return value is None or "%{" in value
