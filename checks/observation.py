"""What asking a check brought: plain data, kept whole, enough to judge it anew elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.asking import Answer, Api, Net, Outcome, Request, Run
from checks.message import Message

VERSION = 1
"""Of the stored form; a newer one is refused by `Observation.from_json` with a ValueError."""

_REQUESTS: dict[str, type[Run] | type[Api] | type[Net]] = {"run": Run, "api": Api, "net": Net}


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of questions."""

    answers: Mapping[str, Answer]
    """By the names that the assertion gave them."""
    control: Mapping[str, Answer] | None = None
    """The control's answers of the same round, where the check has one."""
    after: float = 0.0
    """Seconds since the first round began."""


@dataclass(frozen=True, slots=True)
class Observation:
    """All that asking one check brought.

    Of `eventually` the last round is kept, of `stays` the rounds from the first that held; judging
    goes by these rounds alone.
    """

    check: str
    """`step.check`."""
    started: str
    """UTC, ISO 8601 with milliseconds."""
    seconds: float
    engine: str
    """Version of the inner engine, empty where it did not answer."""
    kernel: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    captured: Mapping[str, str] = field(default_factory=dict)
    """The captured values that were put into this check's texts before asking."""
    objects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Containers and networks met on the way, by name: `id`, `created`."""

    def to_json(self) -> dict[str, Any]:
        """Give plain data for `from_json`."""
        return {
            "version": VERSION,
            "check": self.check,
            "started": self.started,
            "seconds": round(self.seconds, 4),
            "engine": self.engine,
            "kernel": list(self.kernel),
            "samples": [_sample_to_json(sample) for sample in self.samples],
            "captured": dict(self.captured),
            "objects": {name: dict(item) for name, item in self.objects.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Observation:
        """Read what `to_json` gave; ValueError, KeyError or TypeError for anything else."""
        if data["version"] != VERSION:
            raise ValueError(f"observation of version {data['version']}, known is {VERSION}")
        try:
            return _observation(data)
        except (AttributeError, RecursionError, OverflowError) as error:
            raise ValueError(f"not an observation: {error}") from error


def _observation(data: Mapping[str, Any]) -> Observation:
    return Observation(
        check=_text(data["check"]),
        started=_text(data["started"]),
        seconds=float(data["seconds"]),
        engine=_text(data["engine"]),
        kernel=tuple(map(_text, data["kernel"])),
        samples=tuple(_sample_from_json(item) for item in data["samples"]),
        captured=_texts(data["captured"]),
        objects={_text(name): _texts(item) for name, item in data["objects"].items()},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {_text(name): _text(item) for name, item in value.items()}


def _sample_to_json(sample: Sample) -> dict[str, Any]:
    data: dict[str, Any] = {"answers": _answers_to_json(sample.answers), "after": sample.after}
    if sample.control is not None:
        data["control"] = _answers_to_json(sample.control)
    return data


def _sample_from_json(data: Mapping[str, Any]) -> Sample:
    control = data.get("control")
    return Sample(
        _answers_from_json(data["answers"]),
        None if control is None else _answers_from_json(control),
        float(data["after"]),
    )


def _answers_to_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {name: answer_to_json(answer) for name, answer in answers.items()}


def _answers_from_json(data: Mapping[str, Any]) -> dict[str, Answer]:
    return {name: answer_from_json(item) for name, item in data.items()}


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Give plain data for `answer_from_json`; what is empty is left out."""
    data: dict[str, Any] = {
        "host": answer.host,
        "request": request_to_json(answer.request),
        "outcome": answer.outcome.value,
        "seconds": round(answer.seconds, 4),
    }
    for name in ("status", "stdout", "stderr", "value"):
        value = getattr(answer, name)
        if value is not None and not (value == "" and name != "value"):
            data[name] = value
    if answer.why is not None:
        data["why"] = answer.why.to_json()
    return data


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """Read what `answer_to_json` gave; ValueError, KeyError or TypeError for anything else."""
    status = data.get("status")
    if status is not None and type(status) is not int:
        raise TypeError(f"not a status: {status!r}")
    return Answer(
        host=_text(data["host"]),
        request=request_from_json(data["request"]),
        outcome=Outcome(data["outcome"]),
        status=status,
        stdout=_text(data.get("stdout", "")),
        stderr=_text(data.get("stderr", "")),
        value=data.get("value"),
        seconds=float(data["seconds"]),
        why=Message.from_json(data["why"]) if "why" in data else None,
    )


def request_to_json(request: Request) -> dict[str, Any]:
    """Give plain data, also what travels to the lab's own agent."""
    kind = next(name for name, known in _REQUESTS.items() if isinstance(request, known))
    names = type(request).__dataclass_fields__
    return {"kind": kind} | {name: getattr(request, name) for name in names}


def request_from_json(data: Mapping[str, Any]) -> Request:
    """Read what `request_to_json` gave."""
    values = {name: value for name, value in data.items() if name != "kind"}
    return _REQUESTS[data["kind"]](**values)
