"""A worker's place in a proof: one lab, made clean for each trial."""

from __future__ import annotations

from collections.abc import Callable

from checks.message import Message, Translate
from runner.course.lesson import Lesson
from runner.course.variables import cases, draw, fill
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from runner.learn.stage import Stage
from runner.prove.play import Notes, Player
from runner.prove.trial import Trial


class Bench:
    """Labs of one owner, one after the other; nobody else's are touched."""

    def __init__(
        self, course: str, docker: str, owner: str, progress: Callable[[Message], None]
    ) -> None:
        """Name the course, the inner engine and the owner; no lab is made yet."""
        self._course = course
        self._docker = docker
        self._owner = owner
        self._progress = progress

    def play(self, lesson: Lesson, trial: Trial, translate: Translate) -> Notes:
        """Play a trial in a clean lab, with default values in round 1 and drawn ones later."""
        key = None if trial.round == 1 else f"round {trial.round}".encode()
        filled = fill(lesson, draw(lesson, key, _given(lesson, trial)))
        handle = self._clean(filled)
        with (
            labs.attach(handle) as lab,
            Stage(filled, lab, lambda host: labs.shell_argv(handle, host)) as stage,
        ):
            return Player(stage, translate).play(trial)

    def _clean(self, lesson: Lesson) -> LabHandle:
        request = LabRequest(
            course_id=self._course,
            lesson_id=lesson.id,
            owner=self._owner,
            hosts={str(name): spec for name, spec in lesson.hosts.items()},
            images=lesson.images,
            docker=self._docker,
            purpose="prove",
        )
        return labs.reset(request, self._progress)


def _given(lesson: Lesson, trial: Trial) -> dict[str, str]:
    return next((given for given in cases(lesson) if trial.case in given.values()), {})
