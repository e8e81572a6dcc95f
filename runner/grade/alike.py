"""What only shows when the whole class is looked at: work that two learners share.

Both learners get the finding: which of them was first is for a person to find out.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.message import msg
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.result import Run
from runner.grade.store import Results, Shared

MOST = 12
"""Objects that the evidence of one finding names."""


def alike(results: Results, run: Run) -> Iterator[Finding]:
    """Compare all learners of a run."""
    yield from _keys(results, run)
    yield from _objects(results, run)


def _keys(results: Results, run: Run) -> Iterator[Finding]:
    for key, learners in results.keys(run).items():
        if len(learners) < 2:
            continue
        for learner in learners:
            others = tuple(one for one in learners if one != learner)
            yield Finding(
                kind=FindingKind.SHARED_KEY,
                weight=Weight.DOUBT,
                message=msg("Signed with the same key as {others}.", others=", ".join(others)),
                learner=learner,
                evidence=key,
                others=others,
            )


def _objects(results: Results, run: Run) -> Iterator[Finding]:
    """Give one finding a learner and set of others, whatever the number of shared objects."""
    groups: dict[tuple[str, ...], list[Shared]] = {}
    for shared in results.shared(run):
        found = groups.setdefault(shared.learners, [])
        found.append(shared)
    for learners, objects in sorted(groups.items()):
        lessons = sorted({lesson for one in objects for lesson in one.lessons})
        lines = [f"{one.name} {one.id}".strip() for one in objects[:MOST]]
        if len(objects) > MOST:
            lines.append(str(msg("and {count} more", count=len(objects) - MOST)))
        for learner in learners:
            others = tuple(one for one in learners if one != learner)
            yield Finding(
                kind=FindingKind.SHARED_IDS,
                weight=Weight.DOUBT,
                message=msg(
                    "{count} containers, networks or labs are those of {others}, by their ids:"
                    " one lab cannot be made twice.",
                    count=len(objects),
                    others=", ".join(others),
                ),
                learner=learner,
                lesson=lessons[0] if len(lessons) == 1 else "",
                evidence="\n".join((", ".join(lessons), *lines)),
                others=others,
            )
