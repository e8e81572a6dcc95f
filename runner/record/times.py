"""The times of one check: first passed, state now, held since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checks.verdict import State


@dataclass(frozen=True, slots=True)
class CheckTimes:
    """What the record knows of one check; times in UTC, ISO 8601. All but the first speak of
    the lab that exists now.
    """

    first_passed: str | None = None
    """When it was first seen to hold, in whatever lab; never taken back."""
    passed_here: str | None = None
    """When it was first seen to hold in this lab."""
    state: State | None = None
    """What it was when last asked; None where it was not asked in this lab."""
    since: str | None = None
    """Since when it has had that state without a break seen."""
    checked: str | None = None
    """When it was last asked."""

    @property
    def held_since(self) -> str | None:
        """Since when it has held; None where it does not hold now."""
        return self.since if self.state is State.PASSED else None

    def after(self, state: State, at: str) -> CheckTimes:
        """Give the times once it was found in `state`."""
        since = self.since if self.state is state else at
        found = replace(self, state=state, since=since, checked=at)
        if state is not State.PASSED:
            return found
        return replace(
            found,
            first_passed=self.first_passed or at,
            passed_here=self.passed_here or at,
        )
