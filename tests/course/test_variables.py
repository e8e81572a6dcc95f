"""Values drawn for a learner: always the same, in their range, never two alike."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from checks.kinds import Name, Plain, Shell
from runner.course.lesson import Lesson, Typed, Variable, Wrong
from runner.course.lesson_file import load_lesson
from runner.course.variables import TOKEN, cases, draw, fill
from tests.course.books import write_lesson

KEYS = [bytes([n]) * 16 for n in range(60)]


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return load_lesson(write_lesson(tmp_path))


def test_the_default_learner_gets_the_defaults(lesson: Lesson) -> None:
    assert draw(lesson, None) == {"target": "web01", "port": "8080", "alias": "web01-alias"}


def test_a_learner_always_gets_the_same(lesson: Lesson) -> None:
    assert draw(lesson, KEYS[1]) == draw(lesson, KEYS[1])


def test_learners_differ_and_stay_in_range(lesson: Lesson) -> None:
    drawn = [draw(lesson, key) for key in KEYS]
    assert {values["target"] for values in drawn} == {"web01", "app01", "db01"}
    assert len({values["port"] for values in drawn}) > 40
    assert all(8000 <= int(values["port"]) <= 8999 for values in drawn)
    assert all(values["alias"] == f"{values['target']}-alias" for values in drawn)
    assert all(TOKEN.fullmatch(value) for values in drawn for value in values.values())


def test_another_lesson_draws_anew(lesson: Lesson) -> None:
    other = dataclasses.replace(lesson, id=Name("lesson-08"))
    assert any(draw(lesson, key) != draw(other, key) for key in KEYS)


def test_two_variables_never_share_a_value_where_the_range_allows_it(lesson: Lesson) -> None:
    choices = (Plain("a"), Plain("b"), Plain("c"))
    variables = {str(name): Variable(default=name, choose=choices) for name in choices}
    three = dataclasses.replace(lesson, variables=variables)
    assert all(sorted(draw(three, key).values()) == ["a", "b", "c"] for key in KEYS)


def test_a_value_that_was_drawn_stays_when_the_lesson_is_known(lesson: Lesson) -> None:
    # Pinned: a change of the way values are drawn would move every learner's lab.
    assert draw(lesson, b"learner") == {"target": "db01", "port": "8953", "alias": "db01-alias"}


def test_fill_puts_them_everywhere(lesson: Lesson) -> None:
    filled = fill(lesson, draw(lesson, None))
    assert filled.steps[0].text == "It is `web01`.\n"
    assert filled.steps[1].checks[1].assertion.stdout.line == (  # type: ignore[attr-defined]
        "172.17.0.2 web01-alias %{id12} web01",
    )
    assert filled.path == lesson.path


FAULTS = {
    "fault": Variable(default=Plain("dns"), choose=(Plain("dns"), Plain("route")), each=True),
    "note": Variable(default=Plain("dns-note"), from_=Plain("%{fault}-note")),
}


def test_each_value_of_a_marked_variable_is_a_case(lesson: Lesson) -> None:
    faulty = dataclasses.replace(lesson, variables=FAULTS)
    assert cases(lesson) == [{}]
    assert cases(faulty) == [{"fault": "dns"}, {"fault": "route"}]
    assert draw(faulty, None, {"fault": "route"}) == {"fault": "route", "note": "route-note"}
    assert draw(faulty, KEYS[0], {"fault": "dns"}) == {"fault": "dns", "note": "dns-note"}


def test_commands_are_for_those_with_the_values_that_they_name(lesson: Lesson) -> None:
    def only(fault: str) -> Typed:
        return Typed(do=Shell(f"mend {fault}"), when={"fault": Plain(fault)})

    step = dataclasses.replace(
        lesson.steps[0],
        solution=(only("dns"), only("route"), Typed(do=Shell("true"))),
        also_right={Name("by-name"): (only("dns"),)},
        wrong={Name("other"): Wrong(do=(only("dns"),), fails=())},
    )
    faulty = dataclasses.replace(lesson, variables=FAULTS, setup=(only("dns"),), steps=(step,))
    route = fill(faulty, draw(faulty, None, {"fault": "route"}))
    assert [part.do for part in route.steps[0].solution] == ["mend route", "true"]
    assert not route.setup
    assert not route.steps[0].also_right
    assert not route.steps[0].wrong
    dns = fill(faulty, draw(faulty, None))
    assert list(dns.steps[0].also_right) == ["by-name"]
    assert list(dns.steps[0].wrong) == ["other"]
