"""Lessons and steps for reading, the same in `show` and in the line mode."""

from __future__ import annotations

from checks.fill import finish
from checks.message import msg
from runner.cli import prose
from runner.cli.face import Face
from runner.cli.text import pad, width
from runner.course.lesson import Commands, Lesson, Question, Step
from runner.words import tell, translate


def show_lesson(lesson: Lesson, face: Face) -> None:
    """Write a whole lesson but its solutions."""
    show_head(lesson, face)
    for step in lesson.steps:
        face.say()
        show_step(lesson, step, face)
    face.say()
    markdown(lesson.recap, face)


def show_head(lesson: Lesson, face: Face) -> None:
    """Write what the lesson is about."""
    face.paragraph(face.paint("bold", f"{lesson.id}  {lesson.title}"))
    face.paragraph(lesson.goal)
    hosts = ", ".join(lesson.hosts)
    about = msg("{minutes} minutes; lab hosts: {hosts}", minutes=lesson.minutes, hosts=hosts)
    face.say(face.paint("dim", tell(about)))


def show_step(lesson: Lesson, step: Step, face: Face) -> None:
    """Write one step: what it says, asks and offers."""
    number = next(index for index, one in enumerate(lesson.steps, 1) if one.id == step.id)
    words = msg(
        "Step {number} of {of}, {id}: {title}",
        number=number,
        of=len(lesson.steps),
        id=step.id,
        title=step.title,
    )
    title = tell(words)
    face.paragraph(face.paint("bold", title))
    face.say("-" * min(width(title), face.columns))
    markdown(step.text, face)
    for question in step.ask:
        face.say()
        show_question(question, face)
    if step.try_:
        face.say()
        face.say(translate("Try:"))
        _commands(finish(step.try_), face)


def show_question(question: Question, face: Face) -> None:
    """Write a question and its choices."""
    words = tell(msg("Question {id}: {say}", id=question.id, say=finish(question.say)))
    lines = list(prose.render(words, face.columns, face.paint))
    for line in lines[:-1]:
        face.say(line)
    choices = question.choose or {}
    column = max((width(key) for key in choices), default=0)
    for key, text in choices.items():
        face.paragraph(finish(text), first=f"  {pad(key, column)}  ")


def show_commands(step: Step, commands: Commands, face: Face) -> None:
    """Write commands as they are typed, with their host where there is more than one."""
    for part in commands:
        host = part.host or step.host
        if host:
            face.say(face.paint("dim", tell(msg("on {host}:", host=host))))
        _commands(finish(part.do), face)


def markdown(text: str, face: Face) -> None:
    """Write a text of the course."""
    lines = list(prose.render(finish(text), face.columns, face.paint))
    while lines and not lines[-1]:
        lines.pop()
    for line in lines:
        face.say(line)


def _commands(text: str, face: Face) -> None:
    for line in text.strip("\n").splitlines():
        face.say(face.paint("cyan", f"    {line}"))
