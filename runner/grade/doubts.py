"""What does not fit together in a learner's record of one lesson.

Whoever has root on a machine can write whatever they like into a record; these are the slips that
show it. Each finding carries what it rests on, and a person decides: clocks go wrong and networks
are made anew, so none of them takes a point away by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from checks.captures import capture
from checks.message import Message, msg
from checks.needs import needs_of
from checks.observation import Observation
from checks.rounds import objects_in
from checks.verdict import State
from runner.course.lesson import Lesson
from runner.grade.anew import Anew, Tried
from runner.grade.clip import clip, clip_message
from runner.grade.facts import Facts
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.gaps import Gaps
from runner.grade.moments import CLOCK, moment
from runner.grade.work import Seen, Work
from runner.learn.progress import questions_of

SLACK = 5.0
"""Seconds by which times of one machine may be off: what is recorded is recorded afterwards."""
FLOOD = 500
"""Findings of one sort after which no more are looked for: they take time."""
MOST = 50
"""Findings kept of one lesson; a forged record might have thousands."""


def doubts(
    lesson: Lesson, work: Work, judged: Mapping[str, Anew], facts: Facts
) -> tuple[Finding, ...]:
    """Give what was noticed in one lesson's record; never raises."""
    look = _Look(str(lesson.id), work, judged, facts)
    gaps = Gaps(lesson, work, judged, facts)
    parts = (
        *(look.lesson(), look.values(), look.times(), look.order(), look.fit(), look.claims()),
        *(gaps.engines(), gaps.log(), gaps.help(), gaps.answers(), gaps.unsupported()),
    )
    found = chain.from_iterable(islice(part, FLOOD) for part in parts)
    steps = [str(step.id) for step in lesson.steps]
    return _fairly(found, {"", *judged, *steps, *questions_of(lesson)})


def _fairly(findings: Iterable[Finding], known: Collection[str]) -> tuple[Finding, ...]:
    """Give of each kind one finding before a second of another: whoever writes thousands of entries
    must not push out what else there is.
    """
    kinds: dict[FindingKind, list[Finding]] = {}
    for one in _grouped(findings, known):
        kinds.setdefault(one.kind, []).append(one)
    turns = sorted((turn, kind.value) for kind, some in kinds.items() for turn in range(len(some)))
    kept = Counter(kind for _, kind in turns[:MOST])
    return tuple(one for kind, some in kinds.items() for one in some[: kept[kind.value]])


def _grouped(findings: Iterable[Finding], known: Collection[str]) -> Iterator[Finding]:
    """Give one finding of each kind, weight and check; all checks that there are not are one."""
    groups: dict[tuple[FindingKind, Weight, str], tuple[Finding, int]] = {}
    for one in findings:
        key = (one.kind, one.weight, one.check if one.check in known else "?")
        first, count = groups.get(key, (one, -1))
        groups[key] = (first, count + 1)
    for first, more in groups.values():
        yield _with_more(first, more)


def _with_more(one: Finding, more: int) -> Finding:
    if not more:
        return one
    message = msg("{said} And {count} more of the kind.", said=one.message, count=more)
    return replace(one, message=clip_message(message))


