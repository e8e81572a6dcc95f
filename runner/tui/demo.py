"""A lesson that plays itself on the screen: answers given, solutions typed, green waited for.

It goes the way of a learner's hands: what is typed goes through the shell's pane, an answer
through the question's own field. Only the right answers are known beforehand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from textual import work
from textual.widgets import Input, OptionList

from checks.asking import Run
from checks.message import Message, msg
from runner.course.lesson import Question, Step
from runner.errors import LearnError
from runner.learn.answers import ASKING
from runner.learn.learner import Learner
from runner.learn.session import Session
from runner.tui.app import LearnApp
from runner.tui.checklist import CheckList
from runner.tui.map_pane import Surveyor
from runner.tui.offer import offer_of
from runner.tui.picture import plain_picture
from runner.tui.question import QuestionPane
from runner.tui.screens.lesson import LessonScreen
from runner.tui.shells import MakeShells, Shells, terminal_shells

UP = 180.0
"""Seconds for a lab to come."""
COMMAND = 300.0
"""Seconds for a typed command to end."""
GREEN = 90.0
"""Seconds for a step to be passed once its solution was typed."""
GLANCE = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast it goes, in seconds; all of it 0 for a machine that looks on."""

    key: float = 0.035
    read: float = 2.5
    """Before a step is begun, and when it is passed."""
    pause: float = 0.6
    """Around a command and an answer."""

    def times(self, factor: float) -> Pace:
        """Give another pace, slower by this factor."""
        return Pace(self.key * factor, self.read * factor, self.pause * factor)


