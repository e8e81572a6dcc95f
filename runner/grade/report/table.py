"""The gradebook as lines for a terminal: a row for every learner, then the reasons and findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from checks.message import Message, msg
from runner.grade.book import Book
from runner.grade.class_ import Learner as Member
from runner.grade.class_ import LessonRule
from runner.grade.finding import Finding, Weight
from runner.grade.report.standing import nothing_counts
from runner.grade.report.wording import KINDS, LEFT_OUT, OUTCOMES
from runner.grade.result import LearnerResult, LessonResult, Outcome
from runner.words import tell, translate

Style = Callable[[str, str], str]
"""Paints words in a style of the face."""
Width = Callable[[str], int]

_SHORT = {
    Outcome.ABSENT: "–",
    Outcome.UNREACHABLE: "?",
    Outcome.NO_LAB: "∅",
    Outcome.ERRORED: "!",
}
_LEFT_OUT = "⊘"
_WORDS = {sign: OUTCOMES[outcome] for outcome, sign in _SHORT.items()} | {_LEFT_OUT: LEFT_OUT}
_STYLE = {
    Outcome.ABSENT: "dim",
    Outcome.UNREACHABLE: "yellow",
    Outcome.NO_LAB: "yellow",
    Outcome.ERRORED: "red",
}
_NAME = 24
"""Columns of a learner's name at most."""
_CELL = 5
FINDINGS = 60
"""Findings shown; the reports have them all."""


class Table:
    """Makes the lines."""

    def __init__(
        self, book: Book, columns: int, paint: Style, width: Width, safe: Callable[[str], str]
    ) -> None:
        """Take the book, how wide a line may be, and what makes a stranger's text harmless."""
        self._book = book
        self._safe = safe
        self._columns = columns
        self._paint = paint
        self._width = width
        members = book.class_.learners
        self._ids = max((width(one.id) for one in members), default=0)
        names = (width(safe(_one_line(one))) for one in members)
        self._names = min(_NAME, max(names, default=0))
        taken = self._ids + self._names + 18
        self._lessons = len(book.rules) if taken + _CELL * len(book.rules) <= columns else 0

    def lines(self) -> Iterator[str]:
        """Give all lines; the learners are read once."""
        yield self._head()
        common = self._book.findings()
        reasons: list[str] = []
        findings: list[Finding] = []
        met: set[str] = set()
        count = 0
        totals: list[float] = []
        for result in self._book.learners():
            own = [one for one in common if one.learner == result.learner.id]
            mine = [*_findings(result), *own]
            yield self._row(result, mine)
            met.update(map(_sign, result.lessons))
            reasons += _reasons(result)
            count += len(mine)
            findings += mine[: max(0, FINDINGS - len(findings))]
            if not nothing_counts(result.lessons):
                totals.append(result.total)
        others = [one for one in common if self._book.class_.learner(one.learner) is None]
        yield from self._end(totals, met, reasons, [*findings, *others], count + len(others))

    def _head(self) -> str:
        cells = [
            self._pad(translate("learner"), self._ids),
            self._pad(translate("name"), self._names),
            *(f"{_label(rule.lesson):>{_CELL - 1}}" for rule in self._book.rules[: self._lessons]),
            f"{translate('total'):>7}",
            translate("findings"),
        ]
        return self._paint("bold", " ".join(cells))

    def _row(self, result: LearnerResult, findings: Sequence[Finding]) -> str:
        by_lesson = {one.lesson: one for one in result.lessons}
        cells = [
            self._pad(result.learner.id, self._ids),
            self._pad(self._cut(self._safe(_one_line(result.learner))), self._names),
            *(self._cell(by_lesson.get(rule.lesson)) for rule in self._shown()),
            self._paint("bold", _total(result)),
            self._told(findings),
        ]
        if not self._lessons:
            cells.append(self._summary(result))
        return " ".join(cells).rstrip()

    def _shown(self) -> Sequence[LessonRule]:
        return self._book.rules[: self._lessons]

    def _cell(self, result: LessonResult | None) -> str:
        if result is None:
            return f"{'':>{_CELL - 1}}"
        sign = _sign(result)
        if sign:
            return self._paint(_STYLE.get(result.outcome, "dim"), f"{sign:>{_CELL - 1}}")
        style = "green" if result.score >= 99.95 else "red" if result.score < 50 else ""
        text = f"{result.score:{_CELL - 1}.0f}"
        return self._paint(style, text) if style else text

    def _summary(self, result: LearnerResult) -> str:
        """Say in words what the lessons' own columns would, where there is no room for them."""
        counts = Counter(map(_sign, result.lessons))
        parts = [f"{count} {translate(_WORDS[sign])}" for sign, count in counts.items() if sign]
        return ", ".join(parts)

    def _told(self, findings: Sequence[Finding]) -> str:
        grave = [one for one in findings if one.weight is not Weight.NOTE]
        if not findings:
            return ""
        text = f"{len(grave)}" if grave else f"({len(findings)})"
        return self._paint("red" if grave else "dim", f"{text:>4}")

    def _end(
        self,
        totals: Sequence[float],
        met: set[str],
        reasons: Sequence[str],
        findings: Sequence[Finding],
        count: int,
    ) -> Iterator[str]:
        legend = [f"{sign} {translate(word)}" for sign, word in _WORDS.items() if sign in met]
        if legend and self._lessons:
            yield self._paint("dim", "  ".join(legend))
        yield ""
        yield tell(_mean(totals, len(self._book.class_.learners)))
        if reasons:
            yield ""
            yield self._paint("bold", translate("Not graded"))
            yield from map(self._harmless, reasons)
        if findings:
            yield ""
            yield self._paint("bold", translate("Findings, for you to decide"))
            for _, alike in groupby(findings, _sort):
                first, *more = alike
                line = self._harmless(_finding(first))
                yield f"{line} {tell(_further(len(more)))}" if more else line
            if count > len(findings):
                yield tell(msg("  and {count} more", count=count - len(findings)))

    def _harmless(self, line: str) -> str:
        return self._safe(line).replace("\n", " ").replace("\t", " ")

    def _pad(self, text: str, columns: int) -> str:
        return text + " " * max(0, columns - self._width(text))

    def _cut(self, text: str) -> str:
        if self._width(text) <= self._names:
            return text
        while text and self._width(text) > self._names - 1:
            text = text[:-1]
        return f"{text}…"


