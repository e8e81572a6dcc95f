"""One pass over a class's results, and the pages that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from runner.grade.book import Book
from runner.grade.class_ import Learner, LessonRule
from runner.grade.finding import Finding, Weight
from runner.grade.report.pages import signs
from runner.grade.report.pages.names import anchor, page_name
from runner.grade.report.pages.render import GENERATOR, Pages
from runner.grade.report.pages.retold import Retold
from runner.grade.report.pages.rows import book_row, columns, heat_row, trouble_rows
from runner.grade.report.pages.spool import Spool
from runner.grade.report.pages.tally import LessonTally, Spread, hardest
from runner.grade.report.pages.views import (
    finding_views,
    item_anchor,
    lesson_view,
    shares,
    terms,
)
from runner.grade.report.standing import by_learner, lesson_of, nothing_counts, state_of
from runner.grade.result import LearnerResult, Outcome
from runner.words import tell

HARDEST = 15
"""Checks and questions that the class's page shows as the hardest."""


class Site:
    """Writes the report of one run into a folder."""

    def __init__(self, book: Book, home: Path) -> None:
        """Take the results and the folder, which may hold an earlier report."""
        self._book = book
        self._home = home
        self._common = by_learner(book.findings())
        self._retold = Retold(book.class_)
        self._titles = {rule.lesson: self._retold.title(rule.lesson) for rule in book.rules}
        self._tallies = {rule.lesson: LessonTally(rule.lesson) for rule in book.rules}
        self._totals = Spread()
        self._states: dict[Outcome, int] = {}
        self._found: Counter[Weight] = Counter()
        self._written: set[Path] = set()
        with ExitStack() as stack:
            new = self._spool_of(stack)
            self._rows = new()
            self._troubles = new()
            self._findings = {weight: new() for weight in Weight}
            self._heat = {rule.lesson: new() for rule in book.rules}
            self._spools = stack.pop_all()
        self._pages = Pages(
            home,
            book.class_.zone,
            class_=book.class_,
            run=book.run,
            signs=signs,
            page_name=page_name,
            anchor=anchor,
            item_anchor=item_anchor,
            titles=self._titles,
        )

    def __enter__(self) -> Site:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give back what waited on disk."""
        self._spools.close()

    def write(self) -> Path:
        """Write all pages, take away those of learners who are no more, and give the first."""
        before: Learner | None = None
        waiting: LearnerResult | None = None
        for result in self._book.learners():
            if waiting is not None:
                self._learner(waiting, before, result.learner)
                before = waiting.learner
            waiting = result
        if waiting is not None:
            self._learner(waiting, before, None)
        for place in range(len(self._book.rules)):
            self._lesson(place)
        index = self._index()
        self._sweep()
        return index

    def _spool_of(self, stack: ExitStack) -> Callable[[], Spool]:
        def new() -> Spool:
            spool = Spool()
            stack.callback(spool.close)
            return spool

        return new

    def _put(self, name: str, template: str, **values: Any) -> Path:
        path = self._pages.write(name, template, **values)
        self._written.add(path)
        return path

    # ---- one learner

    def _learner(
        self, result: LearnerResult, before: Learner | None, after: Learner | None
    ) -> None:
        id_ = result.learner.id
        common = [*result.findings, *self._common.get(id_, ())]
        self._count(result, common)
        views = []
        for rule in self._book.rules:
            one = lesson_of(result.lessons, rule.lesson)
            if one is not None:
                advice = self._retold.advice(one)
                retold = self._retold.result(one)
                views.append(lesson_view(retold, rule, advice, result.learner.extra_days))
        self._put(
            f"learners/{page_name(id_)}",
            "learner.html",
            up="../",
            learner=result.learner,
            result=result,
            nothing_counts=nothing_counts(result.lessons),
            state=signs.OUTCOME_SIGNS[state_of(result)],
            lessons=views,
            shares=dict(zip(self._titles, shares(result.lessons, self._book.rules), strict=True)),
            findings=finding_views(common, together=False),
            before=before,
            after=after,
        )

    def _count(self, result: LearnerResult, common: Sequence[Finding]) -> None:
        """Keep what the class's pages need of a learner."""
        state = state_of(result)
        self._states[state] = self._states.get(state, 0) + 1
        if not nothing_counts(result.lessons):
            self._totals.add(result.total)
        findings = [*common, *(one for lesson in result.lessons for one in lesson.findings)]
        self._rows.add(book_row(result, self._book.rules, findings))
        for trouble in trouble_rows(result):
            self._troubles.add(trouble)
        self._keep(findings, together=True)
        for rule in self._book.rules:
            one = lesson_of(result.lessons, rule.lesson)
            self._heat[rule.lesson].add(heat_row(result.learner, one))
            if one is not None:
                self._tallies[rule.lesson].add(one)

    def _keep(self, findings: Sequence[Finding], *, together: bool) -> None:
        self._found.update(one.weight for one in findings)
        weights = {sign.name: weight for weight, sign in signs.WEIGHT_SIGNS.items()}
        for view in finding_views(findings, together=together):
            self._findings[weights[view.sign.name]].add(view.plain())

    # ---- the class

    def _lesson(self, place: int) -> None:
        rules = self._book.rules
        rule = rules[place]
        tally = self._tallies[rule.lesson]
        self._put(
            f"lessons/{page_name(rule.lesson)}",
            "lesson.html",
            up="../",
            rule=rule,
            title=self._titles[rule.lesson],
            terms=[tell(one) for one in terms(rule)],
            tally=tally,
            words=self._retold.defaults(rule.lesson),
            rows=self._heat[rule.lesson],
            columns=columns(tally),
            legend=signs.legend(),
            before=rules[place - 1] if place else None,
            after=rules[place + 1] if place + 1 < len(rules) else None,
        )

    def _index(self) -> Path:
        members = {one.id for one in self._book.class_.learners}
        for owner, some in self._common.items():
            if owner not in members:
                self._keep(some, together=False)
        tallies = list(self._tallies.values())
        return self._put(
            "index.html",
            "index.html",
            up="",
            rules=self._book.rules,
            rows=self._rows,
            troubles=self._troubles,
            findings=[self._findings[one] for one in (Weight.BARS, Weight.DOUBT, Weight.NOTE)],
            states=self._states,
            found=sum(self._found.values()),
            grave=self._found[Weight.BARS] + self._found[Weight.DOUBT],
            members=members,
            totals=self._totals,
            tallies=tallies,
            hardest=hardest(tallies, HARDEST),
            words={rule.lesson: self._retold.defaults(rule.lesson) for rule in self._book.rules},
            weighted=_weighted(self._book.rules),
        )

    def _sweep(self) -> None:
        """Take away pages of an earlier report that nobody belongs to any more."""
        for path in _pages_in(self._home):
            if path not in self._written and _is_ours(path):
                path.unlink(missing_ok=True)


def _weighted(rules: Sequence[LessonRule]) -> bool:
    return len({rule.weight for rule in rules}) > 1


def _pages_in(home: Path) -> Iterator[Path]:
    for folder in ("learners", "lessons"):
        yield from (home / folder).glob("*.html")


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return GENERATOR in file.read(400)
    except OSError:
        return False
