from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from checks.fill import UnknownName, fill, fill_text, finish, names_in
from checks.kinds import Pattern, Plain, Shell, Text


class Word(StrEnum):
    ODD = "%{a}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    run: Shell | None = None
    patterns: tuple[Pattern, ...] = ()
    pair: tuple[Shell, Plain] | None = None
    word: Word = Word.ODD


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    say: Text | None = None
    parts: Mapping[str, Inner] = field(default_factory=dict)
    one: Any = None
    commands: tuple[Shell, ...] | Shell = ()
    paths: Mapping[Pattern, Shell] = field(default_factory=dict)


VALUES = {"a": "x y", "b": "1.2"}


def test_a_width_keeps_a_drawings_shape() -> None:
    assert fill_text("| %{a:5} |%{b:2}|", VALUES) == "| x y   |1.2|"
    assert fill_text("%%{a:5} %{c:5}", VALUES) == "%%{a:5} %{c:5}"
    assert names_in("%{a:5} %{b:no}") == {"a", "b:no"}


def test_a_value_is_quoted_in_shell_escaped_in_patterns_and_raw_elsewhere() -> None:
    filled = fill(
        Outer(
            say=Text("see %{a}"),
            parts={"p": Inner(run=Shell("echo %{a}"), patterns=(Pattern("^%{b}$"),))},
            commands=(Shell("ls %{a}"),),
            paths={Pattern("%{b}"): Shell("%{a}")},
        ),
        VALUES,
    )
    assert filled.say == "see x y"
    assert filled.parts["p"].run == "echo 'x y'"
    assert filled.parts["p"].patterns == (r"^1\.2$",)
    assert filled.commands == ("ls 'x y'",)
    assert filled.paths == {r"1\.2": "'x y'"}


def test_a_union_and_a_fixed_tuple_go_by_their_members() -> None:
    assert fill(Outer(commands=Shell("ls %{a}")), VALUES).commands == "ls 'x y'"
    assert fill(Inner(pair=(Shell("%{a}"), Plain("%{a}"))), VALUES).pair == ("'x y'", "x y")


def test_data_without_declared_kinds_is_filled_raw() -> None:
    filled = fill(Outer(one={"k": ["%{a}", 3, None]}), VALUES)
    assert filled.one == {"k": ["x y", 3, None]}


def test_words_of_the_grammar_are_left_alone() -> None:
    assert fill(Inner(), VALUES).word is Word.ODD


def test_what_nothing_is_put_into_is_given_back_itself() -> None:
    outer = Outer(say=Text("plain"), parts={"p": Inner(run=Shell("ls"))}, one=("a", ("b",)))
    assert fill(outer, VALUES) is outer


def test_unknown_names_and_escapes_are_kept_for_a_later_round() -> None:
    once = fill(Outer(say=Text("%{a} %{late} %%{a}")), VALUES)
    assert once.say == "x y %{late} %%{a}"
    assert fill(once, {"late": "z"}, missing="error").say == "x y z %{a}"


def test_the_last_round_names_what_is_unknown() -> None:
    with pytest.raises(UnknownName) as caught:
        fill(Outer(say=Text("%{nobody}")), VALUES, missing="error")
    assert caught.value.name == "nobody"


def test_a_value_is_never_filled_itself() -> None:
    assert fill_text("%{a}", {"a": "%{b}", "b": "no"}) == "%{b}"


def test_finish_resolves_escapes_only() -> None:
    assert finish(Outer(say=Text("%%{a} %{b}"))).say == "%{a} %{b}"


def test_names_are_found_everywhere_but_in_escapes() -> None:
    outer = Outer(say=Text("%{a} %%{no}"), parts={"p": Inner(patterns=(Pattern("%{b}"),))})
    assert names_in(outer) == {"a", "b"}


def test_a_text_can_be_filled_by_kind() -> None:
    assert fill_text("echo %{a} %{c}", VALUES, Shell) == "echo 'x y' %{c}"
