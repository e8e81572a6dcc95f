from typing import Any

import pytest

from checks.kinds import Pattern
from checks.matchers import Output
from checks.message import msg
from checks.values import Count, JsonValue, Number

HOSTS = "127.0.0.1\tlocalhost\n172.17.0.2\tcentos01-alias 3f5 centos01\n172.17.0.3\t9ab\n"
INSPECT = (
    '[{"Name": "/web", "Mtu": "1500", "Up": true, "Aliases": ["a", "b"], "Gone": null, "N": 4}]'
)


def miss(text: str, **wanted: Any) -> tuple[str, str] | None:
    found = Output(**wanted).miss(text, msg("the output"))
    return None if found is None else (str(found.expected), str(found.found))


def json_miss(path: str, **wanted: Any) -> tuple[str, str] | None:
    return miss(INSPECT, json={path: JsonValue(**wanted)})


def test_equals_ignores_a_final_newline_only() -> None:
    assert miss("up\n", equals="up") is None
    assert miss("up", equals="up\n") is None
    assert miss(" up", equals="up") == ("the output is “up”", "“ up”")
    assert miss("", equals="up") == ("the output is “up”", "it is empty")
    assert miss("up\ndown\n", equals="up") == ("the output is “up”", "2 lines; the first: “up”")


def test_equals_tells_the_first_differing_line() -> None:
    assert miss("a\nc\n", equals="a\nb\n") == ("the output has line 2: “b”", "line 2: “c”")
    assert miss("a\n", equals="a\nb") == ("the output has line 2: “b”", "no line 2")
    assert miss("a\nb\nc", equals="a\nb") == ("the output has no line 3", "line 3: “c”")


def test_a_line_is_found_whatever_its_blanks() -> None:
    assert miss(HOSTS, line=("172.17.0.2   centos01-alias 3f5 centos01",)) is None


def test_the_nearest_line_is_told() -> None:
    assert miss(HOSTS, line=("172.17.0.9 centos01-alias 3f5 centos01",)) == (
        "the output has the line “172.17.0.9 centos01-alias 3f5 centos01”",
        "not there; the nearest line: “172.17.0.2 centos01-alias 3f5 centos01”",
    )
    assert miss(HOSTS, contains=("zzzz",)) == (
        "the output contains “zzzz”",
        "nothing like it in 3 lines; the first: “127.0.0.1 localhost”",
    )
    assert miss(HOSTS, matches=(r"^172\.17\.0\.2\s+centos02-alias",)) == (
        r"the output matches ^172\.17\.0\.2\s+centos02-alias",
        "not there; the nearest line: “172.17.0.2 centos01-alias 3f5 centos01”",
    )
    assert miss("only\n", contains=("x",)) == ("the output contains “x”", "“only”")


def test_a_part_is_no_line() -> None:
    assert miss(HOSTS, contains=("localhost",)) is None
    assert miss(HOSTS, line=("localhost",)) is not None


def test_all_that_is_given_must_hold() -> None:
    assert miss(HOSTS, contains=("localhost", "9ab"), matches=("^127", "9ab$")) is None
    assert miss(HOSTS, contains=("localhost", "nobody")) is not None


def test_negations_tell_where_it_stands() -> None:
    assert miss(HOSTS, lacks=("9ab",)) == (
        "the output does not contain “9ab”",
        "line 3: “172.17.0.3\t9ab”",
    )
    assert miss(HOSTS, no_line=("172.17.0.3 9ab",)) == (
        "the output has no line “172.17.0.3 9ab”",
        "it is line 3",
    )
    assert miss(HOSTS, lacks=("nobody",), no_line=("localhost",)) is None


def test_emptiness() -> None:
    assert miss(" \n", empty=True) is None
    assert miss("a\n", empty=True) == ("the output is empty", "“a”")
    assert miss("\n", empty=False) == ("the output is not empty", "it is empty")


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (Count(exactly=2), "exactly 2"),
        (Count(at_least=4), "at least 4"),
        (Count(at_most=2), "at most 2"),
        (Count(at_least=4, at_most=5), "4 to 5"),
    ],
)
def test_lines_are_counted_without_empty_ones(count: Count, told: str) -> None:
    assert miss(HOSTS + "\n", lines=Count(exactly=3)) is None
    assert miss(HOSTS, lines=count) == (f"the number of lines in the output is {told}", "3")


