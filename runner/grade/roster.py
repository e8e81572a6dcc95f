"""A roster: who is in the class, from the CSV file that a learning platform gave.

Known by their headings are Canvas's gradebook export, Moodle's participants and grades exports,
Gradescope's roster and evaluations, and plain files with `id` and `name`. All columns are kept, for
the import files that go back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks.message import Message, msg
from runner.course.reading import nearest
from runner.errors import CourseError, Place, Problem
from runner.grade.guarded import ID

MAX_BYTES = 16 << 20
MAX_ROWS = 20_000
MAX_CELL = 1_000
_SPACES = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings that one platform uses, in lower case; the first that is there is taken."""

    name: str
    signs: tuple[str, ...]
    """Headings that all stand in its files."""
    id: tuple[str, ...]
    full: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    section: tuple[str, ...] = ()


_EMAIL = ("email address", "email", "e-mail", "e-mail-adresse", "mail", "电子邮件", "邮箱")
_FIRST = ("first name", "firstname", "given name", "vorname", "名")
_LAST = ("last name", "lastname", "surname", "family name", "nachname", "姓")

LAYOUTS = (
    Layout(
        "Canvas",
        ("student", "id", "section"),
        id=("sis login id", "sis user id", "id"),
        full=("student",),
        section=("section",),
    ),
    Layout(
        "Gradescope",
        ("sid", "email"),
        id=("sid", "email"),
        full=("full name", "name"),
        first=_FIRST,
        last=_LAST,
        email=("email",),
        section=("section", "sections"),
    ),
    Layout(
        "Moodle",
        ("id number", "email address"),
        id=("id number", "username", "email address"),
        full=("full name",),
        first=_FIRST,
        last=_LAST,
        email=("email address",),
        section=("groups", "group", "department"),
    ),
    Layout(
        "Moodle",
        ("identifier", "full name"),
        id=("id number", "username", "email address", "identifier"),
        full=("full name",),
        email=("email address",),
    ),
    Layout(
        "Moodle",
        ("first name", "email address"),
        id=("id number", "username", "email address"),
        first=_FIRST,
        last=(*_LAST, "last name(s)"),
        email=("email address",),
        section=("groups", "group"),
    ),
    Layout(
        "plain",
        (),
        id=(
            *("id", "learner", "student id", "student number", "matriculation number"),
            *("matrikelnummer", "username", "login", "user", "学号", *_EMAIL),
        ),
        full=("name", "full name", "student", "姓名"),
        first=_FIRST,
        last=_LAST,
        email=_EMAIL,
        section=("section", "group", "class", "班级"),
    ),
)
"""The more telling first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A row of a roster."""

    id: str
    name: str
    email: str = ""
    section: str = ""
    line: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    """By the headings as they are written."""


def read_roster(path: Path) -> list[Member]:
    """Read a roster; CourseError with all that is wrong in it, each with its line."""
    text = _text(path)
    rows = _rows(path, text)
    try:
        line, headings = next(rows)
    except StopIteration:
        raise _refuse(path, 1, msg("The roster is empty.")) from None
    layout, places = _layout(path, line, headings)
    problems: list[Problem] = []
    found: dict[str, Member] = {}
    for line, row in rows:
        member = _member(path, line, headings, row, layout, places, problems)
        if member is None:
            continue
        first = found.setdefault(member.id.casefold(), member)
        if first is not member:
            message = msg("{id} already stands on line {line}.", id=member.id, line=first.line)
            problems.append(Problem(Place(path, line), message))
    if not found and not problems:
        problems.append(Problem(Place(path, 1), msg("Nobody stands in this roster.")))
    if problems:
        raise CourseError(problems[:100])
    return list(found.values())


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refuse(path, 1, msg("Cannot be read: {reason}", reason=reason)) from None
    if len(data) > MAX_BYTES:
        raise _refuse(path, 1, msg("The file is larger than {limit} KiB.", limit=MAX_BYTES >> 10))
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refuse(
            path,
            line,
            msg("This byte is not UTF-8; the file may be Latin-1, as older Excel writes it."),
            msg("Save it as “CSV UTF-8”, or run: iconv -f latin1 -t utf-8 {file}", file=path.name),
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refuse(path, line, msg("There is a NUL character: this is no CSV file."))
    return text


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold anything, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for number, row in enumerate(reader):
            if number > MAX_ROWS:
                raise _refuse(path, line, msg("More than {limit} rows.", limit=MAX_ROWS))
            cells = [_SPACES.sub(" ", cell).strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = msg("This is no CSV: {why}", why=str(error))
        raise _refuse(path, line, message, msg("Look for a quote that is not closed.")) from None


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _layout(path: Path, line: int, headings: Sequence[str]) -> tuple[Layout, Mapping[str, int]]:
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(heading.casefold(), index)
    for layout in LAYOUTS:
        if all(sign in places for sign in layout.signs) and _first(layout.id, places) is not None:
            return layout, places
    known = sorted({word for layout in LAYOUTS for word in layout.id})
    close = [
        hint
        for hint in (nearest(heading.casefold(), known) for heading in headings[:20])
        if hint is not None and hint.text.startswith("Did you")
    ]
    raise _refuse(
        path,
        line,
        msg("No column tells the learners' ids. The first row must hold the headings."),
        close[0] if close else msg("Call the column `id`, and the names' column `name`."),
    )


def _member(
    path: Path,
    line: int,
    headings: Sequence[str],
    row: Sequence[str],
    layout: Layout,
    places: Mapping[str, int],
    problems: list[Problem],
) -> Member | None:
    def cell(names: Sequence[str]) -> str:
        given = (row[places[one]] for one in names if one in places and places[one] < len(row))
        return next((value for value in given if value), "")

    full = cell(layout.full) or " ".join(filter(None, (cell(layout.first), cell(layout.last))))
    if layout.name == "Canvas" and _canvas_row(full):
        return None
    if len(row) > len(headings) and any(row[len(headings) :]):
        message = msg(
            "The row has {cells} cells, the headings are {heads}.",
            cells=len(row),
            heads=len(headings),
        )
        problems.append(Problem(Place(path, line), message))
        return None
    id_ = cell(layout.id)
    problem = _wrong_id(id_, row)
    if problem is not None:
        problems.append(Problem(Place(path, line), problem))
        return None
    columns = {head: value for head, value in zip(headings, row, strict=False) if head}
    return Member(
        id=id_,
        name=full or id_,
        email=cell(layout.email) or (id_ if "@" in id_ else ""),
        section=cell(layout.section),
        line=line,
        columns=columns,
    )


def _wrong_id(id_: str, row: Sequence[str]) -> Message | None:
    if any(len(cell) > MAX_CELL for cell in row):
        return msg("A cell is longer than {limit} characters.", limit=MAX_CELL)
    if not id_:
        return msg("This row has no id.")
    if not ID.fullmatch(id_) or ".." in id_:
        return msg("`{id}` cannot be an id: letters, digits and `. _ @ + -` can.", id=id_[:60])
    return None


def _canvas_row(student: str) -> bool:
    """Tell whether a Canvas row is about no student: possible points, the test account."""
    return student.casefold() in ("points possible", "student, test", "test student")


def _first(names: Sequence[str], places: Mapping[str, int]) -> str | None:
    return next((name for name in names if name in places), None)


def _refuse(path: Path, line: int, message: Message, remedy: Message | None = None) -> CourseError:
    return CourseError([Problem(Place(path, line), message, remedy)])
