"""A class of twelve to try grading on, made without an engine.

What the labs answered was recorded once (`tools/record-demo`); each learner gets it with their own
names, ids and times put in, cut to what they are said to have done. One of each kind that an
instructor meets is there.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from checks.message import msg
from runner.course.course import Course, open_course
from runner.course.digest import course_digest, lesson_digest
from runner.course.lesson import Lesson
from runner.errors import LearnError, UsageError
from runner.grade import keys
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.enrolment import drawn_values
from runner.grade.signing import public_of
from runner.grade.submission import VERSION, Head, write_records

RECORDED = Path(__file__).parent / "demo" / "recorded.json.gz"
FOLDER = "handed-in"
STRETCH = 20.0
"""By this the recorder was faster than a learner."""
WINDOW = timedelta(minutes=30)
"""Times further from a recorded lesson's end are not of the recording."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)")
SUBSTANCE = "substance"
"""Beside a recorded lesson: a digest of what it does and asks, no sentence for people in it. Where
the lesson's own has become another, it is to be recorded anew: tools/record-demo."""
_ID = re.compile(r"\b[0-9a-f]{12,64}\b")
_LONG_ID = re.compile(r"\b[0-9a-f]{64}\b")

Records = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """One learner of the class, and how they worked."""

    id: str
    name: str
    upto: Mapping[str, int]
    """Lessons done, and how many steps of each; a large number is all."""
    days: float = 5.0
    """Days before the due date when the last lesson was finished."""
    hints: tuple[str, ...] = ()
    """Steps in which hints were taken, `lesson/step`."""
    solutions: tuple[str, ...] = ()
    right: bool = True
    """Whether questions were right at the first answer."""
    registered: bool = True
    copies: str = ""
    """Whose record is handed in as one's own."""
    harm: str = ""
    """What became of the file: `edited`, `cut`, `nothing`."""
    engine: str = ""
    """An engine to look at in place of a file."""


ALL = {"lesson-01": 99, "lesson-02": 99, "lesson-03": 99}
PUPILS = (
    Pupil(id="ada", name="Ada Lovelace", upto=ALL),
    Pupil(id="alan", name="Alan Turing", upto=ALL, days=-1.5),
    Pupil(id="barbara", name="Barbara Liskov", upto={"lesson-01": 99, "lesson-02": 3}),
    Pupil(
        id="dennis",
        name="Dennis Ritchie",
        upto=ALL,
        hints=("lesson-02/pair", "lesson-03/capture"),
        solutions=("lesson-03/capture",),
        right=False,
    ),
    Pupil(id="donald", name="Donald Knuth", upto={}, harm="nothing"),
    Pupil(id="edsger", name="Edsger Dijkstra", upto=ALL, days=4.0),
    Pupil(id="frances", name="Frances Allen", upto=ALL, days=4.0, copies="edsger"),
    Pupil(id="grace", name="Grace Hopper", upto=ALL, harm="edited"),
    Pupil(id="ken", name="Ken Thompson", upto=ALL, harm="cut"),
    Pupil(id="linus", name="Linus Torvalds", upto=ALL, registered=False),
    Pupil(
        id="margaret",
        name="Margaret Hamilton",
        upto={},
        harm="nothing",
        engine="unix:///run/learn-docker-net/nobody.sock",
    ),
    Pupil(id="radia", name='Radia <b>Perlman</b> "=1+1"', upto={"lesson-01": 99, "lesson-02": 5}),
)


def make_demo(folder: Path, now: datetime | None = None) -> Path:
    """Make the class in a new folder; gives the class file.

    Raises LearnError where the folder holds something or cannot be written.
    """
    now = now or datetime.now(UTC)
    due = (now - timedelta(days=2)).replace(microsecond=0)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(
                msg("{path} is not empty.", path=str(folder)), remedy=msg("Name a new folder.")
            )
        (folder / FOLDER).mkdir(parents=True)
        path = folder / "class.yaml"
        path.write_text(_class_text(due), encoding="utf-8")
        (folder / "roster.csv").write_text(_roster_text(), encoding="utf-8")
        _hand_in(load_class(path), due)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(folder), why=error.strerror or "?"),
            remedy=msg("Name another folder."),
        ) from error
    return path


