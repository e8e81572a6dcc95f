"""Taking values out of a check's output for the checks that need it."""

from __future__ import annotations

import re

from checks import jsonpath
from checks.explain import Miss
from checks.message import Message, msg
from checks.search import as_searched, search
from checks.spec import Answers, Capture, Check


def capture(check: Check, answers: Answers) -> tuple[dict[str, str], Miss | None]:
    """Give what the check captures from a round that passed, and the first value not found."""
    text = "\n".join(answer.stdout for answer in answers.values() if answer.stdout)
    values: dict[str, str] = {}
    for name, wanted in (check.capture or {}).items():
        value, found = _take(wanted, text)
        if not value:
            return values, Miss(
                msg("the output has the value that is called {name} from here on", name=name),
                found,
            )
        values[name] = value
    return values, None


def _take(wanted: Capture, text: str) -> tuple[str, Message]:
    if wanted.matches is not None:
        match = search(wanted.matches, text)
        nothing = msg("nothing that matches {pattern}", pattern=wanted.matches)
        return (_matched(match) if match else ""), as_searched(nothing, text)
    try:
        found = jsonpath.find(jsonpath.read(text), wanted.json or "")
    except ValueError as error:
        return "", msg("the output is no JSON: {reason}", reason=str(error))
    if isinstance(found, jsonpath.Missing):
        return "", found.reason
    if found is None or isinstance(found, dict | list | bool):
        value = jsonpath.brief(found)
        return "", msg("{path} is {value}, not a plain value", path=wanted.json, value=value)
    return str(found), msg("{path} is empty", path=wanted.json)


def _matched(match: re.Match[str]) -> str:
    return ((match[1] if match.re.groups else match[0]) or "").strip()