def test_numbers_have_bounds_and_a_place() -> None:
    text = "rtt min/avg = 0.05/0.21 ms, 2 received\n"
    assert miss(text, number=Number(equals=0.05)) is None
    assert miss(text, number=Number(at=Pattern(r"(\d+) received"), at_least=1)) is None
    assert miss(text, number=Number(at=Pattern(r"(\d+) received"), at_least=3)) == (
        "the number in the output is at least 3",
        "2",
    )
    assert miss(text, number=Number(at=Pattern("lost (.*)"), equals=0)) == (
        "the number in the output is exactly 0",
        "nothing that matches lost (.*)",
    )
    assert miss(text, number=Number(at=Pattern("(rtt)"), equals=0)) == (
        "the number in the output is exactly 0",
        "“rtt”, which is no number",
    )
    assert miss("none", number=Number(at_most=3)) == (
        "the number in the output is at most 3",
        "no number",
    )


def test_json_values_are_compared_as_they_look() -> None:
    assert json_miss("[0].Name", equals="/web") is None
    assert json_miss("[0].Mtu", equals=1500) is None
    assert json_miss("[0].Up", equals="true") is None
    assert json_miss("[0].Up", equals=1) == ("[0].Up is 1", "true")
    assert json_miss("[0].N", equals="4") is None
    assert json_miss("[0].N", equals=4.0) is None
    assert json_miss("[0].Aliases", equals=("a", "b")) is None
    assert json_miss("[0].Aliases", equals=("b", "a")) == (
        '[0].Aliases is ["b", "a"]',
        '["a", "b"]',
    )


def test_json_misses_tell_the_value_at_the_path() -> None:
    assert json_miss("[0].Name", equals="/db") == ('[0].Name is "/db"', '"/web"')
    assert json_miss("[0].Nam", equals="/db") == (
        '[0].Nam is "/db"',
        "[0] has no Nam; it has: Name, Mtu, Up, Aliases, Gone, N",
    )
    assert json_miss("[0].Gone", equals="x") == ('[0].Gone is "x"', "null")


def test_json_null_is_a_value_to_expect() -> None:
    assert json_miss("[0].Gone") is None
    assert json_miss("[0].Name") == ("[0].Name is null", '"/web"')
    assert json_miss("[0].Nothing") == (
        "[0].Nothing is null",
        "[0] has no Nothing; it has: Name, Mtu, Up, Aliases, Gone, N",
    )


def test_json_presence() -> None:
    assert json_miss("[0].Name", present=True) is None
    assert json_miss("[0].Gone", present=False) is None
    assert json_miss("[0].Nothing", present=False) is None
    assert json_miss("[0].Gone", present=True) == ("[0].Gone is there", "null")
    assert json_miss("[0].Name", present=False) == ("[0].Name is not there", '"/web"')


def test_json_parts_bounds_and_counts() -> None:
    assert json_miss("[0].Aliases", contains=("a",), lacks=("c",)) is None
    assert json_miss("[0]", contains=("Name",)) is None
    assert json_miss("[0].Name", contains=("we",), matches="^/w") is None
    assert json_miss("[0].Aliases", contains=("c",)) == (
        '[0].Aliases contains "c"',
        '["a", "b"]',
    )
    assert json_miss("[0].Gone", lacks=("c",)) == ('[0].Gone lacks "c"', "null")
    assert json_miss("[0].N", at_least=4, at_most=4) is None
    assert json_miss("[0].N", at_least=5) == ("[0].N is at least 5", "4")
    assert json_miss("[0].Name", at_least=5) == ("[0].Name is at least 5", '"/web"')
    assert json_miss("[0].Aliases", count=Count(exactly=2)) is None
    assert json_miss("[0].N", count=Count(at_least=1)) == ("[0].N has at least 1 elements", "4")


def test_what_is_no_json_is_said() -> None:
    found = miss("Error", json={"a": JsonValue(equals=1)})
    assert found is not None
    assert found[0] == "the output is JSON"
    assert found[1].startswith("it cannot be read: ")


@pytest.mark.parametrize(
    "wanted",
    [
        {"lacks": ("x",)},
        {"no_line": ("x",)},
        {"empty": True},
        {"equals": ""},
        {"lines": Count(at_most=3)},
        {"lines": Count(exactly=0)},
    ],
)
def test_what_an_empty_output_satisfies_is_negated(wanted: dict[str, Any]) -> None:
    assert Output(**wanted).negated
    assert Output(**wanted).miss("", msg("the output")) is None


@pytest.mark.parametrize(
    "wanted",
    [
        {"equals": "x"},
        {"contains": ("x",)},
        {"empty": False},
        {"lines": Count(at_least=1)},
        {"number": Number(at_most=3)},
        {"json": {"a": JsonValue(present=False)}},
    ],
)
def test_what_an_empty_output_does_not_satisfy_is_not(wanted: dict[str, Any]) -> None:
    assert not Output(**wanted).negated
    assert Output(**wanted).miss("", msg("the output")) is not None
