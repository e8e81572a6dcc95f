"""Verdicts for reading: a line for what passed, all that helps for what did not."""

from __future__ import annotations

from datetime import datetime

from checks.fill import finish
from checks.message import Message, msg
from checks.verdict import State
from runner.cli import prose
from runner.cli.face import Face
from runner.cli.text import cut, pad, safe, width, wrap
from runner.course.lesson import Step
from runner.learn.progress import Counted, questions_of
from runner.learn.report import Report
from runner.words import mark, tell, translate

EVIDENCE = 8
"""Lines of evidence shown; `--json` has them all."""

WORDS = {
    State.PASSED: mark("passed"),
    State.FAILED: mark("FAILED"),
    State.SKIPPED: mark("skipped"),
    State.ERRORED: mark("ERRORED"),
    State.UNSUPPORTED: mark("unsupported"),
}
STYLES = {
    State.PASSED: "green",
    State.FAILED: "red",
    State.SKIPPED: "dim",
    State.ERRORED: "yellow",
    State.UNSUPPORTED: "dim",
}
SAID = (mark("passed"), mark("failed"), mark("skipped"), mark("errored"), mark("unsupported"))
"""The states' own names, for sentences."""
_LABELS = (mark("expected"), mark("found"), mark("look"))


def show_report(report: Report, face: Face, *, steps: list[Step] | None = None) -> None:
    """Write what checking brought; steps that nobody has reached yet get a line."""
    lesson = report.lesson
    engine = f"Docker {report.engine}" if report.engine else translate("no engine answers")
    face.paragraph(f"{face.paint('bold', lesson.id)}  {lesson.title}  ({engine})")
    for number, step in enumerate(lesson.steps):
        if steps is not None and step not in steps:
            continue
        counted = report.of(step.id)
        if steps is None and number > report.reached and counted:
            _unreached(step, len(counted), face)
        elif counted:
            show_step(step, counted, face)
    face.say()
    face.paragraph(_sum(report))
    for line in closing(report, whole=steps is None):
        face.paragraph(line)


def show_step(step: Step, counted: list[Counted], face: Face) -> None:
    """Write one step's checks under its name."""
    face.say()
    face.paragraph(f"{face.paint('bold', step.id)}  {step.title}")
    before: Counted | None = None
    for item in counted:
        show_check(item, face, again=before is not None and _same_reason(before, item))
        before = item


def show_check(item: Counted, face: Face, *, again: bool = False) -> None:
    """Write one check; `again` where the reason is that of the check before."""
    state = item.verdict.state
    column = max(width(translate(text)) for text in WORDS.values())
    label = pad(translate(WORDS[state]), column)
    say = safe(finish(item.check.say)) + _undone(item)
    lines = wrap(say, face.columns, first=f"  {label}  ")
    start = len(f"  {label}")
    face.say(f"  {face.paint(STYLES[state], label)}{lines[0][start:]}")
    for line in lines[1:]:
        face.say(line)
    if state is State.SKIPPED:
        _messages(item, face, ("found", "look"))
    elif again:
        face.say(face.paint("dim", f"    {translate('for the same reason')}"))
    elif state is not State.PASSED:
        _explain(item, face)


def closing(report: Report, *, whole: bool = True) -> list[str]:
    """Give the sentences after the verdicts: what is complete, what is still open."""
    if report.bare:
        return [
            tell(
                msg(
                    "Nothing is recorded of what was done in this lab: only what stands at the"
                    " lesson's end is judged, and nothing is recorded now."
                )
            )
        ]
    if not whole or report.exit:
        return []
    if report.complete:
        return [tell(msg("The lesson is complete."))]
    missing = [key for key in questions_of(report.lesson) if key not in report.answered]
    if missing:
        return [
            tell(
                msg("Not answered yet: {questions}.", questions=", ".join(missing)),
            )
        ]
    return []


def _unreached(step: Step, checks: int, face: Face) -> None:
    face.say()
    face.paragraph(f"{face.paint('bold', step.id)}  {step.title}")
    words = tell(msg("not reached yet (checks: {count})", count=checks))
    face.say(face.paint("dim", f"  {words}"))


def _sum(report: Report) -> str:
    parts = [
        tell(msg("{word}: {count}", word=Message(WORDS[state]), count=len(report.having(state))))
        for state in State
        if report.having(state)
    ]
    return translate(", ").join(parts)


def _undone(item: Counted) -> str:
    """Say of a check that a later step undid when it held."""
    first = item.times.first_passed
    if item.undone_by is None or first is None:
        return ""
    told = msg("{time}; undone by {step}, as meant", time=clock(first), step=item.undone_by)
    return f" ({tell(told)})"


def clock(time: str) -> str:
    """Give a recorded time as the learner's clock shows it, with the day where that is another."""
    there = datetime.fromisoformat(time).astimezone()
    today = datetime.now().astimezone().date()
    return there.strftime("%H:%M" if there.date() == today else "%Y-%m-%d %H:%M")


def _same_reason(before: Counted, item: Counted) -> bool:
    """Tell whether two checks broke alike: a dead engine need not be explained five times."""
    first, second = before.verdict, item.verdict
    return first.state is second.state is State.ERRORED and (first.found, first.look) == (
        second.found,
        second.look,
    )


def _explain(item: Counted, face: Face) -> None:
    verdict, check = item.verdict, item.check
    broken = verdict.state is State.ERRORED
    _messages(item, face, ("found", "look") if broken else ("expected", "found", "look"))
    words = {State.FAILED: check.otherwise, State.UNSUPPORTED: check.because}.get(verdict.state)
    if words:
        face.say()
        shown = "\n".join(prose.render(finish(words), face.columns - 4, face.paint)).rstrip()
        for line in shown.split("\n"):
            face.say(f"    {line}" if line else "")
    _evidence(verdict.evidence, face)


def _messages(item: Counted, face: Face, names: tuple[str, ...]) -> None:
    column = max(width(translate(label)) for label in _LABELS)
    for name in names:
        message: Message | None = getattr(item.verdict, name)
        if message is None:
            continue
        first = f"    {pad(translate(name), column)}  "
        for line in wrap(safe(tell(message)), face.columns, first=first):
            face.say(line)


def _evidence(evidence: str, face: Face) -> None:
    lines, left_out = cut(safe(evidence), EVIDENCE, face.columns - 6)
    if not any(line.strip("$ ") for line in lines):
        return  # nothing was printed, which `found` says better
    face.say()
    if left_out:
        words = tell(msg("{count} lines before these; --json has them all", count=left_out))
        face.say(face.paint("dim", f"    … {words}"))
    for line in lines:
        face.say(face.paint("dim", f"    | {line}"))
