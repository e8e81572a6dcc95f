"""The commands that a key types for the learner: what the step offers, or its solution once that
was asked for; one after the other, so that each can be watched.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.fill import finish
from runner.course.lesson import Step


@dataclass(slots=True)
class Offer:
    """Commands with their hosts, and which comes next."""

    commands: tuple[tuple[str, str], ...] = ()
    """Lab host and command."""
    next: int = 0

    def take(self) -> tuple[str, str] | None:
        """Give the next command, after the last the first again; None where there is none."""
        if not self.commands:
            return None
        taken = self.commands[self.next % len(self.commands)]
        self.next = (self.next + 1) % len(self.commands)
        return taken


def offer_of(step: Step, main_host: str, *, solution: bool) -> Offer:
    """Split what is offered into commands; asks bash where one ends, so not for the event loop."""
    from runner.lab.typist import commands

    host = str(step.host or main_host)
    if solution and step.solution:
        parts = [(str(part.host or host), part.do) for part in step.solution]
    else:
        parts = [(host, step.try_)] if step.try_ else []
    return Offer(
        tuple((where, command) for where, text in parts for command in commands(finish(text)))
    )
