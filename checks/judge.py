"""Judging what asking a check brought: a pure function of the check and the observation.

The same for the screen, for a grade, and for a submission judged anew years later. What broke on
the way never turns into "failed", and a negated assertion never passes because something broke.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from checks.asking import Answer, Outcome, Run
from checks.captures import capture
from checks.fill import UnknownName, fill
from checks.message import Message, msg
from checks.observation import Observation, Sample
from checks.shell import ShellAssertion, evidence_of
from checks.spec import Answers, Assertion, Check
from checks.verdict import State, Verdict

_SLACK = 0.01
"""Seconds by which two readings of a clock may be off."""


def judge(check: Check, observation: Observation) -> Verdict:
    """Judge an observation; never raises, whatever was read from a file.

    `check` has its captured values still open (`%{name}`): they come with the observation.
    """
    try:
        outside = unsupported(check, observation.engine, observation.kernel)
        if outside is not None:
            return outside
        return judge_samples(with_captured(check, observation), observation.samples)
    except UnknownName as error:
        return errored(
            check,
            msg("nothing that this check needs has captured a value named {name}", name=error.name),
        )
    except Exception as error:
        return crashed(check, error)


def with_captured(check: Check, observation: Observation) -> Check:
    """Give the check with the captured values in its texts; `UnknownName` where one is missing."""
    return fill(check, observation.captured, missing="error")


def unsupported(check: Check, engine: str, kernel: Collection[str]) -> Verdict | None:
    """Give the verdict on a check that cannot hold here.

    An empty `engine` or `kernel` is not known, and nothing is outside it: then the asking tells
    what broke. Why it cannot hold, `check.because`, is for the face to say.
    """
    missing = [feature for feature in check.kernel if kernel and feature not in kernel]
    if check.engines is not None and engine and not check.engines.allows(engine):
        expected = msg("an engine {range}", range=check.engines.text)
        found = msg("the engine here is {version}", version=engine)
    elif missing:
        expected = msg("a kernel with {features}", features=", ".join(check.kernel))
        found = msg("this kernel has no {features}", features=", ".join(missing))
    else:
        return None
    return Verdict(State.UNSUPPORTED, expected, found)


def judge_samples(check: Check, samples: Sequence[Sample]) -> Verdict:
    """Judge the rounds of a check whose captured values are filled in; may raise."""
    if not samples:
        return errored(check, msg("nothing was asked"))
    verdicts = [judge_sample(check, sample) for sample in samples]
    if check.stays is None or not verdicts[0].passed:
        verdict = _in_time(check, verdicts[-1])
    else:
        verdict = _stayed(check, samples, verdicts)
    return _with_captures(check, samples[-1], verdict) if verdict.passed else verdict


def judge_sample(check: Check, sample: Sample) -> Verdict:
    """Judge one round, the control first; may raise."""
    if check.control is not None:
        broken = _judge_control(check, check.control.assertion, sample)
        if broken is not None:
            return broken
    elif check.assertion.negated:
        return errored(check, msg("it says that something cannot be, and has no control"))
    return _judge_answers(check, check.assertion, sample.answers)


def _judge_control(check: Check, assertion: Assertion, sample: Sample) -> Verdict | None:
    if sample.control is None:
        return errored(check, msg("the control was not asked"))
    verdict = _judge_answers(check, assertion, sample.control)
    if verdict.passed:
        return None
    found = verdict.found or msg("it does not hold")
    if verdict.state is not State.FAILED:
        return replace(verdict, found=msg("the control could not be asked: {found}", found=found))
    said = check.control.say if check.control else None
    claim = msg("{say}", say=said) if said else verdict.expected or msg("the control holds")
    return replace(
        verdict,
        expected=msg("first of all: {claim}", claim=claim),
        found=msg("“cannot” means nothing until that holds; {found}", found=found),
    )


def _judge_answers(check: Check, assertion: Assertion, answers: Answers) -> Verdict:
    unknown = _first_unknown(answers)
    if unknown is not None:
        return _judge_unknown(check, assertion, unknown)
    if isinstance(assertion, ShellAssertion) and not _same_question(assertion, answers):
        return errored(check, msg("the answer is to another command than the check's"))
    verdict = assertion.judge(answers)
    if verdict.passed:
        return verdict
    return replace(
        verdict,
        expected=verdict.expected or msg("{say}", say=check.say),
        found=verdict.found or msg("it does not hold"),
    )


def _same_question(assertion: ShellAssertion, answers: Answers) -> bool:
    request = answers["run"].request
    return isinstance(request, Run) and request.command == assertion.run


_GRAVEST = (Outcome.LOST, Outcome.NO_ENGINE, Outcome.BROKEN, Outcome.TIMED_OUT)


def _first_unknown(answers: Answers) -> Answer | None:
    for outcome in _GRAVEST:
        for answer in answers.values():
            if answer.outcome is outcome:
                return answer
    return None


def _judge_unknown(check: Check, assertion: Assertion, answer: Answer) -> Verdict:
    evidence = evidence_of(answer)
    if answer.outcome is Outcome.TIMED_OUT and isinstance(assertion, ShellAssertion):
        seconds = f"{answer.request.timeout:g}"
        return Verdict(
            State.FAILED,
            msg("the command ends within {seconds} seconds", seconds=seconds),
            msg("it was still running and was ended"),
            None,
            evidence,
        )
    sentence, remedy = _SENTENCES[answer.outcome]
    found = answer.why or Message(sentence.text, {"host": answer.host})
    return errored(check, found, look=remedy, evidence=evidence)


_DOCTOR = msg("`learn-docker-net doctor` tells more; `learn-docker-net reset` gives a new lab")

_SENTENCES = {
    Outcome.LOST: (msg("The lab host {host} does not answer."), _DOCTOR),
    Outcome.BROKEN: (msg("Our own tool on {host} broke."), _DOCTOR),
    Outcome.TIMED_OUT: (msg("Our own tool on {host} did not answer in time."), _DOCTOR),
    Outcome.NO_ENGINE: (
        msg("The Docker engine on {host} does not answer."),
        msg("on the lab host: `systemctl status docker`, then `systemctl restart docker`"),
    ),
}


def _in_time(check: Check, verdict: Verdict) -> Verdict:
    if check.eventually is None or verdict.state is not State.FAILED or verdict.expected is None:
        return verdict
    expected = msg(
        "within {seconds} seconds: {expected}",
        seconds=f"{check.eventually:g}",
        expected=verdict.expected,
    )
    return replace(verdict, expected=expected)


def _stayed(check: Check, samples: Sequence[Sample], verdicts: Sequence[Verdict]) -> Verdict:
    assert check.stays is not None  # noqa: S101 - the caller has looked
    for sample, verdict in zip(samples, verdicts, strict=True):
        if verdict.state is State.FAILED:
            return _broke_off(check, sample.after - samples[0].after, verdict)
        if not verdict.passed:
            return verdict
    watched = samples[-1].after - samples[0].after
    if watched + _SLACK < check.stays:
        found = msg("it was watched for only {seconds} seconds", seconds=f"{watched:.1f}")
        return errored(check, found)
    return verdicts[-1]


def _broke_off(check: Check, after: float, verdict: Verdict) -> Verdict:
    return replace(
        verdict,
        expected=msg(
            "for {seconds} seconds: {expected}",
            seconds=f"{check.stays or 0:g}",
            expected=verdict.expected or msg("{say}", say=check.say),
        ),
        found=msg(
            "it held, and after {seconds} seconds no longer did: {found}",
            seconds=f"{after:.1f}",
            found=verdict.found or msg("it does not hold"),
        ),
    )


def _with_captures(check: Check, sample: Sample, verdict: Verdict) -> Verdict:
    _, miss = capture(check, sample.answers)
    if miss is None:
        return verdict
    return Verdict(State.FAILED, miss.expected, miss.found, None, verdict.evidence)


def errored(
    check: Check, found: Message, *, look: Message | None = None, evidence: str = ""
) -> Verdict:
    """Give the verdict on a check of which nothing can be known."""
    return Verdict(State.ERRORED, msg("{say}", say=check.say), found, look, evidence)


def crashed(check: Check, error: Exception) -> Verdict:
    """Give the verdict on a check that itself broke, with the exception's own words."""
    found = msg(
        "the check itself broke: {kind}: {error}", kind=type(error).__name__, error=str(error)
    )
    return errored(check, found)
