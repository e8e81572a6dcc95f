"""What goes with a learner's record where somebody else reads it: which lesson it is about, which
values were in it, whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.course.course import Course
from runner.course.kept import lesson_in
from runner.course.lesson import Lesson
from runner.course.taken import taken_lesson
from runner.course.variables import draw, settle
from runner.record.membership import Membership, read_membership

if TYPE_CHECKING:
    from runner.learn.labs import Labs, OpenLab
    from runner.record.store import Store


class Papers:
    """A course, and the learner's class where they have joined one."""

    def __init__(self, course: Course, member: Membership | None = None) -> None:
        """Take both; `of` finds the class."""
        self.course = course
        self.member = member

    @classmethod
    def of(cls, course: Course, folder: Path | None = None) -> Papers:
        """Find the class that the learner has joined with a course; LearnError as its file has."""
        return cls(course, read_membership(course.id, folder))

    def lesson(self, lesson: str, language: str) -> Lesson:
        """Read a lesson in a language, with the learner's values.

        Raises CourseError and UsageError as `Course.lesson` does.
        """
        given = None if self.member is None else self.member.values.get(self.course.find(lesson))
        return taken_lesson(self.course, lesson, language, given)

    def values(self, lesson: str) -> dict[str, str]:
        """Give the values that `lesson` puts in."""
        raw = lesson_in(self.course, lesson, self.course.languages[0])
        given = None if self.member is None else self.member.values.get(lesson)
        return draw(raw, None) if given is None else settle(raw, given)

    def about(self, lesson: str) -> Mapping[str, Any]:
        """Give what an export of the lesson's record carries beside the record."""
        from runner.course.digest import lesson_digest

        member = self.member
        return {
            "course": self.course.id,
            "class": member.class_id if member else "",
            "learner": member.learner if member else "",
            "digest": lesson_digest(self.course, lesson),
            "values": self.values(lesson),
        }

    def keep_traces(self, store: Store, labs: Labs, lab: OpenLab | None = None) -> None:
        """Keep what the lab that stands knows of the learner, as well as it goes; `lab` is one that
        was attached to it already.

        Only for members of a class: nobody else will ever hand it in.
        """
        recorded = store.lab()
        if self.member is None or recorded is None:
            return
        from runner.lab.handle import LabHandle
        from runner.learn.traces import take_traces

        handle = LabHandle.from_json(recorded.handle)
        opened = lab or labs.attach(handle)
        try:
            traces = take_traces(opened, handle.lab, handle.created)
        finally:
            if lab is None:
                opened.close()
        if traces["hosts"]:
            store.save_traces(handle.lab, recorded.lesson, traces)
