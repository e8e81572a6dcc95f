"""What is missing in a learner's record of one lesson, or was left out of it.

Whatever cannot be judged costs nothing, and what nobody counted costs nothing either: an editor of
records gains by taking away as well as by putting in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.message import Message, msg
from checks.spec import Role
from checks.verdict import State
from runner.course.lesson import Lesson, Step
from runner.grade.anew import Anew
from runner.grade.facts import Facts
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.moments import place_in_time
from runner.grade.work import Typed, Work

TYPED_BY = "solution"
"""Who types, in a lab's log, when the program does: as `runner.lab.typist` has it, which loads more
than a judge needs."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Looks for what is missing; each method gives the findings of one sort."""

    lesson: Lesson
    work: Work
    judged: Mapping[str, Anew]
    facts: Facts

    def engines(self) -> Iterator[Finding]:
        """Name labs whose engine has several versions: a check bound to one can be made to drop
        out by a word.
        """
        named = {one.lab: {one.engine: "the lab itself"} for one in self.work.labs if one.engine}
        for seen in self.work.seen:
            if seen.observation is not None and seen.observation.engine:
                named.setdefault(seen.lab, {}).setdefault(seen.observation.engine, seen.check)
        for lab, engines in named.items():
            if len(engines) > 1:
                yield self._finding(
                    FindingKind.EDITED_OBSERVATION,
                    Weight.DOUBT,
                    msg("One lab's engine has several versions: {names}.", names=_listed(engines)),
                    evidence="\n".join(f"{lab} {one}: {by}" for one, by in engines.items()),
                )

    def unsupported(self) -> Iterator[Finding]:
        """Tell which checks drop out since they cannot hold on the engine that the record names."""
        lines = [
            f"{key}: {one.last.seen.observation.engine}"
            for key, one in self.judged.items()
            if one.state is State.UNSUPPORTED and one.last and one.last.seen.observation
        ]
        if lines:
            yield self._finding(
                FindingKind.LEFT_OUT,
                Weight.NOTE,
                msg(
                    "{count} checks cannot hold on the engine or kernel that the record names, and"
                    " count neither way.",
                    count=len(lines),
                ),
                evidence="\n".join(lines),
            )

    def answers(self) -> Iterator[Finding]:
        """Tell which questions drop out since what their answers are compared with is missing."""
        asked = {
            f"{step.id}.{question.id}"
            for step in self.lesson.steps
            for question in step.ask
            if question.choose is None
        }
        for one in self.work.answers:
            if one.question in asked and one.known is None:
                yield self._finding(
                    FindingKind.LEFT_OUT,
                    Weight.DOUBT,
                    msg("The record does not hold what this answer is to be compared with."),
                    check=one.question,
                    evidence=f"{one.at}\n{one.value}",
                )

    def log(self) -> Iterator[Finding]:
        """Tell of checks that hold in labs in which nobody has typed anything."""
        if self.facts.made is None or any(lab.typed for lab in self.work.labs):
            return
        held = [
            key for key, one in self.judged.items() if one.ever and one.check.role is Role.NORMAL
        ]
        if held:
            yield self._finding(
                FindingKind.NO_LOG,
                Weight.DOUBT,
                msg(
                    "{count} checks have held, and no lab's shell has logged a single command.",
                    count=len(held),
                ),
                evidence=", ".join(held),
            )

    def help(self) -> Iterator[Finding]:
        """Tell of solutions that the program has typed before their step was done, uncounted.

        Those of steps that were done it types without counting them, to catch up in a new lab.
        """
        counted = {one.step for one in self.work.solutions if one.count}
        for line in (line for lab in self.work.labs for line in lab.typed if line.by == TYPED_BY):
            steps = [step for step in self.lesson.steps if _solves(step, line.command)]
            if steps and not any(step.id in counted or self._done(step, line) for step in steps):
                yield self._finding(
                    FindingKind.UNCOUNTED_HELP,
                    Weight.DOUBT,
                    msg(
                        "The program typed the solution of {step}, and the record counts none.",
                        step=str(steps[0].id),
                    ),
                    check=str(steps[0].id),
                    evidence=f"{line.at} {line.host}: {line.command}",
                )

    def _done(self, step: Step, line: Typed) -> bool:
        firsts = [self.judged[f"{step.id}.{check.id}"].first for check in step.checks]
        at = place_in_time(line.at)
        return any(one is not None and place_in_time(one.seen.at) <= at for one in firsts)

    def _finding(
        self,
        kind: FindingKind,
        weight: Weight,
        message: Message,
        check: str = "",
        evidence: str = "",
    ) -> Finding:
        lesson = str(self.lesson.id)
        return self.facts.finding(
            kind, weight, message, lesson=lesson, check=check, evidence=evidence
        )


def _solves(step: Step, command: str) -> bool:
    lines = {line.strip() for part in step.solution for line in str(part.do).splitlines()}
    return command.strip() in lines


def _listed(engines: Mapping[str, str]) -> str:
    return ", ".join(sorted(engines))