@dataclass(frozen=True, slots=True)
class _Look:
    lesson_id: str
    work: Work
    judged: Mapping[str, Anew]
    facts: Facts

    def lesson(self) -> Iterator[Finding]:
        """The lesson is the one that the learner had."""
        theirs, ours = self.work.digest, self.facts.digest
        if theirs and ours and theirs != ours:
            yield self._finding(
                FindingKind.STALE_LESSON,
                Weight.NOTE,
                msg("The learner had another version of this lesson; it is judged by yours."),
                evidence=f"{theirs} / {ours}",
            )

    def values(self) -> Iterator[Finding]:
        """The names and numbers are those drawn for this learner."""
        if not self.work.seen and not self.work.values:
            return
        theirs, ours = self.work.values, self.facts.values
        wrong = [name for name in ours if theirs.get(name, ours[name]) != ours[name]]
        if wrong:
            yield self._finding(
                FindingKind.FOREIGN_VALUES,
                Weight.DOUBT,
                msg(
                    "Done with values that were not drawn for this learner: {names}.",
                    names=", ".join(wrong),
                ),
                evidence="\n".join(f"{name}: {theirs[name]} / {ours[name]}" for name in wrong),
            )

    def times(self) -> Iterator[Finding]:
        """Nothing was done before enrolment, in the future, or before what it was done with."""
        ends = [
            (self.facts.made, SLACK, msg("after the submission was made")),
            (self.facts.now, CLOCK, msg("in the future")),
        ]
        begins = [
            (self.facts.enrolled, CLOCK, msg("before the learner was enrolled")),
            (moment(self.work.started), SLACK, msg("before the lesson was begun")),
        ]
        told: set[str] = set()
        for seen in self.work.seen:
            at = moment(seen.at)
            if at is None:
                yield self._odd(seen, msg("at no time that there is"))
                continue
            for limit, slack, words in ends:
                if limit is not None and at > limit + slack and words.text not in told:
                    told.add(words.text)
                    yield self._odd(seen, words)
            for limit, slack, words in begins:
                if limit is not None and at < limit - slack and words.text not in told:
                    told.add(words.text)
                    yield self._odd(seen, words)
            if seen.observation is not None and "asked" not in told:
                odd = _asked_wrongly(seen.observation, at)
                if odd is not None:
                    told.add("asked")
                    yield self._odd(seen, odd)

    def order(self) -> Iterator[Finding]:
        """No check held before what it needs, or before the object that it is about existed."""
        for key, one in self.judged.items():
            if one.first is None:
                continue
            yield from self._before_needs(key, one)
            yield from self._before_objects(one.first)

    def fit(self) -> Iterator[Finding]:
        """An observation agrees with itself, and with what was seen in the same breath."""
        by_round: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
        for seen in self.work.seen:
            if seen.observation is None:
                continue
            yield from self._own_objects(seen, seen.observation)
            known = by_round.setdefault((seen.lab, seen.at), {})
            for name, item in seen.observation.objects.items():
                other, check = known.setdefault(name, (item.get("id", ""), seen.check))
                if other != item.get("id", ""):
                    yield self._edited(
                        seen,
                        msg(
                            "{name} has another id here than in {check}, which was asked with it",
                            name=name,
                            check=check,
                        ),
                        f"{other} / {item.get('id', '')}",
                    )
        for one in self.judged.values():
            if one.first is not None:
                yield from self._captured(one, one.first)

    def claims(self) -> Iterator[Finding]:
        """The learner's own verdict on what counts is the one made here."""
        for one in self.judged.values():
            for tried in (one.claimed, one.first, one.last):
                if tried is None:
                    continue
                ours, theirs = tried.verdict.state, tried.seen.state
                if ours is theirs or State.SKIPPED in (ours, theirs):
                    continue
                yield Finding(
                    kind=FindingKind.DIFFERENT_VERDICT,
                    weight=Weight.DOUBT if theirs is State.PASSED else Weight.NOTE,
                    message=msg(
                        "Judged anew this is {ours}; the learner's record says {theirs}.",
                        ours=Message(ours.value),
                        theirs=Message(theirs.value),
                    ),
                    learner=self.facts.learner,
                    lesson=self.lesson_id,
                    check=one.id,
                    evidence=clip(f"{tried.verdict.found or ''}\n{tried.verdict.evidence}", 2000),
                )
                break

    def _before_needs(self, key: str, one: Anew) -> Iterator[Finding]:
        mine = moment(one.times.first_passed)
        for need in needs_of(key, one.check):
            theirs = self.judged[need].times.first_passed if need in self.judged else None
            other = moment(theirs)
            if mine is not None and other is not None and mine + SLACK < other:
                yield self._finding(
                    FindingKind.IMPOSSIBLE_TIME,
                    Weight.DOUBT,
                    msg("It held before {need}, without which it is not even asked.", need=need),
                    check=key,
                    evidence=f"{one.times.first_passed} / {need}: {theirs}",
                )

    def _before_objects(self, tried: Tried) -> Iterator[Finding]:
        seen = tried.seen.observation
        begun = moment(seen.started) if seen is not None else None
        if seen is None or begun is None:
            return
        for name, item in seen.objects.items():
            created = moment(item.get("created"))
            if created is not None and created > begun + seen.seconds + SLACK:
                yield self._odd(
                    tried.seen,
                    msg("before {name} existed, which it is about", name=name),
                    f"{name} ({item.get('id', '')[:12]}): {item.get('created')}",
                )
                return

    def _own_objects(self, seen: Seen, observation: Observation) -> Iterator[Finding]:
        if not observation.samples:
            return
        for answer in observation.samples[-1].answers.values():
            for name, item in objects_in(answer).items():
                noted = observation.objects.get(name, {}).get("id")
                if noted != item["id"]:
                    yield self._edited(
                        seen,
                        msg("the id noted for {name} is not the one in the answer", name=name),
                        f"{noted} / {item['id']}",
                    )
                    return

    def _captured(self, one: Anew, tried: Tried) -> Iterator[Finding]:
        """The values put into its texts are those that the checks before it brought."""
        observation = tried.seen.observation
        if observation is None or not observation.captured:
            return
        brought: dict[str, set[str]] = {}
        needs = self._all_needs(one.id)
        for seen in self.work.seen:
            if seen.check in needs and seen.observation is not None and seen.observation.samples:
                for name, value in _captures(self.judged[seen.check], seen.observation).items():
                    brought.setdefault(name, set()).add(value)
        for name, value in observation.captured.items():
            if name in brought and value not in brought[name]:
                yield self._edited(
                    tried.seen,
                    msg(
                        "no check before it has brought the value that it has for {name}", name=name
                    ),
                    f"{name}: {value} / {', '.join(sorted(brought[name]))}",
                )

    def _all_needs(self, key: str) -> set[str]:
        found: set[str] = set()
        waiting = [key]
        while waiting:
            asked = waiting.pop()
            for need in needs_of(asked, self.judged[asked].check):
                if need in self.judged and need not in found:
                    found.add(need)
                    waiting.append(need)
        return found

    def _odd(self, seen: Seen, words: Message, evidence: str = "") -> Finding:
        started = seen.observation.started if seen.observation is not None else ""
        return self._finding(
            FindingKind.IMPOSSIBLE_TIME,
            Weight.DOUBT,
            msg("It was recorded {words}.", words=words),
            check=seen.check,
            evidence="\n".join(
                line
                for line in (f"{seen.at} (asked {started or '?'})", self._bounds(), evidence)
                if line
            ),
        )

    def _bounds(self) -> str:
        return f"lesson begun: {self.work.started}" if self.work.started else ""

    def _edited(self, seen: Seen, words: Message, evidence: str) -> Finding:
        return self._finding(
            FindingKind.EDITED_OBSERVATION,
            Weight.DOUBT,
            msg("It does not fit together: {words}.", words=words),
            check=seen.check,
            evidence=f"{seen.at}\n{evidence}",
        )

    def _finding(
        self,
        kind: FindingKind,
        weight: Weight,
        message: Message,
        check: str = "",
        evidence: str = "",
    ) -> Finding:
        return self.facts.finding(
            kind, weight, message, lesson=self.lesson_id, check=check, evidence=evidence
        )


def _asked_wrongly(observation: Observation, recorded: float) -> Message | None:
    """Tell what is odd about when something was asked, beside when it was recorded."""
    started = moment(observation.started)
    if started is None:
        return msg("and asked at no time that there is")
    if started + observation.seconds > recorded + SLACK:
        return msg("before it was asked")
    if observation.seconds < 0:
        return msg("after less than no time")
    return None


def _captures(one: Anew, observation: Observation) -> dict[str, str]:
    try:
        return capture(one.check, observation.samples[-1].answers)[0]
    except Exception:  # what a stranger wrote may be of any shape; judging has told that already
        return {}
