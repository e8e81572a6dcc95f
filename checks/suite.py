"""Asking many checks of one lab, side by side, each as soon as what it needs has passed.

Every check gets a result, whatever happens: one that hangs is given up, one that crashes says so,
the rest go on. Results are told one at a time, in the order in which they come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic

from checks.asking import Lab
from checks.captures import capture
from checks.fill import UnknownName
from checks.judge import crashed, errored, judge, unsupported, with_captured
from checks.meeting import MEETING, Meeting
from checks.message import Message, msg
from checks.needs import needs_of
from checks.observation import Observation
from checks.rounds import AT_ONCE, Rounds, Stopped, Watch, begin
from checks.spec import Check
from checks.verdict import State, Verdict

_LOOK = 0.1
"""Seconds between two looks at `cancel` and at the clock while nothing comes."""


@dataclass(frozen=True, slots=True)
class Result:
    """One check's observation and verdict."""

    check_id: str
    """`step.check`."""
    check: Check
    """With the captured values in its texts (`say`, `otherwise`) where they are known."""
    observation: Observation | None
    """None where it was not asked. To judge it anew take the course's own check, not this one."""
    verdict: Verdict
    captured: Mapping[str, str] = field(default_factory=dict)
    """What it captured for others."""


class Suite:
    """Checks, a lab, and what is known already."""

    def __init__(
        self,
        checks: Sequence[tuple[str, Check]],
        lab: Lab,
        *,
        default_hosts: Mapping[str, str],
        granted: Collection[str] = (),
    ) -> None:
        """Take checks with their full ids.

        `default_hosts` names the lab host of a check, by its id or by its step's; left out, it is
        the lab's first. `granted` are checks that count as passed without being asked.
        """
        self._checks = dict(checks)
        self._lab = lab
        self._default_hosts = default_hosts
        self._granted = frozenset(granted)

    def run(
        self,
        on_result: Callable[[Result], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> dict[str, Result]:
        """Ask and judge all; give the results in the order of the checks.

        `on_result` is called from this thread with each result as it comes. Once `cancel` is set
        the run ends at once: what has no result by then is errored, and `on_result` is not told.
        """
        run = _Run(self._checks, self._lab, self._granted, on_result or (lambda _: None))
        try:
            run.go(self._default_hosts, cancel or threading.Event())
        finally:
            run.stop.set()
        return {check_id: run.results[check_id] for check_id in self._checks}


class _Run:
    """One run of a suite; all state belongs to the thread that called it."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        lab: Lab,
        granted: Collection[str],
        on_result: Callable[[Result], None],
    ) -> None:
        self.results: dict[str, Result] = {}
        self.stop = threading.Event()
        self._waiting = dict(checks)
        self._running: dict[str, _Asking] = {}
        self._lab, self._granted, self._on_result = lab, granted, on_result
        self._hosts: Mapping[str, str] = {}
        self._turns = threading.Semaphore(AT_ONCE)
        self._meeting = Meeting(lab, features=any(check.kernel for check in checks.values()))
        self._done: SimpleQueue[Result] = SimpleQueue()

    def go(self, default_hosts: Mapping[str, str], cancel: threading.Event) -> None:
        try:
            self._find_hosts(default_hosts)
        except Exception as error:
            self._all_errored(error)
        self._settle()
        while self._running and not cancel.is_set():
            for result in self._collect():
                self._finish(result)
            self._settle()
        if cancel.is_set():
            self._give_up()
        for check_id, check in list(self._waiting.items()):
            needed = msg("not asked: it needs itself, by way of other checks")
            self._finish(_skipped(check_id, check, needed))

    def _find_hosts(self, default_hosts: Mapping[str, str]) -> None:
        first = next(iter(self._lab.hosts), "")
        self._hosts = {
            check_id: check.host
            or default_hosts.get(check_id)
            or default_hosts.get(check_id.rpartition(".")[0])
            or first
            for check_id, check in self._waiting.items()
        }

    def _all_errored(self, error: Exception) -> None:
        for check_id, check in list(self._waiting.items()):
            found = msg("the lab cannot be reached: {error}", error=str(error))
            self._finish(Result(check_id, check, None, errored(check, found)))

    def _settle(self) -> None:
        """Start what can start, skip what no longer can, until nothing changes."""
        changed = True
        while changed:
            changed = False
            for check_id, check in list(self._waiting.items()):
                obstacle = self._obstacle(check_id, check)
                if obstacle is not None:
                    self._finish(_skipped(check_id, check, obstacle))
                    changed = True
                elif self._ready(check_id, check):
                    self._start(check_id, check)

    def _obstacle(self, check_id: str, check: Check) -> Message | None:
        for need in needs_of(check_id, check):
            if need in self._granted:
                continue
            result = self.results.get(need)
            if result is None and need not in self._waiting and need not in self._running:
                return msg("not asked: it needs {check}, which is not among the checks", check=need)
            if result is not None and not result.verdict.passed:
                return _unmet(need, result)
        return None

    def _ready(self, check_id: str, check: Check) -> bool:
        needs = needs_of(check_id, check)
        return all(need in self._granted or need in self.results for need in needs)

    def _start(self, check_id: str, check: Check) -> None:
        del self._waiting[check_id]
        begun = begin(check_id, self._captured(check_id, check))
        watch = Watch(self._lab, self.stop, self._turns)
        asking = _Asking(check, self._hosts[check_id], watch, self._meeting, begun)
        self._running[check_id] = asking
        asking.start(self._done)

    def _captured(self, check_id: str, check: Check) -> dict[str, str]:
        """Gather what the checks that this one needs, directly or not, have captured."""
        values: dict[str, str] = {}
        for need in needs_of(check_id, check):
            result = self.results.get(need)
            if result is not None:
                values |= {**self._captured(need, result.check), **result.captured}
        return values

    def _collect(self) -> Iterator[Result]:
        """Give what has ended since, or what has been silent for too long."""
        try:
            yield self._done.get(timeout=_LOOK)
            while not self._done.empty():
                yield self._done.get()
        except Empty:
            now = monotonic()
            for asking in list(self._running.values()):
                if asking.watch.until < now:
                    asking.watch.give_up()
                    yield asking.hung()

    def _finish(self, result: Result) -> None:
        self._waiting.pop(result.check_id, None)
        self._running.pop(result.check_id, None)
        # One that was given up may still come in late: the first word stands.
        if result.check_id not in self.results:
            self.results[result.check_id] = result
            self._on_result(result)

    def _give_up(self) -> None:
        unasked = self._waiting | {name: asking.check for name, asking in self._running.items()}
        for check_id, check in unasked.items():
            self.results[check_id] = Result(check_id, check, None, errored(check, _STOPPED))
        self._waiting.clear()


@dataclass
class _Asking:
    """A check on its way, in a thread of its own."""

    check: Check
    host: str
    watch: Watch
    meeting: Meeting
    begun: Observation
    _since: float = field(default_factory=monotonic)

    def start(self, done: SimpleQueue[Result]) -> None:
        threading.Thread(
            target=lambda: done.put(self._result()),
            name=f"check {self.begun.check}",
            daemon=True,  # One that hangs must not keep the program from ending.
        ).start()

    def _result(self) -> Result:
        try:
            return self._asked()
        except Stopped:
            return self._without_answer(errored(self.check, _STOPPED))
        except Exception as error:
            return self._without_answer(crashed(self.check, error))

    def _asked(self) -> Result:
        check, seen = self.check, self.begun
        choosy = bool(check.engines or check.kernel)
        if choosy:
            self.watch.expect_silence(MEETING)
            seen = self.meeting.note(seen, MEETING)
        if unsupported(check, seen.engine, seen.kernel) is None:
            try:
                check = with_captured(check, seen)
                seen = Rounds(check, self.watch, self.host).ask(seen)
            except UnknownName:
                pass  # Judging says so.
        if not choosy:
            seen = self.meeting.note(seen, 1.0)
        verdict = judge(self.check, seen)
        values = capture(check, seen.samples[-1].answers)[0] if verdict.passed else {}
        return Result(seen.check, check, seen, verdict, values)

    def _without_answer(self, verdict: Verdict) -> Result:
        return Result(self.begun.check, self.check, self.begun, verdict)

    def hung(self) -> Result:
        found = msg(
            "no answer after {seconds} seconds, given up",
            seconds=f"{monotonic() - self._since:.0f}",
        )
        return self._without_answer(errored(self.check, found))


_STOPPED = msg("the checks were stopped before this one had ended")


def _skipped(check_id: str, check: Check, found: Message) -> Result:
    verdict = Verdict(State.SKIPPED, msg("{say}", say=check.say), found)
    return Result(check_id, check, None, verdict)


def _unmet(need: str, result: Result) -> Message:
    values = {"check": need, "say": result.check.say}
    return {
        State.FAILED: msg("not asked: it needs {check} ({say}), which failed", **values),
        State.SKIPPED: msg("not asked: it needs {check} ({say}), which was skipped", **values),
        State.UNSUPPORTED: msg(
            "not asked: it needs {check} ({say}), which cannot hold here", **values
        ),
    }.get(
        result.verdict.state,
        msg("not asked: it needs {check} ({say}), of which nothing is known", **values),
    )
