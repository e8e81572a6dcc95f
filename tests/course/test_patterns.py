"""Regular expressions that would freeze the program are told from those that only look alike."""

from __future__ import annotations

import pytest

from runner.course.patterns import endless


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*b",
        "(?:a+?)+b",
        "^(([a-z])+.)+[A-Z]$",
        "(a|aa)+$",
        "(a|a?)+$",
        r"(\w+|\d)+x",
        r"(.*,)*x",
        r"(\d+\.?)+$",
        r"^(\s*\w+\s*)+=",
        r"(x(y)?)*z|(?=(b+)+c)",
        "(a{1,30})+b",
        "([^b]+|ä)*b",
    ],
)
def test_what_matches_in_several_ways_over_and_over_is_endless(pattern: str) -> None:
    assert endless(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "a+b*",
        r"^(\S+ )+\S+$",
        r"(\d+\.)+\d+",
        r"(\d+\.){3}\d+",
        "(foo|fa)+",
        "(?:[^,]*,)*",
        r"^true (.* )?data:/data ",
        r"(?=.*\s[0-9a-f]{12}(\s|$))(?=.*\sx(\s|$))",
        r"^(a|b)*$",
        r"(\n.*)*",
        r'"HostPort":"([^"\\]|\\.)*"',
        "(?>a+)+b",
        "(a++)+b",
    ],
)
def test_what_matches_in_one_way_is_not(pattern: str) -> None:
    assert not endless(pattern)