class DemoApp(LearnApp):
    """The screen, with nobody in front of it. Ends with 0, or with 3 where it did not come out."""

    def __init__(
        self,
        learner: Learner,
        lesson: str,
        *,
        pace: Pace,
        docker: str | None = None,
        pictures: Path | None = None,
        make_shells: MakeShells = terminal_shells,
        survey: Callable[[Session], Surveyor] | None = None,
    ) -> None:
        """Take a lesson; `pictures` is the folder for one of each step when it is passed."""
        super().__init__(
            learner, lesson=lesson, docker=docker, make_shells=make_shells, survey=survey
        )
        self._pace = pace
        self._pictures = pictures
        self._commands = 0
        """Commands that have ended."""
        self.trouble: LearnError | None = None
        """Why it did not come out."""

    def on_mount(self) -> None:
        """Begin; the base's own handler is called as well and takes the lesson."""
        self._play()

    def on_shell_pane_command_ended(self) -> None:
        """Count it: the next one may be typed."""
        self._commands += 1

    @work(group="demo")
    async def _play(self) -> None:
        try:
            await self._until(self._is_up, UP, msg("the lab"))
            screen = cast(LessonScreen, self.screen)
            for number, step in enumerate(screen.session.lesson.steps):
                if number:
                    screen.action_go(number)
                await self._step_through(screen, step)
        except LearnError as error:
            self.trouble = error
        self.exit(3 if self.trouble else 0)

    def _is_up(self) -> bool:
        return isinstance(self.screen, LessonScreen) and self.screen.is_mounted

    async def _step_through(self, screen: LessonScreen, step: Step) -> None:
        await self._until(
            lambda: len(list(_questions(screen, step))) == len(step.ask) and _at(screen, step),
            COMMAND,
            msg("the step {step}", step=step.id),
        )
        await asyncio.sleep(self._pace.read)
        later = [pane for pane in _questions(screen, step) if not await self._answer(screen, pane)]
        await self._type(screen, step)
        for pane in later:
            if not await self._answer(screen, pane):
                raise _stuck(msg("the answer to {question}", question=str(pane.question.id)))
        await self._green(screen, step)
        await asyncio.sleep(self._pace.read)
        if self._pictures is not None:
            path = self._pictures / f"{screen.session.lesson.id}-{step.id}.svg"
            path.write_text(plain_picture(self.export_screenshot()), encoding="utf-8")

    async def _type(self, screen: LessonScreen, step: Step) -> None:
        main = str(next(iter(screen.session.lesson.hosts)))
        offer = await asyncio.to_thread(offer_of, step, main, solution=True)
        for host, command in offer.commands if step.solution else ():
            screen.action_show_pane("shell")
            shells = cast(Shells, screen.query_one("#shell"))
            if len(screen.session.lesson.hosts) > 1:
                shells.show_host(host)
            # A paste stays one; what is typed is typed key by key.
            for piece in [command] if "\n" in command else command:
                shells.send_text(piece)
                await asyncio.sleep(self._pace.key)
            await asyncio.sleep(self._pace.pause)
            ended = self._commands
            shells.send_text("\n")
            await self._until(lambda: self._commands > ended, COMMAND, msg("{c}", c=command))  # noqa: B023
            await asyncio.sleep(self._pace.pause)

    async def _answer(self, screen: LessonScreen, pane: QuestionPane) -> bool:
        """Answer a question; False where the lab does not know the answer yet."""
        right = await asyncio.to_thread(_right, screen.session, pane.step, pane.question)
        if right is None:
            return False
        screen.action_show_pane("text")
        pane.scroll_visible(animate=False)
        if pane.question.choose is not None:
            await self._choose(pane.query_one(OptionList), list(pane.question.choose).index(right))
        else:
            await self._fill_in(pane.query_one(Input), right)
        name = msg("the answer to {question}", question=str(pane.question.id))
        await self._until(lambda: pane.has_class("-right"), GREEN, name)
        await asyncio.sleep(self._pace.pause)
        return True

    async def _choose(self, options: OptionList, index: int) -> None:
        options.focus()
        for at in range(index + 1):
            options.highlighted = at
            await asyncio.sleep(self._pace.pause)
        options.action_select()

    async def _fill_in(self, field: Input, text: str) -> None:
        field.focus()
        for character in text:
            field.insert_text_at_cursor(character)
            await asyncio.sleep(self._pace.key)
        await asyncio.sleep(self._pace.pause)
        await field.action_submit()

    async def _green(self, screen: LessonScreen, step: Step) -> None:
        """Wait until nothing of the step is open; checks run by themselves."""
        deadline = asyncio.get_running_loop().time() + GREEN
        while await asyncio.to_thread(screen.session.missing, step):
            if asyncio.get_running_loop().time() > deadline:
                raise _stuck(msg("the step {step}", step=step.id))
            await asyncio.sleep(GLANCE * 4)
        # The record knows it before the screen does; who watches is to see it.
        checks = screen.query_one(CheckList)
        name = msg("the step {step}", step=step.id)
        await self._until(lambda: checks.standing[0] == checks.standing[1], GREEN, name)
        for _ in range(3):  # the first may be one that was under way before the row changed
            drawn = asyncio.Event()
            self.call_after_refresh(drawn.set)
            await drawn.wait()
            await asyncio.sleep(GLANCE)

    async def _until(self, holds: Callable[[], bool], seconds: float, what: Message) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            if asyncio.get_running_loop().time() > deadline:
                raise _stuck(what)
            await asyncio.sleep(GLANCE)


def _questions(screen: LessonScreen, step: Step) -> Iterator[QuestionPane]:
    return (pane for pane in screen.query(QuestionPane) if pane.step.id == step.id)


def _at(screen: LessonScreen, step: Step) -> bool:
    return screen.session.at().id == step.id


def _right(session: Session, step: Step, question: Question) -> str | None:
    """Give the right answer, None where the lab does not know it yet; for a thread."""
    if question.choose is not None:
        return str(question.answer)
    host = str(question.host or step.host or next(iter(session.lesson.hosts)))
    answer = session.lab.ask(host, Run(question.knows or "", timeout=ASKING))
    lines = [line.strip() for line in answer.stdout.splitlines() if line.strip()]
    return lines[0] if answer.ended and answer.status == 0 and lines else None


def _stuck(what: Message) -> LearnError:
    return LearnError(
        msg("The lesson did not play to its end; it waited in vain for: {what}", what=what),
        remedy=msg("`learn-docker-net course prove` tells more."),
    )
