"""`answer LESSON/STEP [QUESTION] VALUE`: a step's question answered, and compared with the lab."""

from __future__ import annotations

from argparse import Namespace

from checks.fill import finish
from checks.message import msg
from checks.verdict import State
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.reading import markdown
from runner.cli.work import work
from runner.course.lesson import Question, Step
from runner.errors import Exit, UsageError
from runner.learn.answers import Judged
from runner.words import mark, tell, translate

_WORDS = {
    State.PASSED: mark("right"),
    State.FAILED: mark("not right"),
    State.ERRORED: mark("not known"),
}
_STYLES = {State.PASSED: "green", State.FAILED: "red", State.ERRORED: "yellow"}
_EXITS = {State.PASSED: Exit.OK, State.FAILED: Exit.FAILED, State.ERRORED: Exit.ERRORED}


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("target", metavar="LESSON/STEP", help=translate("where the question is"))
    parser.add_argument(
        "words",
        nargs="+",
        metavar="[QUESTION] VALUE",
        help=translate("your answer; the question's name first where the step asks more than one"),
    )


def run(options: Namespace, face: Face) -> int:
    """Judge the answer, record it, say why."""
    with work(options, face, options.target, asks=True) as at:
        question, value = find_question(at.here, options.words)
        judged = at.session.answer(at.here, question, value)
    show_judged(judged, face)
    return int(_EXITS[judged.state])


def find_question(step: Step, words: list[str]) -> tuple[Question, str]:
    """Tell which question is meant and what is answered."""
    by_id = {str(question.id): question for question in step.ask}
    if not by_id:
        raise UsageError(msg("{step} asks nothing.", step=step.id))
    if len(words) > 1 and words[0] in by_id:
        return by_id[words[0]], " ".join(words[1:])
    if len(by_id) == 1:
        return step.ask[0], " ".join(words)
    raise UsageError(
        msg("{step} asks more than one question.", step=step.id),
        remedy=msg("Name the one you answer first: {names}.", names=", ".join(by_id)),
    )


def show_judged(judged: Judged, face: Face) -> None:
    """Write whether an answer was right, and what the author says to it."""
    face.say(face.paint(_STYLES[judged.state], translate(_WORDS[judged.state])))
    if judged.message is not None:
        face.paragraph(tell(judged.message))
    if judged.because:
        markdown(finish(judged.because), face)
