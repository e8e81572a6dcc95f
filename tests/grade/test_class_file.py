"""Class files: every default put in, every problem told with its place, all at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runner.errors import CourseError
from runner.grade.class_ import Class, Counts, LateBy, Source, Where
from runner.grade.class_file import load_class
from runner.grade.class_schema import FILE, class_schema, class_schema_text
from tests.course.yaml_core import read_core
from tests.grade.making import CLASS, write_class

FULL = """\
format: 1
id: net-2026
title: Networks
course: course
zone: Europe/Berlin
hand_in: Moodle, task 3
rules:
  due: 2026-12-01
  late: 10
  hint: 5
  solution: 50
  attempts: 3
lessons:
  - {id: lesson-01, weight: 2, due: "2026-07-01 18:00", counts: now}
  - {id: lesson-02, late: {percent: 20, cap: 60, days: 7, by: file}, hint: 0}
learners:
  - {id: ada, name: Ada, submission: ada.ldn, extra_days: 2}
  - {id: ben, engine: {endpoint: "tcp://10.0.0.2:2376", tls: certs, owner: ben-1}}
  - {id: cyd@example.org, engine: cyds-machine}
"""


def load(folder: Path, text: str = CLASS) -> Class:
    return load_class(write_class(folder, text))


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(CourseError) as caught:
        load(folder, text)
    return [
        f"{one.place.path.name}:{one.place.line}:{one.place.column} {one.message}"
        + (f" | {one.remedy}" if one.remedy else "")
        for one in caught.value.problems
    ]


def test_what_the_file_says_holds_and_the_rest_are_defaults(tmp_path: Path) -> None:
    class_ = load(tmp_path, FULL)
    first, second = class_.lessons
    assert (class_.course, class_.zone, class_.hand_in) == (
        "small",
        "Europe/Berlin",
        "Moodle, task 3",
    )
    assert (first.weight, first.counts, first.late.percent) == (2.0, Counts.NOW, 10.0)
    assert (first.hint, first.solution, first.attempts) == (5.0, 50.0, 3)
    assert (second.weight, second.hint, second.counts) == (1.0, 0.0, Counts.EVER)
    late = second.late
    assert (late.percent, late.cap, late.days, late.by) == (20.0, 60.0, 7.0, LateBy.FILE)


def test_due_dates_are_in_the_classs_zone_summer_and_winter(tmp_path: Path) -> None:
    first, second = load(tmp_path, FULL).lessons
    assert first.due is not None and second.due is not None
    assert first.due.astimezone(UTC) == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert second.due.astimezone(UTC) == datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)


def test_where_each_learners_work_is(tmp_path: Path) -> None:
    ada, ben, cyd = load(tmp_path, FULL).learners
    assert ada.source == Source(where=Where.SUBMISSION, files=(tmp_path / "ada.ldn",))
    assert (ada.name, ada.extra_days, ben.name) == ("Ada", 2.0, "ben")
    assert ben.source.endpoint == "tcp://10.0.0.2:2376"
    assert (ben.source.tls, ben.source.owner) == (tmp_path / "certs", "ben-1")
    assert (cyd.source.where, cyd.source.context) == (Where.ENGINE, "cyds-machine")


def test_a_row_of_lessons_stands_for_each_of_them(tmp_path: Path) -> None:
    class_ = load(tmp_path, CLASS.replace("[lesson-01, lesson-02]", "[lesson-01..lesson-02]"))
    assert [rule.lesson for rule in class_.lessons] == ["lesson-01", "lesson-02"]


def test_the_roster_and_what_the_file_adds_to_it(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name,team\nada,Ada Lovelace,a\nben,Ben,b\n")
    text = CLASS.replace("submissions: handed-in", "roster: roster.csv").replace(
        "  - {id: ben, name: Ben}", "  - {id: cyd}"
    )
    class_ = load(tmp_path, text)
    assert [(one.id, one.name) for one in class_.learners] == [
        ("ada", "Ada"),
        ("ben", "Ben"),
        ("cyd", "cyd"),
    ]
    assert class_.learners[0].roster == {"id": "ada", "name": "Ada Lovelace", "team": "a"}


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\nada,Ada\nada,Again\n")
    told = problems(
        tmp_path,
        """\
format: 2
id: net/2026
title: Networks
course: course
zone: Europe/Berln
roster: roster.csv
rosters: other.csv
rules: {late: -10, hint: 500, attempts: 0}
lessons:
  - lesson-01
  - {id: lesson-1, due: tomorrow}
  - {id: lesson-9}
  - {id: lesson-02..lesson-01, wieght: 2}
