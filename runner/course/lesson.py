"""A lesson as an author writes it: pure declarations, read by the loader and the schema.

As in `checks.spec`, fields are keys of the lesson file (trailing underscore dropped) and the
docstrings below them become the schema's descriptions. A field with `in_file` false in its metadata
is no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from checks.kinds import Engines, Name, Plain, Shell, Text
from checks.spec import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Commands for the prompt of one lab host."""

    shorthand: ClassVar[str] = "do"
    """A bare text stands for `do`."""

    do: Shell
    host: Plain | None = None
    """The lab host; the step's where it is left out."""
    when: Mapping[str, Plain] = field(default_factory=dict)
    """Only where these variables have these values: what mends one fault and no other."""


Commands = tuple[Typed, ...]
"""In the file: one shell text, or a list of `{host, do}`; typed in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """An environment that looks done and is not."""

    do: Commands
    fails: tuple[Name, ...]
    """The checks of the step that must fail on it."""
    engines: Engines | None = None
    because: Text | None = None
    """Why it exists only on these engines; required beside `engines`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAnswer:
    """A value that a learner may take for the right one."""

    knows: Shell | None = None
    """A command whose output is that value, or …"""
    value: Plain | None = None
    """… the value itself."""
    because: Text | None = None
    """Said to the learner who gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asked before acting: a choice, or a value that a command in the lab knows."""

    id: Name
    say: Text
    choose: Mapping[str, Text] | None = None
    """The choices, by a short key. Either this with `answer`, or `knows`."""
    answer: Plain | None = None
    """The key of the right choice."""
    knows: Shell | None = None
    """A command for the lab host; each line of its output is a right answer."""
    host: Plain | None = None
    wrong: Mapping[str, WrongAnswer] | None = None
    """Values that must be refused, each with what is said then."""
    because: Text | None = None
    """Said after the right answer."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A value drawn for each learner; the default learner gets `default`."""

    default: Plain
    """The value without a key; it lies in the range."""
    choose: tuple[Plain, ...] | None = None
    """Draw one of these, …"""
    between: tuple[int, int] | None = None
    """… or a whole number from the first to the last, …"""
    from_: Plain | None = None
    """… or make it of other variables: `%{target}-alias`."""
    each: bool = False
    """A proof plays the lesson with each of `choose`: the faults that a lab may begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSpec:
    """A lab host: a small server with systemd and a Docker engine of its own."""

    memory: Plain | None = None
    """A limit as Docker writes it, such as `512m`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One idea: prose, what to try, what must hold afterwards."""

    id: Name
    title: Text
    text: Text
    """Markdown, in lines of 76 columns at most."""
    host: Plain | None = None
    """The lab host of this step; the lesson's first where it is left out."""
    ask: tuple[Question, ...] = ()
    try_: Shell | None = None
    """The command offered to the learner."""
    checks: tuple[Check, ...] = ()
    hints: tuple[Text, ...] = ()
    """From a nudge to nearly the command."""
    solution: Commands = ()
    """What is typed to get it done, by a proof and for a learner who asks for it."""
    also_right: Mapping[str, Commands] = field(default_factory=dict)
    """Other ways that must pass too, by a name."""
    wrong: Mapping[str, Wrong] = field(default_factory=dict)
    """Ways that must fail, by a name."""
    undoes: tuple[Plain, ...] = ()
    """Earlier checks (`step.check`) that this step makes untrue on purpose."""
    engines: Engines | None = None
    """The engines that it can be done on."""
    because: Text | None = None
    """What is said where it cannot be done; required beside `engines`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson file."""

    format: int
    """Of the grammar; 1."""
    id: Name
    """`lesson-07`, `challenge-03`; the file is `ID-slug.yaml`."""
    title: Text
    goal: Text
    """What the learner can do afterwards, in one sentence."""
    minutes: int
    """How long it takes somebody who has not done it before."""
    source: tuple[Plain, ...] = ()
    """The headings of the notes that the lesson covers."""
    hosts: Mapping[str, HostSpec]
    """The lab hosts by name; the first is the default."""
    images: tuple[Plain, ...] = ()
    """The course images that the inner engine must have."""
    engines: Engines | None = None
    """The engines that it can be taken on."""
    kernel: tuple[Plain, ...] = ()
    """Kernel features without which it cannot be taken, by doctor's names."""
    because: Text | None = None
    """What is said where it cannot be taken; required beside `engines` or `kernel`."""
    variables: Mapping[str, Variable] = field(default_factory=dict)
    """Values that differ from learner to learner, used as `%{name}` in any text."""
    setup: Commands = ()
    """Run in a clean lab before the first step; must be repeatable."""
    steps: tuple[Step, ...]
    """In order; one idea each."""
    recap: Text
    """What to remember, in Markdown."""
    path: Path | None = field(default=None, compare=False, metadata={"in_file": False})
    """Where it was read; beside it lie its overlays."""
