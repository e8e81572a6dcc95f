"""Writes and updates overlays: what is missing as a blank to fill in, what is stale marked so.

The file is written anew in the lesson's order. Kept are all translations, moved ones (same words,
other place) included, and the comments that stand on lines of their own above a text; comments at
the end of a line are not. Two signs are ours and written anew each time: `#:` before the words to
be translated, `#!` before what is wrong with a translation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.course.course import Course
from runner.course.overlay import (
    FORMAT,
    UNWRITTEN,
    Address,
    digest,
    overlay_path,
    read_overlay,
    texts_of,
)

SCHEMA = "# yaml-language-server: $schema=../schema/overlay.schema.json"

_NEWLINE = "\n"
_PLAIN = re.compile(r"[^\W\d_][^\n#:\"'{}\[\]&*!|>%@`]*", re.UNICODE)
_YAML_WORDS = re.compile(r"(?i)(true|false|null|yes|no|on|off|y|n)")


@dataclass(frozen=True, slots=True)
class Updated:
    """What was done to an overlay."""

    path: Path
    missing: int
    """Texts that are still to be translated."""
    stale: int
    """Translations whose original has changed."""
    left: int
    """Translations of texts that are gone; they stand at the end of the file as comments."""


@dataclass(frozen=True, slots=True)
class _Old:
    """A translation as the file had it, with the author's comments above it."""

    text: str
    of: str | None
    comments: tuple[str, ...] = ()


def update_overlay(course: Course, lesson_id: str, language: str) -> Updated:
    """Write a lesson's overlay, or bring it up to date.

    A translation without a digest is taken to fit what the lesson says now. Raises CourseError
    where lesson or overlay cannot be read; the overlay is then left as it is.
    """
    lesson = course.lesson(lesson_id)
    path = overlay_path(course.file(lesson.id), language)
    head, old, tail = _read(path) if path.is_file() else ([SCHEMA], {}, [])
    texts = texts_of(lesson)
    kept = _keep(texts, old)
    left = {address: item for address, item in old.items() if address not in texts}
    left = {address: item for address, item in left.items() if item not in kept.values()}
    lines = [*head, f"format: {FORMAT}", f"lesson: {lesson.id}", ""]
    lines += _body(texts, kept)
    lines += _left(left, tail)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
    stale = [a for a, item in kept.items() if item.of not in (None, digest(texts[a]))]
    return Updated(path, len(texts) - len(kept), len(stale), len(left))


def _read(path: Path) -> tuple[list[str], dict[Address, _Old], list[str]]:
    """Give the comments at the top, what is translated, and what was left over before."""
    overlay, reading = read_overlay(path)
    lines = reading.document.source.split("\n")
    first = min((key.start_mark.line for key, _ in reading.document.root.value), default=0)
    head = [line for line in lines[:first] if line.strip() and not line.startswith("#!")]
    old = {
        address: _Old(item.text, item.of, tuple(_comments(lines, item.line, first)))
        for address, item in overlay.items()
        if item.written
    }
    return head or [SCHEMA], old, [line for line in lines if line.startswith("#~")]


def _comments(lines: list[str], line: int, first: int) -> list[str]:
    """Give the author's own comments right above a line, the uppermost first."""
    found: list[str] = []
    while line > first and lines[line - 1].strip().startswith("#"):
        line -= 1
        text = lines[line].strip()
        if not text.startswith(("#:", "#!")):
            found.insert(0, text)
    return found


def _keep(texts: Mapping[Address, str], old: Mapping[Address, _Old]) -> dict[Address, _Old]:
    """Give each text its translation: the one in its place, else one of the same words."""
    kept = {address: old[address] for address in texts if address in old}
    free = {item.of: item for address, item in old.items() if address not in texts and item.of}
    for address, text in texts.items():
        if address not in kept and digest(text) in free:
            kept[address] = free[digest(text)]
    return kept


def _body(texts: Mapping[Address, str], kept: Mapping[Address, _Old]) -> Iterator[str]:
    above: Address = ()
    for address, text in _grouped(texts):
        groups = address[:-1]
        shared = _shared(above, groups)
        for depth in range(shared, len(groups)):
            if groups[:depth] == ("steps",) and above[:1] == ("steps",) and len(above) > 1:
                yield ""
            yield f"{'  ' * depth}{_key(groups[depth])}:"
        yield from _entry(len(groups), address[-1], text, kept.get(address))
        above = groups


def _grouped(texts: Mapping[Address, str]) -> Iterator[tuple[Address, str]]:
    """Give the texts so that each group stands together, in the order of its first text."""
    first: dict[Address, int] = {}
    for number, address in enumerate(texts):
        for depth in range(len(address) + 1):
            first.setdefault(address[:depth], number)
    order = sorted(texts, key=lambda a: [first[a[:depth]] for depth in range(1, len(a) + 1)])
    for address in order:
        yield address, texts[address]


def _shared(one: Address, other: Address) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _entry(depth: int, name: str, text: str, old: _Old | None) -> Iterator[str]:
    margin = "  " * depth
    now = digest(text)
    yield from (margin + comment for comment in (old.comments if old else ()))
    stale = old is not None and old.of not in (None, now)
    if stale:
        yield f"{margin}#! The original has changed. When this fits it again, put @{now}."
    if stale or old is None:
        yield from (f"{margin}#: {line}".rstrip() for line in text.rstrip("\n").split("\n"))
    of = old.of if old is not None and stale else now
    yield from _written(margin, _key(f"{name}@{of}"), old.text if old else UNWRITTEN)


def _written(margin: str, key: str, text: str) -> Iterator[str]:
    if "\n" not in text:
        yield f"{margin}{key}: {_scalar(text)}"
        return
    lines = text.rstrip("\n").split("\n")
    if not text.strip() or lines[0].startswith(" ") or not lines[0]:
        yield f"{margin}{key}: {json.dumps(text, ensure_ascii=False)}"
        return
    yield f"{margin}{key}: |{'' if text.endswith(_NEWLINE) else '-'}"
    yield from (f"{margin}  {line}" if line.strip() else "" for line in lines)


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text == text.strip() and not _YAML_WORDS.fullmatch(text)
    return text if plain or text == UNWRITTEN else json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"\w[\w.@-]*", name) else json.dumps(name, ensure_ascii=False)


def _left(left: Mapping[Address, _Old], before: list[str]) -> Iterator[str]:
    if left or before:
        yield ""
    yield from before
    for address, item in left.items():
        lines = item.text.rstrip("\n").split("\n")
        yield f"#~ {'.'.join(address)}: {lines[0]}"
        yield from (f"#~   {line}".rstrip() for line in lines[1:])
