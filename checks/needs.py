"""Which checks a check needs, by full ids."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from checks.spec import Check


def needs_of(check_id: str, check: Check) -> tuple[str, ...]:
    """Give the full ids (`step.check`) of the checks that this one needs itself."""
    step = check_id.rpartition(".")[0]
    return tuple(need if "." in need else f"{step}.{need}" for need in check.needs)


def with_needs(
    checks: Sequence[tuple[str, Check]], wanted: Collection[str]
) -> list[tuple[str, Check]]:
    """Give the wanted checks and all that they need, directly or not, in the order of `checks`."""
    known = dict(checks)
    chosen: set[str] = set()
    left = [check_id for check_id in wanted if check_id in known]
    while left:
        check_id = left.pop()
        if check_id not in chosen:
            chosen.add(check_id)
            left += [need for need in needs_of(check_id, known[check_id]) if need in known]
    return [(check_id, check) for check_id, check in checks if check_id in chosen]