def recorded_record(
    lesson: Lesson, values: Mapping[str, str], whose: str, ends: datetime, digest: str
) -> dict[str, Any]:
    """Give the recorded work on a lesson as that of one learner, with their values, ids and times.

    `whose` draws the ids, `ends` is when it was finished. Raises UsageError for a lesson of which
    nothing is recorded.
    """
    recorded = recordings().get(str(lesson.id))
    if recorded is None:
        raise UsageError(msg("Nothing is recorded of {lesson}.", lesson=str(lesson.id)))
    words = {old: values[name] for name, old in recorded["values"].items() if name in values}
    text = _renamed(json.dumps({**recorded, "values": {}}), words)
    text = _with_ids(text, whose, [lab["lab"] for lab in recorded["labs"]])
    text = _with_times(text, recorded["standing"]["completed"], ends)
    found: dict[str, Any] = json.loads(text)
    found.pop(SUBSTANCE)
    return {**found, "values": dict(values), "digest": digest}


@lru_cache(maxsize=1)
def recordings() -> Records:
    """Give the recorded lessons, without the help that the recorder took."""
    data = json.loads(gzip.decompress(RECORDED.read_bytes()))
    return {lesson: {**record, "hints": {}, "solutions": {}} for lesson, record in data.items()}


def _renamed(text: str, words: Mapping[str, str]) -> str:
    """Put other names in, all at once, so that no name is renamed twice."""
    if not words:
        return text
    known = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.sub(rf"(?<![A-Za-z0-9])({known})(?![A-Za-z0-9])", lambda m: words[m[1]], text)


def _with_ids(text: str, whose: str, labs: Iterable[str]) -> str:
    """Put other ids in, short ones like the long ones that they begin."""
    known = sorted(set(_LONG_ID.findall(text)))
    other = {id_: hashlib.sha256(f"{whose}\0{id_}".encode()).hexdigest() for id_ in known}

    def one(match: re.Match[str]) -> str:
        word = match[0]
        long = next((id_ for id_ in known if id_.startswith(word)), None)
        return word if long is None else other[long][: len(word)]

    text = _ID.sub(one, text)
    for lab in labs:
        text = text.replace(
            f'"{lab}"', f'"{hashlib.sha256(f"{whose}{lab}".encode()).hexdigest()[:8]}"'
        )
    return text


