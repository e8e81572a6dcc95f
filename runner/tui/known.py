"""What lesson and record say about a step, fetched together for the screen; all for threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checks.message import msg
from runner import words
from runner.course.glossary import glossary, terms
from runner.course.lesson import Step
from runner.learn import progress
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.record.times import CheckTimes
from runner.tui.offer import Offer, offer_of
from runner.tui.prose import plain
from runner.tui.text_pane import Shown
from runner.words import tell, translate


@dataclass(frozen=True, slots=True)
class Known:
    """A step as it is known now."""

    shown: Shown
    times: Mapping[str, CheckTimes]
    offer: Offer
    complete: bool
    """Whether the whole lesson is."""


def know(session: Session, learner: Learner, step: Step, *, solved: bool) -> Known:
    """Ask record and lesson; `solved` where the solution is to be shown."""
    lesson = session.lesson
    times = session.times()
    complete = progress.complete(lesson, times, session.answered())
    shown = Shown(
        lesson,
        step,
        hints=session.store.hints(lesson.id).get(str(step.id), 0),
        solution=solved,
        answers=_answers(session, step),
    )
    if complete and progress.next_step(lesson, step) is None:
        shown = _ended(shown, learner)
    main = str(next(iter(lesson.hosts)))
    return Known(shown, times, offer_of(step, main, solution=solved), complete)


def step_noted(session: Session, step: Step | None) -> Step:
    """Note that the learner goes to a step, and give it; for None the one they are at."""
    if step is None:
        return session.at()
    session.go(step)
    return step


def open_titles(session: Session) -> list[str]:
    """Name the steps in which something is still open."""
    return [plain(step.title) for step in session.lesson.steps if session.missing(step)]


def still_open(missing: list[str], standing: tuple[int, int]) -> str:
    """Say what a step still wants: `missing` as the session tells it, how many checks hold."""
    questions = [name for name in missing if name != "check"]
    parts = [tell(msg("questions: {count}", count=len(questions)))] if questions else []
    held, of = standing
    parts += [tell(msg("checks: {held} of {of} hold", held=held, of=of))] if held < of else []
    return ", ".join(parts) or translate("checks")


def standing_words(held: int, of: int, asked: int, *, last: bool, complete: bool) -> str:
    """Say in a few words how a step stands: checks that hold, and questions still open.

    `last` where no step follows, `complete` where the whole lesson is done.
    """
    if held < of:
        return f"{held}/{of}"
    if asked:
        return tell(msg("questions still open: {count}", count=asked))
    if last:
        return translate("The lesson is complete.") if complete else f"{held}/{of}"
    return translate("all hold: F8 goes on") if of else translate("F8 goes on")


def _answers(session: Session, step: Step) -> dict[str, str]:
    """Give the right answers that were given, the last one of each question."""
    found: dict[str, str] = {}
    given = session.store.answers(session.lesson.id)
    for question in step.ask:
        for one in given.get(f"{step.id}.{question.id}", ()):
            if one.correct:
                found[str(question.id)] = one.value
    return found


def _ended(shown: Shown, learner: Learner) -> Shown:
    """Add what stands at a lesson's end."""
    language = words.language()
    after = learner.after(shown.lesson.id)
    return replace(
        shown,
        ended=True,
        following=learner.course.lessons[after].title(language) if after else None,
        glossary=glossary(shown.lesson, terms(learner.course.path, language)),
    )
