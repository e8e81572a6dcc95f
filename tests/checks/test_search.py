"""An author's pattern is looked for in the first part of an output alone, and that is said."""

from __future__ import annotations

from checks.matchers import Output
from checks.message import msg
from checks.search import MOST
from checks.values import Number


def told(want: Output, text: str) -> str:
    miss = want.miss(text, msg("stdout"))
    return "" if miss is None else str(miss.found)


def test_what_stands_behind_the_first_part_is_not_found_and_it_is_said() -> None:
    text = "x\n" * (MOST // 2) + "wanted 7\n"
    for want in (Output(matches=("wanted",)), Output(number=Number(at="wanted (.)", equals=7))):  # type: ignore[arg-type]
        assert "only the first 64 KiB are searched" in told(want, text)
        assert told(want, "wanted 7\n") == ""
        assert "searched" not in told(want, "something else\n")