def _sign(result: LessonResult) -> str:
    """Give what stands in place of a number; empty where a number does."""
    return _LEFT_OUT if result.left_out else _SHORT.get(result.outcome, "")


def _total(result: LearnerResult) -> str:
    return f"{_LEFT_OUT:>7}" if nothing_counts(result.lessons) else f"{result.total:7.1f}"


def _one_line(learner: Member) -> str:
    return " ".join(learner.name.split())


def _label(lesson: str) -> str:
    """Give a lesson's column a head of few letters: `06`, `c01`."""
    number = re.search(r"\d+$", lesson)
    short = number[0] if number else lesson[: _CELL - 1]
    return f"c{short}" if lesson.startswith("challenge") else short


def _mean(totals: Sequence[float], count: int) -> Message:
    if not count:
        return msg("Nobody is in this class.")
    if not totals:
        return msg("{count} learners, and nothing that can be had by any of them", count=count)
    return msg(
        "{count} learners; mean {mean}, lowest {low}, highest {high}",
        count=count,
        mean=f"{sum(totals) / len(totals):.1f}",
        low=f"{min(totals):.1f}",
        high=f"{max(totals):.1f}",
    )


def _findings(result: LearnerResult) -> list[Finding]:
    return [*result.findings, *(one for lesson in result.lessons for one in lesson.findings)]


def _reasons(result: LearnerResult) -> Iterator[str]:
    """Say why lessons were not graded, one line for neighbours with one reason."""

    def reason(one: LessonResult) -> tuple[Outcome, str]:
        return one.outcome, tell(one.reason) if one.reason else ""

    for (outcome, why), members in groupby(result.lessons, reason):
        if outcome is Outcome.GRADED:
            continue
        lessons = [one.lesson for one in members]
        where = lessons[0] if len(lessons) == 1 else f"{lessons[0]}..{lessons[-1]}"
        yield f"  {result.learner.id} {where}: {translate(OUTCOMES[outcome])}. {why}"


def _sort(one: Finding) -> tuple[str, str, str, str]:
    """Tell findings apart that are not just one more of the same."""
    return one.learner, one.lesson, one.kind.value, one.weight.value


def _further(count: int) -> Message:
    return msg("(and {count} more of the kind in this lesson)", count=count)


def _finding(one: Finding) -> str:
    where = " ".join(part for part in (one.learner or "-", one.lesson, one.check) if part)
    sign = {Weight.NOTE: "·", Weight.DOUBT: "?", Weight.BARS: "✗"}[one.weight]
    evidence = next((line for line in one.evidence.splitlines() if line.strip()), "")
    said = f"  {sign} {where}: {translate(KINDS[one.kind])}. {tell(one.message)}"
    return f"{said} [{evidence[:100]}]" if evidence else said