def _with_times(text: str, completed: str, ends: datetime) -> str:
    """Put other times in: as slow as a learner, and so that all was finished when it is said."""
    end = datetime.fromisoformat(completed)

    def one(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(match[1] + "+00:00")
        if abs(at - end) > WINDOW:
            return match[0]  # no time of the recording: an image's, or Docker's for "never"
        moved = ends + (at + timedelta(seconds=float(match[2] or 0)) - end) * STRETCH
        return moved.isoformat(timespec="milliseconds" if match[2] else "seconds").replace(
            "+00:00", "Z"
        )

    return _TIME.sub(one, text)


def _hand_in(class_: Class, due: datetime) -> None:
    course = open_course(class_.course_folder)
    secret = _fixed("class")
    keys.write_secret(class_.path, secret)
    keys.ensure_secret(class_.path)
    registry = keys.read_registry(class_.path)
    enrolled = (due - timedelta(days=30)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for pupil in PUPILS:
        private = _fixed(pupil.id)
        key = public_of(private) if pupil.registered else None
        entry = keys.Registered(enrolled=enrolled, key=key, added=enrolled if key else "")
        registry = registry.with_(pupil.id, entry)
        if pupil.harm != "nothing":
            _write(class_, course, pupil, private, secret, due)
    keys.write_registry(class_.path, registry)


def _fixed(words: str) -> bytes:
    """Give a secret that everybody knows: the demonstration comes out the same every time."""
    return hashlib.sha256(f"demonstration {words}".encode()).digest()


def _write(
    class_: Class, course: Course, pupil: Pupil, private: bytes, secret: bytes, due: datetime
) -> None:
    whose = pupil.copies or pupil.id
    drawn = drawn_values(class_, whose, course, secret)
    ends = due - timedelta(days=pupil.days)
    records = []
    for number, (lesson_id, steps) in enumerate(pupil.upto.items()):
        lesson = course.lesson(lesson_id)
        over = ends - timedelta(days=len(pupil.upto) - 1 - number)
        digest = lesson_digest(course, lesson_id)
        record = recorded_record(lesson, drawn[lesson_id], whose, over, digest)
        records.append((lesson_id, _as_done(record, lesson, pupil, steps)))
    head = Head(
        version=VERSION,
        class_id=class_.id,
        learner=pupil.id,
        key="",
        made=(ends + timedelta(hours=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        program=version("learn-docker-net"),
        course=course.id,
        course_digest=course_digest(course),
        lessons=(),
    )
    target = class_.path.parent / FOLDER / f"{class_.id}-{pupil.id}.ldn"
    write_records(target, head, records, private)
    _harm(target, pupil.harm)


def _as_done(record: dict[str, Any], lesson: Lesson, pupil: Pupil, steps: int) -> dict[str, Any]:
    """Cut a record to the first steps, and put in how the learner went about them.

    Of the step behind them there is what was tried and did not hold.
    """
    done = {str(step.id) for step in lesson.steps[:steps]}
    tried = {str(step.id) for step in lesson.steps[steps : steps + 1]}

    def mine(key: str) -> bool:
        return key.partition(".")[0] in done

    def failed(one: Mapping[str, Any]) -> bool:
        return one["check"].partition(".")[0] in tried and one["state"] != "passed"

    seen = [one for one in record["observations"] if mine(one["check"]) or failed(one)]
    last = max((one["at"] for one in seen), default="")
    complete = len(done) == len(lesson.steps)
    return {
        **record,
        "standing": record["standing"] if complete else {**record["standing"], "completed": None},
        "checks": {key: times for key, times in record["checks"].items() if mine(key)},
        "observations": seen,
        "answers": {
            key: given if not pupil.right else given[-1:]
            for key, given in record["answers"].items()
            if mine(key)
        },
        "hints": _help(lesson, pupil.hints, 2, record["standing"]["started"]),
        "solutions": _help(lesson, pupil.solutions, 1, record["standing"]["started"]),
        "labs": [_lab(lab, "" if complete else last) for lab in record["labs"]],
    }


def _help(lesson: Lesson, taken: Iterable[str], count: int, at: str) -> dict[str, Any]:
    steps = [one.partition("/")[2] for one in taken if one.startswith(f"{lesson.id}/")]
    return {step: {"count": count, "at": at} for step in steps}


def _lab(lab: Mapping[str, Any], last: str) -> dict[str, Any]:
    """Cut a lab's log to what was typed before a time; empty for all of it."""
    hosts = {
        host: {
            "log": [[*row[:3], "", row[4]] for row in traces["log"] if not last or row[0] <= last],
            "files": traces["files"],
        }
        for host, traces in lab["hosts"].items()
    }
    return {**lab, "hosts": hosts}


def _harm(target: Path, harm: str) -> None:
    """Do to a file what happens to files: somebody edits it, an upload breaks off."""
    data = target.read_bytes()
    if harm == "cut":
        target.write_bytes(data[: len(data) // 2])
    elif harm == "edited":
        _edit(target)


def _edit(target: Path) -> None:
    """Change a lesson in a signed file, as somebody with a ZIP tool would."""
    import zipfile

    from runner.grade.packed import write_packed

    with zipfile.ZipFile(target) as file:
        members = [(name, file.read(name)) for name in file.namelist()]
    write_packed(
        target,
        [(name, data.replace(b'"state":"failed"', b'"state":"passed"')) for name, data in members],
    )


def _class_text(due: datetime) -> str:
    engines = "\n".join(
        f'  - {{id: {one.id}, engine: {{endpoint: "{one.engine}"}}}}'
        for one in PUPILS
        if one.engine
    )
    return f"""\
# A class to try grading on. Nobody in it is real, and their work was recorded.
format: 1
id: demo
title: Docker networks, a demonstration
zone: UTC
hand_in: Put the file into the folder {FOLDER}.
roster: roster.csv
submissions: {FOLDER}
rules:
  due: "{due:%Y-%m-%d %H:%M}"
  late: {{percent: 10, cap: 80}}
  hint: 5
  solution: 50
lessons:
  - lesson-01
  - {{id: lesson-02, weight: 2}}
  - {{id: lesson-03, weight: 2}}
learners:
{engines}
"""


def _roster_text() -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "name", "email"])
    for pupil in PUPILS:
        writer.writerow([pupil.id, pupil.name, f"{pupil.id}@example.org"])
    return text.getvalue()
