"""A learner's record of one lesson as JSON: in a submission, and as a copy on the lab's volume.

`runner.record.export` writes the same form from a store. What is read here may be a forger's, so
every value is looked at, and what does not fit raises `NoWork`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from checks.observation import Observation
from checks.verdict import State
from runner.grade.guarded import LONG, NoWork, items, mapping, moment, name, number, text, truth
from runner.grade.traces_json import lab_from_json, lab_to_json
from runner.grade.work import Answered, Help, Seen, Work
from runner.record.export import VERSION
from runner.record.times import CheckTimes

T = TypeVar("T")


def work_to_json(work: Work) -> dict[str, Any]:
    """Give plain data for `work_from_json`."""
    answers: dict[str, list[dict[str, Any]]] = {}
    for one in work.answers:
        known = None if one.known is None else list(one.known)
        answers.setdefault(one.question, []).append(
            {"at": one.at, "value": one.value, "correct": one.correct, "known": known}
        )
    return {
        "version": VERSION,
        "lesson": work.lesson,
        "digest": work.digest,
        "values": dict(work.values),
        "standing": {"started": work.started, "completed": work.completed},
        "checks": {key: _times_to_json(times) for key, times in work.times.items()},
        "observations": [_seen_to_json(one) for one in work.seen],
        "answers": answers,
        "hints": {one.step: {"count": one.count, "at": one.at} for one in work.hints},
        "solutions": {one.step: {"count": one.count, "at": one.at} for one in work.solutions},
        "labs": [lab_to_json(one) for one in work.labs],
    }


def work_from_json(data: Any) -> Work:
    """Read what `work_to_json` or a store's export gave; raises NoWork for anything else.

    The copies that older programs left in a lab have no observations and are read all the same.
    """
    try:
        return _work(mapping(data, "the record"))
    except NoWork:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError, OverflowError) as e:
        raise NoWork(f"{type(e).__name__}: {str(e)[:200]}") from e


def _work(data: Mapping[str, Any]) -> Work:
    if number(data.get("version"), "version", 1_000) not in (1, VERSION):
        raise NoWork(f"a record of version {str(data.get('version'))[:20]}, known is {VERSION}")
    standing = mapping(data.get("standing") or {}, "standing")
    return Work(
        lesson=name(data["lesson"], "lesson"),
        digest=text(data.get("digest", ""), "digest", 64),
        values=_values(data.get("values", {})),
        started=moment(standing.get("started") or "", "started"),
        completed=moment(standing.get("completed") or "", "completed") or None,
        times=_each(data.get("checks", {}), "checks", _times),
        seen=tuple(map(_seen, items(data.get("observations", []), "observations"))),
        answers=_answers(data.get("answers", {})),
        hints=_help(data.get("hints", {}), "hints"),
        solutions=_help(data.get("solutions", {}), "solutions"),
        labs=tuple(lab_from_json(one) for one in items(data.get("labs", []), "labs")),
    )


def _values(data: Any) -> dict[str, str]:
    return {
        name(key, "a variable"): text(value, "a value", LONG)
        for key, value in mapping(data, "values").items()
    }


def _times_to_json(times: CheckTimes) -> dict[str, Any]:
    return {
        "first_passed": times.first_passed,
        "passed_here": times.passed_here,
        "state": times.state.value if times.state else None,
        "since": times.since,
        "checked": times.checked,
    }


def _times(data: Mapping[str, Any]) -> CheckTimes:
    def at(key: str) -> str | None:
        return moment(data.get(key) or "", key) or None

    state = State(data["state"]) if data.get("state") else None
    return CheckTimes(at("first_passed"), at("passed_here"), state, at("since"), at("checked"))


def _seen_to_json(one: Seen) -> dict[str, Any]:
    return {
        "check": one.check,
        "at": one.at,
        "lab": one.lab,
        "first": one.first,
        "state": one.state.value,
        "observation": None if one.observation is None else one.observation.to_json(),
    }


def _seen(data: Any) -> Seen:
    item = mapping(data, "an observation")
    given = item.get("observation")
    observation = None if given is None else Observation.from_json(given)
    check = name(item["check"], "check")
    if observation is not None and observation.check != check:
        raise NoWork(f"the observation of {check} says that it is of another check")
    return Seen(
        check=check,
        at=moment(item["at"], "at"),
        lab=name(item["lab"], "lab"),
        first=truth(item["first"], "first"),
        state=State(item["state"]),
        observation=observation,
    )


def _answers(data: Any) -> tuple[Answered, ...]:
    return tuple(
        _answered(name(key, "a question"), mapping(one, "an answer"))
        for key, given in mapping(data, "answers").items()
        for one in items(given, "answers")
    )


def _answered(question: str, data: Mapping[str, Any]) -> Answered:
    known = data.get("known")
    return Answered(
        question=question,
        at=moment(data["at"], "at"),
        value=text(data["value"], "value", LONG),
        correct=truth(data["correct"], "correct"),
        known=None
        if known is None
        else tuple(text(one, "known", LONG) for one in items(known, "known")),
    )


def _help(data: Any, what: str) -> tuple[Help, ...]:
    found = []
    for key, value in mapping(data, what).items():
        count, at = (value, "") if type(value) is int else (value["count"], value.get("at", ""))
        count = number(count, what, 1_000_000)
        found.append(Help(step=name(key, "a step"), count=count, at=moment(at or "", "at")))
    return tuple(found)


def _each(data: Any, what: str, read: Callable[[Mapping[str, Any]], T]) -> dict[str, T]:
    return {
        name(key, what): read(mapping(value, key)) for key, value in mapping(data, what).items()
    }
