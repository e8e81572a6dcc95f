"""Verdicts for reading: a line for what passed, all that helps for what did not."""

from __future__ import annotations

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
    for item in counted:
        show_check(item, face)


def show_check(item: Counted, face: Face) -> None:
    """Write one check."""
    state = item.verdict.state
    column = max(width(translate(text)) for text in WORDS.values())
    label = pad(translate(WORDS[state]), column)
    say = finish(item.check.say)
    lines = wrap(safe(say), face.columns, first=f"  {label}  ")
    start = len(f"  {label}")
    face.say(f"  {face.paint(STYLES[state], label)}{lines[0][start:]}")
    for line in lines[1:]:
        face.say(line)
    if state is State.PASSED:
        _undone(item, face)
    elif state is State.SKIPPED:
        _messages(item, face, ("found", "look"))
    else:
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
        f"{translate(WORDS[state])}: {len(report.having(state))}"
        for state in State
        if report.having(state)
    ]
    return ", ".join(parts)


def _undone(item: Counted, face: Face) -> None:
    if item.undone_by is None:
        return
    words = msg(
        "it did at {time}; {step} undid it, as it should",
        time=item.times.first_passed or "?",
        step=item.undone_by,
    )
    for line in wrap(tell(words), face.columns, first="    "):
        face.say(face.paint("dim", line))


def _explain(item: Counted, face: Face) -> None:
    _messages(item, face, ("expected", "found", "look"))
    if item.verdict.state is State.FAILED and item.check.otherwise:
        face.say()
        for line in prose.render(finish(item.check.otherwise), face.columns - 4, face.paint):
            face.say(f"    {line}" if line else "")
    if item.verdict.state is State.UNSUPPORTED and item.check.because:
        for line in prose.render(finish(item.check.because), face.columns - 4, face.paint):
            face.say(f"    {line}" if line else "")
    _evidence(item.verdict.evidence, face)


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
    if not lines:
        return
    face.say()
    if left_out:
        words = tell(msg("{count} lines before these; --json has them all", count=left_out))
        face.say(face.paint("dim", f"    … {words}"))
    for line in lines:
        face.say(face.paint("dim", f"    | {line}"))
