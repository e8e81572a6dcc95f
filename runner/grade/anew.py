"""A learner's observations judged anew by the course's own checks.

The learner's verdicts are read only to save work: they tell where a pass is to be looked for
first, never whether it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from checks.judge import judge
from checks.message import msg
from checks.needs import needs_of
from checks.spec import Check
from checks.verdict import State, Verdict
from runner.course.lesson import Lesson
from runner.grade.moments import place_in_time
from runner.grade.work import Seen, Work
from runner.learn.stage import checks_of
from runner.record.times import CheckTimes


@dataclass(frozen=True, slots=True)
class Tried:
    """One observation and the verdict on it, made here."""

    seen: Seen
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Anew:
    """One check of one learner, judged here."""

    id: str
    check: Check
    first: Tried | None = None
    """The first observation that passes, in whatever lab."""
    last: Tried | None = None
    """The last one."""
    claimed: Tried | None = None
    """The first that the record calls passed, where none of them passes here."""
    times: CheckTimes = field(default_factory=CheckTimes)
    """As a record would have them, from the verdicts made here."""
    lacks: str | None = None
    """A check that this one needs and that never passed; then nothing here counts."""

    earned: bool = False
    """Whether it was seen not to hold before it first held: something was done for it."""

    @property
    def ever(self) -> bool:
        """Whether it was ever seen to hold."""
        return self.first is not None and self.lacks is None

    @property
    def state(self) -> State | None:
        """What it was when last asked."""
        return self.last.verdict.state if self.last is not None else None


def judge_anew(lesson: Lesson, work: Work) -> dict[str, Anew]:
    """Judge all checks of a lesson (its variables filled in), in its order; never raises."""
    by_check: dict[str, list[Seen]] = {}
    for seen in work.seen:
        by_check.setdefault(seen.check, []).append(seen)
    lab = work.seen[-1].lab if work.seen else ""
    bench = _Bench(checks_of(lesson), by_check, lab)
    return {key: bench.judged(key) for key in bench.checks}


def judge_seen(check: Check, key: str, seen: Seen) -> Verdict:
    """Judge one observation; one that is of another check says nothing about this one."""
    observation = seen.observation
    if observation is None:
        return Verdict(
            State.SKIPPED,
            msg("{say}", say=check.say),
            msg("not asked then: something that it needs did not hold"),
        )
    if observation.check != key:
        return Verdict(
            State.ERRORED,
            msg("{say}", say=check.say),
            msg(
                "the observation is of {other}, not of {check}", other=observation.check, check=key
            ),
        )
    return judge(check, observation)


class _Bench:
    """Judges the checks of one lesson, what they need first."""

    def __init__(
        self, checks: Mapping[str, Check], seen: Mapping[str, Sequence[Seen]], lab: str
    ) -> None:
        self.checks = checks
        self._seen = seen
        self._lab = lab
        self._done: dict[str, Anew] = {}
        self._open: set[str] = set()

    def judged(self, key: str) -> Anew:
        """Give one check, judged once."""
        if key not in self._done:
            self._open.add(key)
            self._done[key] = self._judge(key)
            self._open.discard(key)
        return self._done[key]

    def _judge(self, key: str) -> Anew:
        check = self.checks[key]
        seen = self._seen.get(key, ())
        if not seen:
            return Anew(key, check, lacks=self._lacks(key))
        verdicts: dict[int, Verdict] = {}

        def verdict(number: int) -> Verdict:
            if number not in verdicts:
                verdicts[number] = judge_seen(check, key, seen[number])
            return verdicts[number]

        order = _order(seen)
        first = next((n for n in order if verdict(n).passed), None)
        claims = first is None and bool(order) and seen[order[0]].state is State.PASSED
        last = len(seen) - 1
        return Anew(
            key,
            check,
            first=None if first is None else Tried(seen[first], verdict(first)),
            last=Tried(seen[last], verdict(last)),
            claimed=Tried(seen[order[0]], verdict(order[0])) if claims else None,
            times=self._times(seen, first, verdict(last).state),
            lacks=self._lacks(key),
            earned=first is not None and self._failed_before(key, seen, first, verdict),
        )

    def _lacks(self, key: str) -> str | None:
        for need in needs_of(key, self.checks[key]):
            if need in self.checks and need not in self._open and not self.judged(need).ever:
                return need
        return None

    def _failed_before(
        self, key: str, seen: Sequence[Seen], first: int, verdict: Callable[[int], Verdict]
    ) -> bool:
        """Tell whether it was seen not to hold before; anybody can write `failed` into a record."""
        held = place_in_time(seen[first].at)
        before = (
            number
            for number, one in enumerate(seen)
            if number != first and place_in_time(one.at) <= held
        )
        return any(
            verdict(number).state is State.FAILED
            if seen[number].observation is not None
            else self._had_to_wait(key, place_in_time(seen[number].at))
            for number in before
        )

    def _had_to_wait(self, key: str, at: float) -> bool:
        """Tell whether a check could not be asked then: one that it needs first held later, and had
        itself been seen not to hold.
        """
        for need in needs_of(key, self.checks[key]):
            if need not in self.checks or need in self._open:
                continue
            one = self.judged(need)
            if one.earned and one.first is not None and at < place_in_time(one.first.seen.at):
                return True
        return False

    def _times(self, seen: Sequence[Seen], first: int | None, state: State) -> CheckTimes:
        here = seen[-1].lab == self._lab
        held = _held_since(seen) if here and state is State.PASSED else None
        passed_here = None
        if here and first is not None:
            passed_here = held or next((s.at for s in seen[first:] if s.lab == self._lab), None)
        return CheckTimes(
            first_passed=None if first is None else seen[first].at,
            passed_here=passed_here,
            state=state if here else None,
            since=held,
            checked=seen[-1].at if here else None,
        )


def _order(seen: Sequence[Seen]) -> list[int]:
    """Give the order in which a pass is looked for: first where the record claims one."""
    claimed = [n for n, one in enumerate(seen) if one.state is State.PASSED]
    others = [
        n
        for n, one in enumerate(seen)
        if one.state is not State.PASSED and one.observation is not None
    ]
    return claimed + others


def _held_since(seen: Sequence[Seen]) -> str:
    """Give the time from which on the record shows no break, in the last lab."""
    since = seen[-1].at
    for one in reversed(seen):
        if one.lab != seen[-1].lab or one.state is not State.PASSED:
            break
        since = one.at
    return since
