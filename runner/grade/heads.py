"""What a submission's head alone gives cause to doubt: whose it is, and who has signed it."""

from __future__ import annotations

from collections.abc import Iterator

from checks.message import msg
from runner.grade.class_ import Class
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.keys import Registry
from runner.grade.moments import CLOCK, moment
from runner.grade.submission import Head, Signature


def head_findings(
    head: Head,
    signature: Signature,
    class_: Class,
    learner: str,
    registry: Registry,
    course_digest: str,
    *,
    enrolled: float | None = None,
    now: float | None = None,
) -> tuple[Finding, ...]:
    """Say what the head of a learner's submission gives cause to doubt.

    `enrolled` is when the learner was, `now` when this is judged: seconds since 1970.
    """
    found: list[Finding] = []
    if head.class_id != class_.id:
        found.append(wrong_class(head, class_, learner))
    if head.learner != learner:
        found.append(_wrong_learner(head, learner))
    found += _of_signature(head, signature, learner)
    if signature is Signature.GOOD:  # else it says nothing about who holds the key
        found += _of_key(head, learner, registry)
    found += _of_time(head, learner, enrolled, now)
    if head.course_digest != course_digest:
        found.append(_stale_course(head, learner, course_digest))
    return tuple(found)


def _wrong_learner(head: Head, learner: str) -> Finding:
    return Finding(
        kind=FindingKind.WRONG_LEARNER,
        weight=Weight.BARS,
        learner=learner,
        message=msg("The submission says that it is {other}'s.", other=head.learner),
        evidence=head.learner,
        others=(head.learner,),
    )


def _stale_course(head: Head, learner: str, course_digest: str) -> Finding:
    return Finding(
        kind=FindingKind.STALE_COURSE,
        weight=Weight.NOTE,
        learner=learner,
        message=msg("The learner had another state of the course; yours judged the work."),
        evidence=f"theirs {head.course_digest}, yours {course_digest}",
    )


def _of_signature(head: Head, signature: Signature, learner: str) -> Iterator[Finding]:
    if signature is not Signature.GOOD:
        yield Finding(
            kind=FindingKind.BAD_SIGNATURE,
            weight=Weight.BARS,
            learner=learner,
            message=msg("The submission is not signed.")
            if signature is Signature.MISSING
            else msg("The signature does not fit: the file was changed after it was signed."),
            evidence=f"key {head.key}",
        )


def _of_time(
    head: Head, learner: str, enrolled: float | None, now: float | None
) -> Iterator[Finding]:
    """Look at the time of making, by which lateness may go and the file that counts is chosen."""
    made = moment(head.made)
    if made is None:
        return
    if now is not None and made > now + CLOCK:
        words = msg("The submission says that it was made in the future.")
    elif enrolled is not None and made < enrolled - CLOCK:
        words = msg("The submission says that it was made before the learner was enrolled.")
    else:
        return
    yield Finding(
        kind=FindingKind.IMPOSSIBLE_TIME,
        weight=Weight.DOUBT,
        learner=learner,
        message=words,
        evidence=f"made {head.made}",
    )


def _of_key(head: Head, learner: str, registry: Registry) -> Iterator[Finding]:
    holder = registry.holder(head.key)
    if holder is not None and holder != learner:
        yield Finding(
            kind=FindingKind.ANOTHERS_KEY,
            weight=Weight.BARS,
            learner=learner,
            message=msg("It is signed with the key of {other}.", other=holder),
            evidence=f"key {head.key}",
            others=(holder,),
        )
    elif registry.key(learner) != head.key:
        own = registry.key(learner)
        yield Finding(
            kind=FindingKind.UNREGISTERED_KEY,
            weight=Weight.DOUBT if own else Weight.NOTE,
            learner=learner,
            message=msg("It is signed with another key than the one that the learner sent.")
            if own
            else msg("The learner's public key was never registered (`enroll --add`)."),
            evidence=f"signed with {head.key}, registered is {own or '-'}",
        )


def wrong_class(head: Head, class_: Class, learner: str, file: str = "") -> Finding:
    """Say that a submission is of another class; `file` names it where nobody else does."""
    return Finding(
        kind=FindingKind.WRONG_CLASS,
        weight=Weight.BARS,
        learner=learner,
        message=msg(
            "It was made for the class {other}, not {own}.", other=head.class_id, own=class_.id
        ),
        evidence=" ".join(filter(None, (file, head.class_id))),
    )