learners:
  - {id: ada, engine: {endpoint: "tcp://ada"}, submission: x}
  - {id: Ada, engine: {context: a, endpoint: "http://b"}}
  - {id: ../ben, extra_days: -1}
""",
    )
    assert told == [
        "class.yaml:1:9 This program reads format 1.",
        "class.yaml:2:5 `net/2026` cannot be an id: letters, digits and `. _ @ + -` can.",
        "class.yaml:5:7 There is no time zone `Europe/Berln`. | Did you mean `Europe/Berlin`?",
        "class.yaml:7:1 There is no key `rosters` here. | Did you mean `roster`?",
        "class.yaml:8:15 `percent` cannot be negative.",
        "class.yaml:8:26 `hint` is in percent: at most 100.",
        "class.yaml:8:41 `attempts` is at least 1.",
        "class.yaml:11:10 lesson-01 already counts above.",
        "class.yaml:12:10 The course has no lesson “lesson-9”. | Did you mean lesson-02?",
        "class.yaml:13:10 lesson-01 comes before lesson-02 in the course.",
        "class.yaml:13:32 There is no key `wieght` here. | Did you mean `weight`?",
        "class.yaml:15:23 A learner has a `submission` or an `engine`, not both.",
        "class.yaml:15:34 An engine over `tcp://` needs `tls`: without it anybody could pose."
        " | Name the folder with ca.pem, cert.pem and key.pem.",
        "class.yaml:16:10 `Ada` already stands above.",
        "class.yaml:17:10 `../ben` cannot be an id: letters, digits and `. _ @ + -` can.",
        "class.yaml:17:30 `extra_days` cannot be negative.",
        "roster.csv:3:1 ada already stands on line 2.",
    ]


def test_what_a_learners_program_would_not_take_is_refused_here(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        CLASS.replace("title: Networks", f"title: {'N' * 201}")
        .replace("Moodle, task 3", "M" * 4001)
        .replace("name: Ada", f"name: {'A' * 1001}, extra_days: 99999999"),
    )
    assert [one.partition(" ")[2] for one in told] == [
        "`title` is longer than 200 characters.",
        "`hand_in` is longer than 4000 characters.",
        "`name` is longer than 1000 characters.",
        "`extra_days` is at most 10000.",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("lessons: [lesson-01, lesson-02]", "`lessons` is missing here."),
        ("title: Networks", "`title` is missing here."),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, words: str, message: str) -> None:
    told = problems(tmp_path, CLASS.replace(words, "").replace("\n\n", "\n"))
    assert any(message in one for one in told)


def test_a_class_of_nobody_is_told(tmp_path: Path) -> None:
    told = problems(tmp_path, CLASS.partition("learners:")[0])
    assert told == [
        "class.yaml:3:8 Nobody is in this class. | Name a `roster`, or list `learners`."
    ]


def test_a_due_date_that_is_none_points_at_itself(tmp_path: Path) -> None:
    told = problems(tmp_path, CLASS.replace("[lesson-01,", "[{id: lesson-01, due: 2026-13-01},"))
    assert told[0].startswith(
        "class.yaml:8:32 `due` wants a day or a time, here stands `2026-13-01`"
    )


def errors(path: Path) -> list[str]:
    validator = jsonschema.Draft202012Validator(class_schema())
    found: Any = validator.iter_errors(read_core(path))
    return [error.message for error in found]


def test_the_schema_is_current_and_one() -> None:
    assert FILE.read_text(encoding="utf-8") == class_schema_text(), (
        "learn-docker-net enroll --schema"
    )
    jsonschema.Draft202012Validator.check_schema(class_schema())


@pytest.mark.parametrize("text", [CLASS, FULL])
def test_the_schema_takes_what_the_loader_takes(tmp_path: Path, text: str) -> None:
    assert errors(write_class(tmp_path, text)) == []


@pytest.mark.parametrize(
    "text",
    [
        CLASS + "wieght: 1\n",
        CLASS.replace("title: Networks\n", ""),
        FULL.replace("counts: now", "counts: sometimes"),
        FULL.replace("attempts: 3", "attempts: many"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(tmp_path: Path, text: str) -> None:
    path = write_class(tmp_path, text)
    assert errors(path)
    with pytest.raises(CourseError):
        load_class(path)
