"""From a class file and its roster to a `Class`, with every problem in them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from checks.message import Message, msg
from runner.course.course import Course, open_course
from runner.course.declare import Grammar
from runner.course.reading import BAD, Reading
from runner.course.yaml_nodes import read_document
from runner.errors import CourseError, LearnError, UsageError
from runner.grade.chosen import row
from runner.grade.class_ import Class, Counts, Late, Learner, LessonRule, Source, Where
from runner.grade.class_decl import ClassFile, EngineEntry, LateEntry, LearnerEntry, LessonEntry
from runner.grade.due import due, nearest_zone, zone
from runner.grade.guarded import ID, LONG, SHORT
from runner.grade.keys import read_registry
from runner.grade.roster import MAX_CELL, Member, read_roster

FORMAT = 1
_HUNDRED = ("hint", "solution", "percent", "cap")
_POSITIVE = ("weight", "days", "extra_days", *_HUNDRED)
_MOST = 10_000
"""Of any number in a class file: days, weights."""


def load_class(path: Path) -> Class:
    """Read a class; CourseError with all that is wrong in its file and its roster.

    Raises LearnError where its course or its registered keys cannot be read.
    """
    reading = Reading(read_document(path))
    file = Grammar().record(ClassFile).read(reading, reading.document.root, path.name)
    if file is BAD:
        reading.raise_problems()
    made = _Loader(path, file, reading).load()
    reading.raise_problems()
    return made


class _Loader:
    """Makes a class of its file, telling what does not fit."""

    def __init__(self, path: Path, file: ClassFile, reading: Reading) -> None:
        self._path = path
        self._folder = path.resolve().parent
        self._file = file
        self._reading = reading

    def load(self) -> Class:
        file = self._file
        if file.format != FORMAT:
            self._fail(file, "format", msg("This program reads format {known}.", known=FORMAT))
        if not ID.fullmatch(file.id) or ".." in file.id:
            self._fail(file, "id", _no_id(file.id))
        self._length(file, "title", SHORT)
        self._length(file, "hand_in", LONG)
        where = self._zone()
        folder = None if file.course is None else self._folder / file.course
        course = self._course(folder)
        return Class(
            id=file.id,
            title=file.title,
            path=self._path,
            course="" if course is None else course.id,
            course_folder=folder,
            zone=where.key,
            hand_in=(file.hand_in or "").strip(),
            submissions=None if file.submissions is None else self._folder / file.submissions,
            lessons=tuple(self._lessons(course, where)),
            learners=tuple(self._learners()),
        )

    def _zone(self) -> ZoneInfo:
        name = self._file.zone or "UTC"
        found = zone(name)
        if found is None:
            message = msg("There is no time zone `{zone}`.", zone=name)
            self._fail(self._file, "zone", message, nearest_zone(name))
        return found or ZoneInfo("UTC")

    def _course(self, folder: Path | None) -> Course | None:
        try:
            return open_course(folder)
        except LearnError as error:
            self._fail(self._file, "course", error.message, error.remedy)
            return None

    def _lessons(self, course: Course | None, where: ZoneInfo) -> Iterator[LessonRule]:
        if not self._file.lessons:
            self._fail(self._file, "lessons", msg("No lesson counts."))
        if self._file.rules is not None:
            self._figures(self._file.rules)
            self._late(self._file.rules.late)
        seen: set[str] = set()
        for entry in self._file.lessons:
            self._figures(entry)
            self._late(entry.late)
            for lesson in self._row(course, entry):
                if lesson in seen:
                    self._fail(entry, "id", msg("{lesson} already counts above.", lesson=lesson))
                    continue
                seen.add(lesson)
                yield self._rule(lesson, entry, where)

    def _row(self, course: Course | None, entry: LessonEntry) -> Sequence[str]:
        """Give the lessons that an entry names: one, or from one to another."""
        if course is None:
            return (entry.id,)
        try:
            return row(course, entry.id)
        except UsageError as error:
            self._fail(entry, "id", error.message, error.remedy)
            return ()

    def _rule(self, lesson: str, entry: LessonEntry, where: ZoneInfo) -> LessonRule:
        def settled(key: str, default: Any) -> Any:
            for source in (entry, self._file.rules):
                value = None if source is None else getattr(source, key)
                if value is not None:
                    return value
            return default

        late: LateEntry = settled("late", LateEntry())
        words = settled("due", None)
        return LessonRule(
            lesson=lesson,
            weight=settled("weight", 1.0),
            due=None if words is None else self._due(entry, words, where),
            late=Late(percent=late.percent, cap=late.cap, days=late.days, by=late.by),
            hint=settled("hint", 0.0),
            solution=settled("solution", 0.0),
            attempts=settled("attempts", None),
            counts=settled("counts", Counts.EVER),
        )

    def _due(self, entry: LessonEntry, words: str, where: ZoneInfo) -> Any:
        found = due(words, where)
        if found is None:
            record = entry if entry.due is not None else self._file.rules
            message = msg("`due` wants a day or a time, here stands `{found}`.", found=words[:40])
            remedy = msg("It is written as `2026-12-01 23:59`, or `2026-12-01` for its end.")
            self._fail(record, "due", message, remedy)
        return found

    def _figures(self, record: Any) -> None:
        """Look at the numbers of a record."""
        for key in _POSITIVE:
            value = getattr(record, key, None)
            if value is None:
                continue
            if value < 0:
                self._fail(record, key, msg("`{key}` cannot be negative.", key=key))
            elif key in _HUNDRED and value > 100:
                self._fail(record, key, msg("`{key}` is in percent: at most 100.", key=key))
            elif value > _MOST:
                self._fail(record, key, msg("`{key}` is at most {most}.", key=key, most=_MOST))
        attempts = getattr(record, "attempts", None)
        if attempts is not None and attempts < 1:
            self._fail(record, "attempts", msg("`attempts` is at least 1."))

    def _length(self, record: Any, key: str, most: int) -> None:
        """Refuse what is longer than a learner's program takes from an enrolment file."""
        if len(getattr(record, key) or "") > most:
            message = msg("`{key}` is longer than {limit} characters.", key=key, limit=most)
            self._fail(record, key, message)

    def _late(self, entry: LateEntry | None) -> None:
        if entry is not None:
            self._figures(entry)

    def _learners(self) -> Iterator[Learner]:
        members = self._roster()
        keys = read_registry(self._path)
        entries = self._entries()
        if not members and not entries and self._file.roster is None:
            remedy = msg("Name a `roster`, or list `learners`.")
            self._fail(self._file, "title", msg("Nobody is in this class."), remedy)
        for member in members:
            entry = entries.pop(member.id.casefold(), None)
            yield self._learner(entry, member, keys.key(member.id))
        for entry in entries.values():
            yield self._learner(entry, None, keys.key(entry.id))

    def _roster(self) -> list[Member]:
        if self._file.roster is None:
            return []
        try:
            return read_roster(self._folder / self._file.roster)
        except CourseError as error:
            for problem in error.problems:
                self._reading.fail_at(problem.place, problem.message, problem.remedy)
            return []

    def _entries(self) -> dict[str, LearnerEntry]:
        found: dict[str, LearnerEntry] = {}
        for entry in self._file.learners:
            if not ID.fullmatch(entry.id) or ".." in entry.id:
                self._fail(entry, "id", _no_id(entry.id))
            elif found.setdefault(entry.id.casefold(), entry) is not entry:
                self._fail(entry, "id", msg("`{id}` already stands above.", id=entry.id))
            self._figures(entry)
            self._length(entry, "name", MAX_CELL)
        return found

    def _learner(
        self, entry: LearnerEntry | None, member: Member | None, key: str | None
    ) -> Learner:
        id_ = member.id if member else entry.id if entry else ""
        given = entry or LearnerEntry(id=id_)  # type: ignore[arg-type]
        return Learner(
            id=id_,
            name=given.name or (member.name if member else id_),
            email=given.email or (member.email if member else ""),
            section=given.section or (member.section if member else ""),
            source=self._source(entry),
            key=key,
            extra_days=given.extra_days or 0.0,
            roster=dict(member.columns) if member else {},
        )

    def _source(self, entry: LearnerEntry | None) -> Source:
        if entry is None:
            return Source()
        if entry.engine is not None and entry.submission is not None:
            message = msg("A learner has a `submission` or an `engine`, not both.")
            self._fail(entry, "engine", message)
        engine = None if entry.engine is None else self._engine(entry.engine)
        if entry.submission is not None:
            return Source(where=Where.SUBMISSION, files=(self._folder / entry.submission,))
        return engine or Source()

    def _engine(self, entry: EngineEntry) -> Source:
        if (entry.context is None) == (entry.endpoint is None):
            message = msg("An engine is named by `context` or by `endpoint`.")
            self._fail(entry, "context", message)
        address = entry.endpoint or ""
        if address and not address.startswith(("unix://", "ssh://", "tcp://")):
            message = msg("`{address}` is no address of an engine.", address=address[:60])
            remedy = msg("It is written as `unix:///path`, `ssh://user@host`, `tcp://host:port`.")
            self._fail(entry, "endpoint", message, remedy)
        if address.startswith("tcp://") and entry.tls is None:
            message = msg("An engine over `tcp://` needs `tls`: without it anybody could pose.")
            remedy = msg("Name the folder with ca.pem, cert.pem and key.pem.")
            self._fail(entry, "endpoint", message, remedy)
        return Source(
            where=Where.ENGINE,
            context=entry.context,
            endpoint=entry.endpoint,
            tls=None if entry.tls is None else self._folder / entry.tls,
            owner=entry.owner,
        )

    def _fail(self, record: Any, key: str, message: Message, remedy: Message | None = None) -> None:
        self._reading.fail(self._reading.node_of(record, key), message, remedy)


def _no_id(word: str) -> Message:
    return msg("`{id}` cannot be an id: letters, digits and `. _ @ + -` can.", id=word[:60])
